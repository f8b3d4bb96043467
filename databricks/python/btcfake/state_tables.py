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

from btcfake._native import is_production, read_run_file, row_schema, state_rows
from btcfake.argument_types import refuse_no_session, refuse_other_types
from btcfake.errors import NoFeedError, ProductionError, SettingsError
from btcfake.new_rows import NewRows
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, read_table
from btcfake.volume import Output, digest_of, pieces_of, spark_path

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from btcfake.arguments import PathLike

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

    def new_rows(table: _StateTable) -> NewRows:
        paths = [run_file.parent / name for name, _, _ in outputs if name.startswith(table.prefix)]
        if not paths:
            raise NoFeedError(str(run_file), f"it names no file {table.prefix}...csv")
        rows = _rows(spark, table, paths, time_zone)
        return NewRows.of(rows, table.keys, spark.table(f"{schema}.{table.name}"), f"{schema}.{table.name}")

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
