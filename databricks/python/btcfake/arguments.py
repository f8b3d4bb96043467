"""The arguments of a run, checked before Spark is asked for anything."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from numbers import Integral
from pathlib import Path
from typing import TypeVar

from pyspark.sql import DataFrame

from btcfake import _native
from btcfake.argument_types import refuse_other_types, shown
from btcfake.employees import Given, is_file
from btcfake.errors import SettingsError

_log = logging.getLogger("btcfake")
_DRAWN_SEEDS = 1_000_000_000
_NUMBER_END = 1 << 64
_T = TypeVar("_T")

PathLike = str | os.PathLike[str]

MOST_SLICES = 10_000
"""Maximum number of slices: one of a few employees costs as much as one of thousands."""

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
        optional = {field.name for field in fields(self) if field.default is None}
        refuse_other_types({field.name: getattr(self, field.name) for field in fields(self)}, optional)
        self._refuse_other_numbers()
        seed = secrets.randbelow(_DRAWN_SEEDS) if self.seed is None else self.seed
        if not 0 <= seed < _NUMBER_END:
            raise SettingsError("seed", f"{seed} is no seed; a whole number from 0 to {_NUMBER_END - 1} is right")
        now = _instant(self.now)
        return of_settings(
            lambda: _native.settings(
                now=now,
                seed=seed,
                time_zone=self.time_zone,
                mix=self.mix,
                byte_order_mark=self.bom,
                request_id=self.request_id,
                skip_bad_rows=self.skip_bad_rows,
                new_population=str(int(self.employees)) if isinstance(self.employees, Integral) else None,
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
        template = paths.get("user_completion_template")
        if template is not None and not template.exists():
            _log.warning("%s: not there; the built-in template is used", template)
            del paths["user_completion_template"]
        return [SharedFile(role, path, path.read_bytes()) for role, path in paths.items()]

    def _refuse_other_numbers(self) -> None:
        if isinstance(self.employees, str) and self.employees.strip().isdecimal():
            number = int(self.employees)
            raise SettingsError("employees", f"'{self.employees}' is text; {number} without quotes makes up so many")
        ends = {
            "slices": (1, MOST_SLICES),
            "employees_per_slice": (1, None),
            "bytes_per_file": (1, _NUMBER_END - 1),
            "rows_on_driver": (0, None),
        }
        for name, (least, most) in ends.items():
            number = getattr(self, name)
            if number is not None and not least <= number <= (number if most is None else most):
                right = f"from {least} on" if most is None else f"from {least} to {most:,}"
                raise SettingsError(name, f"{number} cannot be used; a whole number {right} is right")


def of_settings(ask: Callable[[], _T]) -> _T:
    """Call the core for settings.

    Raises:
        SettingsError: an invalid setting.

    """
    try:
        return ask()
    except ValueError as error:
        setting, reason = error.args
        raise SettingsError(setting, reason) from None


def refuse_no_arguments(arguments: object) -> None:
    """Refuse what is no :class:`Arguments`, such as a dict of them.

    Raises:
        SettingsError: no arguments.

    """
    if not isinstance(arguments, Arguments):
        right = "btcfake.Arguments(employees=..., ...) is right"
        raise SettingsError("arguments", f"{shown(arguments)} cannot be used; {right}")


def folder_of(volume: PathLike) -> Path:
    """The folder for the files.

    Raises:
        SettingsError: no path, or the path of a file.

    """
    refuse_other_types({"volume": volume})
    if Path(volume).is_file():
        raise SettingsError("volume", f"'{volume}' is a file; the path of a folder is right")
    # Tasks have a working directory of their own.
    return Path(volume).absolute()


def _instant(now: datetime | str | None) -> str:
    if isinstance(now, str):
        return now
    if now is None:
        now = datetime.now(timezone.utc)
    elif now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    try:
        # strftime would write the year 999 in three digits.
        return now.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        raise SettingsError("now", f"'{now}' is no time of the years 1 to 9999 in UTC") from None


def seen_from(folder: Path, path: PathLike) -> str:
    """A path for the run file, relative to the run file's folder, so that folder and file can be moved together."""
    return Path(os.path.relpath(Path(path).absolute(), folder.absolute())).as_posix()
