"""Cuts the employees of a run into slices, and counts each slice before any of them is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812

from btcfake import tasks
from btcfake.errors import BadRowsError, RepeatedIdError, RowProblem, SliceError, problems_of
from btcfake.tables import EMPLOYEES, Table, refuse_nobody, refuse_nulls

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from btcfake._native import KnownEmployees, Run
    from btcfake.progress import RunProgress

_LISTED = 5
_FINGERPRINTS = 1 << 64


def roles_of(tables: tuple[Table, ...]) -> tuple[str, ...]:
    """The roles of the tables of a slice, the employees first."""
    return (EMPLOYEES, *(table.role for table in tables))


@dataclass(frozen=True)
class Cut:
    """Slices by ranges of a column; ``starts`` has the first value of each slice but the first, in ascending order."""

    column: str
    starts: tuple[int, ...]

    @staticmethod
    def of_all(column: str) -> Cut:
        """A single slice with all employees."""
        return Cut(column, ())

    def __len__(self) -> int:
        """The number of slices."""
        return len(self.starts) + 1

    def slice_of(self, value: Column) -> Column:
        """The number of a value's slice, found by bisection."""

        def between(low: int, high: int) -> Column:
            if low == high:
                return F.lit(low).cast("bigint")
            middle = (low + high) // 2
            return F.when(value < self.starts[middle], between(low, middle)).otherwise(between(middle + 1, high))

        return between(0, len(self.starts))


def cut(sample: pa.Table, slices: int, column: str) -> Cut:
    """Cut the employees into slices of about the same size, by a sample. The feed does not depend on the cuts."""
    values = sorted(value for value in sample[column].to_pylist() if value is not None)
    starts = {values[len(values) * share // slices] for share in range(1, slices)} if values else set()
    return Cut(column, tuple(sorted(start for start in starts if start > values[0])))


def tagged(employees: DataFrame, tables: tuple[Table, ...], by: Cut) -> DataFrame:
    """All rows of a run in one DataFrame; the columns ``tag`` and ``slice`` have the table and the slice of a row."""

    def rows(role: str, table: DataFrame, number: Column) -> DataFrame:
        id_name = tasks.id_column(role)
        columns = [F.col(name).alias("id" if name == id_name else name) for name in table.columns if name != "slice"]
        return table.select(F.lit(tasks.ROLES.index(role)).alias("tag"), number.alias("slice"), *columns)

    whole = rows(EMPLOYEES, employees, by.slice_of(F.col(by.column)))
    for table in tables:
        id_name = tasks.id_column(table.role)
        if by.column == "employee_id":
            of_table = rows(table.role, table.rows, by.slice_of(F.col(id_name)))
        else:
            homes = employees.select(F.col("employee_id").alias("home"), by.slice_of(F.col(by.column)).alias("slice"))
            joined = table.rows.join(homes, F.col(id_name) == F.col("home")).drop("home")
            of_table = rows(table.role, joined, F.col("slice"))
        whole = whole.unionByName(of_table, allowMissingColumns=True)
    # As many partitions as slices, so that adaptive execution puts no two into one task.
    return whole.repartition(len(by), "slice")


@dataclass(frozen=True)
class Survey:
    """The facts about the slices of a cut, for the whole run."""

    by: Cut
    places: dict[int, tasks.Place]
    employees: int
    open: int
    skipped: int
    is_in_order: bool
    repeated_positions: list[int]
    """The first positions that more than one employee has."""
    fingerprint: int
    """The same for another cut, if Spark reads the same rows then."""
    warnings: tuple[RowProblem, ...]

    @staticmethod
    def of(slices: list[tuple[int, str, dict[str, Any]]], names: dict[str, str], by: Cut) -> Survey:
        """Collect the facts that the core found, given for each slice: number, path where its rows are kept, facts.

        Raises:
            NullIdError: a row has no id.
            RepeatedIdError: two employees have one id.
            BadRowsError: there are rows that cannot be read.
            TableError: there are no employees, or one has no position.

        """
        _refuse_nulls([null for *_, found in slices for null in found["nulls"]], names)
        problems = [problem for *_, found in slices for problem in problems_of(found["problems"], names)]
        _refuse([problem for problem in problems if problem.is_error])
        places = {}
        employees = opened = 0
        open_in_all = sum(found["open"] for *_, found in slices)
        with_employees = [one for one in slices if one[2]["ids"]]
        for number, kept, found in with_employees:
            counts = (employees, opened, open_in_all)
            places[number] = tasks.Place(counts, tuple(found["ids"]), kept, found["fingerprint"])
            employees += found["employees"]
            opened += found["open"]
        refuse_nobody(names[EMPLOYEES], employees)
        all_found = [found for *_, found in with_employees]
        follows = all(one["positions"][1] < next_one["positions"][0] for one, next_one in pairwise(all_found))
        is_in_order = follows and all(found["is_in_order"] for found in all_found)
        repeated = sorted(position for found in all_found for position in found["repeated_positions"])[:_LISTED]
        skipped = sum(found["skipped"] for found in all_found)
        fingerprint = sum(found["fingerprint"] for found in all_found) % _FINGERPRINTS
        warnings = tuple(problem for problem in problems if not problem.is_error)
        return Survey(by, places, employees, open_in_all, skipped, is_in_order, repeated, fingerprint, warnings)


def survey(  # noqa: PLR0913
    run: Run, employees: Table, tables: tuple[Table, ...], by: Cut, *, folder: Path | None, progress: RunProgress
) -> Survey:
    """Count the slices of a cut. With a folder, which must be new, keep their rows there.

    Raises:
        NullIdError: a row has no id.
        RepeatedIdError: two employees have one id.
        BadRowsError: there are rows that cannot be read.
        SliceError: a slice failed.

    """
    names = {table.role: table.name for table in (employees, *tables)}
    if folder is not None:
        folder.mkdir(parents=True)
    counted = tagged(employees.rows, tables, by).mapInArrow(tasks.surveyor(run, roles_of(tables), folder), tasks.SURVEY)
    with failures(), progress.of_pass("gathered", folder):
        rows = sorted(counted.collect(), key=lambda row: int(row["slice"]))
    slices = [(row["slice"], row["kept"], json.loads(row["found"])) for row in rows]
    return Survey.of(slices, names, by)


def keep_employees(known: KnownEmployees, slices: int, folder: Path) -> Survey:
    """Keep the rows of employees whom the driver holds, in slices by position; for runs without other tables."""
    folder.mkdir(parents=True)
    size = -(-len(known) // slices)
    starts = range(0, len(known), size)
    places = {}
    for number, first in enumerate(starts):
        ids = pc.min_max(pa.record_batch(known.rows(first, first + size))["employee_id"]).as_py()
        kept = tasks.keep(folder, number, [(EMPLOYEES, known.file(first, first + size))])
        places[number] = tasks.Place((first, 0, 0), (ids["min"], ids["max"]), kept, 0)
    return Survey(Cut("position", tuple(starts[1:])), places, len(known), 0, 0, True, [], 0, ())  # noqa: FBT003


def _refuse_nulls(found: list[tuple[str, str, int]], names: dict[str, str]) -> None:
    """Refuse NULL in columns of ids; ``found`` has role, column and number of such rows for each slice."""
    for role, column, _ in found:
        refuse_nulls(names[role], column, sum(rows for of_role, of, rows in found if (of_role, of) == (role, column)))


def _refuse(problems: list[RowProblem]) -> None:
    repeated = sorted({problem.repeated_id for problem in problems if problem.repeated_id is not None})
    if repeated:
        table = next(problem.source for problem in problems if problem.repeated_id is not None)
        shown = ", ".join(map(str, repeated[:_LISTED])) + (" and others" if len(repeated) > _LISTED else "")
        reason = f"more than one row has {shown}; each employee has one row"
        raise RepeatedIdError(table, "employee_id", reason, tuple(repeated))
    if problems:
        raise BadRowsError(tuple(problems))


@contextmanager
def failures() -> Iterator[None]:
    """Turn Spark's report of a failed task into an exception that names the slice."""
    try:
        yield
    except PySparkException as error:
        _, mark, rest = str(error).partition(tasks.FAILED_SLICE)
        if not mark:
            raise
        found, _ = json.JSONDecoder().raw_decode(rest)
        raise SliceError(found["number"], found["first"], found["last"], found["reason"]) from error
