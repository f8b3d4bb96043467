"""The rows of a feed as DataFrames, for SQL and tables: the same rows as in the files of the run, in no order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from btcfake import tasks
from btcfake._native import row_schema
from btcfake.argument_types import refuse_no_session
from btcfake.arguments import Arguments, refuse_no_arguments
from btcfake.inputs import Inputs
from btcfake.plan import Start

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def completions(spark: SparkSession, arguments: Arguments) -> DataFrame:
    """The completions: user_id, content_id, date_started, date_completed.

    This call counts the slices; the rows are made whenever the DataFrame is read. Give ``now`` and ``seed`` to make the
    same rows again later; otherwise this call chooses both and does not show them.

    Args:
        spark: the session, classic or Spark Connect.
        arguments: inputs and settings.

    Returns:
        The rows, in no order.

    Raises:
        BtcfakeError: inputs or settings that cannot be used.
        OSError: a file that cannot be read.

    Examples:
        >>> arguments = btcfake.Arguments(employees=2000, now="2026-01-29T18:00:00Z", seed=42)
        >>> btcfake.completions(spark, arguments).show()

    """
    return _rows(spark, arguments, "completions", ("completions",))


def assignments(spark: SparkSession, arguments: Arguments) -> DataFrame:
    """The open assignments: user_id, create_date, request_id, content_id, start_date, due_date, content_type.

    As :func:`completions`, with the same exceptions.
    """
    return _rows(spark, arguments, "assignments", ("open", "new"))


def _rows(spark: SparkSession, arguments: Arguments, file: str, kinds: tuple[str, ...]) -> DataFrame:
    refuse_no_session(spark)
    refuse_no_arguments(arguments)
    settings = arguments.settings()
    start = Start.of(settings, arguments.files(), Path())
    plan = start.plan(Inputs.read(spark, arguments, settings), arguments, None)
    rows: DataFrame | None = None
    for job in plan.jobs:
        for kind in kinds:
            if ("open" if kind == "open" else "new") in job.kinds:
                task = tasks.rows_of(plan.for_tasks, plan.inputs.roles, kind, job.slices.places)
                some = plan.rows(job).mapInArrow(task, row_schema(file))
                rows = some if rows is None else rows.unionByName(some)
    assert rows is not None, "each run has a job for new rows"  # noqa: S101
    return rows
