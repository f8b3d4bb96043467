"""The folder of a feed, as a Unity Catalog volume allows it: each file is written once, under its name.

A volume knows no rename and no append. So the run file is written last: a feed is there when its run file is.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Full, Queue
from types import TracebackType
from typing import Any

from btcfake.errors import BtcfakeError, FeedExistsError

_log = logging.getLogger("btcfake")
_PIECE = 1 << 20
_WAITING = 2
"""How many pieces wait for a thread that writes."""
_SECONDS = 1.0

Output = tuple[str, int, str]
"""Name, size and SHA-256 of a file that was written."""


class FeedFolder:
    """The files of a feed on their way into a folder. Left by an exception, it takes away what it wrote."""

    def __init__(self, folder: str | os.PathLike[str], names: Iterable[str]) -> None:
        """Make the folder, and see that the names are free.

        Raises:
            FeedExistsError: one of the files is there.

        """
        self.path = Path(folder)
        self.path.mkdir(parents=True, exist_ok=True)
        self._refuse_existing(names)
        self.parts = self.path / f"_btcfake_parts_{uuid.uuid4().hex}"
        self._written: list[Path] = []

    def __enter__(self) -> FeedFolder:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the parts away, and after an exception what was written, the last file first."""
        if kind is not None:
            for path in reversed(self._written):
                path.unlink(missing_ok=True)
        shutil.rmtree(self.parts, ignore_errors=True)

    def write(self, name: str, pieces: Iterable[bytes]) -> Output:
        """Write a file, from the beginning to the end. Threads may write one each.

        Raises:
            FeedExistsError: the file came to be since the run began.

        """
        path = self.path / name
        try:
            with path.open("xb") as file:
                self._written.append(path)
                size, sha256 = digest_of(_passed_to(file.write, pieces))
        except FileExistsError as error:
            raise FeedExistsError(str(path)) from error
        _log.info("wrote %s (%s bytes)", path, f"{size:,}")
        return name, size, sha256

    def _refuse_existing(self, names: Iterable[str]) -> None:
        for name in names:
            if (self.path / name).exists():
                raise FeedExistsError(str(self.path / name))


class WrittenFeed(FeedFolder):
    """A feed that is in its folder already, and is compared with the one that would be written there."""

    def write(self, name: str, pieces: Iterable[bytes]) -> Output:
        """Compare a file, from the beginning to the end.

        Raises:
            FeedExistsError: the file is missing, or is another one.

        """
        made = digest_of(pieces)
        path = self.path / name
        if not path.exists() or digest_of(pieces_of(path)) != made:
            raise FeedExistsError(str(path), "it is there already, but not as this run makes it")
        return name, *made

    def _refuse_existing(self, names: Iterable[str]) -> None:
        """The names are taken by what is compared."""


class Writing:
    """What digests and writes pieces in a thread of its own, while others are made."""

    def __init__(self, threads: ThreadPoolExecutor, write: Callable[[Iterable[bytes]], list[Output]]) -> None:
        self._pieces: Queue[bytes | None] = Queue(maxsize=_WAITING)
        self._written = threads.submit(lambda: write(iter(self._pieces.get, None)))

    def push(self, piece: bytes) -> None:
        """Write the next piece.

        Raises:
            BaseException: the writing failed.

        """
        if not self._put(piece):
            self._written.result()

    def end(self) -> None:
        """End the writing. Without it, nobody leaves the threads."""
        self._put(None)

    def _put(self, piece: bytes | None) -> bool:
        """Whether the piece will be written, for which there is no room until the thread has written others."""
        while not self._written.done():
            with suppress(Full):
                self._pieces.put(piece, timeout=_SECONDS)
                return True
        return False

    def outputs(self) -> list[Output]:
        """The files, once the writing has ended."""
        return self._written.result()


def pieces_of(path: Path, start: int = 0, size: int = sys.maxsize) -> Iterator[bytes]:
    """The bytes of a file, or of a part of it, piece by piece."""
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(min(_PIECE, size)):
            size -= len(piece)
            yield piece


def digest_of(pieces: Iterable[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of bytes that come in pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _passed_to(write: Callable[[bytes], object], pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        write(piece)
        yield piece


@dataclass(frozen=True)
class Parts:
    """The parts of a feed, as :func:`btcfake.tasks.maker` made them, by slice."""

    folder: Path
    made: tuple[dict[str, Any], ...]

    def tallies(self) -> list[str]:
        """The counts of all slices in order, as JSON."""
        return [one["tally"] for one in self.made]

    def pieces(self, number: int, kind: str) -> Iterator[bytes]:
        """The bytes of a kind of the slice with a number, from 0.

        Raises:
            BtcfakeError: a part is not as the task made it.

        """
        one, start = self.made[number], 0
        for of_kind, (size, checksum) in one["parts"].items():
            if of_kind == kind:
                yield from _checked(self.folder / one["file"], start, size, checksum)
            start += size


def _checked(path: Path, start: int, size: int, checksum: int) -> Iterator[bytes]:
    found = 0
    for piece in pieces_of(path, start, size):
        found = zlib.crc32(piece, found)
        yield piece
    if found != checksum:
        message = f"{path} is not what its task made"
        raise BtcfakeError(message)
