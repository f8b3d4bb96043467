"""The driver reports the slices that are done in each pass, and logs by Python's logging."""

from __future__ import annotations

import logging
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import SparkSession

from inputs import NOW, SEED, frame


@pytest.mark.parametrize(
    ("ids", "slices", "total", "passes"),
    [
        (range(1, 31), None, 2, ["read", "made"]),
        (range(1, 31), 3, 9, ["gathered", "made", "put together"]),
        pytest.param(
            range(30, 0, -1),
            3,
            15,
            ["gathered", "gathered", "made", "made", "put together"],
            marks=pytest.mark.connect,
        ),
    ],
)
def test_slices_are_counted_to_the_end_of_each_pass(
    spark: SparkSession,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    ids: range,
    slices: int | None,
    total: int,
    passes: list[str],
) -> None:
    placed = [(at, one, "a") for at, one in enumerate(ids)]
    people = frame(spark, placed, "position int, employee_id int, employee_edu_type string")
    state = frame(
        spark,
        [(5, 9, "2026-01-05 00:00:00", None)],
        "ba_id int, content_id int, assignment_date string, assignment_begin_date string",
    )
    calls: list[tuple[int, int]] = []
    with caplog.at_level(logging.INFO, "btcfake"):
        feed = btcfake.make_feed(
            spark,
            employees=people,
            assignments=state,
            volume=tmp_path,
            now=NOW,
            seed=SEED,
            slices=slices,
            progress=lambda done, total: calls.append((done, total)),
        )
    assert calls == sorted(calls)
    assert calls[-1] == (total, total)
    messages = [record.getMessage() for record in caplog.records]
    each = slices or 1
    assert [
        one.partition(f" {each} of {each} slices, ")[0] for one in messages if f"{each} of {each} sl" in one
    ] == passes
    assert any(one.endswith("100% of the run") for one in messages)
    assert any(feed.files[-1] in message for message in messages)


def test_a_report_that_fails_stops_no_feed(
    spark: SparkSession, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(done: int, total: int) -> None:
        raise OSError(f"{done} of {total}")

    feed = btcfake.make_feed(spark, employees=3, volume=tmp_path, now=NOW, seed=SEED, progress=fail)
    assert (feed.folder / feed.files[-1]).exists()
    assert "the progress could not be reported" in caplog.text


def test_slices_are_seen_while_their_job_runs(tmp_path: Path) -> None:
    from btcfake.progress import _done

    assert _done(tmp_path) == 0
    for name in ("3_ab", "4_cd", "3_ef"):
        (tmp_path / name).write_text("")
    assert _done(tmp_path) == 2
