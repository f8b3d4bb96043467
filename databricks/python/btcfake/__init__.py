"""BTC Fake inside Databricks: a training vendor's files, made by Spark with the bytes of the native program.

Start with :func:`make_feed`. :func:`check` checks the files of a folder. The exceptions are in :mod:`btcfake.errors`.
"""

from btcfake._native import __version__
from btcfake.arguments import Arguments
from btcfake.checking import CheckedFile, Finding, check
from btcfake.errors import (
    BadRowsError,
    BtcfakeError,
    ChangedTableError,
    FeedExistsError,
    MissingColumnError,
    MissingTableError,
    NoFeedError,
    NullIdError,
    ProductionError,
    RepeatedIdError,
    RowProblem,
    SettingsError,
    SliceError,
    TableError,
    WrongTypeError,
)
from btcfake.feed import Feed, make_feed
from btcfake.rows import assignments, completions
from btcfake.series import Series, make_series
from btcfake.source import register
from btcfake.state_tables import Appended, append_to_tables

__all__ = [
    "Appended",
    "Arguments",
    "BadRowsError",
    "BtcfakeError",
    "ChangedTableError",
    "CheckedFile",
    "Feed",
    "FeedExistsError",
    "Finding",
    "MissingColumnError",
    "MissingTableError",
    "NoFeedError",
    "NullIdError",
    "ProductionError",
    "RepeatedIdError",
    "RowProblem",
    "Series",
    "SettingsError",
    "SliceError",
    "TableError",
    "WrongTypeError",
    "__version__",
    "append_to_tables",
    "assignments",
    "check",
    "completions",
    "make_feed",
    "make_series",
    "register",
]
