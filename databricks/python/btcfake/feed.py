"""A whole feed, made by Spark: the files of a vendor in a folder of a volume, with the bytes of the native program."""

from __future__ import annotations

import json
import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btcfake import _native, tasks
from btcfake.employees import Employees, Given, is_file, read_employees
from btcfake.errors import BadRowsError, ChangedTableError, RepeatedIdError, RowProblem, SettingsError, problems_of
from btcfake.slices import Cut, State, Survey, cut, failures, survey, tagged
from btcfake.tables import (
    ASSIGNMENTS,
    COMPLETIONS,
    EMPLOYEES,
    Table,
    count_rows,
    read_table,
    refuse_repeated_positions,
)
from btcfake.volume import FeedFolder, Parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_log = logging.getLogger("btcfake")
_DRAWN_SEEDS = 1_000_000_000
_SEED_END = 1 << 64

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Feed:
    """A feed that was made."""

    folder: Path
    """Where its files are."""
    files: tuple[str, ...]
    """Their names, the run file last."""
    text: str
    """The summary, as the command line prints it."""
    summary: dict[str, Any]
    """The same as ``btcfake simulate --json`` has it, without the fate of each employee."""
    record: dict[str, Any]
    """What the run file says."""
    lines: tuple[tuple[str, str, str], ...]
    """The summary in rows: group, label, value."""
    warnings: tuple[RowProblem, ...]
    """Problems that the run survived."""

    def json(self) -> str:
        """The summary as JSON."""
        return json.dumps(self.summary, indent=2, ensure_ascii=False)

    def dataframe(self, spark: SparkSession) -> DataFrame:
        """The summary as a DataFrame with the columns group, label and value."""
        return spark.createDataFrame(list(self.lines), "`group` string, label string, value string")


def make_feed(  # noqa: PLR0913
    spark: SparkSession,
    *,
    employees: Given,
    volume: PathLike,
    assignments: str | DataFrame | None = None,
    completions: str | DataFrame | None = None,
    catalog: PathLike | None = None,
    course_catalog: PathLike | None = None,
    recommendations: PathLike | None = None,
    user_completion_template: PathLike | None = None,
    now: datetime | str | None = None,
    seed: int | None = None,
    time_zone: str = "UTC",
    mix: str | None = None,
    ids: str | None = None,
    bom: bool = False,
    request_id: str = "numeric",
    skip_bad_rows: bool = False,
    break_feed: str | None = None,
    employees_per_slice: int = 200_000,
    slices: int | None = None,
) -> Feed:
    """Make one day's feed in a folder of a volume: all files or none.

    The bytes are those that ``btcfake simulate`` writes for the same inputs, seed and ``now``, whatever the slices.

    Args:
        spark: the session, classic or Spark Connect.
        employees: a table's name or a DataFrame (employee_id, employee_edu_type, perhaps position), the path of an
            employees.csv, or how many employees are made up. Rows are in the order of position, else in that of ids.
        volume: the folder for the files, such as ``/Volumes/catalog/schema/volume/folder``; driver and tasks reach it.
        assignments: the state table content_assignments, by name or as a DataFrame.
        completions: the state table content_completion, by name or as a DataFrame.
        catalog: the path of a StandAloneContent file; the built-in sample where there is none.
        course_catalog: the path of a course catalog.
        recommendations: the path of recorded recommendations.
        user_completion_template: the path of the template of the dummy file.
        now: the instant of the run, with a time zone or in UTC; the clock's where there is none.
        seed: the seed of all chance; drawn where there is none.
        time_zone: the business time zone, an IANA name.
        mix: the shares of the types, such as ``a=60,b=30,f=10``, in place of the types of the employees.
        ids: the range of the ids of a new population, such as ``300000-399999``.
        bom: whether completions and assignments begin with a byte order mark.
        request_id: ``numeric`` or ``fake-day``.
        skip_bad_rows: leave bad rows of the employees out, in place of refusing them.
        break_feed: refused: feeds are broken on purpose by the native program.
        employees_per_slice: about how many employees a task is given.
        slices: the number of slices, in place of ``employees_per_slice``.

    Raises:
        SettingsError: a setting that makes no sense.
        TableError: a table without a column, with a wrong type, with an id that is NULL or repeated.
        BadRowsError: lines of files or rows of tables that cannot be read.
        FeedExistsError: a file of the feed is there already.
        SliceError: a slice failed.
        ChangedTableError: a table changed while the run read it.
        OSError: a file that cannot be read or written.

    """
    if break_feed is not None:
        reason = "a feed is broken in memory, which Spark's is too large for; use btcfake simulate --break"
        raise SettingsError("break_feed", reason)
    if slices is not None and slices < 1:
        raise SettingsError("slices", f"{slices} is no number of slices; from 1 on")
    if employees_per_slice < 1:
        raise SettingsError("employees_per_slice", f"{employees_per_slice} is no number of employees; from 1 on")
    settings = _settings(
        now=_instant(now),
        seed=secrets.randbelow(_DRAWN_SEEDS) if seed is None else seed,
        time_zone=time_zone,
        mix=mix,
        byte_order_mark=bom,
        request_id=request_id,
        skip_bad_rows=skip_bad_rows,
        new_population=employees if isinstance(employees, int) else None,
        ids=ids,
    )
    files = _files(
        Path(volume),
        standalone_content=catalog,
        course_catalog=course_catalog,
        recommendations=recommendations,
        user_completion_template=user_completion_template,
    )
    run = _native.Run(settings, files)
    warnings = _refuse_errors(problems_of(run.problems(), {}))
    state = State(*(_state_table(spark, *one) for one in ((ASSIGNMENTS, assignments), (COMPLETIONS, completions))))
    with FeedFolder(volume, run.names()) as folder:
        people = read_employees(spark, employees, settings, has_mix=mix is not None)
        count = slices or -(-people.number // employees_per_slice)
        made = _Made.of(run, people, state, count, folder)
        summary = made.summary(run, people, state)
        record = _record(run, people, employees, state, folder)
        folder.write(run.names()[-1], [record])
    text, as_json, lines = summary
    warned = (*warnings, *people.warnings, *made.survey.warnings)
    for warning in warned:
        _log.warning("%s", warning)
    return Feed(folder.path, run.names(), text, json.loads(as_json), json.loads(record), tuple(lines), warned)


@dataclass(frozen=True)
class _Made:
    """What came of the slices of a run."""

    tallies: list[str]
    survey: Survey

    @staticmethod
    def of(run: _native.Run, people: Employees, state: State, slices: int, folder: FeedFolder) -> _Made:
        """Survey the slices, make their parts, and put those together."""
        names = {EMPLOYEES: people.name}
        names.update({table.role: table.name for table in (state.assignments, state.completions) if table})
        tasks_run = run.for_tasks()
        by_id = cut(people.rows, "employee_id", slices)
        known = survey(tasks_run, people.rows, state, by_id, names)
        _log.info("%s employees and %s open assignments in %s slices", known.employees, known.open, len(by_id))
        if known.is_in_order:
            jobs = [_Job(by_id, known.places, frozenset({"open", "new"}), "all")]
        else:
            refuse_repeated_positions(people.rows, people.name)
            _refuse_skipped_repeats(known.warnings)
            by_position = cut(people.rows, "position", slices)
            placed = survey(tasks_run, people.rows, State(None, None), by_position, names)
            jobs = [
                _Job(by_id, known.places, frozenset({"open"}), "by_id"),
                _Job(by_position, placed.places, frozenset({"new"}), "by_position"),
            ]
        if known.open == 0:
            jobs = jobs[-1:]
        parts = [job.make(tasks_run, people, state, known.open, folder.parts / job.name) for job in jobs]
        completions_head, assignments_head = run.heads()
        completions, assignments, user_completion, _ = run.names()
        folder.write(completions, chain([completions_head], *(one.pieces("completions") for one in parts)))
        pieces = [one.pieces(kind) for kind in ("open", "new") for one in parts]
        folder.write(assignments, chain([assignments_head], *pieces))
        folder.write(user_completion, [run.user_completion()])
        made = _Made([tally for one in parts for tally in one.tallies()], known)
        made.refuse_changed_tables()
        return made

    def refuse_changed_tables(self) -> None:
        """See that the tasks met the rows that were counted: each pass reads the tables anew.

        Raises:
            ChangedTableError: they met others.

        """
        counts = [json.loads(tally) for tally in self.tallies]
        employees = sum(sum(count["employees"].values()) for count in counts)
        opened = sum(count["open_assignments"] for count in counts)
        if (employees, opened) != (self.survey.employees, self.survey.open):
            raise ChangedTableError(self.survey.employees, self.survey.open, employees, opened)

    def summary(self, run: _native.Run, people: Employees, state: State) -> tuple[str, str, list[tuple[str, str, str]]]:
        """The summary as text, as JSON, and in rows."""
        skipped = people.skipped_rows + self.survey.skipped
        counts = (self.survey.employees, people.comment_rows, skipped, people.changed_by_mix)
        return run.summary(self.tallies, state.given, counts)


@dataclass(frozen=True)
class _Job:
    """Parts of some kinds, made slice by slice."""

    by: Cut
    places: dict[int, tasks.Place]
    kinds: frozenset[str]
    name: str

    def make(self, run: _native.Run, people: Employees, state: State, open_in_all: int, folder: Path) -> Parts:
        """Let the tasks make the parts."""
        _log.info("making %s slices into %s", len(self.places), folder)
        task = tasks.maker(run, state.given, self.kinds, self.places, open_in_all)
        made = tagged(people.rows, state, self.by).groupBy("slice").applyInArrow(task, tasks.PARTS)
        with failures():
            made.write.partitionBy("kind", "slice").text(str(folder))
        return Parts(folder, len(self.by))


def _settings(**given: Any) -> str:  # noqa: ANN401
    if not 0 <= given["seed"] < _SEED_END:
        raise SettingsError("seed", f"{given['seed']} is no seed; a whole number from 0 to {_SEED_END - 1} is right")
    try:
        return _native.settings(**given)
    except ValueError as error:
        setting, reason = error.args
        raise SettingsError(setting, reason) from None


def _instant(now: datetime | str | None) -> str:
    if isinstance(now, str):
        return now
    if now is None:
        now = datetime.now(timezone.utc)
    elif now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    return now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(folder: Path, **given: PathLike | None) -> list[tuple[str, str, str | None, bytes]]:
    files: list[tuple[str, str, str | None, bytes]] = []
    for role, path in given.items():
        if path is not None:
            files.append((role, Path(path).name, _seen_from(folder, path), Path(path).read_bytes()))
    return files


def _seen_from(folder: Path, path: PathLike) -> str:
    """The path as the run file says it, so that both can be moved together."""
    return Path(os.path.relpath(Path(path).absolute(), folder.absolute())).as_posix()


def _state_table(spark: SparkSession, role: str, given: str | DataFrame | None) -> Table | None:
    if given is None:
        return None
    table = read_table(spark, role, given)
    count_rows(table)
    return table


def _refuse_errors(problems: list[RowProblem]) -> list[RowProblem]:
    errors = tuple(problem for problem in problems if problem.is_error)
    if errors:
        raise BadRowsError(errors)
    return problems


def _refuse_skipped_repeats(warnings: tuple[RowProblem, ...]) -> None:
    """Refuse repeated ids where positions are not in their order: which row is kept would depend on the slices."""
    repeated = tuple(sorted({warning.repeated_id for warning in warnings if warning.repeated_id is not None}))
    if repeated:
        table = next(warning.source for warning in warnings if warning.repeated_id is not None)
        reason = f"more than one row has {repeated[0]}; with a column position such rows are not left out"
        raise RepeatedIdError(table, "employee_id", reason, repeated)


def _record(run: _native.Run, people: Employees, given: Given, state: State, folder: FeedFolder) -> bytes:
    """The run file."""
    record = people.record
    if record is not None and is_file(given):
        path = _seen_from(folder.path, given)  # type: ignore[arg-type]
        record = json.dumps({**json.loads(record), "path": path})
    tables = [(EMPLOYEES, people.name)] if people.is_table else []
    tables += [(table.role, table.name) for table in (state.assignments, state.completions) if table]
    return run.record(record, tables, folder.outputs)
