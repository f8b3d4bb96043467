"""The types of arguments, checked before anything else: the fields of a notebook, for instance, have only texts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime, time
from numbers import Integral
from typing import Any

from pyspark.sql import DataFrame

from btcfake.errors import SettingsError

_LONGEST = 60
# A single letter is a drive of Windows.
_URI = re.compile(r"[A-Za-z][\w+.-]+:/")

_WHOLE_NUMBER = ((Integral,), "a whole number")
_SWITCH = ((bool,), "True or False")
_PATH = ((str, os.PathLike), "the path of a file")
_TABLE = ((str, os.PathLike, DataFrame), "the name of a table, or a DataFrame of Spark,")


def _text_such_as(example: str) -> tuple[tuple[Any, ...], str]:
    return (str,), f"text such as {example}"


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
    "time_zone": _text_such_as("Europe/Berlin"),
    "mix": _text_such_as("a=60,b=30,f=10"),
    "ids": _text_such_as("300000-399999"),
    "bom": _SWITCH,
    "request_id": _text_such_as("numeric"),
    "skip_bad_rows": _SWITCH,
    "bytes_per_file": _WHOLE_NUMBER,
    "rows_on_driver": _WHOLE_NUMBER,
    "employees_per_slice": _WHOLE_NUMBER,
    "slices": _WHOLE_NUMBER,
    "volume": ((str, os.PathLike), "the path of a folder"),
    "progress": ((Callable,), "a function of two numbers"),
    "start": ((str, date), "a date, or text such as 2026-01-26,"),
    "days": _WHOLE_NUMBER,
    "at": ((str, time), "a time, or text such as 18:00,"),
    "weekdays": _SWITCH,
    "continue_sample": _SWITCH,
    "feed": ((str, os.PathLike), "the path of a feed's folder, or of its run file,"),
    "paths": ((str, os.PathLike), "the path of a file or folder"),
    "schema": _text_such_as("retail_systems_dev.sandbox"),
    "allow_production": _SWITCH,
}
"""The types of each argument, and what they are in words."""


def refuse_other_types(given: Mapping[str, object], optional: Container[str] = ()) -> None:
    """Refuse arguments of types that they cannot have, texts that are empty or not Unicode, and URIs in place of paths.

    Optional ones may be None.

    Raises:
        SettingsError: such an argument.

    """
    for name, value in given.items():
        types, right = _TYPES[name]
        is_switch = isinstance(value, bool)
        if value is None and name in optional:
            continue
        if not isinstance(value, types) or is_switch != (types is _SWITCH[0]):
            raise SettingsError(name, f"{shown(value)} cannot be used; {right} is right")
        if isinstance(value, str) and not value.strip():
            raise SettingsError(name, f"the text is empty; {right} is right")
        if isinstance(value, (str, os.PathLike)) and not _is_unicode(value):
            raise SettingsError(name, f"{shown(value)} is not Unicode; {right} is right")
        if isinstance(value, (str, os.PathLike)) and os.PathLike in types and _URI.match(os.fspath(value)):
            reason = f"'{os.fspath(value)}' is a URI, and a path is like /Volumes/catalog/schema/volume"
            raise SettingsError(name, f"{reason}; {right} is right")


def _is_unicode(text: str | os.PathLike[str]) -> bool:
    """Whether a text is none of bytes, and has no half of a character, as names in another encoding have in Python."""
    path = os.fspath(text)
    return isinstance(path, str) and not re.search("[\ud800-\udfff]", path)


def refuse_no_session(spark: object) -> None:
    """Refuse what is no session of Spark, and a session that was stopped.

    Raises:
        SettingsError: spark cannot be used.

    """
    # The sessions of a classic Spark and of Spark Connect have no class in common.
    if not all(callable(getattr(spark, name, None)) for name in ("table", "createDataFrame")):
        raise SettingsError("spark", f"{shown(spark)} cannot be used; a session of Spark is right")
    # A classic session does not tell that it was stopped, but its context does.
    if getattr(spark, "is_stopped", False) or getattr(getattr(spark, "_sc", None), "_jsc", spark) is None:
        raise SettingsError("spark", "the session was stopped; get one by SparkSession.builder.getOrCreate()")


def shown(value: object) -> str:
    """A value of a wrong type for a message: short, with its type."""
    text = repr(value).splitlines()[0] if repr(value) else ""
    return f"{text[:_LONGEST]} ({type(value).__name__})"
