"""Feeds for several days in a row, each in its own folder and made with the state after the day before.

The state after each day is a DataFrame, whose rows are kept in a folder beside the days until the last day is made.
Otherwise Spark would make all earlier days again for each day.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from btcfake import _native, tasks
from btcfake.argument_types import refuse_no_session, refuse_other_types
from btcfake.arguments import Arguments, PathLike, SharedFile, folder_of, of_settings, refuse_no_arguments
from btcfake.errors import FeedExistsError, SettingsError
from btcfake.feed import Feed, write_feed
from btcfake.inputs import Inputs
from btcfake.plan import Plan, Start
from btcfake.slices import failures
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, RECOMMENDATIONS, Table, read_table
from btcfake.volume import FeedFolder, WrittenFeed, make_folder, refuse_existing, spark_path

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from btcfake.progress import Progress

_log = logging.getLogger("btcfake")
_DAYS_END = 1 << 32


@dataclass(frozen=True)
class Series:
    """The feeds of a series, by day."""

    days: tuple[Feed, ...]

    def dataframe(self, spark: SparkSession) -> DataFrame:
        """The summaries of all days as a DataFrame with the columns day, group, label and value."""
        rows = [(feed.folder.name, *line) for feed in self.days for line in feed.lines]
        return spark.createDataFrame(rows, "day string, `group` string, label string, value string")


@dataclass(frozen=True)
class _Day:
    """A day of a series: its settings and its place in the series, both as JSON, and its folder."""

    settings: str
    place: str
    folder: Path

    def start(self, files: list[SharedFile]) -> Start:
        return Start.of(self.settings, files, self.folder, self.place)


def make_series(  # noqa: PLR0913
    spark: SparkSession,
    arguments: Arguments,
    *,
    volume: PathLike,
    start: date | str,
    days: int,
    at: time | str = "18:00",
    weekdays: bool = False,
    continue_sample: bool = False,
    progress: Progress | None = None,
) -> Series:
    """Make a feed for each of several days, in a folder for each day.

    The bytes are those of ``btcfake series`` for the same inputs, seed and days. A day that exists already with the
    same bytes is kept, so a call that was stopped can be repeated and resumes there.

    Args:
        spark: the session, classic or Spark Connect.
        arguments: inputs and settings, without ``now``. The state tables are of the time before the first day.
        volume: the folder for the folders of the days, which are named like ``2026-01-29``.
        start: the first day; ``2026-01-26``, or a date without a time.
        days: the number of days, and so of feeds.
        at: the time of day of each feed, in the business time zone; ``18:00``, or a time without a time zone.
        weekdays: whether Saturdays and Sundays are left out.
        continue_sample: whether catalog and recommendations of ``btcfake sample`` continue over the days, as with
            ``--continue-sample``.
        progress: called for each day, as by :func:`btcfake.make_feed`.

    Returns:
        The feeds of all days, those that existed already included.

    Raises:
        BtcfakeError: as for :func:`btcfake.make_feed`; the days before stay.
        OSError: a file that cannot be read or written.

    Examples:
        >>> arguments = btcfake.Arguments(employees=2000, seed=42)
        >>> folder = "/Volumes/retail_systems_dev/store_enablement/feeds/series"
        >>> series = btcfake.make_series(spark, arguments, volume=folder, start="2026-01-26", days=5, weekdays=True)
        >>> series.dataframe(spark).show()

    """
    refuse_no_session(spark)
    refuse_no_arguments(arguments)
    given = {"start": start, "days": days, "at": at, "weekdays": weekdays, "continue_sample": continue_sample}
    refuse_other_types({**given, "progress": progress}, optional=["progress"])
    if arguments.now is not None:
        raise SettingsError("now", "each day of a series has its own instant, by start and at")
    if not 0 <= days < _DAYS_END:
        raise SettingsError("days", f"{days!r} cannot be used; a whole number from 1 on is right")
    start, at = (value if isinstance(value, str) else value.isoformat() for value in (start, at))
    folder = folder_of(volume)

    def planned(settings: str) -> list[_Day]:
        of_days = of_settings(lambda: _native.series_days(settings, start, at, weekdays, continue_sample, days))
        return [_Day(of_day, place, folder / name) for of_day, place, name in of_days]

    if arguments.seed is None:
        # The first day may be later than the start, which may be a day that is left out.
        first_day, *_ = planned(arguments.settings())
        arguments = replace(arguments, seed=_seed_of(first_day.folder))
    return Series(tuple(_make_days(spark, arguments, planned(arguments.settings()), folder, progress)))


def _make_days(
    spark: SparkSession, arguments: Arguments, days: list[_Day], folder: Path, progress: Progress | None
) -> Iterator[Feed]:
    """Make the feeds of days in a row; the state after each day is kept below ``folder`` until the last is made."""
    files = arguments.files()
    for day in days:
        _refuse_other_run(day, files)
    with _state_folder(folder) as state:
        inputs = Inputs.read(spark, arguments, days[0].settings)
        for number, day in enumerate(days, 1):
            _log.info("day %s of %s: %s", number, len(days), day.folder.name)
            kept = state / "kept"
            plan = day.start(files).plan(inputs, arguments, kept, progress)
            yield _make_day(plan, arguments, day)
            if number < len(days):
                inputs = replace(inputs, tables=_tables_after(spark, plan, state / day.folder.name))
            shutil.rmtree(kept, ignore_errors=True)


def _make_day(plan: Plan, arguments: Arguments, day: _Day) -> Feed:
    """Make the feed of a day; one that exists already is made again and compared."""
    names = plan.native.names()
    is_there = (day.folder / names[-1]).exists()
    try:
        with (WrittenFeed if is_there else FeedFolder)(day.folder, names) as folder:
            return write_feed(plan, arguments, folder)
    except BaseException:
        with suppress(FileNotFoundError, NotADirectoryError):
            if not any(day.folder.iterdir()):
                day.folder.rmdir()
        raise


def _tables_after(spark: SparkSession, plan: Plan, folder: Path) -> tuple[Table, ...]:
    """The tables for the next day: the state after this day, and the same recommendations."""
    if plan.whole is not None:
        folder.mkdir(parents=True)
        pq.write_table(tasks.state_after(plan.whole), folder / "state.parquet")
    else:
        job = plan.jobs[-1]
        task = tasks.state_maker(plan.for_tasks, job.slices.places)
        with failures():
            plan.kept_slices(job).mapInArrow(task, tasks.STATE).write.parquet(str(folder))
    rows = spark.read.schema(tasks.STATE).parquet(spark_path(folder))
    names = {table.role: table.name for table in plan.inputs.tables}
    state = []
    for role in (ASSIGNMENTS, COMPLETIONS):
        table = read_table(spark, role, rows.where(rows["kind"] == role))
        # The run file does not name a table that was not given.
        state.append(replace(table, name=names.get(role, "")))
    return (*state, *(table for table in plan.inputs.tables if table.role == RECOMMENDATIONS))


@contextmanager
def _state_folder(folder: Path) -> Iterator[Path]:
    path = folder / f"_btcfake_state_{uuid.uuid4().hex}"
    make_folder(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _run_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("run_*.json"))


def _seed_of(first_day: Path) -> int | None:
    """The seed of a series that was begun, from the run file of its first day; None if there is none."""
    found = (_native.seed_of_first_day(path.read_bytes()) for path in _run_files(first_day))
    seeds = [seed for seed in found if seed is not None]
    return seeds[0] if len(seeds) == 1 else None


def _refuse_other_run(day: _Day, files: list[SharedFile]) -> None:
    """Refuse a day whose folder has another run, or files with the names of this run's files but no run file."""
    names = day.start(files).native.names()
    for path in _run_files(day.folder):
        if path.name != names[-1]:
            raise FeedExistsError(str(path), "it is of another run than this series makes")
    if not (day.folder / names[-1]).exists():
        refuse_existing(day.folder, names)
