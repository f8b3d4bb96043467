"""Runs in which a task dies once, or fails in every attempt."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import btcfake
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from btcfake import making, tasks
from btcfake.volume import FeedFolder, Output
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from conftest import CONNECT, run_native
from inputs import ASSIGNMENTS, EMPLOYEES, NOW, frame

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


def test_a_worker_that_dies_changes_nothing(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die_every_other_time(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        import os
        import signal

        if call % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return batch

    die_once_with_the_bytes_written(monkeypatch, tmp_path / "died")
    people = employees(spark, tmp_path, die_every_other_time)
    feed = btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=3)
    assert len((tmp_path / "calls").read_text()) >= 6
    assert (tmp_path / "died").exists()
    (tmp_path / "employees.csv").write_text("employee_id,employee_edu_type\n" + "".join(f"{one},a\n" for one in IDS))
    options = ["--employees", "employees.csv", "--now", NOW, "--seed", 1, "--out", "native"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    for name in feed.files[:-1]:
        assert (feed.folder / name).read_bytes() == (tmp_path / "native" / name).read_bytes()
    assert {path.name for path in feed.folder.iterdir()} == set(feed.files)


def die_once_with_the_bytes_written(monkeypatch: pytest.MonkeyPatch, mark: Path) -> None:
    """Let the worker that makes the bytes of a slice die before it can report them."""
    maker = tasks.maker

    def dying_maker(*arguments: Any) -> tasks.Task:
        make = maker(*arguments)

        def make_and_die(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            import os
            import signal

            made = list(make(batches))
            if not mark.exists():
                mark.write_text("")
                os.kill(os.getpid(), signal.SIGKILL)
            yield from made

        return make_and_die

    monkeypatch.setattr(tasks, "maker", dying_maker)


def once_counted(change: Callable[[Path], object], folder: Path) -> logging.Handler:
    """A log handler that calls ``change`` with the folder of a feed's parts, between the counting and the making of slices."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "open assignments" in record.getMessage():
                change(next(folder.glob("_btcfake_parts_*")))

    return Handler()


@pytest.mark.connect
def test_a_slice_that_fails_is_named_and_leaves_nothing(spark: SparkSession, tmp_path: Path) -> None:
    def lose(parts: Path) -> None:
        for path in parts.glob("kept/*/*"):
            path.unlink()

    people = frame(spark, [(one, "a") for one in IDS], EMPLOYEES)
    handler = once_counted(lose, tmp_path / "spark")
    log = logging.getLogger("btcfake")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        with pytest.raises(btcfake.SliceError) as found:
            btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=1)
    finally:
        log.removeHandler(handler)
    assert (found.value.number, found.value.first, found.value.last) == (0, 1, 40)
    assert "No such file" in found.value.reason
    assert list((tmp_path / "spark").iterdir()) == []


@pytest.mark.connect
@pytest.mark.parametrize("slices", [None, 2])
def test_an_expression_that_fails_is_an_exception_of_spark_and_leaves_nothing(
    spark: SparkSession, tmp_path: Path, slices: int | None
) -> None:
    people = spark.range(5).selectExpr("1 div (id - 3) AS employee_id", "'a' AS employee_edu_type")
    with pytest.raises(PySparkException, match="DIVIDE_BY_ZERO"):
        btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=slices)
    assert list((tmp_path / "spark").iterdir()) == []


def test_a_table_that_changes_during_the_run_is_noticed(spark: SparkSession, tmp_path: Path) -> None:
    def lose_rows(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        # The first reading counts, the second gathers by id, the third by position.
        return batch if call <= 2 else batch.slice(0, 30)

    people = employees(spark, tmp_path, lose_rows).selectExpr("*", "-employee_id AS position")
    with pytest.raises(btcfake.ChangedTableError, match="first there were 40 employees"):
        btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=1)
    assert list((tmp_path / "spark").iterdir()) == []


def other_ids(call: int, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of the first two readings, and as many with other ids later, as if the ids were drawn."""
    ids = pc.add(batch["employee_id"], 0 if call <= 2 else 1_000)
    return pa.record_batch([ids, *batch.columns[1:]], names=batch.schema.names)


def test_other_rows_at_the_next_reading_are_noticed(spark: SparkSession, tmp_path: Path) -> None:
    people = employees(spark, tmp_path, other_ids).selectExpr("*", "-employee_id AS position")
    with pytest.raises(btcfake.ChangedTableError, match="then 40 with 0, and not the same rows"):
        btcfake.make_feed(spark, employees=people, volume=tmp_path / "spark", now=NOW, seed=1, slices=1)
    assert list((tmp_path / "spark").iterdir()) == []
    arguments = btcfake.Arguments(employees=employees(spark, tmp_path, other_ids), now=NOW, seed=1, slices=1)
    with pytest.raises(PySparkException, match="the rows are not those that were counted"):
        btcfake.completions(spark, arguments).collect()


def test_ids_that_are_drawn_are_read_once_for_a_feed_in_their_order(spark: SparkSession, tmp_path: Path) -> None:
    people = spark.range(40).selectExpr("CAST(1e12 * rand() AS BIGINT) + 1 AS employee_id", "'a' AS employee_edu_type")
    for slices in (None, 3):
        folder = tmp_path / str(slices)
        btcfake.make_feed(spark, employees=people, volume=folder, now=NOW, seed=1, slices=slices)
        assert all(not file.findings for file in btcfake.check(folder))


def marking(spark: SparkSession) -> tuple[Callable[[], object], Callable[[], object]]:
    """How a notebook marks the jobs of a cell, called in the cell's thread, and how it cancels them."""
    if CONNECT:
        return partial(spark.addTag, "cell"), partial(spark.interruptTag, "cell")
    context = spark.sparkContext
    return partial(context.setJobGroup, "cell", "a cell"), partial(context.cancelJobGroup, "cell")


@pytest.mark.connect
def test_a_cancelled_cell_of_a_notebook_cancels_the_jobs_of_its_feed(spark: SparkSession, tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def wait(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if begun.exists():
                # The first reading counts, the second is cancelled.
                begun.with_name("again").write_text("")
                time.sleep(60)
            yield batch
        begun.write_text("")

    opened = datetime(2026, 1, 20, tzinfo=timezone.utc)
    state = frame(spark, [(1, 2, opened, None, None, None, None)], ASSIGNMENTS).repartition(1)
    inputs = {"employees": frame(spark, [(1, "a")], EMPLOYEES), "assignments": state.mapInArrow(wait, state.schema)}
    ended: list[object] = []
    mark, cancel = marking(spark)

    def make() -> None:
        mark()
        try:
            ended.append(btcfake.make_feed(spark, **inputs, volume=tmp_path / "spark", now=NOW, seed=1))
        except Exception as error:
            ended.append(error)

    cell = threading.Thread(target=make)
    cell.start()
    while cell.is_alive() and not begun.with_name("again").exists():
        time.sleep(0.1)
    cancel()
    cell.join()
    assert isinstance(ended[0], Exception), ended
    assert "cancel" in str(ended[0]).lower()
    assert list((tmp_path / "spark").iterdir()) == []


@pytest.mark.parametrize("start", ["Content", "Non"])
def test_a_file_that_cannot_be_written_ends_a_run_of_the_driver(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    write = FeedFolder.write

    def fail(folder: FeedFolder, name: str, pieces: Iterable[bytes]) -> Output:
        if not name.startswith(start):
            return write(folder, name, pieces)
        (folder.path / name).write_bytes(next(iter(pieces)))
        folder._written.append(folder.path / name)
        raise OSError("the disk is full")

    monkeypatch.setattr(FeedFolder, "write", fail)
    # Many more pieces than the queue of a writing thread holds.
    monkeypatch.setattr(making, "EMPLOYEES_A_PIECE", 5)
    with pytest.raises(OSError, match="the disk is full"):
        btcfake.make_feed(spark, employees=200, volume=tmp_path / "spark", now=NOW, seed=1)
    assert list((tmp_path / "spark").iterdir()) == []
