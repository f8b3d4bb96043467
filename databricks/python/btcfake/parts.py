"""The parts of a feed that tasks wrote into the volume, checked when the driver puts them together."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btcfake.errors import BtcfakeError
from btcfake.volume import pieces_of


@dataclass(frozen=True)
class Parts:
    """The files that :func:`btcfake.tasks.maker` wrote: the parts of a feed, one file per slice."""

    folder: Path
    made: tuple[dict[str, Any], ...]
    """For each slice, what its task returned: file name, size and checksum of each kind, counts."""

    def tallies(self) -> list[str]:
        """The counts of all slices in order, as JSON."""
        return [one["tally"] for one in self.made]

    def pieces(self, number: int, kind: str) -> Iterator[bytes]:
        """The bytes of one kind of rows of a slice; ``number`` is the index of the slice, from 0.

        Raises:
            BtcfakeError: the bytes are not those that the task wrote.

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
