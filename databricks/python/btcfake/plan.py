"""A run before its rows are made: rows brought to the driver, or slices counted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from btcfake import _native
from btcfake._native import KnownEmployees
from btcfake.arguments import MOST_SLICES, Arguments, SharedFile, seen_from
from btcfake.errors import BadRowsError, ChangedTableError, RepeatedIdError, RowProblem, problems_of
from btcfake.inputs import Inputs
from btcfake.progress import Progress, RunProgress
from btcfake.slices import Cut, Survey, cut, keep_employees, survey, tagged
from btcfake.tables import EMPLOYEES, Table, refuse_positions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_log = logging.getLogger("btcfake")

EMPLOYEES_A_PIECE = 20_000
"""Number of employees whose rows the driver makes at a time."""


@dataclass(frozen=True)
class Job:
    """A pass of tasks over the slices, which makes some kinds of rows: ``open`` and ``new``."""

    slices: Survey
    kinds: frozenset[str]


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
            whole, facts = _read(inputs, for_tasks, progress)
        else:
            slices = min(given.slices or -(-rows[EMPLOYEES] // given.employees_per_slice), MOST_SLICES)
            progress = RunProgress(slices, 3, report)
            _log.info("%s employees in %s slices", f"{rows[EMPLOYEES]:,}", f"{slices:,}")
            if folder is not None and isinstance(people.given, KnownEmployees) and not inputs.tables:
                with progress.of_pass("kept"):
                    facts = keep_employees(people.given, slices, folder)
                jobs = [Job(facts, frozenset({"new"}))]
            else:
                if folder is not None:
                    people = people.in_files(folder / "employees")
                    inputs = replace(inputs, people=people)
                cuts = partial(cut, people.sample(rows[EMPLOYEES]), slices) if slices > 1 else Cut.of_all
                facts, jobs = _count(inputs, for_tasks, cuts, folder, progress)
        _log.info("%s employees, %s open assignments", f"{facts.employees:,}", f"{facts.open:,}")
        warnings = (*self.warnings, *people.warnings, *facts.warnings)
        for warning in warnings:
            _log.warning("%s", warning)
        return Plan(self.native, for_tasks, inputs, facts, tuple(jobs), whole, progress, warnings)


def _read(inputs: Inputs, run: _native.Run, progress: RunProgress) -> tuple[_native.Run, Survey]:
    """Read all rows on the driver."""
    people = inputs.people
    names = {EMPLOYEES: people.name, **{table.role: table.name for table in inputs.tables}}
    _log.info("reading the employees and their tables")
    with progress.of_pass("read"):
        whole, found = run.with_tables(inputs.collect())
    facts = Survey.of([(0, "", json.loads(found))], names, Cut("position", ()))
    if not facts.is_in_order:
        _refuse_unordered(facts, people.name)
    return whole, facts


def _count(
    inputs: Inputs, run: _native.Run, cuts: Callable[[str], Cut], folder: Path | None, progress: RunProgress
) -> tuple[Survey, list[Job]]:
    """Count the slices of a run, by id and, if the employees are in another order, by position.

    ``cuts`` gives the cut by one of these columns.
    """
    employees = Table(EMPLOYEES, inputs.people.name, inputs.people.rows)

    def surveyed(column: str) -> Survey:
        place = None if folder is None else folder / column
        return survey(run, employees, inputs.tables, cuts(column), folder=place, progress=progress)

    facts = surveyed("employee_id")
    if facts.is_in_order:
        return facts, [Job(facts, frozenset({"open", "new"}))]
    progress.expect(2 if facts.open else 1)
    by_position = surveyed("position")
    _refuse_unordered(replace(by_position, warnings=facts.warnings), employees.name)
    if by_position.fingerprint != facts.fingerprint:
        raise ChangedTableError(facts.employees, facts.open, by_position.employees, by_position.open)
    new = Job(by_position, frozenset({"new"}))
    return facts, [Job(facts, frozenset({"open"})), new] if facts.open else [new]


def refuse_errors(problems: list[RowProblem]) -> list[RowProblem]:
    """Return the warnings among problems.

    Raises:
        BadRowsError: there are errors.

    """
    errors = tuple(problem for problem in problems if problem.is_error)
    if errors:
        raise BadRowsError(errors)
    return problems


def _refuse_unordered(facts: Survey, table: str) -> None:
    """Refuse employees whose order is not unique, if their positions are not in the order of their ids.

    Raises:
        RepeatedIdError: employees share a position, or an id: which of them is kept would depend on the slices.

    """
    repeated = tuple(sorted({one.repeated_id for one in facts.warnings if one.repeated_id is not None}))
    if repeated:
        reason = f"more than one row has {repeated[0]}; with a column position such rows are not left out"
        raise RepeatedIdError(table, "employee_id", reason, repeated)
    refuse_positions(table, facts.repeated_positions)
