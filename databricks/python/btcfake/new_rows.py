"""The rows of a feed that a state table does not have yet, with the names and types of the table's columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DateType, StringType, TimestampType

from btcfake.errors import WrongTypeError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import DataType, StructField

_DAYS = "completion_date"
_SECONDS_OF_DAY = 86_400
_LIMITED_TEXT = re.compile(r"(?:var)?char\((\d+)\)")


@dataclass(frozen=True)
class NewRows:
    """Rows that a table does not have yet, with the names and types of its columns."""

    table: str
    rows: DataFrame
    number: int

    @staticmethod
    def of(rows: DataFrame, keys: tuple[str, ...], there: DataFrame, name: str) -> NewRows:
        """Find those of the rows of a feed; ``keys`` are the columns by which a row of the table is known.

        Raises:
            WrongTypeError: a value does not fit the type of its column.

        """
        columns = {field.name.lower(): F.col(f"`{field.name}`") for field in there.schema.fields}
        if _DAYS in keys:
            _refuse_unread_days(there, columns[_DAYS], name)
        known = there.select(*(columns[key].try_cast(rows.schema[key].dataType).alias(key) for key in keys))
        new = rows.dropDuplicates(list(keys)).join(known, list(keys), "left_anti")
        kinds = {field.name: field.dataType for field in new.schema.fields}
        # The names of columns are written in any case. A column that no feed fills is NULL.
        values = {
            field.name: _value(F.col(field.name.lower()), kinds[field.name.lower()], field.dataType)
            if field.name.lower() in kinds
            else F.lit(None)
            for field in there.schema.fields
        }
        stored = {field.name: _stored(values[field.name], field) for field in there.schema.fields}
        misfits = [F.count_if(values[column].isNotNull() & stored[column].isNull()).alias(column) for column in values]
        counts = new.agg(F.count("*").alias("number of rows"), *misfits).collect()[0]
        for field in there.schema.fields:
            if counts[field.name]:
                rows_of_feed = f"{counts[field.name]:,} rows of the feed; nothing was appended"
                reason = f"its type {_declared(field)} cannot hold the value of {rows_of_feed}"
                raise WrongTypeError(name, field.name, reason)
        return NewRows(name, new.select(*(stored[column].alias(column) for column in stored)), counts["number of rows"])

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
            raise WrongTypeError(name, _DAYS, reason)


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


def _stored(value: Column, field: StructField) -> Column:
    """A value as a column of the table stores it; NULL for a value that does not fit."""
    stored = value.try_cast(field.dataType)
    limit = _LIMITED_TEXT.fullmatch(_declared(field))
    # Spark leaves out blanks at the end of a text that is too long.
    return stored if limit is None else F.when(F.length(F.rtrim(stored)) <= int(limit[1]), stored)


def _declared(field: StructField) -> str:
    """The type of a column as its table declares it. Spark has STRING for CHAR and VARCHAR, and tells them beside."""
    return str(field.metadata.get("__CHAR_VARCHAR_TYPE_STRING", field.dataType.simpleString()))
