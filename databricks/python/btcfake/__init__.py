"""BTC Fake inside Databricks: a training vendor's files, made by Spark with the bytes of the native program.

Begin with :func:`make_feed`; :func:`check` checks what is in a folder. What can go wrong is in :mod:`btcfake.errors`.
"""

from btcfake._native import __version__
from btcfake.checking import CheckedFile, Finding, check
from btcfake.errors import (
    BadRowsError,
    BtcfakeError,
    ChangedTableError,
    FeedExistsError,
    MissingColumnError,
    MissingTableError,
    NullIdError,
    RepeatedIdError,
    RowProblem,
    SettingsError,
    SliceError,
    TableError,
    WrongTypeError,
)
from btcfake.feed import Feed, make_feed
from btcfake.plan import Arguments
from btcfake.rows import assignments, completions

__all__ = [
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
    "NullIdError",
    "RepeatedIdError",
    "RowProblem",
    "SettingsError",
    "SliceError",
    "TableError",
    "WrongTypeError",
    "__version__",
    "assignments",
    "check",
    "completions",
    "make_feed",
]
