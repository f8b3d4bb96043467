"""The command ``btcfake-job``: a feed as a task of a Databricks job, by a ``python_wheel_task``.

A job passes all of its parameters; those that are empty count as not given.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any

from pyspark.sql import SparkSession

from btcfake.errors import BtcfakeError
from btcfake.feed import make_feed

_TEXTS = {
    "employees": "table, path of an employees.csv, or number of employees that are made up",
    "assignments": "table content_assignments",
    "completions": "table content_completion",
    "catalog": "path of a StandAloneContent file",
    "course_catalog": "path of a course catalog",
    "recommendations": "path of recorded recommendations",
    "user_completion_template": "path of the template of the dummy file",
    "volume": "folder for the files",
    "now": "instant of the run",
    "time_zone": "business time zone",
    "mix": "shares of the types, such as a=60,b=30,f=10",
    "ids": "range of the ids of a new population",
    "request_id": "numeric or fake-day",
}
_NUMBERS = {
    "seed": "seed of all chance",
    "employees_per_slice": "about how many employees a task is given",
    "slices": "number of slices",
}
_FLAGS = {"bom": "begin files with a byte order mark", "skip_bad_rows": "leave bad rows of the employees out"}


def arguments(given: Sequence[str]) -> dict[str, Any]:
    """The arguments of :func:`btcfake.make_feed` that a command line names."""
    parser = argparse.ArgumentParser(prog="btcfake-job", description="Makes one day's feed in a folder of a volume.")
    for name, help_text in {**_TEXTS, **_NUMBERS}.items():
        parser.add_argument(f"--{name}", help=help_text)
    for name, help_text in _FLAGS.items():
        parser.add_argument(f"--{name}", choices=["true", "false", ""], help=help_text)
    named = {name: value for name, value in vars(parser.parse_args(given)).items() if value}
    for name in ("employees", "volume"):
        if name not in named:
            parser.error(f"--{name} is missing: {_TEXTS[name]}")
    for name in _NUMBERS.keys() & named.keys():
        if not named[name].isdecimal():
            parser.error(f"--{name} {named[name]} is no whole number")
        named[name] = int(named[name])
    for name in _FLAGS.keys() & named.keys():
        named[name] = named[name] == "true"
    if named["employees"].isdecimal():
        named["employees"] = int(named["employees"])
    return named


def main() -> None:
    """Make the feed that the command line asks for, and print its summary."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    named = arguments(sys.argv[1:])
    try:
        feed = make_feed(SparkSession.builder.getOrCreate(), **named)
    except BtcfakeError as error:
        sys.exit(str(error))
    sys.stdout.write(feed.text)
