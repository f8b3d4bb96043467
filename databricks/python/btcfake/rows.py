"""The rows of a feed as DataFrames, for SQL and tables: those that the files of the same run have, in no order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from btcfake import tasks
from btcfake.plan import Arguments, Start

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def completions(spark: SparkSession, arguments: Arguments) -> DataFrame:
    """What the employees complete: user_id, content_id, date_started, date_completed.

    The slices are counted at once, and the rows made whenever the DataFrame is read. Name ``now`` and ``seed``: else
    this call fixes both, and nobody knows them.

    Raises:
        BtcfakeError: inputs or settings that cannot be used.
        OSError: a file that cannot be read.

    """
    return _rows(spark, arguments, ("completions",), tasks.COMPLETION_ROWS)


def assignments(spark: SparkSession, arguments: Arguments) -> DataFrame:
    """What is left: user_id, create_date, request_id, content_id, start_date, due_date, content_type.

    As :func:`completions`, and with the same exceptions.
    """
    return _rows(spark, arguments, ("open", "new"), tasks.ASSIGNMENT_ROWS)


def _rows(spark: SparkSession, arguments: Arguments, kinds: tuple[str, ...], schema: str) -> DataFrame:
    plan = Start.of(arguments, Path()).plan(spark, arguments)
    rows: DataFrame | None = None
    for job in plan.jobs:
        for kind in kinds:
            if ("open" if kind == "open" else "new") in job.kinds:
                task = tasks.rows_of(plan.for_tasks, plan.state.given, kind, job.places, plan.survey.open)
                some = plan.sliced(job).applyInArrow(task, schema)
                rows = some if rows is None else rows.unionByName(some)
    assert rows is not None, "each run has a job for new rows"  # noqa: S101
    return rows
