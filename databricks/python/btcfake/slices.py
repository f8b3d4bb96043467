"""How the employees of a run are shared out among slices, and what the driver learns of each before any is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812

from btcfake import tasks
from btcfake.errors import BadRowsError, RepeatedIdError, RowProblem, SliceError, problems_of

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from btcfake._native import Run
    from btcfake.tables import Table


@dataclass(frozen=True)
class State:
    """The state tables of a run."""

    assignments: Table | None
    completions: Table | None

    @property
    def given(self) -> tuple[bool, bool]:
        """Which of the two there are: assignments, completions."""
        return self.assignments is not None, self.completions is not None


@dataclass(frozen=True)
class Cut:
    """Slices by ranges of a column; ``starts`` has the first value of each slice but the first, in ascending order."""

    column: str
    starts: tuple[int, ...]

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


def cut(employees: DataFrame, column: str, slices: int) -> Cut:
    """Cut the employees into slices of about the same size. Which they are changes no byte of the feed."""
    if slices <= 1:
        return Cut(column, ())
    shares = [share / slices for share in range(1, slices)]
    row = employees.agg(F.min(column).alias("low"), F.percentile_approx(column, shares, 10_000).alias("starts")).first()
    if row is None or row["starts"] is None:
        return Cut(column, ())
    return Cut(column, tuple(sorted({start for start in row["starts"] if start > row["low"]})))


def tagged(employees: DataFrame, state: State, by: Cut) -> DataFrame:
    """All rows of a run in one shape, each with the table that it is of and with its slice."""

    def rows(tag: int, table: DataFrame, number: Column, id_name: str) -> DataFrame:
        columns = [F.col(name).alias("id" if name == id_name else name) for name in table.columns if name != "slice"]
        return table.select(F.lit(tag).alias("tag"), number.alias("slice"), *columns)

    whole = rows(tasks.EMPLOYEE, employees, by.slice_of(F.col(by.column)), "employee_id")
    for tag, table in ((tasks.ASSIGNMENT, state.assignments), (tasks.COMPLETION, state.completions)):
        if table is None:
            continue
        if by.column == "employee_id":
            of_table = rows(tag, table.rows, by.slice_of(F.col("ba_id")), "ba_id")
        else:
            homes = employees.select(F.col("employee_id").alias("home"), by.slice_of(F.col(by.column)).alias("slice"))
            joined = table.rows.join(homes, F.col("ba_id") == F.col("home")).drop("home")
            of_table = rows(tag, joined, F.col("slice"), "ba_id")
        whole = whole.unionByName(of_table, allowMissingColumns=True)
    # As many partitions as slices, so that adaptive execution puts no two into one task.
    return whole.repartition(len(by), "slice")


@dataclass(frozen=True)
class Survey:
    """What is known of the slices of a cut."""

    places: dict[int, tasks.Place]
    employees: int
    open: int
    skipped: int
    is_in_order: bool
    warnings: tuple[RowProblem, ...]


def survey(run: Run, employees: DataFrame, state: State, by: Cut, names: dict[str, str]) -> Survey:
    """Count the slices of a cut.

    Raises:
        RepeatedIdError: two employees have one id.
        BadRowsError: there are rows that cannot be read.
        SliceError: a slice failed.

    """
    task = tasks.surveyor(run, state.given)
    counted = tagged(employees, state, by).groupBy("slice").applyInArrow(task, tasks.SURVEY)
    with failures():
        rows = sorted(counted.collect(), key=lambda row: int(row["slice"]))
    problems = [problem for row in rows for problem in problems_of(row["problems"], names)]
    _refuse([problem for problem in problems if problem.is_error])
    rows = [row for row in rows if row["first_id"] is not None]
    places = {}
    employees_before = open_before = 0
    for row in rows:
        places[row["slice"]] = tasks.Place(employees_before, open_before)
        employees_before += row["employees"]
        open_before += row["open"]
    follows = all(before["last_position"] < after["first_position"] for before, after in pairwise(rows))
    is_in_order = follows and all(row["is_in_order"] for row in rows)
    skipped = sum(row["skipped"] for row in rows)
    warnings = tuple(problem for problem in problems if not problem.is_error)
    return Survey(places, employees_before, open_before, skipped, is_in_order, warnings)


def _refuse(problems: list[RowProblem]) -> None:
    repeated = sorted({problem.repeated_id for problem in problems if problem.repeated_id is not None})
    if repeated:
        table = next(problem.source for problem in problems if problem.repeated_id is not None)
        shown = ", ".join(str(one) for one in repeated[:5]) + (" and others" if len(repeated) > 5 else "")  # noqa: PLR2004
        reason = f"more than one row has {shown}; each employee has one row"
        raise RepeatedIdError(table, "employee_id", reason, tuple(repeated))
    if problems:
        raise BadRowsError(tuple(problems))


@contextmanager
def failures() -> Iterator[None]:
    """Turn what Spark says of a failed task into an exception that names the slice."""
    try:
        yield
    except PySparkException as error:
        _, mark, rest = str(error).partition(tasks.FAILED_SLICE)
        if not mark:
            raise
        found, _ = json.JSONDecoder().raw_decode(rest)
        raise SliceError(found["number"], found["first"], found["last"], found["reason"]) from error
