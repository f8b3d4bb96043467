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
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from btcfake.errors import BtcfakeError, FeedExistsError

_log = logging.getLogger("btcfake")
_PIECE = 1 << 20

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

    def pieces(self, kind: str) -> Iterator[bytes]:
        """The bytes of a kind, slice by slice.

        Raises:
            BtcfakeError: a part is not as the task made it.

        """
        for one in self.made:
            path, start = self.folder / one["file"], 0
            for of_kind, (size, checksum) in one["parts"].items():
                if of_kind == kind:
                    yield from _checked(path, start, size, checksum)
                start += size


def _checked(path: Path, start: int, size: int, checksum: int) -> Iterator[bytes]:
    found = 0
    for piece in pieces_of(path, start, size):
        found = zlib.crc32(piece, found)
        yield piece
    if found != checksum:
        message = f"{path} is not what its task made"
        raise BtcfakeError(message)
