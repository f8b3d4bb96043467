"""The rows of DataFrames are those of the native program's files."""

from __future__ import annotations

import csv
from datetime import datetime, timezone
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import DataFrame, SparkSession

from conftest import run_native
from inputs import NOW, Inputs

SEED = 8


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 3, 4, 5, tzinfo=timezone.utc)


STATE = [
    (11, 1_234_567, at(12), None, at(12), at(20), 'a "quoted", type'),
    (12, 77, at(14), None, None, None, None),
    (10, 78, at(14), None, None, None, None),
]


@pytest.mark.parametrize("ids", [[10, 11, 12, 13], [12, 13, 10, 11]])
def test_rows(spark: SparkSession, tmp_path: Path, ids: list[int]) -> None:
    few = Inputs(list(zip(ids, "abfb", strict=True)), STATE, [(13, 5, at(3).date())])
    options = ["--now", NOW, "--seed", SEED, "--out", "native", *few.write(tmp_path / "in")]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    arguments = btcfake.Arguments(**few.frames(spark), now=NOW, seed=SEED, slices=2)
    for start, made in (
        ("Content", btcfake.completions(spark, arguments)),
        ("Non", btcfake.assignments(spark, arguments)),
    ):
        with next((tmp_path / "native").glob(f"{start}*")).open() as file:
            expected = sorted(list(csv.reader(file))[1:])
        assert expected
        assert sorted(_texts(made)) == expected


def _texts(rows: DataFrame) -> list[list[str]]:
    """The values as the vendor writes them; the order of the columns is that of the file."""
    kinds = dict(rows.dtypes)
    texts = []
    for row in rows.toArrow().to_pylist():
        values = []
        for name, value in row.items():
            if kinds[name] == "timestamp":
                value = value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            elif name == "content_id":
                value = f"{value:,}"
            values.append(str(value))
        texts.append(values)
    return texts
