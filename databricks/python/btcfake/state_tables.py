"""Appends a feed to the state tables of a schema, as the batch job does, so that the next run reads the new state.

Rows are added, never changed. A completion is added with its day in the business time zone, unless the table has that
employee, content and day; an assignment, unless the table has that employee and content. So a feed that is appended
twice adds nothing the second time.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F  # noqa: N812

from btcfake._native import is_production, row_schema, state_rows
from btcfake.errors import MissingColumnError, MissingTableError, NoFeedError, ProductionError, SettingsError
from btcfake.volume import digest_of, pieces_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from btcfake.plan import PathLike

_ENVIRONMENTS = ("dev", "qa", "prod")


@dataclass(frozen=True)
class _StateTable:
    name: str
    prefix: str
    """The beginning of the names of the feed's files for this table."""
    keys: tuple[str, ...]
    """The columns by which a row is known: a row is appended only if the table has no row with the same values."""


_COMPLETION = _StateTable("content_completion", "ContentUserCompletion_", ("ba_id", "content_id", "completion_date"))
_ASSIGNMENTS = _StateTable("content_assignments", "Non_Completed_Assignments_", ("ba_id", "content_id"))


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

    Raises:
        ProductionError: the schema looks like production, and that is not allowed.
        NoFeedError: the folder has no whole feed.
        MissingTableError: the schema lacks a table.
        MissingColumnError: a table lacks a column.
        OSError: a file that cannot be read.

    """
    catalog = "" if "." in schema else f"{spark.catalog.currentCatalog()}."
    _refuse_production(f"{catalog}{schema}", is_allowed=allow_production)
    run_file = _run_file(Path(feed))
    record = json.loads(run_file.read_bytes())
    _refuse_changed_files(run_file, record)

    # Both tables are found before a row is added to one of them.
    there = {table: _find(spark, table, f"{schema}.{table.name}") for table in (_COMPLETION, _ASSIGNMENTS)}

    def append(table: _StateTable) -> int:
        names = [output["name"] for output in record["outputs"] if output["name"].startswith(table.prefix)]
        rows = _rows(spark, table, [run_file.parent / name for name in names], record["time_zone"])
        return _append(rows, table, there[table], f"{schema}.{table.name}")

    return Appended(completions=append(_COMPLETION), assignments=append(_ASSIGNMENTS))


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


def _refuse_changed_files(run_file: Path, record: dict[str, Any]) -> None:
    for output in record["outputs"]:
        path = run_file.parent / output["name"]
        if not path.exists():
            raise NoFeedError(str(path), f"the file is missing, but {run_file.name} names it")
        if digest_of(pieces_of(path)) != (output["bytes"], output["sha256"]):
            raise NoFeedError(str(path), f"it is not the file that {run_file.name} names")


def _rows(spark: SparkSession, table: _StateTable, paths: list[Path], time_zone: str) -> DataFrame:
    """The rows of files of the feed, converted to rows of the table."""
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    texts = spark.read.csv(
        [str(path) for path in paths],
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


def _find(spark: SparkSession, table: _StateTable, name: str) -> DataFrame:
    try:
        there = spark.table(name)
        columns = there.columns
    except AnalysisException as error:
        raise MissingTableError(name, (error.getMessage() or str(error)).splitlines()[0]) from error
    for key in table.keys:
        if key not in columns:
            raise MissingColumnError(name, key, "the column is missing")
    return there


def _append(rows: DataFrame, table: _StateTable, there: DataFrame, name: str) -> int:
    keys = list(table.keys)
    known = there.select(*(F.col(key).cast(rows.schema[key].dataType).alias(key) for key in keys))
    new = rows.dropDuplicates(keys).join(known, keys, "left_anti")
    count = new.count()
    if count:
        # Columns of the table that a feed does not have become NULL.
        values = [
            (F.col(field.name) if field.name in new.columns else F.lit(None)).cast(field.dataType).alias(field.name)
            for field in there.schema.fields
        ]
        new.select(*values).write.insertInto(name)
    return count
