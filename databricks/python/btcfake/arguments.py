"""The arguments of a run, checked before Spark is asked for anything."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from btcfake import _native
from btcfake.employees import Given, is_file
from btcfake.errors import SettingsError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_DRAWN_SEEDS = 1_000_000_000
_SEED_END = 1 << 64
_T = TypeVar("_T")

PathLike = str | os.PathLike[str]

ROWS_ON_DRIVER = 4_000_000
"""Default of the maximum number of input rows for which the driver makes a run."""


@dataclass(frozen=True)
class SharedFile:
    """A file that all employees share."""

    role: str
    path: Path
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Inputs and settings of a run, as :func:`btcfake.make_feed` describes them."""

    employees: Given
    assignments: str | DataFrame | None = None
    completions: str | DataFrame | None = None
    catalog: PathLike | None = None
    course_catalog: PathLike | None = None
    recommendations: PathLike | DataFrame | None = None
    user_completion_template: PathLike | None = None
    now: datetime | str | None = None
    seed: int | None = None
    time_zone: str = "UTC"
    mix: str | None = None
    ids: str | None = None
    bom: bool = False
    request_id: str = "numeric"
    skip_bad_rows: bool = False
    bytes_per_file: int | None = None
    rows_on_driver: int = ROWS_ON_DRIVER
    employees_per_slice: int = 200_000
    slices: int | None = None

    def settings(self) -> str:
        """The settings as JSON.

        Raises:
            SettingsError: an invalid setting.

        """
        for name, least in (("slices", 1), ("employees_per_slice", 1), ("bytes_per_file", 1), ("rows_on_driver", 0)):
            number = getattr(self, name)
            if number is not None and number < least:
                raise SettingsError(name, f"{number} makes no sense; a whole number from {least} on is right")
        seed = secrets.randbelow(_DRAWN_SEEDS) if self.seed is None else self.seed
        if not 0 <= seed < _SEED_END:
            raise SettingsError("seed", f"{seed} is no seed; a whole number from 0 to {_SEED_END - 1} is right")
        return of_settings(
            lambda: _native.settings(
                now=_instant(self.now),
                seed=seed,
                time_zone=self.time_zone,
                mix=self.mix,
                byte_order_mark=self.bom,
                request_id=self.request_id,
                skip_bad_rows=self.skip_bad_rows,
                new_population=self.employees if isinstance(self.employees, int) else None,
                ids=self.ids,
            )
        )

    def files(self) -> list[SharedFile]:
        """Read the files that all employees share.

        Raises:
            OSError: a file that cannot be read.

        """
        named = {
            "standalone_content": self.catalog,
            "course_catalog": self.course_catalog,
            "recommendations": self.recommendations if is_file(self.recommendations) else None,
            "user_completion_template": self.user_completion_template,
        }
        paths = {role: Path(path) for role, path in named.items() if path is not None}  # type: ignore[arg-type]
        return [SharedFile(role, path, path.read_bytes()) for role, path in paths.items()]


def of_settings(ask: Callable[[], _T]) -> _T:
    """Call the core for settings.

    Raises:
        SettingsError: a setting that makes no sense.

    """
    try:
        return ask()
    except ValueError as error:
        setting, reason = error.args
        raise SettingsError(setting, reason) from None


def folder_of(volume: PathLike) -> Path:
    """The folder for the files.

    Raises:
        SettingsError: a URI, because Python writes the files and needs a path.

    """
    if isinstance(volume, str) and re.match(r"[A-Za-z][\w+.-]*:/", volume):
        raise SettingsError("volume", f"'{volume}' is no path; one such as /Volumes/catalog/schema/volume is right")
    return Path(volume)


def _instant(now: datetime | str | None) -> str:
    if isinstance(now, str):
        return now
    if now is None:
        now = datetime.now(timezone.utc)
    elif now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    return now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seen_from(folder: Path, path: PathLike) -> str:
    """A path for the run file, relative to the run file's folder, so that folder and file can be moved together."""
    return Path(os.path.relpath(Path(path).absolute(), folder.absolute())).as_posix()
