"""The folder of a feed, as a Unity Catalog volume allows it: each file is written once, under its name.

A volume knows no rename and no append. So the run file is written last: a feed is there when its run file is.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from btcfake.errors import BtcfakeError, FeedExistsError

_log = logging.getLogger("btcfake")
_PIECE = 1 << 20


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
        self._outputs: list[tuple[str, int, str]] = []

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

    @property
    def outputs(self) -> list[tuple[str, int, str]]:
        """Name, size and SHA-256 of each file that was written."""
        return list(self._outputs)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file, from the beginning to the end.

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
        self._outputs.append((name, size, sha256))
        _log.info("wrote %s (%s bytes)", path, f"{size:,}")

    def _refuse_existing(self, names: Iterable[str]) -> None:
        for name in names:
            if (self.path / name).exists():
                raise FeedExistsError(str(self.path / name))


class WrittenFeed(FeedFolder):
    """A feed that is in its folder already, and is compared with the one that would be written there."""

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Compare a file, from the beginning to the end.

        Raises:
            FeedExistsError: the file is missing, or is another one.

        """
        made = digest_of(pieces)
        path = self.path / name
        if not path.exists() or digest_of(pieces_of(path)) != made:
            raise FeedExistsError(str(path), "it is there already, but not as this run makes it")
        self._outputs.append((name, *made))

    def _refuse_existing(self, names: Iterable[str]) -> None:
        """The names are taken by what is compared."""


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
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


class Parts:
    """The parts of a feed that tasks made, each under its kind and slice."""

    def __init__(self, folder: Path, slices: int) -> None:
        """Read the counts of the parts.

        Raises:
            BtcfakeError: parts that are not whole.

        """
        self._folder = folder
        self._tallies: dict[int, dict[str, Any]] = {}
        for number in range(slices):
            files = self._files("tally", number)
            if files:
                self._tallies[number] = json.loads(files[0].read_bytes())

    def tallies(self) -> list[str]:
        """The counts of all slices in order, as JSON."""
        return [json.dumps(one) for tally in self._tallies.values() for one in tally["tallies"]]

    def pieces(self, kind: str) -> Iterator[bytes]:
        """The bytes of a kind, slice by slice.

        Raises:
            BtcfakeError: a part is not there as the task made it.

        """
        for number, tally in self._tallies.items():
            if kind in tally["parts"]:
                yield from self._part(kind, number, *tally["parts"][kind])

    def _part(self, kind: str, number: int, size: int, sha256: str) -> Iterator[bytes]:
        # A task that was begun twice may have left a second file, with the same bytes or with the first of them.
        whole = [path for path in self._files(kind, number) if path.stat().st_size == size]
        if not whole:
            message = f"the part {kind} of slice {number} is not in {self._folder}, or not whole"
            raise BtcfakeError(message)
        digest = hashlib.sha256()
        for piece in pieces_of(whole[0]):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != sha256:
            message = f"{whole[0]} is not what its task made"
            raise BtcfakeError(message)

    def _files(self, kind: str, number: int) -> list[Path]:
        return sorted((self._folder / f"kind={kind}" / f"slice={number}").glob("part-*"))
