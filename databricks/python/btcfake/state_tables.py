"""Appends a feed to the state tables of a schema, as the batch job does, so that the next run reads the new state.

Rows are added, never changed. A completion is added with its day in the business time zone, unless the table has that
employee, content and day; an assignment, unless the table has that employee and content. So a feed that is appended
twice adds nothing the second time.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DateType, StringType, TimestampType

from btcfake._native import is_production, read_run_file, row_schema, state_rows
from btcfake.argument_types import refuse_no_session, refuse_other_types
from btcfake.errors import NoFeedError, ProductionError, SettingsError, WrongTypeError
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, read_table
from btcfake.volume import Output, digest_of, pieces_of, spark_path

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType

    from btcfake.arguments import PathLike

_SECONDS_OF_DAY = 86_400
_ENVIRONMENTS = ("dev", "qa", "prod")


@dataclass(frozen=True)
class _StateTable:
    role: str
    name: str
    prefix: str
    """The beginning of the names of the feed's files for this table."""
    keys: tuple[str, ...]
    """The columns by which a row is known: a row is appended only if the table has no row with the same values."""


_COMPLETION = _StateTable(
    COMPLETIONS, "content_completion", "ContentUserCompletion_", ("ba_id", "content_id", "completion_date")
)
_ASSIGNMENTS = _StateTable(ASSIGNMENTS, "content_assignments", "Non_Completed_Assignments_", ("ba_id", "content_id"))


@dataclass(frozen=True)
class Appended:
    """The numbers of rows that a feed added."""

    assignments: int
    """To content_assignments."""
    completions: int
    """To content_completion."""


def append_to_tables(spark: SparkSession, feed: PathLike, schema: str, *, allow_production: bool = False) -> Appended:
    """Append the rows of a feed to content_assignments and content_completion of a schema.

    Args:
        spark: the session, classic or Spark Connect.
        feed: the folder of a feed, or its run file.
        schema: the schema of the tables, such as ``retail_systems_dev.sandbox``.
        allow_production: append even if the schema, its catalog or BTCFAKE_ENV looks like production.

    Returns:
        The numbers of rows that were added.

    Raises:
        SettingsError: an argument of another type.
        ProductionError: the schema looks like production, and that is not allowed.
        NoFeedError: the folder has no whole feed.
        MissingTableError: the schema lacks a table.
        MissingColumnError: a table lacks a column.
        WrongTypeError: a column of a table has a type that make_feed does not read, or cannot hold a value of the feed,
            such as an id above those of INT.
        OSError: a file that cannot be read.

    Examples:
        >>> btcfake.append_to_tables(spark, feed.folder, "retail_systems_dev.sandbox")
        Appended(assignments=1201, completions=4210)

    """
    refuse_no_session(spark)
    refuse_other_types({"feed": feed, "schema": schema, "allow_production": allow_production})
    catalog = "" if "." in schema else f"{spark.catalog.currentCatalog()}."
    _refuse_production(f"{catalog}{schema}", is_allowed=allow_production)
    run_file = _run_file(Path(feed).absolute())
    time_zone, outputs = _record(run_file)
    _refuse_changed_files(run_file, outputs)

    # The rows of both tables are known to fit before one is added.
    for table in (_COMPLETION, _ASSIGNMENTS):
        read_table(spark, table.role, f"{schema}.{table.name}")

    def new_rows(table: _StateTable) -> _NewRows:
        paths = [run_file.parent / name for name, _, _ in outputs if name.startswith(table.prefix)]
        if not paths:
            raise NoFeedError(str(run_file), f"it names no file {table.prefix}...csv")
        rows = _rows(spark, table, paths, time_zone)
        return _NewRows.of(rows, table, spark.table(f"{schema}.{table.name}"), f"{schema}.{table.name}")

    completions, assignments = new_rows(_COMPLETION), new_rows(_ASSIGNMENTS)
    return Appended(completions=completions.append(), assignments=assignments.append())


def _refuse_production(schema: str, *, is_allowed: bool) -> None:
    environment = os.environ.get("BTCFAKE_ENV", "")
    if environment and environment.lower() not in _ENVIRONMENTS:
        raise SettingsError("BTCFAKE_ENV", f"'{environment}' is no environment: dev, qa or prod is allowed")
    if is_allowed:
        return
    if is_production(environment):
        raise ProductionError(schema, f"BTCFAKE_ENV is {environment}")
    if is_production(schema):
        raise ProductionError(schema, "the schema looks like production")


def _run_file(feed: Path) -> Path:
    if not feed.is_dir():
        return feed
    found = sorted(feed.glob("run_*.json"))
    if len(found) != 1:
        reason = "there is no run file" if not found else "there is more than one run file; name one of them"
        raise NoFeedError(str(feed), reason)
    return found[0]


def _record(run_file: Path) -> tuple[str, list[Output]]:
    """The business time zone of a run, and its files."""
    try:
        return read_run_file(run_file.read_bytes())
    except FileNotFoundError:
        raise NoFeedError(str(run_file), "there is no such folder or run file") from None
    except ValueError as error:
        raise NoFeedError(str(run_file), str(error)) from None


def _refuse_changed_files(run_file: Path, outputs: list[Output]) -> None:
    for name, *size_and_digest in outputs:
        path = run_file.parent / name
        if not path.exists():
            raise NoFeedError(str(path), f"the file is missing, but {run_file.name} names it")
        if digest_of(pieces_of(path)) != tuple(size_and_digest):
            raise NoFeedError(str(path), f"it is not the file that {run_file.name} names")


def _rows(spark: SparkSession, table: _StateTable, paths: list[Path], time_zone: str) -> DataFrame:
    """The rows of files of the feed, converted to rows of the table."""
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    texts = spark.read.csv(
        [spark_path(path) for path in paths],
        schema=", ".join(f"`{name}` string" for name in columns),
        header=True,
        quote='"',
        escape='"',
        multiLine=True,
        mode="FAILFAST",
    )
    return texts.mapInArrow(_reader(table.name, time_zone), row_schema(table.name))


def _reader(table: str, time_zone: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield pa.record_batch(state_rows(table, batch, time_zone))

    return read


@dataclass(frozen=True)
class _NewRows:
    """Rows that a table does not have yet, with the names and types of its columns."""

    table: str
    rows: DataFrame
    number: int

    @staticmethod
    def of(rows: DataFrame, table: _StateTable, there: DataFrame, name: str) -> _NewRows:
        """Find those of the rows of a feed.

        Raises:
            WrongTypeError: a value does not fit the type of its column.

        """
        keys = list(table.keys)
        columns = {field.name.lower(): F.col(f"`{field.name}`") for field in there.schema.fields}
        if table is _COMPLETION:
            _refuse_unread_days(there, columns["completion_date"], name)
        known = there.select(*(columns[key].try_cast(rows.schema[key].dataType).alias(key) for key in keys))
        new = rows.dropDuplicates(keys).join(known, keys, "left_anti")
        kinds = {field.name: field.dataType for field in new.schema.fields}
        # The names of columns are written in any case. A column that no feed fills is NULL.
        values = {
            field.name: _value(F.col(field.name.lower()), kinds[field.name.lower()], field.dataType)
            if field.name.lower() in kinds
            else F.lit(None)
            for field in there.schema.fields
        }
        stored = {field.name: values[field.name].try_cast(field.dataType) for field in there.schema.fields}
        misfits = [F.count_if(values[column].isNotNull() & stored[column].isNull()).alias(column) for column in values]
        counts = new.agg(F.count("*").alias("number of rows"), *misfits).collect()[0]
        for field in there.schema.fields:
            if counts[field.name]:
                rows_of_feed = f"{counts[field.name]:,} rows of the feed; nothing was appended"
                reason = f"its type {field.dataType.simpleString()} cannot hold the value of {rows_of_feed}"
                raise WrongTypeError(name, field.name, reason)
        return _NewRows(
            name, new.select(*(stored[column].alias(column) for column in stored)), counts["number of rows"]
        )

    def append(self) -> int:
        """Append them. Returns their number."""
        if self.number:
            self.rows.write.insertInto(self.table)
        return self.number


def _refuse_unread_days(there: DataFrame, days: Column, name: str) -> None:
    """Refuse texts in the column of days that Spark cannot compare with the days of a feed.

    Raises:
        WrongTypeError: there are such texts.

    """
    if isinstance(there.select(days).schema[0].dataType, StringType):
        unread = there.where(days.try_cast("date").isNull() & ~F.upper(F.trim(days)).isin("", "NULL", "\\N")).count()
        if unread:
            reason = f"{unread:,} rows have no date such as 2026-01-29 in this STRING column; make it DATE"
            raise WrongTypeError(name, "completion_date", reason)


def _value(column: Column, kind: DataType, stored: DataType) -> Column:
    """A value of a column of the feed, ready to be cast to the type of the table's column.

    A column of the table without a time zone, such as TIMESTAMP_NTZ or STRING, holds the time in UTC, as ``make_feed``
    reads it, in any time zone of the session. A day in a column of timestamps is its midnight in UTC.
    """
    if isinstance(kind, TimestampType) and not isinstance(stored, TimestampType):
        epoch = F.lit("1970-01-01 00:00:00").cast("timestamp_ntz")
        return epoch + F.make_dt_interval(secs=F.unix_seconds(column))
    if isinstance(kind, DateType) and isinstance(stored, TimestampType):
        return F.timestamp_seconds(F.unix_date(column).cast("bigint") * _SECONDS_OF_DAY)
    return column
