"""The tables of a run: found by name or given as DataFrames, with a check of their columns and types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from btcfake.errors import (
    MissingColumnError,
    MissingTableError,
    NullIdError,
    RepeatedIdError,
    TableError,
    WrongTypeError,
)

if TYPE_CHECKING:
    from pyspark.sql import Column, SparkSession
    from pyspark.sql.types import StructField

EMPLOYEES = "employees"
ASSIGNMENTS = "assignments"
COMPLETIONS = "completions"
RECOMMENDATIONS = "recommendations"

_INTEGERS = frozenset({"byte", "short", "integer", "long"})
_TEXTS = frozenset({"string", "char", "varchar", "void"})
_TIMES = frozenset({"timestamp", "timestamp_ntz", *_TEXTS})


@dataclass(frozen=True)
class _Column:
    name: str
    kinds: frozenset[str]
    right: str
    is_needed: bool = True
    number_type: str = "bigint"
    """The type to which whole numbers are cast."""


def _id(name: str) -> _Column:
    return _Column(name, _INTEGERS, f"it must be BIGINT or another whole number; write CAST({name} AS BIGINT)")


def _text(name: str, *, is_needed: bool = True) -> _Column:
    return _Column(name, _TEXTS, "it must be STRING", is_needed)


def _time(name: str, *, is_needed: bool = True) -> _Column:
    return _Column(name, _TIMES, "it must be TIMESTAMP (or STRING, as in a CSV file)", is_needed)


_COLUMNS = {
    EMPLOYEES: (_id("employee_id"), _text("employee_edu_type")),
    ASSIGNMENTS: (
        _id("ba_id"),
        _id("content_id"),
        _time("assignment_date"),
        _Column("update_date", _TIMES | {"date"}, "it must be DATE (or STRING, as in a CSV file)", is_needed=False),
        _time("assignment_begin_date"),
        _time("assignment_due_date", is_needed=False),
        _text("content_type", is_needed=False),
    ),
    COMPLETIONS: (
        _id("ba_id"),
        _id("content_id"),
        _Column("completion_date", frozenset({"date", *_TEXTS}), "it must be DATE (or STRING, as in a CSV file)"),
    ),
    RECOMMENDATIONS: (
        _id("ba_id"),
        _Column(
            "recommended_content_id",
            _INTEGERS | _TEXTS,
            "it must be BIGINT (or STRING, as the API may send it)",
            number_type="string",
        ),
        _text("recommended_content", is_needed=False),
        _Column("order", _INTEGERS, "it must be BIGINT or another whole number: the place in the API's list"),
    ),
}

_POSITION = _Column(
    "position",
    _INTEGERS,
    "it must be BIGINT or another whole number: the place in the feed. Leave out a column of another meaning",
    is_needed=False,
)


_PLACES = {
    "position": "every employee needs a position, or none has one",
    "order": "every recommendation needs its place in the API's list",
}
"""The columns that give rows their places, and why they must not be NULL."""


@dataclass(frozen=True)
class Table:
    """A table of a run, with only the columns that a run reads."""

    role: str
    name: str
    rows: DataFrame


def read_table(spark: SparkSession, role: str, given: str | DataFrame) -> Table:
    """Find a table by its name, or take a DataFrame, and check it without reading a row.

    Raises:
        MissingTableError: no table has the name, or it is a stream.
        MissingColumnError: a column is missing.
        WrongTypeError: a column has a type that cannot be used.

    """
    name = role if isinstance(given, DataFrame) else given
    try:
        rows = given if isinstance(given, DataFrame) else spark.table(given)
        fields = {field.name.lower(): field for field in rows.schema.fields}
    except AnalysisException as error:
        # The text of an error of syntax begins with an empty line in Spark Connect.
        reason = (error.getMessage() or str(error)).strip().partition("\n")[0]
        raise MissingTableError(name, reason) from error
    if rows.isStreaming:
        raise MissingTableError(name, "it is a stream, which has no end; write it to a table, and give that")
    columns: list[Column] = []
    for column in (*_COLUMNS[role], *([_POSITION] if role == EMPLOYEES else [])):
        field = fields.get(column.name)
        if sum(one.name.lower() == column.name for one in rows.schema.fields) > 1:
            raise TableError(name, column.name, "more than one column has this name; select one of them")
        if field is not None and field.dataType.typeName() not in column.kinds:
            raise WrongTypeError(name, column.name, f"its type is {field.dataType.simpleString()}; {column.right}")
        if field is None and column.is_needed:
            raise MissingColumnError(name, column.name, f"the column is missing; {column.right}")
        columns.append(_normal(column, fields["employee_id"] if field is None and column is _POSITION else field))
    return Table(role, name, rows.select(columns))


def _normal(column: _Column, field: StructField | None) -> Column:
    """The column, by the name that the table has for it, cast to a type that the core reads."""
    if field is None:
        return F.lit(None).cast("string").alias(column.name)
    found, kind = F.col(f"`{field.name}`"), field.dataType.typeName()
    if kind in _INTEGERS:
        found = found.cast(column.number_type)
    elif kind in _TEXTS:
        found = found.cast("string")
    return found.alias(column.name)


def count_rows(tables: Sequence[DataFrame]) -> list[int]:
    """Count the rows of tables, by one query for all of them: Spark plans it once, and reads them beside each other."""
    if not tables:
        return []
    counts = [table.agg(F.lit(at).alias("at"), F.count("*").alias("rows")) for at, table in enumerate(tables)]
    found = reduce(lambda one, other: one.unionAll(other), counts).collect()
    return [int(row["rows"]) for row in sorted(found)]


def refuse_nobody(table: str, employees: int) -> None:
    """Refuse a run without employees.

    Raises:
        TableError: there are none.

    """
    if not employees:
        raise TableError(table, "employee_id", "no row is an employee of the run; one is needed")


def refuse_positions(table: str, positions: list[int]) -> None:
    """Refuse positions that more than one employee has.

    Raises:
        RepeatedIdError: there are such positions.

    """
    if positions:
        reason = f"more than one row has {', '.join(map(str, positions))}; each employee has its own"
        raise RepeatedIdError(table, _POSITION.name, reason, tuple(positions))


def refuse_nulls(table: str, column: str, rows: int) -> None:
    """Refuse rows without an id or a place; ``rows`` is the number of rows with NULL in the column.

    Raises:
        NullIdError: rows without an id.
        TableError: employees without a position, or recommendations without an order.

    """
    if rows and column in _PLACES:
        raise TableError(table, column, f"NULL in {rows:,} rows; {_PLACES[column]}")
    if rows:
        raise NullIdError(table, column, f"NULL in {rows:,} rows; every row needs an id. Leave such rows out")
