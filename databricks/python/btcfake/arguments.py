"""The arguments of a run, checked before Spark is asked for anything."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from numbers import Integral
from pathlib import Path
from typing import Any, TypeVar

from pyspark.sql import DataFrame

from btcfake import _native
from btcfake.employees import Given, is_file
from btcfake.errors import SettingsError

_log = logging.getLogger("btcfake")
_DRAWN_SEEDS = 1_000_000_000
_SEED_END = 1 << 64
_LONGEST = 60
_T = TypeVar("_T")

PathLike = str | os.PathLike[str]

ROWS_ON_DRIVER = 4_000_000
"""Default of the maximum number of input rows for which the driver makes a run."""


_WHOLE_NUMBER = ((Integral,), "a whole number")
_SWITCH = ((bool,), "True or False")
_TEXT = ((str,), "text")
_PATH = ((str, os.PathLike), "the path of a file")
_TABLE = ((str, os.PathLike, DataFrame), "the name of a table, or a DataFrame of Spark,")
_TYPES: dict[str, tuple[tuple[Any, ...], str]] = {
    "employees": (
        (str, os.PathLike, DataFrame, Integral),
        "a table, a DataFrame of Spark, an employees.csv or a number",
    ),
    "assignments": _TABLE,
    "completions": _TABLE,
    "catalog": _PATH,
    "course_catalog": _PATH,
    "recommendations": _TABLE,
    "user_completion_template": _PATH,
    "now": ((str, datetime), "a datetime, or text such as 2026-01-29T18:00:00Z,"),
    "seed": _WHOLE_NUMBER,
    "time_zone": _TEXT,
    "mix": _TEXT,
    "ids": _TEXT,
    "bom": _SWITCH,
    "request_id": _TEXT,
    "skip_bad_rows": _SWITCH,
    "bytes_per_file": _WHOLE_NUMBER,
    "rows_on_driver": _WHOLE_NUMBER,
    "employees_per_slice": _WHOLE_NUMBER,
    "slices": _WHOLE_NUMBER,
}
"""The types of each argument, and what they are in words."""


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
        self._refuse_other_types()
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
                new_population=int(self.employees) if isinstance(self.employees, Integral) else None,
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

    def _refuse_other_types(self) -> None:
        """Refuse values of types that an argument cannot have, such as the text of a notebook's widget for a number.

        Raises:
            SettingsError: such a value, or an empty path.

        """
        optional = {field.name for field in fields(self) if field.default is None}
        for name, (types, right) in _TYPES.items():
            value = getattr(self, name)
            is_switch = isinstance(value, bool)
            if value is None and name in optional:
                continue
            if not isinstance(value, types) or is_switch != (types is _SWITCH[0]):
                raise SettingsError(name, f"{_shown(value)} cannot be used; {right} is right")
            if isinstance(value, str) and not value.strip():
                raise SettingsError(name, f"the text is empty; {right} is right")


def _shown(value: object) -> str:
    """A value of a wrong type for a message: short, with its type."""
    text = repr(value).splitlines()[0] if repr(value) else ""
    return f"{text[:_LONGEST]} ({type(value).__name__})"


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
        SettingsError: no path; a URI, because Python writes the files and needs a path; a file.

    """
    if not isinstance(volume, str | os.PathLike):
        raise SettingsError("volume", f"{_shown(volume)} cannot be used; the path of a folder is right")
    if isinstance(volume, str) and re.match(r"[A-Za-z][\w+.-]*:/", volume):
        raise SettingsError("volume", f"'{volume}' is no path; one such as /Volumes/catalog/schema/volume is right")
    if not str(volume).strip():
        raise SettingsError("volume", "the path is empty; one such as /Volumes/catalog/schema/volume is right")
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
    return now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seen_from(folder: Path, path: PathLike) -> str:
    """A path for the run file, relative to the run file's folder, so that folder and file can be moved together."""
    return Path(os.path.relpath(Path(path).absolute(), folder.absolute())).as_posix()
