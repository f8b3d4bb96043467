"""What all ways to make a feed begin with: arguments checked, inputs read, slices counted."""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame

from btcfake import _native, tasks
from btcfake.employees import Employees, Given, read_employees
from btcfake.errors import BadRowsError, RepeatedIdError, RowProblem, SettingsError, problems_of
from btcfake.slices import Cut, State, Survey, cut, survey, tagged
from btcfake.tables import (
    ASSIGNMENTS,
    COMPLETIONS,
    EMPLOYEES,
    Table,
    count_rows,
    read_table,
    refuse_repeated_positions,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.group import GroupedData

_log = logging.getLogger("btcfake")
_DRAWN_SEEDS = 1_000_000_000
_SEED_END = 1 << 64

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Inputs and settings of a run, as :func:`btcfake.make_feed` describes them."""

    employees: Given
    assignments: str | DataFrame | None = None
    completions: str | DataFrame | None = None
    catalog: PathLike | None = None
    course_catalog: PathLike | None = None
    recommendations: PathLike | None = None
    user_completion_template: PathLike | None = None
    now: datetime | str | None = None
    seed: int | None = None
    time_zone: str = "UTC"
    mix: str | None = None
    ids: str | None = None
    bom: bool = False
    request_id: str = "numeric"
    skip_bad_rows: bool = False
    employees_per_slice: int = 200_000
    slices: int | None = None


@dataclass(frozen=True)
class Job:
    """Parts of some kinds, made slice by slice."""

    by: Cut
    places: dict[int, tasks.Place]
    kinds: frozenset[str]
    name: str


@dataclass(frozen=True)
class Plan:
    """A run that is ready to be made."""

    native: _native.Run
    for_tasks: _native.Run
    people: Employees
    state: State
    survey: Survey
    jobs: tuple[Job, ...]
    warnings: tuple[RowProblem, ...]

    def sliced(self, job: Job) -> GroupedData:
        """All rows of the run, grouped by the slices of a job."""
        return tagged(self.people.rows, self.state, job.by).groupBy("slice")


@dataclass(frozen=True)
class Start:
    """Settings and files of a run, before Spark is asked for anything."""

    native: _native.Run
    settings: str
    warnings: tuple[RowProblem, ...]

    @staticmethod
    def of(given: Arguments, folder: Path) -> Start:
        """Read settings and files; the run file in ``folder`` says where they are."""
        if given.slices is not None and given.slices < 1:
            raise SettingsError("slices", f"{given.slices} is no number of slices; from 1 on")
        if given.employees_per_slice < 1:
            reason = f"{given.employees_per_slice} is no number of employees; from 1 on"
            raise SettingsError("employees_per_slice", reason)
        settings = _settings(
            now=_instant(given.now),
            seed=secrets.randbelow(_DRAWN_SEEDS) if given.seed is None else given.seed,
            time_zone=given.time_zone,
            mix=given.mix,
            byte_order_mark=given.bom,
            request_id=given.request_id,
            skip_bad_rows=given.skip_bad_rows,
            new_population=given.employees if isinstance(given.employees, int) else None,
            ids=given.ids,
        )
        files = _files(
            folder,
            standalone_content=given.catalog,
            course_catalog=given.course_catalog,
            recommendations=given.recommendations,
            user_completion_template=given.user_completion_template,
        )
        native = _native.Run(settings, files)
        return Start(native, settings, tuple(_refuse_errors(problems_of(native.problems(), {}))))

    def plan(self, spark: SparkSession, given: Arguments) -> Plan:
        """Read the tables and count the slices."""
        tables = ((ASSIGNMENTS, given.assignments), (COMPLETIONS, given.completions))
        state = State(*(_state_table(spark, *one) for one in tables))
        people = read_employees(spark, given.employees, self.settings, has_mix=given.mix is not None)
        slices = given.slices or -(-people.number // given.employees_per_slice)
        names = {EMPLOYEES: people.name}
        names.update({table.role: table.name for table in (state.assignments, state.completions) if table})
        for_tasks = self.native.for_tasks()
        by_id = cut(people.rows, "employee_id", slices)
        known = survey(for_tasks, people.rows, state, by_id, names)
        _log.info("%s employees and %s open assignments in %s slices", known.employees, known.open, len(by_id))
        if known.is_in_order:
            jobs = [Job(by_id, known.places, frozenset({"open", "new"}), "all")]
        else:
            refuse_repeated_positions(people.rows, people.name)
            _refuse_skipped_repeats(known.warnings)
            by_position = cut(people.rows, "position", slices)
            placed = survey(for_tasks, people.rows, State(None, None), by_position, names)
            jobs = [
                Job(by_id, known.places, frozenset({"open"}), "by_id"),
                Job(by_position, placed.places, frozenset({"new"}), "by_position"),
            ]
        if known.open == 0:
            jobs = jobs[-1:]
        warnings = (*self.warnings, *people.warnings, *known.warnings)
        for warning in warnings:
            _log.warning("%s", warning)
        return Plan(self.native, for_tasks, people, state, known, tuple(jobs), warnings)


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
            files.append((role, Path(path).name, seen_from(folder, path), Path(path).read_bytes()))
    return files


def seen_from(folder: Path, path: PathLike) -> str:
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
