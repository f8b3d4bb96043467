"""Tasks that die, or fail for good, in the middle of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import btcfake
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from conftest import run_native
from inputs import EMPLOYEES, NOW, frame

IDS = range(1, 41)


def employees(spark: SparkSession, folder: Path, change: Callable[[int, pa.RecordBatch], pa.RecordBatch]) -> DataFrame:
    """Employees of type a. ``change`` is called whenever Spark reads them, with the number of the call from 1."""
    counter = folder / "calls"
    counter.write_text("")

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            with counter.open("a") as file:
                file.write(".")
            yield change(len(counter.read_text()), batch)

    people = frame(spark, [(one, "a") for one in IDS], EMPLOYEES)
    return people.repartition(1).mapInArrow(read, people.schema)


def test_a_worker_that_dies_changes_nothing(spark: SparkSession, tmp_path: Path) -> None:
    def die_every_other_time(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        import os
        import signal

        if call % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return batch

    people = employees(spark, tmp_path, die_every_other_time)
    feed = btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=3)
    assert len((tmp_path / "calls").read_text()) >= 6
    (tmp_path / "employees.csv").write_text("employee_id,employee_edu_type\n" + "".join(f"{one},a\n" for one in IDS))
    options = ["--employees", "employees.csv", "--now", NOW, "--seed", 1, "--out", "native"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    for name in feed.files[:-1]:
        assert (feed.folder / name).read_bytes() == (tmp_path / "native" / name).read_bytes()


@pytest.mark.connect
def test_a_slice_that_fails_is_named_and_leaves_nothing(spark: SparkSession, tmp_path: Path) -> None:
    def turn_bad(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        # Counting and looking for problems read the rows twice; the third time is for the bytes.
        return batch if call <= 2 else batch.set_column(1, "employee_edu_type", pa.array(["x"] * len(batch)))

    people = employees(spark, tmp_path, turn_bad)
    with pytest.raises(btcfake.SliceError) as found:
        btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=1)
    assert (found.value.number, found.value.first, found.value.last) == (0, 1, 40)
    assert "unknown employee type 'x'" in found.value.reason
    assert list((tmp_path / "spark").iterdir()) == []


def test_a_table_that_changes_during_the_run_is_noticed(spark: SparkSession, tmp_path: Path) -> None:
    def lose_rows(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch if call <= 2 else batch.slice(0, 30)

    people = employees(spark, tmp_path, lose_rows)
    with pytest.raises(btcfake.ChangedTableError, match="first there were 40 employees"):
        btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=1)
    assert list((tmp_path / "spark").iterdir()) == []
