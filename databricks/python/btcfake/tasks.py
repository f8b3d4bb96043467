"""What runs in Spark's tasks: a slice of the employees and their state comes in, its counts or its bytes go out.

Each function is called with all rows of one slice, whatever their table; the column tag names that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from btcfake._native import Run, assignment_rows, completion_rows

EMPLOYEE, ASSIGNMENT, COMPLETION = 0, 1, 2

SURVEY = (
    "slice bigint, employees bigint, open bigint, skipped bigint, first_id bigint, last_id bigint,"
    " first_position bigint, last_position bigint, is_in_order boolean, problems string"
)
PARTS = "value string, kind string, slice bigint"

# What the driver finds in Spark's report of a failed task; JSON follows.
FAILED_SLICE = "btcfake slice failed: "

Group = tuple[pa.Scalar, ...]
Task = Callable[[Group, pa.Table], pa.Table]

_ASSIGNMENT_ORDER = (
    "id",
    "content_id",
    "assignment_date",
    "update_date",
    "assignment_begin_date",
    "assignment_due_date",
    "content_type",
)
_COMPLETION_ORDER = ("id", "content_id", "completion_date")


@dataclass(frozen=True)
class Place:
    """Where a slice lies in the run."""

    employees_before: int
    open_before: int


@dataclass(frozen=True)
class _Slice:
    """The rows of a slice by their table."""

    employees: pa.Table
    assignments: pa.Table | None
    completions: pa.Table | None

    @staticmethod
    def of(rows: pa.Table, state_given: tuple[bool, bool]) -> _Slice:
        def of_tag(tag: int, order: tuple[str, ...], id_name: str) -> pa.Table:
            # The order decides which of two equal rows counts, so it must not depend on how Spark brings them.
            table = rows.filter(pc.equal(rows["tag"], tag))
            keys = [(name, "ascending") for name in order]
            table = table.take(pc.sort_indices(table, sort_keys=keys, null_placement="at_start"))
            return table.rename_columns([id_name if name == "id" else name for name in table.column_names])

        return _Slice(
            of_tag(EMPLOYEE, ("position", "id", "employee_edu_type"), "employee_id"),
            of_tag(ASSIGNMENT, _ASSIGNMENT_ORDER, "ba_id") if state_given[0] else None,
            of_tag(COMPLETION, _COMPLETION_ORDER, "ba_id") if state_given[1] else None,
        )

    def ids(self) -> tuple[int, int]:
        """The lowest and the highest id of the employees."""
        ends = pc.min_max(self.employees["employee_id"]).as_py()
        return ends["min"], ends["max"]


def surveyor(run: Run, state_given: tuple[bool, bool]) -> Task:
    """Return the task that counts a slice and looks for problems in its rows."""

    def survey(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, state_given)
        number = key[0].as_py()
        # A slice of rows about nobody.
        row: tuple[object, ...] = (number, 0, 0, 0, None, None, None, None, True, "[]")
        if part.employees.num_rows:
            with _named(number, part):
                employees, opened, skipped, problems = run.survey(part.employees, part.assignments, part.completions)
            positions = part.employees["position"]
            ids = part.employees["employee_id"]
            row = (number, employees, opened, skipped, *part.ids(), positions[0].as_py(), positions[-1].as_py())
            row = (*row, _rises(positions) and _rises(ids), problems)
        names = [name.split()[0] for name in SURVEY.split(", ")]
        kinds = [pa.int64()] * 8 + [pa.bool_(), pa.string()]
        return pa.table({name: pa.array([value], kind) for name, kind, value in zip(names, kinds, row, strict=True)})

    return survey


def maker(
    run: Run, state_given: tuple[bool, bool], kinds: frozenset[str], places: dict[int, Place], total: int
) -> Task:
    """Return the task that makes the bytes of a slice: "open", and "new" with the completions."""

    def make(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, state_given)
        number = key[0].as_py()
        texts: dict[str, bytes] = {}
        if part.employees.num_rows and number in places:
            place = places[number]
            inputs = part.employees, part.assignments, part.completions
            tallies = []
            with _named(number, part):
                if "open" in kinds:
                    texts["open"], tally = run.open_left(*inputs, place.open_before)
                    tallies.append(json.loads(tally))
                if "new" in kinds:
                    before = place.employees_before
                    texts["completions"], texts["new"], tally = run.completed_and_new(*inputs, before, total)
                    tallies.append(json.loads(tally))
            digests = {kind: [len(text), hashlib.sha256(text).hexdigest()] for kind, text in texts.items() if text}
            texts["tally"] = json.dumps({"tallies": tallies, "parts": digests}).encode() + b"\n"
        texts = {kind: text for kind, text in texts.items() if text}
        # Spark's writer ends each text with the line end that is taken away here.
        values = pa.array([text[:-1] for text in texts.values()], pa.binary()).cast(pa.string())
        slices = pa.array([number] * len(texts), pa.int64())
        return pa.table({"value": values, "kind": pa.array(list(texts), pa.string()), "slice": slices})

    return make


COMPLETION_ROWS = "user_id bigint, content_id bigint, date_started timestamp, date_completed timestamp"
ASSIGNMENT_ROWS = (
    "user_id bigint, create_date timestamp, request_id string, content_id bigint, start_date timestamp,"
    " due_date timestamp, content_type string"
)


def rows_of(run: Run, state_given: tuple[bool, bool], kind: str, places: dict[int, Place], total: int) -> Task:
    """Return the task that makes the rows of a slice: of the kinds "completions", "open" and "new"."""
    read = completion_rows if kind == "completions" else assignment_rows

    def make(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, state_given)
        number = key[0].as_py()
        text = b""
        if part.employees.num_rows and number in places:
            place = places[number]
            inputs = part.employees, part.assignments, part.completions
            with _named(number, part):
                if kind == "open":
                    text, _ = run.open_left(*inputs, place.open_before)
                else:
                    completed, new, _ = run.completed_and_new(*inputs, place.employees_before, total)
                    text = completed if kind == "completions" else new
        return pa.Table.from_batches([pa.record_batch(read(text))])

    return make


def _rises(values: pa.ChunkedArray) -> bool:
    """Whether each value is greater than the one before."""
    if len(values) < 2:  # noqa: PLR2004
        return True
    values = values.combine_chunks()
    return bool(pc.all(pc.greater(values[1:], values[:-1])).as_py())


@contextmanager
def _named(number: int, part: _Slice) -> Iterator[None]:
    """Name the slice, and the range of its employees, in what goes wrong."""
    try:
        yield
    except Exception as error:
        first, last = part.ids()
        named = json.dumps({"number": number, "first": first, "last": last, "reason": str(error)})
        message = f"{FAILED_SLICE}{named}"
        raise RuntimeError(message) from error
