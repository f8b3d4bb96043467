"""Makes the bytes of a feed, piece by piece: by Spark's tasks, or on the driver's own cores."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from btcfake import tasks
from btcfake.parts import Parts
from btcfake.plan import EMPLOYEES_A_PIECE
from btcfake.slices import failures

if TYPE_CHECKING:
    from btcfake._native import Run
    from btcfake.plan import Job, Plan
    from btcfake.progress import RunProgress

COMPLETIONS, ASSIGNMENTS = range(2)
"""The files of a feed that are made in pieces."""

Piece = tuple[int, bytes]
_Rows = tuple[bytes, bytes, str]


def pieces(plan: Plan, folder: Path, tallies: list[str]) -> Iterator[Piece]:
    """The bytes of completions and assignments, in order for each file. Their counts are appended to ``tallies``.

    Tasks write the bytes into the folder, which must be new.

    Raises:
        BtcfakeError: a slice that failed.

    """
    if plan.whole is not None:
        return _of_driver(plan.whole, plan.progress, tallies)
    return _of_tasks(plan, folder, tallies)


def _of_driver(run: Run, progress: RunProgress, tallies: list[str]) -> Iterator[Piece]:
    def opened() -> _Rows:
        return b"", *run.open_of_part(0, 1)

    works: list[Callable[[], _Rows]] = [opened]
    for first in range(0, run.employees(), EMPLOYEES_A_PIECE):
        works.append(partial(run.rows_at, first, first + EMPLOYEES_A_PIECE))
    with progress.of_pass("made"):
        for number, (completions, assignments, tally) in enumerate(_in_order(works)):
            tallies.append(tally)
            yield COMPLETIONS, completions
            yield ASSIGNMENTS, assignments
            progress.count(number)


def _in_order(works: list[Callable[[], _Rows]]) -> Iterator[_Rows]:
    """The results of functions that run on all cores, in order; only a few results are in memory at a time."""
    cores = os.cpu_count() or 1
    waiting: deque[Future[_Rows]] = deque()
    with ThreadPoolExecutor(cores) as threads:
        for work in works:
            waiting.append(threads.submit(work))
            if len(waiting) > 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _of_tasks(plan: Plan, folder: Path, tallies: list[str]) -> Iterator[Piece]:
    made = [_parts(plan, job, folder / str(number)) for number, job in enumerate(plan.jobs)]
    for parts in made:
        tallies += parts.tallies()
        for number in range(len(parts.made)):
            for piece in parts.pieces(number, "open"):
                yield ASSIGNMENTS, piece
    # The last job makes the completions and the new assignments.
    with plan.progress.of_pass("put together"):
        for number in range(len(made[-1].made)):
            for piece in made[-1].pieces(number, "completions"):
                yield COMPLETIONS, piece
            for piece in made[-1].pieces(number, "new"):
                yield ASSIGNMENTS, piece
            plan.progress.count(number + 1)


def _parts(plan: Plan, job: Job, folder: Path) -> Parts:
    """Let tasks make the kinds of rows of a job, and return the files that they wrote."""
    folder.mkdir(parents=True)
    places = job.slices.places
    task = tasks.maker(plan.for_tasks, job.kinds, places, folder)
    with failures(), plan.progress.of_pass("made", folder):
        rows = plan.kept_slices(job).mapInArrow(task, tasks.MADE).collect()
    made = {row["slice"]: json.loads(row["made"]) for row in rows}
    return Parts(folder, tuple(made[number] for number in places))
