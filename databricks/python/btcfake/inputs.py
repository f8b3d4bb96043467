"""The inputs of a run in Spark: the employees, and the tables about them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pyspark import inheritable_thread_target

from btcfake._native import KnownEmployees
from btcfake.employees import Employees, is_file, read_employees
from btcfake.errors import MissingTableError
from btcfake.slices import roles_of
from btcfake.tables import (
    ASSIGNMENTS,
    COMPLETIONS,
    EMPLOYEES,
    RECOMMENDATIONS,
    Table,
    count_rows,
    read_table,
    refuse_nobody,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from btcfake.arguments import Arguments

_T = TypeVar("_T")


@dataclass(frozen=True)
class Inputs:
    """The employees of a run and the given tables, found and checked; their rows are in Spark until they are read."""

    people: Employees
    tables: tuple[Table, ...]
    """The given tables of state and recommendations."""

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


def _with_tags_of_caller(spark: SparkSession, work: Callable[[], _T]) -> Callable[[], _T]:
    """The same work for another thread, with job group and tags of this one: by them a notebook cancels its jobs."""
    inherit = inheritable_thread_target(spark)
    # Without PYSPARK_PIN_THREAD, Python's threads share one thread of Spark.
    inherited: Callable[[], _T] = inherit(work) if callable(inherit) else work
    return inherited
