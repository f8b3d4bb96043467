"""The employees of a run: a table, a DataFrame, an employees.csv, or the number of a new population."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from btcfake._native import KnownEmployees, has_known_extension
from btcfake.errors import BadRowsError, RowProblem, problems_of
from btcfake.tables import EMPLOYEES, read_table, refuse_nobody, refuse_nulls, refuse_positions
from btcfake.volume import spark_path

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Given = str | os.PathLike[str] | DataFrame | int

# How many employees the driver gives to Spark at a time: some kinds of compute limit the size of local data.
_AT_A_TIME = 1_000_000
_SCHEMA = "position bigint, employee_id bigint, employee_edu_type string"
# About how many employees are sampled to cut slices of similar size: dozens for each of a thousand slices.
_SAMPLED = 50_000


@dataclass(frozen=True)
class Employees:
    """The employees of a run, each with a position, and the facts about them for the run file and the summary."""

    spark: SparkSession
    given: DataFrame | KnownEmployees
    """The rows: a DataFrame in Spark, or a KnownEmployees on the driver."""
    name: str
    """The name of the table or file."""
    is_table: bool
    """Whether the employees come from a table; then the run file names the table and no file."""
    record: str | None
    """The record of the employees file for the run file, as JSON; None for a table."""
    comment_rows: int
    skipped_rows: int
    changed_by_mix: int
    warnings: tuple[RowProblem, ...]

    @cached_property
    def rows(self) -> DataFrame:
        """The employees in Spark, with the columns position, employee_id and employee_edu_type."""
        if isinstance(self.given, DataFrame):
            return self.given
        rows: DataFrame | None = None
        for batch in _batches(self.given):
            some = self.spark.createDataFrame(batch)
            rows = some if rows is None else rows.union(some)
        assert rows is not None, "the core refuses a population of nobody"  # noqa: S101
        return rows

    def in_files(self, folder: Path) -> Employees:
        """The same employees, with rows that Spark reads from files in ``folder``, which must be new.

        A message of Spark Connect holds about 5 million employees.
        """
        if isinstance(self.given, DataFrame):
            return self
        folder.mkdir(parents=True)
        for number, batch in enumerate(_batches(self.given)):
            pq.write_table(batch, folder / f"{number}.parquet")
        return replace(self, given=self.spark.read.schema(_SCHEMA).parquet(spark_path(folder)))

    def table(self) -> pa.Table:
        """The same rows on the driver."""
        if isinstance(self.given, DataFrame):
            return self.given.toArrow()
        return pa.Table.from_batches([pa.record_batch(self.given.rows(0, len(self.given)))])

    def sample(self, number: int) -> pa.Table:
        """Ids and positions of a sample, by which slices are cut; ``number`` is the number of all employees."""
        columns = self.rows.select("employee_id", "position")
        return columns.sample(min(1.0, _SAMPLED / max(1, number)), seed=0).toArrow()


def _batches(known: KnownEmployees) -> Iterator[pa.Table]:
    for first in range(0, len(known), _AT_A_TIME):
        yield pa.Table.from_batches([pa.record_batch(known.rows(first, first + _AT_A_TIME))])


def is_file(given: object) -> bool:
    """Whether an argument names a file, not a table: a path, or text with a slash or a known ending of file names.

    Text with a backtick names a table, such as ``delta.`/Volumes/a/b/c/people```.
    """
    if isinstance(given, str) and "`" not in given:
        return "/" in given or has_known_extension(given)
    return isinstance(given, os.PathLike)


def read_employees(spark: SparkSession, given: Given, settings: str, *, has_mix: bool) -> Employees:
    """Bring the employees of a run into Spark.

    The driver holds the employees of a file or of a new population, and all employees if a mix is applied; otherwise
    the employees stay in their table.

    Raises:
        BtcfakeError: employees that cannot be used.
        OSError: a file that cannot be read.

    """
    if isinstance(given, Integral):
        return _of_known(spark, KnownEmployees.of_file(settings), "new population", is_table=False)
    if is_file(given):
        path = Path(given)  # type: ignore[arg-type]
        known = KnownEmployees.of_file(settings, path.name, path.read_bytes())
        return _of_known(spark, known, path.name, is_table=False)
    table = read_table(spark, EMPLOYEES, given)  # type: ignore[arg-type]
    if has_mix:
        rows = table.rows.toArrow()
        for column in ("employee_id", "position"):
            refuse_nulls(table.name, column, rows[column].null_count)
        known = KnownEmployees.of_table(settings, rows)
        refuse_positions(table.name, known.repeated_positions())
        return _of_known(spark, known, table.name, is_table=True)
    return Employees(spark, table.rows, table.name, True, None, 0, 0, 0, ())  # noqa: FBT003


def _of_known(spark: SparkSession, known: KnownEmployees, name: str, *, is_table: bool) -> Employees:
    problems = problems_of(known.problems(), {EMPLOYEES: name})
    errors = tuple(problem for problem in problems if problem.is_error)
    if errors:
        raise BadRowsError(errors)
    refuse_nobody(name, len(known))
    counts = known.counts()
    return Employees(spark, known, name, is_table, known.record(), *counts, tuple(problems))
