"""The check of files against formats and rules, as by ``btcfake check``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btcfake import _native
from btcfake.argument_types import refuse_other_types
from btcfake.errors import NoFeedError, SettingsError


@dataclass(frozen=True)
class Finding:
    """A finding: a breach of the format or of a rule at one place of a file."""

    file: str
    """The name of the file."""
    kind: str
    """The kind, such as ``missing-column``; docs/findings.md lists all."""
    severity: str
    """``error`` or ``warning``."""
    line: int
    """The line, from 1."""
    column: int
    """The column, from 1, in characters."""
    field: str | None
    """The column of the table, or the field of the JSON object, at the place."""
    data: dict[str, Any]
    """The values of the message, such as ``found`` and ``expected``."""
    message: str
    """What was found, and what would be right."""
    count: int
    """How many findings this one stands for: 1, or the number of further findings that are not listed one by one."""

    @property
    def is_warning(self) -> bool:
        """Whether the file is usable in spite of this finding."""
        return self.severity == "warning"

    def __str__(self) -> str:
        """The finding as the command line prints it."""
        return f"{self.file}:{self.line}:{self.column}: {'warning: ' if self.is_warning else ''}{self.message}"


@dataclass(frozen=True)
class CheckedFile:
    """A file that was checked."""

    name: str
    """Its name, without the folder."""
    kind: str
    """The kind of the file."""
    rows: int
    """The number of data rows."""
    findings: tuple[Finding, ...]
    """The findings, in the order of their places in the file."""


def check(*paths: str | os.PathLike[str]) -> tuple[CheckedFile, ...]:
    """Check files, and the files of folders: each by itself, and all against each other.

    The driver reads the files, and holds them in memory while they are checked. In a folder and its subfolders, files
    are checked whose names end with .csv, .tsv, .json or .jsonl, and workbooks. Hidden files and folders are skipped,
    and folders whose names begin with an underscore.

    Args:
        paths: files and folders, such as the folder of a feed.

    Returns:
        The files in the order in which they were found, each with its findings; without any, a file is right.

    Raises:
        SettingsError: no argument, or one that is no path.
        NoFeedError: a folder without such a file.
        OSError: a file or folder cannot be read.

    Examples:
        >>> for file in btcfake.check("/Volumes/catalog/schema/volume/folder"):
        ...     for finding in file.findings:
        ...         print(finding)

    """
    if not paths:
        raise SettingsError("paths", "no path is given; the path of a file or folder is right")
    for path in paths:
        refuse_other_types({"paths": path})
    files = [(path.name, path.read_bytes()) for given in paths for path in _files(Path(given))]
    checked = []
    for file in json.loads(_native.check(files)):
        findings = tuple(Finding(file=file["name"], message=found.pop("text"), **found) for found in file["findings"])
        checked.append(CheckedFile(file["name"], file["kind"], file["rows"], findings))
    return tuple(checked)


def _files(path: Path) -> list[Path]:
    """A file itself, or the files of a folder that are checked.

    Raises:
        NoFeedError: there is none in the folder.
        OSError: a folder that cannot be listed.

    """

    def fail(error: OSError) -> None:
        raise error

    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        known = (name for name in names if not name.startswith(".") and _native.has_known_extension(name))
        found += [Path(folder, name) for name in known]
    if not found:
        raise NoFeedError(str(path), "no .csv, .json or .jsonl file or workbook is in this folder")
    return sorted(found)
