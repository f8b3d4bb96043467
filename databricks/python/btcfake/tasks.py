"""What runs in Spark's tasks: a slice of the employees and their tables comes in, its counts or its bytes go out.

Each function is called with all rows of one slice, of all tables; the column tag names the table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from btcfake._native import Run, columns, file_rows
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, EMPLOYEES, RECOMMENDATIONS, id_columns

ROLES = (EMPLOYEES, ASSIGNMENTS, COMPLETIONS, RECOMMENDATIONS)
"""The tables of a run. The tag of a row is the place of its table here."""

SURVEY = (
    "slice bigint, employees bigint, open bigint, skipped bigint, first_id bigint, last_id bigint,"
    " first_position bigint, last_position bigint, is_in_order boolean, nulls string, problems string"
)
PARTS = "value string, kind string, slice bigint"
STATE = (
    "kind string, ba_id bigint, content_id bigint, assignment_date timestamp, assignment_begin_date timestamp,"
    " assignment_due_date timestamp, content_type string, completion_date date"
)

# What the driver finds in Spark's report of a failed task; JSON follows.
FAILED_SLICE = "btcfake slice failed: "

Group = tuple[pa.Scalar, ...]
Task = Callable[[Group, pa.Table], pa.Table]


def id_column(role: str) -> str:
    """The name of the column that holds the employee's id; rows of all tables have it as id."""
    return columns(role)[0]


def _order(role: str) -> list[str]:
    """What the rows of a table are sorted by."""
    first = {EMPLOYEES: ["position"], RECOMMENDATIONS: ["id", "order"]}
    named = ["id" if name == id_column(role) else name for name in columns(role)]
    return list(dict.fromkeys([*first.get(role, []), *named]))


@dataclass(frozen=True)
class Place:
    """Where a slice lies in the run."""

    employees_before: int
    open_before: int


@dataclass(frozen=True)
class _Slice:
    """The rows of a slice by their table, the employees first."""

    tables: list[tuple[str, pa.Table]]

    @staticmethod
    def of(rows: pa.Table, roles: tuple[str, ...]) -> _Slice:
        def of_role(role: str) -> pa.Table:
            # The order decides which of two equal rows counts, so it must not depend on how Spark brings them.
            table = rows.filter(pc.equal(rows["tag"], ROLES.index(role)))
            keys = [(name, "ascending") for name in _order(role)]
            table = table.take(pc.sort_indices(table, sort_keys=keys, null_placement="at_start"))
            return table.rename_columns([id_column(role) if name == "id" else name for name in table.column_names])

        return _Slice([(role, of_role(role)) for role in roles])

    @property
    def employees(self) -> pa.Table:
        return self.tables[0][1]

    def ids(self) -> tuple[int, int]:
        """The lowest and the highest id of the employees."""
        ends = pc.min_max(self.employees["employee_id"]).as_py()
        return ends["min"], ends["max"]

    def nulls(self) -> str:
        """How many ids are NULL, by table and column, as JSON."""
        found = [(role, name, table[name].null_count) for role, table in self.tables for name in id_columns(role)]
        return json.dumps([one for one in found if one[2]])


def surveyor(run: Run, roles: tuple[str, ...]) -> Task:
    """Return the task that counts a slice and looks for problems in its rows."""

    def survey(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, roles)
        number = key[0].as_py()
        # A slice of rows about nobody.
        row: tuple[object, ...] = (number, 0, 0, 0, None, None, None, None, True)
        problems = "[]"
        if part.employees.num_rows:
            with _named(number, part):
                employees, opened, skipped, problems = run.survey(part.tables)
            positions = part.employees["position"]
            ids = part.employees["employee_id"]
            row = (number, employees, opened, skipped, *part.ids(), positions[0].as_py(), positions[-1].as_py())
            row = (*row, _rises(positions) and _rises(ids))
        names = [name.split()[0] for name in SURVEY.split(", ")]
        kinds = [pa.int64()] * 8 + [pa.bool_(), pa.string(), pa.string()]
        row = (*row, part.nulls(), problems)
        return pa.table({name: pa.array([value], kind) for name, kind, value in zip(names, kinds, row, strict=True)})

    return survey


def maker(run: Run, roles: tuple[str, ...], kinds: frozenset[str], places: dict[int, Place], total: int) -> Task:
    """Return the task that makes the bytes of a slice: "open", and "new" with the completions."""

    def make(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, roles)
        number = key[0].as_py()
        texts: dict[str, bytes] = {}
        if part.employees.num_rows and number in places:
            place = places[number]
            tallies = []
            with _named(number, part):
                if "open" in kinds:
                    texts["open"], tally = run.open_left(part.tables, place.open_before)
                    tallies.append(json.loads(tally))
                if "new" in kinds:
                    made = run.completed_and_new(part.tables, place.employees_before, total)
                    texts["completions"], texts["new"], tally = made
                    tallies.append(json.loads(tally))
            digests = {kind: [len(text), hashlib.sha256(text).hexdigest()] for kind, text in texts.items() if text}
            texts["tally"] = json.dumps({"tallies": tallies, "parts": digests}).encode() + b"\n"
        texts = {kind: text for kind, text in texts.items() if text}
        # Spark's writer ends each text with the line end that is taken away here.
        values = pa.array([text[:-1] for text in texts.values()], pa.binary()).cast(pa.string())
        slices = pa.array([number] * len(texts), pa.int64())
        return pa.table({"value": values, "kind": pa.array(list(texts), pa.string()), "slice": slices})

    return make


def rows_of(run: Run, roles: tuple[str, ...], kind: str, places: dict[int, Place], total: int) -> Task:
    """Return the task that makes the rows of a slice: of the kinds "completions", "open" and "new"."""
    file = COMPLETIONS if kind == "completions" else ASSIGNMENTS

    def make(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, roles)
        number = key[0].as_py()
        text = b""
        if part.employees.num_rows and number in places:
            place = places[number]
            with _named(number, part):
                if kind == "open":
                    text, _ = run.open_left(part.tables, place.open_before)
                else:
                    completed, new, _ = run.completed_and_new(part.tables, place.employees_before, total)
                    text = completed if kind == "completions" else new
        return pa.Table.from_batches([pa.record_batch(file_rows(file, text))])

    return make


def state_maker(run: Run, roles: tuple[str, ...]) -> Task:
    """Return the task that makes the state that a day leaves for a slice."""

    def make(key: Group, rows: pa.Table) -> pa.Table:
        part = _Slice.of(rows, roles)
        names = [name.split()[0] for name in STATE.split(", ")]
        if not part.employees.num_rows:
            return pa.table({name: pa.array([], pa.null()) for name in names})
        with _named(key[0].as_py(), part):
            batches = [pa.record_batch(batch) for batch in run.state_after(part.tables)]
        tables = []
        for kind, batch in zip((ASSIGNMENTS, COMPLETIONS), batches, strict=True):
            table = pa.Table.from_batches([batch])
            tables.append(table.append_column("kind", pa.array([kind] * len(batch), pa.string())))
        return pa.concat_tables(tables, promote_options="default").select(names)

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
