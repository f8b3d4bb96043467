"""The functions that run in Spark's tasks: from the rows of a slice they make its counts or its bytes.

Spark brings all rows of a slice into one partition; the column ``tag`` has the table of a row. For a feed, the rows
of a slice are gathered once: sorted, counted, and kept as files, from which other tasks make the bytes of the feed.
Each attempt of a task writes files with unique names and returns these names, so files of failed attempts are never
read.
"""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from btcfake._native import Run, columns, file_rows
from btcfake.errors import BtcfakeError
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, EMPLOYEES, RECOMMENDATIONS

ROLES = (EMPLOYEES, ASSIGNMENTS, COMPLETIONS, RECOMMENDATIONS)
"""The roles of the tables of a run. The tag of a row is the index of its table here."""

SURVEY = "slice bigint, found string, kept string"
MADE = "slice bigint, made string"
KINDS = ("open", "completions", "new")
"""The kinds of rows that are made of a slice."""
STATE = (
    "kind string, ba_id bigint, content_id bigint, assignment_date timestamp, assignment_begin_date timestamp,"
    " assignment_due_date timestamp, content_type string, completion_date date"
)

# Marks the reason of a failed slice in Spark's report of a failed task; JSON follows.
FAILED_SLICE = "btcfake slice failed: "

Files = list[tuple[str, bytes]]
Task = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def id_column(role: str) -> str:
    """The column of a table that holds the employee's id; rows for tasks have it as the column ``id``."""
    return columns(role)[0]


def _columns(role: str) -> list[str]:
    """The columns of a table that are read, with the column of the rows' order if the table has one."""
    place = {EMPLOYEES: ["position"], RECOMMENDATIONS: ["order"]}
    return [*place.get(role, []), *columns(role)]


@dataclass(frozen=True)
class Place:
    """The place of a slice in the run, and the file where its rows are kept."""

    counts: tuple[int, int, int]
    """Numbers of the employees and of the open assignments in earlier slices, and of the open assignments of all."""
    employees: tuple[int, int]
    """The lowest and the highest id."""
    kept: str
    """The path of the file; empty if rows are not kept."""
    fingerprint: int
    """The fingerprint of the rows, for rows that are not kept: they are read again when their bytes are made."""


@dataclass(frozen=True)
class _Slice:
    """The rows of a slice by their table, the employees first."""

    number: int
    tables: list[tuple[str, pa.Table]]

    @staticmethod
    def of(number: int, rows: pa.Table, roles: tuple[str, ...]) -> _Slice:
        def of_role(role: str) -> pa.Table:
            names = _columns(role)
            of_tag = rows.filter(pc.equal(rows["tag"], ROLES.index(role)))
            return of_tag.select(["id" if name == id_column(role) else name for name in names]).rename_columns(names)

        return _Slice(number, [(role, of_role(role)) for role in roles])

    def ids(self) -> tuple[int, int]:
        """The lowest and the highest id of the employees."""
        ends = pc.min_max(self.tables[0][1]["employee_id"]).as_py()
        return ends["min"], ends["max"]


def _slices(batches: Iterable[pa.RecordBatch], roles: tuple[str, ...]) -> Iterator[_Slice]:
    """The slices of a partition."""
    some = list(batches)
    if some:
        rows = pa.Table.from_batches(some)
        for number in sorted(pc.unique(rows["slice"]).to_pylist()):
            yield _Slice.of(number, rows.filter(pc.equal(rows["slice"], number)), roles)


def keep(folder: Path, number: int, files: Files) -> str:
    """Keep the files of a slice in a new one; return its path."""
    path = folder / f"{number}_{uuid.uuid4().hex}.arrow"
    roles, contents = zip(*files, strict=True)
    table = pa.table({"role": pa.array(roles), "content": pa.array(contents, pa.large_binary())})
    with path.open("xb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    return str(path)


def _kept(batches: Iterable[pa.RecordBatch], places: dict[int, Place]) -> Iterator[tuple[int, Place, Files]]:
    """Number, place and files of each slice that a partition of :func:`btcfake.plan.Plan.kept_slices` names."""
    numbers = list(places)
    for batch in batches:
        for at in batch["id"].to_pylist():
            place = places[numbers[at]]
            with _named(numbers[at], place.employees), Path(place.kept).open("rb") as file:
                table = pa.ipc.open_stream(file).read_all()
            yield numbers[at], place, list(zip(*table.to_pydict().values(), strict=True))


def surveyor(run: Run, roles: tuple[str, ...], folder: Path | None) -> Task:
    """Return the task that counts slices and finds problems in their rows; with a folder, it keeps the rows there."""

    def survey(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part in _slices(batches, roles):
            with _named(part.number, part.ids()):
                files, found = run.gather(part.tables)
                kept = keep(folder, part.number, files) if folder else ""
            row = {"slice": [part.number], "found": [found], "kept": [kept]}
            yield pa.record_batch(row)

    return survey


def maker(run: Run, kinds: frozenset[str], places: dict[int, Place], folder: Path) -> Task:
    """Return the task that makes the bytes of kept slices, of ``kinds``: ``open``, or ``new`` with the completions.

    The bytes of a slice are written to one file in the folder, one kind after another. The task returns the file's
    name, the counts, and size and checksum of each kind.
    """

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, place, files in _kept(batches, places):
            path = folder / f"{number}_{uuid.uuid4().hex}"
            with _named(number, place.employees):
                *texts, tally = run.make(files, place.counts, "open" in kinds, "new" in kinds)
                with path.open("xb") as file:
                    file.writelines(texts)
            parts = {kind: (len(text), zlib.crc32(text)) for kind, text in zip(KINDS, texts, strict=True)}
            made = json.dumps({"file": path.name, "parts": parts, "tally": tally})
            yield pa.record_batch([pa.array([number], pa.int64()), pa.array([made])], ["slice", "made"])

    return make


def rows_of(run: Run, roles: tuple[str, ...], kind: str, places: dict[int, Place]) -> Task:
    """Return the task that makes the rows of slices, of one of :data:`KINDS`."""

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part in _slices(batches, roles):
            if part.number in places:
                with _named(part.number, part.ids()):
                    files, found = run.gather(part.tables)
                    _refuse_changed_rows(json.loads(found)["fingerprint"], places[part.number])
                    *texts, _ = run.make(files, places[part.number].counts, kind == "open", kind != "open")
                file = COMPLETIONS if kind == "completions" else ASSIGNMENTS
                yield pa.record_batch(file_rows(file, texts[KINDS.index(kind)]))

    return make


def _refuse_changed_rows(fingerprint: int, place: Place) -> None:
    """Refuse rows that are not those that were counted: the bytes of other slices depend on the counts.

    Raises:
        BtcfakeError: other rows.

    """
    if fingerprint != place.fingerprint:
        message = "the rows are not those that were counted: a table changed, or its ids are drawn anew; call again"
        raise BtcfakeError(message)


def state_maker(run: Run, places: dict[int, Place]) -> Task:
    """Return the task that makes the state of kept slices after the day."""

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, place, files in _kept(batches, places):
            with _named(number, place.employees):
                yield from state_after(run, files).to_batches()

    return make


def state_after(run: Run, files: Files | None = None) -> pa.Table:
    """The state after the day, of a slice or of the whole run: the rows of both tables in one table."""
    tables = []
    for kind, rows in zip((ASSIGNMENTS, COMPLETIONS), run.state_after(files), strict=True):
        batch = pa.record_batch(rows)
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        tables.append(pa.table({"kind": pa.repeat(kind, len(batch)), **columns}))
    return pa.concat_tables(tables, promote_options="default").select([name.split()[0] for name in STATE.split(", ")])


@contextmanager
def _named(number: int, employees: tuple[int, int]) -> Iterator[None]:
    """Name the slice, and the range of its employees, in every exception."""
    try:
        yield
    except Exception as error:
        named = json.dumps({"number": number, "first": employees[0], "last": employees[1], "reason": str(error)})
        message = f"{FAILED_SLICE}{named}"
        raise RuntimeError(message) from error
