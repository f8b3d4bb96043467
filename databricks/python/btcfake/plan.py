"""A run before its rows are made: inputs read, rows brought to the driver, or slices counted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pyspark import inheritable_thread_target

from btcfake import _native
from btcfake._native import KnownEmployees
from btcfake.arguments import MOST_SLICES, Arguments, SharedFile, seen_from
from btcfake.employees import Employees, is_file, read_employees
from btcfake.errors import BadRowsError, ChangedTableError, MissingTableError, RepeatedIdError, RowProblem, problems_of
from btcfake.progress import Progress, RunProgress
from btcfake.slices import Cut, Survey, cut, keep_employees, roles_of, survey, tagged
from btcfake.tables import (
    ASSIGNMENTS,
    COMPLETIONS,
    EMPLOYEES,
    RECOMMENDATIONS,
    Table,
    count_rows,
    read_table,
    refuse_nobody,
    refuse_positions,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_log = logging.getLogger("btcfake")
_T = TypeVar("_T")

EMPLOYEES_A_PIECE = 20_000
"""Number of employees whose rows the driver makes at a time."""


@dataclass(frozen=True)
class Job:
    """A pass of tasks over the slices, which makes some kinds of rows: ``open`` and ``new``."""

    slices: Survey
    kinds: frozenset[str]


@dataclass(frozen=True)
class Inputs:
    """The employees of a run and the tables about them, in Spark."""

    people: Employees
    tables: tuple[Table, ...]
    """The given tables of state and recommendations."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of the tables of a slice, the employees first."""
        return roles_of(self.tables)

    def count(self, *, with_tables: bool) -> dict[str, int]:
        """The numbers of the employees and, with tables, of the rows of each, by role.

        Raises:
            TableError: there are no employees.

        """
        known = {EMPLOYEES: len(self.people.given)} if isinstance(self.people.given, KnownEmployees) else {}
        in_spark = {} if known else {EMPLOYEES: self.people.rows}
        if with_tables:
            in_spark |= {table.role: table.rows for table in self.tables}
        counts = {**known, **dict(zip(in_spark, count_rows(list(in_spark.values())), strict=True))}
        refuse_nobody(self.people.name, counts[EMPLOYEES])
        return counts

    def collect(self) -> list[tuple[str, pa.Table]]:
        """All rows on the driver, by role, the employees first."""
        reads = {EMPLOYEES: self.people.table, **{table.role: table.rows.toArrow for table in self.tables}}
        works = [_with_tags_of_caller(self.people.spark, read) for read in reads.values()]
        with ThreadPoolExecutor() as threads:
            return list(zip(reads, threads.map(lambda work: work(), works), strict=True))

    @staticmethod
    def read(spark: SparkSession, given: Arguments, settings: str) -> Inputs:
        """Find the tables, and bring the employees into Spark.

        Raises:
            BtcfakeError: a table or employees that cannot be used.
            OSError: a file that cannot be read.

        """
        for name in ("assignments", "completions"):
            path = getattr(given, name)
            if is_file(path):
                raise MissingTableError(
                    str(path), f"{name} must be the name of a table or a DataFrame, not the path of a file"
                )
        recommendations = None if is_file(given.recommendations) else given.recommendations
        named = ((ASSIGNMENTS, given.assignments), (COMPLETIONS, given.completions), (RECOMMENDATIONS, recommendations))
        tables = tuple(read_table(spark, role, table) for role, table in named if table is not None)  # type: ignore[arg-type]
        return Inputs(read_employees(spark, given.employees, settings, has_mix=given.mix is not None), tables)


def _with_tags_of_caller(spark: SparkSession, work: Callable[[], _T]) -> Callable[[], _T]:
    """The same work for another thread, with job group and tags of this one: by them a notebook cancels its jobs."""
    inherit = inheritable_thread_target(spark)
    # Without PYSPARK_PIN_THREAD, Python's threads share one thread of Spark.
    inherited: Callable[[], _T] = inherit(work) if callable(inherit) else work
    return inherited


@dataclass(frozen=True)
class Plan:
    """A run whose inputs were read and counted: ready to be made."""

    native: _native.Run
    for_tasks: _native.Run
    inputs: Inputs
    survey: Survey
    jobs: tuple[Job, ...]
    """The jobs of tasks; empty if the driver makes the feed."""
    whole: _native.Run | None
    """The run with all of its rows, if the driver makes the feed; else None."""
    progress: RunProgress
    warnings: tuple[RowProblem, ...]

    def rows(self, job: Job) -> DataFrame:
        """All rows of the run; the rows of each slice of the job are in one partition."""
        return tagged(self.inputs.people.rows, self.inputs.tables, job.slices.by)

    def kept_slices(self, job: Job) -> DataFrame:
        """One row for each slice of a job, each in its own partition: the index of the slice among the job's slices."""
        slices = len(job.slices.places)
        return self.inputs.people.spark.range(0, slices, 1, slices)


@dataclass(frozen=True)
class Start:
    """Settings and files of a run, before Spark is used."""

    native: _native.Run
    warnings: tuple[RowProblem, ...]

    @staticmethod
    def of(settings: str, files: list[SharedFile], folder: Path, series: str | None = None) -> Start:
        """Give the files to the core, which checks them. The run file names them by paths relative to ``folder``.

        Raises:
            BadRowsError: lines of files that cannot be read.

        """
        given = [(file.role, file.path.name, seen_from(folder, file.path), file.content) for file in files]
        native = _native.Run(settings, given, series)
        return Start(native, tuple(refuse_errors(problems_of(native.problems(), {}))))

    def plan(self, inputs: Inputs, given: Arguments, folder: Path | None, report: Progress | None = None) -> Plan:
        """Read all rows on the driver if they are few; else count the slices, and keep their rows in ``folder``.

        Without a folder, the rows are always counted in slices, and not kept.

        Raises:
            BtcfakeError: rows that cannot be used.

        """
        people = inputs.people
        for_tasks = self.native.for_tasks()
        whole = None
        jobs: list[Job] = []
        may_be_whole = folder is not None and given.slices is None and given.rows_on_driver > 0
        rows = inputs.count(with_tables=may_be_whole)
        if may_be_whole and sum(rows.values()) <= given.rows_on_driver:
            progress = RunProgress(-(-rows[EMPLOYEES] // EMPLOYEES_A_PIECE), 2, report)
            whole, known = _read(inputs, for_tasks, progress)
        else:
            slices = min(given.slices or -(-rows[EMPLOYEES] // given.employees_per_slice), MOST_SLICES)
            progress = RunProgress(slices, 3, report)
            if folder is not None and isinstance(people.given, KnownEmployees) and not inputs.tables:
                with progress.of_pass("kept"):
                    known = keep_employees(people.given, slices, folder)
                jobs = [Job(known, frozenset({"new"}))]
            else:
                known, jobs = _count(inputs, for_tasks, rows[EMPLOYEES], slices, folder, progress)
        _log.info("%s employees, %s open assignments", f"{known.employees:,}", f"{known.open:,}")
        warnings = (*self.warnings, *people.warnings, *known.warnings)
        for warning in warnings:
            _log.warning("%s", warning)
        return Plan(self.native, for_tasks, inputs, known, tuple(jobs), whole, progress, warnings)


def _read(inputs: Inputs, run: _native.Run, progress: RunProgress) -> tuple[_native.Run, Survey]:
    """Read all rows on the driver."""
    people = inputs.people
    names = {EMPLOYEES: people.name, **{table.role: table.name for table in inputs.tables}}
    _log.info("reading the employees and their tables")
    with progress.of_pass("read"):
        whole, found = run.with_tables(inputs.collect())
    known = Survey.of([(0, "", json.loads(found))], names, Cut("position", ()))
    if not known.is_in_order:
        _refuse_unordered(known, people.name)
    return whole, known


def _count(  # noqa: PLR0913, PLR0917
    inputs: Inputs, for_tasks: _native.Run, number: int, slices: int, folder: Path | None, progress: RunProgress
) -> tuple[Survey, list[Job]]:
    """Count the slices of a run with a number of employees, by id and, if their order is another, by position."""
    people, tables = inputs.people, inputs.tables
    employees = Table(EMPLOYEES, people.name, people.rows)
    sample = people.sample(number) if slices > 1 else None

    def surveyed(column: str) -> Survey:
        by = Cut(column, ()) if sample is None else cut(sample, column, slices)
        place = None if folder is None else folder / column
        return survey(for_tasks, employees, tables, by, folder=place, progress=progress)

    _log.info("counting %s employees in %s slices", f"{number:,}", slices)
    known = surveyed("employee_id")
    if known.is_in_order:
        return known, [Job(known, frozenset({"open", "new"}))]
    progress.expect(2 if known.open else 1)
    by_position = surveyed("position")
    _refuse_unordered(replace(by_position, warnings=known.warnings), people.name)
    if by_position.fingerprint != known.fingerprint:
        raise ChangedTableError(known.employees, known.open, by_position.employees, by_position.open)
    new = Job(by_position, frozenset({"new"}))
    return known, [Job(known, frozenset({"open"})), new] if known.open else [new]


def refuse_errors(problems: list[RowProblem]) -> list[RowProblem]:
    """Return the warnings among problems.

    Raises:
        BadRowsError: there are errors.

    """
    errors = tuple(problem for problem in problems if problem.is_error)
    if errors:
        raise BadRowsError(errors)
    return problems


def _refuse_unordered(known: Survey, table: str) -> None:
    """Refuse employees whose order is not unique, if their positions are not in the order of their ids.

    Raises:
        RepeatedIdError: employees share a position, or an id: which of them is kept would depend on the slices.

    """
    repeated = tuple(sorted({one.repeated_id for one in known.warnings if one.repeated_id is not None}))
    if repeated:
        reason = f"more than one row has {repeated[0]}; with a column position such rows are not left out"
        raise RepeatedIdError(table, "employee_id", reason, repeated)
    refuse_positions(table, known.repeated_positions)
