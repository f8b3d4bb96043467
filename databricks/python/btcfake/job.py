"""The command ``btcfake-job``: makes a feed as a task of a Databricks job (``python_wheel_task``).

A job passes all of its parameters; empty ones count as not given.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any

from pyspark.sql import SparkSession

from btcfake.errors import BtcfakeError, SettingsError
from btcfake.feed import make_feed
from btcfake.options import FLAGS, NUMBERS, TEXTS, arguments_of

_VOLUME = {"volume": "folder for the files"}


def arguments(given: Sequence[str]) -> dict[str, Any]:
    """The arguments of :func:`btcfake.make_feed` from a command line."""
    parser = argparse.ArgumentParser(prog="btcfake-job", description="Makes one day's feed in a folder of a volume.")
    for name, help_text in {**TEXTS, **_VOLUME, **NUMBERS, **FLAGS}.items():
        parser.add_argument(f"--{name}", help=help_text)
    named = {name: value for name, value in vars(parser.parse_args(given)).items() if value}
    if "volume" not in named:
        parser.error(f"--volume is missing: {_VOLUME['volume']}")
    try:
        return arguments_of(named)
    except SettingsError as error:
        parser.error(f"--{error}")


def main() -> None:
    """Make the feed that the command line asks for, and print its summary."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    named = arguments(sys.argv[1:])
    try:
        feed = make_feed(SparkSession.builder.getOrCreate(), **named)
    except (BtcfakeError, OSError) as error:
        sys.exit(str(error))
    sys.stdout.write(feed.text)
