"""The rows of DataFrames are those of the native program's files."""

from __future__ import annotations

import csv
from datetime import datetime, timezone
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import DataFrame, SparkSession

from conftest import native_feed
from inputs import NOW, SEED, Inputs


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 3, 4, 5, tzinfo=timezone.utc)


STATE = [
    (11, 1_234_567, at(12), None, at(12), at(20), 'a "quoted", type'),
    (12, 77, at(14), None, None, None, None),
    (10, 78, at(14), None, None, None, None),
]


@pytest.mark.parametrize("ids", [[10, 11, 12, 13], pytest.param([12, 13, 10, 11], marks=pytest.mark.connect)])
def test_rows(spark: SparkSession, tmp_path: Path, ids: list[int]) -> None:
    few = Inputs(list(zip(ids, "abfb", strict=True)), STATE, [(13, 5, at(3).date())])
    native_feed(tmp_path, *few.write(tmp_path / "in"))
    arguments = btcfake.Arguments(**few.frames(spark), now=NOW, seed=SEED, slices=2)
    for start, made in (
        ("Content", btcfake.completions(spark, arguments)),
        ("Non", btcfake.assignments(spark, arguments)),
    ):
        expected = rows_of_file(tmp_path / "native", start)
        assert expected
        assert sorted(texts(made)) == expected


def rows_of_file(folder: Path, prefix: str) -> list[list[str]]:
    """The sorted rows of the feed's file whose name has a prefix."""
    with next(folder.glob(f"{prefix}*")).open() as file:
        return sorted(list(csv.reader(file))[1:])


def texts(rows: DataFrame) -> list[list[str]]:
    """The values as the vendor writes them; the order of the columns is that of the file."""
    kinds = dict(rows.dtypes)
    found = []
    for row in rows.toArrow().to_pylist():
        values = []
        for name, value in row.items():
            if kinds[name] == "timestamp":
                value = value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            elif name == "content_id":
                value = f"{value:,}"
            values.append(str(value))
        found.append(values)
    return found
