"""The exceptions of this package, one for each kind of problem of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LISTED = 20


class BtcfakeError(Exception):
    """The root of all exceptions of this package. No feed was written."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the message and the attributes, so that another process gets the same exception."""
        return _unpickled, (type(self), self.args, vars(self))


def _unpickled(kind: type[BtcfakeError], args: tuple[Any, ...], attributes: dict[str, Any]) -> BtcfakeError:
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(attributes)
    return error


class SettingsError(BtcfakeError, ValueError):
    """An invalid setting: its name, and the reason."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting
        self.reason = reason


class TableError(BtcfakeError):
    """A table that cannot be used: which one, which column, and what is right."""

    def __init__(self, table: str, column: str, reason: str) -> None:
        super().__init__(f"{table}, column {column}: {reason}")
        self.table = table
        self.column = column
        self.reason = reason


class MissingTableError(BtcfakeError):
    """A table that does not exist or cannot be read."""

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"{table}: {reason}")
        self.table = table
        self.reason = reason


class MissingColumnError(TableError):
    """A table without a column that is needed."""


class WrongTypeError(TableError):
    """A column of a type that cannot be used."""


class NullIdError(TableError):
    """A row without an id."""


class RepeatedIdError(TableError):
    """Two employees with one id, or one position."""

    def __init__(self, table: str, column: str, reason: str, ids: tuple[int, ...]) -> None:
        super().__init__(table, column, reason)
        self.ids = ids


@dataclass(frozen=True)
class RowProblem:
    """A problem of a line of a file or of a row of a table."""

    source: str
    """The name of the file or table."""
    message: str
    """What was found and what is right."""
    is_error: bool
    """Whether the problem refuses the run; otherwise the run leaves out the row or value and goes on."""
    line: int | None = None
    """The line of a file, from 1."""
    column: int | None = None
    """The column of a file, from 1, in characters."""
    employee_id: int | None = None
    """The employee's id in the row of a table; None where it is NULL."""
    content_id: int | None = None
    """The content's id in the row of a state table; None where it is NULL, and for employees."""
    repeated_id: int | None = None
    """The id, if the problem is that another row has the same id."""

    def __str__(self) -> str:
        """The place, then the message, as the command line prints it for files."""
        if self.line is not None:
            return f"{self.source}:{self.line}:{self.column}: {self.message}"
        content = "" if self.content_id is None else f", content {self.content_id}"
        return f"{self.source}, row of employee {self.employee_id}{content}: {self.message}"


class BadRowsError(BtcfakeError):
    """Lines of files or rows of tables that cannot be read."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        shown = [str(problem) for problem in problems[:LISTED]]
        more = len(problems) - len(shown)
        super().__init__("\n".join([*shown, *([f"and {more:,} more"] if more else [])]))
        self.problems = problems


class FeedExistsError(BtcfakeError):
    """A file of the feed exists already. Nothing was overwritten."""

    def __init__(self, path: str, reason: str = "it is there already") -> None:
        super().__init__(f"{path}: {reason}; choose another folder, or another seed or now")
        self.path = path


class NoFeedError(BtcfakeError):
    """A folder without a whole feed: no run file, or not the files that it names; to check, no file of a known kind."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ProductionError(BtcfakeError):
    """A place that looks like production, into which fake data must not be written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: {reason}, and fake data must not get there; nothing was written."
            " If it is meant, give allow_production=True"
        )
        self.place = place
        self.reason = reason


class ChangedTableError(BtcfakeError):
    """A table that changed while the run read it, or rows that Spark makes anew at each reading."""

    def __init__(self, employees: int, opened: int, employees_then: int, opened_then: int) -> None:
        super().__init__(
            "a table changed while the run read it: first there were"
            f" {employees:,} employees with {opened:,} open assignments, then {employees_then:,} with {opened_then:,},"
            " and not the same rows; run again, or give a version of the table. If ids or other values are drawn, as by"
            " rand(), write the rows to a table first"
        )


class SliceError(BtcfakeError):
    """A slice that failed: which one, its employees, and why."""

    def __init__(self, number: int, first: int, last: int, reason: str) -> None:
        super().__init__(f"slice {number} (employees {first} to {last}): {reason}")
        self.number = number
        self.first = first
        self.last = last
        self.reason = reason


def problems_of(found: str | list[dict[str, Any]], names: dict[str, str]) -> list[RowProblem]:
    """The problems that the core found, given as JSON or parsed; ``names`` has the name of each role's table."""
    return [_problem(one, names) for one in (json.loads(found) if isinstance(found, str) else found)]


def _problem(one: dict[str, Any], names: dict[str, str]) -> RowProblem:
    employee_id, content_id = one["row"] or (None, None)
    return RowProblem(
        source=one["name"] or names.get(one["role"], one["role"]),
        message=one["message"],
        is_error=one["is_error"],
        line=one["line"],
        column=one["column"],
        employee_id=employee_id,
        content_id=content_id,
        repeated_id=one["repeated_id"],
    )
