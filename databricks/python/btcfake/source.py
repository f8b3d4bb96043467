"""The data source ``btcfake``: rows of a feed by ``spark.read.format("btcfake")`` and in SQL, for tables of any format.

Spark runs a data source without a session, so its inputs can only be files, or a number of employees. With tables as
inputs, use :func:`btcfake.completions` and :func:`btcfake.assignments`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

from btcfake._native import Run, file_rows, row_schema
from btcfake.argument_types import refuse_no_session
from btcfake.arguments import Arguments
from btcfake.employees import is_file
from btcfake.errors import BtcfakeError, SettingsError, problems_of
from btcfake.options import FLAGS, NUMBERS, TEXTS, arguments_of
from btcfake.plan import refuse_errors
from btcfake.volume import digest_of, pieces_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType

_KINDS = ("completions", "assignments")
_EMPLOYEES_A_BATCH = 10_000
_FILES = {
    "employees": "employees",
    "assignments": "assignments",
    "completions": "completions",
    "catalog": "standalone_content",
    "course_catalog": "course_catalog",
    "recommendations": "recommendations",
}
"""The options that name files, and the roles of these files."""


@dataclass(frozen=True)
class _File:
    role: str
    path: str
    digest: tuple[int, str]


@dataclass(frozen=True)
class _Source:
    """A run whose inputs are files. Spark sends it to the tasks."""

    rows: str
    settings: str
    files: tuple[_File, ...]
    slices: int | None
    employees_per_slice: int

    @staticmethod
    def of(options: dict[str, str]) -> _Source:
        """Read the options, and check the files.

        Raises:
            BtcfakeError: an invalid option, or a file that cannot be used.
            OSError: a file that cannot be read.

        """
        known = {"rows": f"one of {', '.join(_KINDS)}", **TEXTS, **NUMBERS, **FLAGS}
        for name in ("user_completion_template", "bytes_per_file", "bom", "rows_on_driver"):
            del known[name]
        for name in options.keys() - known.keys():
            raise SettingsError(name, f"no option of this data source; there are {', '.join(known)}")
        rows = options.get("rows", "")
        if rows not in _KINDS:
            raise SettingsError("rows", f"'{rows}' are no rows of a feed; {' or '.join(_KINDS)} is right")
        given = arguments_of({name: text for name, text in options.items() if name != "rows"})
        arguments = Arguments(**given)
        settings = arguments.settings()
        files = []
        for name, role in _FILES.items():
            path = given.get(name)
            if isinstance(path, str):
                if not is_file(path):
                    reason = f"'{path}' is no path of a file, and a data source reaches no tables"
                    raise SettingsError(name, f"{reason}; use btcfake.{rows}(spark, ...)")
                files.append(_File(role, path, digest_of(pieces_of(Path(path)))))
        source = _Source(rows, settings, tuple(files), arguments.slices, arguments.employees_per_slice)
        refuse_errors(problems_of(source.run().whole_problems(), {}))
        return source

    def run(self) -> Run:
        """The run. Each process reads its files only once."""
        return _run(self.settings, self.files)


@lru_cache(maxsize=2)
def _run(settings: str, files: tuple[_File, ...]) -> Run:
    contents = []
    for file in files:
        path = Path(file.path)
        content = path.read_bytes()
        if digest_of([content]) != file.digest:
            message = f"{path} changed since the options were read"
            raise BtcfakeError(message)
        contents.append((file.role, path.name, None, content))
    return Run(settings, contents)


@dataclass
class _Part(InputPartition):
    """``new``: employees at positions ``first`` to before ``end``; ``open``: part ``first`` of ``end`` parts."""

    kind: str
    first: int
    end: int


class _Reader(DataSourceReader):
    def __init__(self, source: _Source) -> None:
        self.source = source

    def partitions(self) -> list[_Part]:
        """Cut the employees into slices of the same size."""
        employees = self.source.run().employees()
        slices = self.source.slices or -(-employees // self.source.employees_per_slice)
        size = max(1, -(-employees // slices))
        parts = [_Part("new", first, min(first + size, employees)) for first in range(0, employees, size)]
        if self.source.rows == "assignments":
            parts += [_Part("open", part, slices) for part in range(slices)]
        return parts

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """Make the rows of a partition, in a task."""
        assert isinstance(partition, _Part)  # noqa: S101
        run, kind = self.source.run(), self.source.rows
        if partition.kind == "open":
            yield _nullable(file_rows(kind, run.open_of_part(partition.first, partition.end)[0]))
            return
        for first in range(partition.first, partition.end, _EMPLOYEES_A_BATCH):
            end = min(first + _EMPLOYEES_A_BATCH, partition.end)
            yield _nullable(file_rows(kind, run.rows_at(first, end)[:2][_KINDS.index(kind)]))


def _nullable(rows: Any) -> pa.RecordBatch:  # noqa: ANN401
    """The rows with nullable columns, as the declared schema has them."""
    batch = pa.record_batch(rows)
    return pa.RecordBatch.from_arrays(batch.columns, names=batch.schema.names)


class BtcfakeSource(DataSource):
    """Rows of a feed. Register it by :func:`register`; the options are the arguments of :func:`btcfake.make_feed`.

    Options:
        rows: ``completions`` or ``assignments``.
        employees: the path of an employees.csv, or how many employees are made up.
        assignments, completions: the paths of the state tables as CSV files.
        others: as for :func:`btcfake.make_feed`, except the options that only concern files.
    """

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._source = _Source.of({name.lower(): text for name, text in options.items()})

    @classmethod
    def name(cls) -> str:
        """The name of the format."""
        return "btcfake"

    def schema(self) -> str:
        """The columns, as :func:`btcfake.completions` or :func:`btcfake.assignments` has them."""
        return row_schema(self._source.rows)

    def reader(self, schema: StructType) -> DataSourceReader:  # noqa: ARG002
        """The reader of the rows."""
        return _Reader(self._source)


def register(spark: SparkSession) -> None:
    """Make ``spark.read.format("btcfake")`` known to a session.

    Args:
        spark: the session, classic or Spark Connect.

    Raises:
        SettingsError: no session.

    Examples:
        >>> btcfake.register(spark)
        >>> options = {"rows": "completions", "employees": "2000", "now": "2026-01-29T18:00:00Z", "seed": "42"}
        >>> spark.read.format("btcfake").options(**options).load().show()

    """
    refuse_no_session(spark)
    spark.dataSource.register(BtcfakeSource)
