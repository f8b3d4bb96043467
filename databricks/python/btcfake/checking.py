"""The check of files against formats and rules, as by ``btcfake check``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btcfake import _native


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
    are checked whose names end with .csv, .json or .jsonl. Hidden files and folders are skipped, and folders whose
    names begin with an underscore.

    Raises:
        OSError: a file or folder cannot be read.

    """
    files = [(path.name, path.read_bytes()) for given in paths for path in _files(Path(given))]
    checked = []
    for file in json.loads(_native.check(files)):
        findings = tuple(Finding(file=file["name"], message=found.pop("text"), **found) for found in file["findings"])
        checked.append(CheckedFile(file["name"], file["kind"], file["rows"], findings))
    return tuple(checked)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        found += [Path(folder, name) for name in names if not name.startswith(".") and _may_be_known(name)]
    return sorted(found)


def _may_be_known(name: str) -> bool:
    return Path(name).suffix.lower() in {".csv", ".json", ".jsonl"}
