"""The folder of a feed, as a Unity Catalog volume allows it: each file is written once, under its final name.

A volume supports neither rename nor append. So the run file is written last: a feed is complete if its run file exists.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from types import TracebackType

from btcfake.errors import FeedExistsError, SettingsError

_log = logging.getLogger("btcfake")
_PIECE = 1 << 20
_WAITING = 2
"""Maximum number of pieces that wait for a writing thread."""
_SECONDS = 1.0

Output = tuple[str, int, str]
"""Name, size and SHA-256 of a file that was written."""


class FeedFolder:
    """The files of a feed that are being written. After an exception in its ``with`` block, they are removed."""

    def __init__(self, folder: str | os.PathLike[str], names: Sequence[str]) -> None:
        """Make the folder, and check that no file has one of the names, of which the run file's is the last.

        Raises:
            SettingsError: the folder cannot be made, or nothing can be written there.
            FeedExistsError: one of the files exists.

        """
        self.path = Path(folder)
        make_folder(self.path)
        self._refuse_existing(names)
        self.parts = self.path / f"_btcfake_parts_{uuid.uuid4().hex}"
        make_folder(self.parts)
        self._written: list[Path] = []

    def __enter__(self) -> FeedFolder:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the folder of parts and, after an exception, the written files, the last one first."""
        if kind is not None:
            for path in reversed(self._written):
                path.unlink(missing_ok=True)
        shutil.rmtree(self.parts, ignore_errors=True)

    def write(self, name: str, pieces: Iterable[bytes]) -> Output:
        """Write a whole file. Several threads may write different files at the same time.

        Raises:
            FeedExistsError: another program has created the file since the run began.

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

    def _refuse_existing(self, names: Sequence[str]) -> None:
        refuse_existing(self.path, names)


def refuse_existing(folder: Path, names: Sequence[str]) -> None:
    """Refuse a folder with a file of a feed; the last of the names is that of the run file.

    Raises:
        FeedExistsError: one of the files exists.

    """
    for name in names:
        if (folder / name).exists():
            reason = "it is there already"
            if not (folder / names[-1]).exists():
                reason += ", but no run file: it is being written, or its driver was lost; delete it if that was so"
            raise FeedExistsError(str(folder / name), reason)


def make_folder(folder: Path) -> None:
    """Make a folder of a volume, and those around it. Done before Spark reads a row, it shows that writing is possible.

    Raises:
        SettingsError: the folder cannot be made.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        right = "the path of a folder in which you may write is right"
        raise SettingsError("volume", f"the folder '{folder}' cannot be made: {reason}; {right}") from error


class WrittenFeed(FeedFolder):
    """A feed that exists already: nothing is written, and its files are compared with the bytes of the run."""

    def write(self, name: str, pieces: Iterable[bytes]) -> Output:
        """Compare a whole file with the given bytes.

        Raises:
            FeedExistsError: the file is missing, or has other bytes.

        """
        made = digest_of(pieces)
        path = self.path / name
        if not path.exists() or digest_of(pieces_of(path)) != made:
            raise FeedExistsError(str(path), "it is there already, but not as this run makes it")
        return name, *made

    def _refuse_existing(self, names: Sequence[str]) -> None:
        """Allow existing files: they are the files to compare."""


class Writing:
    """A thread that digests and writes pieces while the next ones are made."""

    def __init__(self, threads: ThreadPoolExecutor, write: Callable[[Iterable[bytes]], list[Output]]) -> None:
        self._pieces: Queue[bytes | None] = Queue(maxsize=_WAITING)
        self._written = threads.submit(lambda: write(iter(self._pieces.get, None)))

    def push(self, piece: bytes) -> None:
        """Write the next piece.

        Raises:
            BaseException: the exception by which writing failed.

        """
        if not self._put(piece):
            self._written.result()

    def end(self) -> None:
        """End the writing. Must be called: otherwise the thread waits for the next piece forever."""
        self._put(None)

    def _put(self, piece: bytes | None) -> bool:
        """Queue a piece, waiting until there is room; False if the thread has ended and will not write it."""
        while not self._written.done():
            with suppress(Full):
                self._pieces.put(piece, timeout=_SECONDS)
                return True
        return False

    def outputs(self) -> list[Output]:
        """Wait for the end of the writing, and return the files."""
        return self._written.result()


def pieces_of(path: Path, start: int = 0, size: int = sys.maxsize) -> Iterator[bytes]:
    """The bytes of a file, or of a part of it, piece by piece."""
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(min(_PIECE, size)):
            size -= len(piece)
            yield piece


def spark_path(path: Path) -> str:
    """A path for Spark, which takes some characters of it for a pattern unless a backslash stands before them."""
    return re.sub(r"[\\*?\[\]{}]", r"\\\g<0>", str(path))


def digest_of(pieces: Iterable[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of the bytes of all pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _passed_to(write: Callable[[bytes], object], pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        write(piece)
        yield piece
