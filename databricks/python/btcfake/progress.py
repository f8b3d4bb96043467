"""Progress of a run: how many of its slices each pass has finished.

Spark Connect and classic sessions report the tasks of a job in different ways, and tasks cannot call the driver. But
for each finished slice there is a file in a folder that the driver can read, so the driver counts these files.
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
"""Called with the numbers of finished and of all slices, counted once per pass; perhaps by another thread."""


class RunProgress:
    """The slices of a run, counted once for each pass over them."""

    def __init__(self, slices: int, passes: int, report: Progress | None) -> None:
        self._slices = slices
        self._passes = passes
        self._report = report
        self._pass = ""
        self._passes_done = 0
        self._last = 0

    def expect(self, passes: int) -> None:
        """Add passes that were not expected at the beginning."""
        self._passes += passes

    @contextmanager
    def of_pass(self, name: str, folder: Path | None = None) -> Iterator[None]:
        """Report a pass until it ends, by the files in ``folder``; without a folder, the caller must call ``count``."""
        ended = threading.Event()
        self._pass, self._last = name, 0

        def watch(folder: Path) -> None:
            while not ended.wait(_SECONDS):
                self.count(_done(folder))

        if folder is not None:
            watcher = threading.Thread(target=watch, args=[folder], name="btcfake progress", daemon=True)
            watcher.start()
        try:
            yield
        finally:
            ended.set()
            if folder is not None:
                watcher.join()
        self.count(self._slices)
        self._passes_done += 1

    def count(self, done: int) -> None:
        """Report how many slices of the pass are done."""
        if done <= self._last:
            return
        self._last = done
        in_all, total = self._passes_done * self._slices + done, self._passes * self._slices
        _log.info("%s %s of %s slices, %s%% of the run", self._pass, done, self._slices, 100 * in_all // total)
        try:
            if self._report is not None:
                self._report(in_all, total)
        except Exception:
            _log.exception("the progress could not be reported")


def _done(folder: Path) -> int:
    """How many slices have a file. A task that ran twice has written two files for its slice."""
    return len({path.name.partition("_")[0] for path in folder.iterdir()})
