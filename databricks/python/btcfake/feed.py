"""A whole feed, made by Spark: the files of a vendor in a folder of a volume, with the bytes of the native program."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btcfake._native import FileSplitter, Run
from btcfake.argument_types import refuse_no_session, refuse_other_types
from btcfake.arguments import ROWS_ON_DRIVER, Arguments, PathLike, folder_of, seen_from
from btcfake.employees import Given, is_file
from btcfake.errors import RowProblem, SettingsError
from btcfake.inputs import Inputs
from btcfake.making import pieces
from btcfake.plan import Plan, Start
from btcfake.progress import Progress
from btcfake.tables import EMPLOYEES
from btcfake.volume import FeedFolder, Output, Writing

if TYPE_CHECKING:
    from datetime import datetime

    from pyspark.sql import DataFrame, SparkSession

_log = logging.getLogger("btcfake")


@dataclass(frozen=True)
class Feed:
    """A feed that was made."""

    folder: Path
    """The folder with the files."""
    files: tuple[str, ...]
    """The names of the files, the run file last."""
    text: str
    """The summary, as the command line prints it."""
    summary: dict[str, Any]
    """The summary as printed by ``btcfake simulate --json``, without the details of each employee."""
    record: dict[str, Any]
    """The content of the run file."""
    lines: tuple[tuple[str, str, str], ...]
    """The summary in rows: group, label, value."""
    warnings: tuple[RowProblem, ...]
    """Problems that did not refuse the run."""

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
    recommendations: PathLike | DataFrame | None = None,
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
    bytes_per_file: int | None = None,
    rows_on_driver: int = ROWS_ON_DRIVER,
    employees_per_slice: int = 200_000,
    slices: int | None = None,
    progress: Progress | None = None,
) -> Feed:
    """Make one day's feed in a folder of a volume: all files or none.

    The bytes are those that ``btcfake simulate`` writes for the same inputs, seed and ``now``, for any slices.

    Args:
        spark: the session, classic or Spark Connect.
        employees: a table's name or a DataFrame (employee_id, employee_edu_type, perhaps position), the path of an
            employees.csv, or how many employees are made up. Rows are in the order of position, else in that of ids.
        volume: the folder for the files, such as ``/Volumes/catalog/schema/volume/folder``; driver and tasks reach it.
        assignments: the state table content_assignments, by name or as a DataFrame.
        completions: the state table content_completion, by name or as a DataFrame.
        catalog: the path of a StandAloneContent file; the built-in sample if it is not given.
        course_catalog: the path of a course catalog.
        recommendations: the path of recorded recommendations, or a table's name or a DataFrame with an item a row:
            ba_id, recommended_content_id, order, perhaps recommended_content.
        user_completion_template: the path of the template of the dummy file.
        now: the instant of the run, with a time zone, else in UTC; the current time if it is not given.
        seed: the seed of all random decisions; drawn if it is not given.
        time_zone: the business time zone, an IANA name.
        mix: the shares of the types, such as ``a=60,b=30,f=10``, in place of the types of the employees.
        ids: the range of the ids of a new population, such as ``300000-399999``.
        bom: whether completions and assignments begin with a byte order mark.
        request_id: ``numeric`` or ``fake-day``.
        skip_bad_rows: leave bad rows of the employees out, in place of refusing them.
        break_feed: always refused: only the native program can break a feed on purpose.
        bytes_per_file: the size above which completions, or assignments, become several files with the sequence numbers
            1, 2, 3 in their names. Each begins with the header and ends with a whole row.
        rows_on_driver: the maximum number of rows, employees and state together, for which the driver makes the feed
            on its own cores; 0 for never. For more rows, Spark's tasks make it.
        employees_per_slice: about how many employees a task is given.
        slices: the number of slices, in place of ``employees_per_slice``; tasks then make the feed, however small.
        progress: called with the number of slices that are done and the number of all slices, each counted once per
            pass; perhaps by another thread.

    Returns:
        The feed: its folder, the names of its files, and its summary.

    Raises:
        SettingsError: an argument of a wrong type, an invalid setting, or a volume in which nothing can be written.
        MissingTableError: a table that does not exist, or a stream.
        TableError: a table without a column, with a wrong type, with an id that is NULL or repeated.
        BadRowsError: lines of files or rows of tables that cannot be read.
        FeedExistsError: a file of the feed exists already.
        SliceError: a slice failed.
        ChangedTableError: a table changed while the run read it.
        OSError: a file that cannot be read or written.

    Examples:
        >>> feed = btcfake.make_feed(
        ...     spark,
        ...     employees="retail_systems_dev.store_enablement.employees",
        ...     volume="/Volumes/retail_systems_dev/store_enablement/feeds/2026-01-29",
        ...     now="2026-01-29T18:00:00Z",
        ...     seed=42,
        ... )
        >>> print(feed.text)

    """
    refuse_no_session(spark)
    refuse_other_types({"progress": progress}, optional=["progress"])
    if break_feed is not None:
        reason = "only btcfake simulate --break breaks a feed, because it holds the whole feed in memory"
        raise SettingsError("break_feed", reason)
    arguments = Arguments(
        employees=employees,
        assignments=assignments,
        completions=completions,
        catalog=catalog,
        course_catalog=course_catalog,
        recommendations=recommendations,
        user_completion_template=user_completion_template,
        now=now,
        seed=seed,
        time_zone=time_zone,
        mix=mix,
        ids=ids,
        bom=bom,
        request_id=request_id,
        skip_bad_rows=skip_bad_rows,
        bytes_per_file=bytes_per_file,
        rows_on_driver=rows_on_driver,
        employees_per_slice=employees_per_slice,
        slices=slices,
    )
    settings = arguments.settings()
    path = folder_of(volume)
    start = Start.of(settings, arguments.files(), path)
    with FeedFolder(path, start.native.names()) as folder:
        plan = start.plan(Inputs.read(spark, arguments, settings), arguments, folder.parts / "kept", progress)
        return write_feed(plan, arguments, folder)


def write_feed(plan: Plan, arguments: Arguments, folder: FeedFolder) -> Feed:
    """Make the bytes of a feed and write each piece as soon as it is made, the run file last.

    Raises:
        BtcfakeError: a slice that failed.
        OSError: a file that cannot be written.

    """
    *names, user_completion, run_file = plan.native.names()
    tallies: list[str] = []
    with ThreadPoolExecutor() as threads:
        files = [
            Writing(threads, partial(_write, folder, name, head, arguments.bytes_per_file))
            for name, head in zip(names, plan.native.heads(), strict=True)
        ]
        try:
            for file, piece in pieces(plan, folder.parts, tallies):
                files[file].push(piece)
        finally:
            for writing in files:
                writing.end()
    outputs = [output for writing in files for output in writing.outputs()]
    outputs.append(folder.write(user_completion, [plan.native.user_completion()]))
    written = [*(name for name, _, _ in outputs), run_file]
    text, as_json, lines = _summary(plan, tallies, written)
    record = _record(plan, arguments, folder.path, outputs)
    folder.write(run_file, [record])
    return Feed(folder.path, tuple(written), text, json.loads(as_json), json.loads(record), tuple(lines), plan.warnings)


def _write(
    folder: FeedFolder, name: str, head: bytes, bytes_per_file: int | None, given: Iterable[bytes]
) -> list[Output]:
    """Write one file, or several of them with sequence numbers."""
    if bytes_per_file is None:
        return [folder.write(name, chain([head], given))]
    rows = groupby(_split(FileSplitter(head, bytes_per_file), given), key=itemgetter(0))
    return [folder.write(Run.name_in_sequence(name, number), (part[1] for part in of_file)) for number, of_file in rows]


def _split(split: FileSplitter, given: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for piece in given:
        yield from split.push(piece)
    yield from split.finish()


def _summary(plan: Plan, tallies: list[str], files: list[str]) -> tuple[str, str, list[tuple[str, str, str]]]:
    """The summary as text, as JSON, and in rows."""
    people = plan.inputs.people
    skipped = people.skipped_rows + plan.survey.skipped
    counts = (plan.survey.employees, people.comment_rows, skipped, people.changed_by_mix)
    return plan.native.summary(tallies, list(plan.inputs.roles), counts, files)


def _record(plan: Plan, arguments: Arguments, folder: Path, outputs: list[Output]) -> bytes:
    """The run file."""
    people = plan.inputs.people
    record = people.record
    if record is not None and is_file(arguments.employees):
        path = seen_from(folder, arguments.employees)  # type: ignore[arg-type]
        record = json.dumps({**json.loads(record), "path": path})
    tables = [(EMPLOYEES, people.name)] if people.is_table else []
    tables += [(table.role, table.name) for table in plan.inputs.tables if table.name]
    return plan.native.record(record, tables, outputs, arguments.bytes_per_file)
