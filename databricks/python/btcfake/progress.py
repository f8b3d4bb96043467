"""Progress of a job: how many of its slices have made their parts.

Spark Connect and classic sessions report the tasks of a job in different ways, and no task reaches the driver. But the
parts are in a folder that the driver reaches, so it looks there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_log = logging.getLogger("btcfake")
_SECONDS = 2.0

Progress = Callable[[int, int], object]
"""Called with the number of slices that are done, and of all; by another thread than that of the run."""


class SliceProgress:
    """The slices of a feed, counted over its jobs."""

    def __init__(self, total: int, report: Progress | None) -> None:
        self._total = total
        self._report = report
        self._before = 0
        self._last = -1

    @contextmanager
    def of_job(self, folder: Path, slices: int) -> Iterator[None]:
        """Report the slices of a job, whose parts come into a folder, until it ends."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(_SECONDS):
                self._count(self._before + _made(folder))

        watcher = threading.Thread(target=watch, name="btcfake progress", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()
        self._before += slices
        self._count(self._before)

    def _count(self, done: int) -> None:
        if done == self._last:
            return
        self._last = done
        _log.info("made %s of %s slices", f"{done:,}", f"{self._total:,}")
        try:
            if self._report is not None:
                self._report(done, self._total)
        except Exception:
            _log.exception("the progress could not be reported")


def _made(folder: Path) -> int:
    """How many slices have a file; a task that was begun twice leaves two."""
    return len({path.name.partition("_")[0] for path in folder.iterdir()})
