"""Arguments of a run given as text: parameters of a job, and options of the data source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from btcfake.errors import SettingsError

TEXTS = {
    "employees": "table, path of an employees.csv, or number of employees that are made up",
    "assignments": "table content_assignments",
    "completions": "table content_completion",
    "catalog": "path of a StandAloneContent file",
    "course_catalog": "path of a course catalog",
    "recommendations": "path or table of recommendations",
    "user_completion_template": "path of the template of the dummy file",
    "now": "instant of the run",
    "time_zone": "business time zone",
    "mix": "shares of the types, such as a=60,b=30,f=10",
    "ids": "range of the ids of a new population",
    "request_id": "numeric or fake-day",
}
NUMBERS = {
    "seed": "seed of all chance",
    "bytes_per_file": "size above which a kind of files becomes several",
    "rows_on_driver": "rows up to which the driver makes the feed, without tasks",
    "employees_per_slice": "about how many employees a task is given",
    "slices": "number of slices",
}
FLAGS = {"bom": "begin files with a byte order mark", "skip_bad_rows": "leave bad rows of the employees out"}


def arguments_of(texts: Mapping[str, str]) -> dict[str, Any]:
    """The arguments from their names and texts. Empty texts count as not given.

    Raises:
        SettingsError: a text that is no number, a flag that is neither true nor false, or missing employees.

    """
    given: dict[str, Any] = {name: text for name, text in texts.items() if text}
    if "employees" not in given:
        raise SettingsError("employees", f"missing: {TEXTS['employees']}")
    for name in NUMBERS.keys() & given.keys():
        if not given[name].isdecimal():
            raise SettingsError(name, f"'{given[name]}' is no whole number")
        given[name] = int(given[name])
    for name in FLAGS.keys() & given.keys():
        if given[name].lower() not in ("true", "false"):
            raise SettingsError(name, f"'{given[name]}' is neither true nor false")
        given[name] = given[name].lower() == "true"
    if given["employees"].isdecimal():
        given["employees"] = int(given["employees"])
    return given
