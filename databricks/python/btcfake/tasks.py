"""What runs in Spark's tasks: a slice of the employees and their tables comes in, its counts or its bytes go out.

Spark brings all rows of a slice into one partition; their column tag names the table. For a feed they are gathered
once: put in order, counted, and kept as the files of their kinds, of which other tasks make the bytes. Each attempt of
a task writes under names of its own, and returns these: what an attempt that died has left is never looked at.
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
from btcfake.tables import ASSIGNMENTS, COMPLETIONS, EMPLOYEES, RECOMMENDATIONS

ROLES = (EMPLOYEES, ASSIGNMENTS, COMPLETIONS, RECOMMENDATIONS)
"""The tables of a run. The tag of a row is the place of its table here."""

SURVEY = "slice bigint, found string, kept string"
MADE = "slice bigint, made string"
KINDS = ("open", "completions", "new")
"""The parts of a slice."""
STATE = (
    "kind string, ba_id bigint, content_id bigint, assignment_date timestamp, assignment_begin_date timestamp,"
    " assignment_due_date timestamp, content_type string, completion_date date"
)

# What the driver finds in Spark's report of a failed task; JSON follows.
FAILED_SLICE = "btcfake slice failed: "

Files = list[tuple[str, bytes]]
Task = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def id_column(role: str) -> str:
    """The name of the column that holds the employee's id; rows of all tables have it as id."""
    return columns(role)[0]


def _columns(role: str) -> list[str]:
    """The columns of a table that are read, with the place of its rows where they have one."""
    place = {EMPLOYEES: ["position"], RECOMMENDATIONS: ["order"]}
    return [*place.get(role, []), *columns(role)]


@dataclass(frozen=True)
class Place:
    """Where a slice lies in the run, and where its rows are kept."""

    counts: tuple[int, int, int]
    """The employees before, the open assignments before, and those of all employees."""
    employees: tuple[int, int]
    """The lowest and the highest id."""
    kept: str
    """The path; empty where rows are not kept."""


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
    """The slices that a partition of :func:`btcfake.plan.Plan.kept_slices` names: number, place, files."""
    numbers = list(places)
    for batch in batches:
        for at in batch["id"].to_pylist():
            place = places[numbers[at]]
            with _named(numbers[at], place.employees), Path(place.kept).open("rb") as file:
                table = pa.ipc.open_stream(file).read_all()
            yield numbers[at], place, list(zip(*table.to_pydict().values(), strict=True))


def surveyor(run: Run, roles: tuple[str, ...], folder: Path | None) -> Task:
    """Return the task that counts slices and looks for problems in their rows; with a folder it keeps them there."""

    def survey(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part in _slices(batches, roles):
            with _named(part.number, part.ids()):
                files, found = run.gather(part.tables)
                kept = keep(folder, part.number, files) if folder else ""
            row = {"slice": [part.number], "found": [found], "kept": [kept]}
            yield pa.record_batch(row)

    return survey


def maker(run: Run, kinds: frozenset[str], places: dict[int, Place], folder: Path) -> Task:
    """Return the task that makes the bytes of kept slices: "open", and "new" with the completions.

    Those of a slice come into one file in the folder, kind by kind. The task returns its name, the counts, and the size
    and checksum of each kind.
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
                    files, _ = run.gather(part.tables)
                    *texts, _ = run.make(files, places[part.number].counts, kind == "open", kind != "open")
                file = COMPLETIONS if kind == "completions" else ASSIGNMENTS
                yield pa.record_batch(file_rows(file, texts[KINDS.index(kind)]))

    return make


def state_maker(run: Run, places: dict[int, Place]) -> Task:
    """Return the task that makes the state that a day leaves for kept slices."""

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, place, files in _kept(batches, places):
            with _named(number, place.employees):
                yield from state_after(run, files).to_batches()

    return make


def state_after(run: Run, files: Files | None = None) -> pa.Table:
    """The state that a day leaves for a slice, or for a whole run: both tables in one shape."""
    tables = []
    for kind, rows in zip((ASSIGNMENTS, COMPLETIONS), run.state_after(files), strict=True):
        batch = pa.record_batch(rows)
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        tables.append(pa.table({"kind": pa.repeat(kind, len(batch)), **columns}))
    return pa.concat_tables(tables, promote_options="default").select([name.split()[0] for name in STATE.split(", ")])


@contextmanager
def _named(number: int, employees: tuple[int, int]) -> Iterator[None]:
    """Name the slice, and the range of its employees, in what goes wrong."""
    try:
        yield
    except Exception as error:
        named = json.dumps({"number": number, "first": employees[0], "last": employees[1], "reason": str(error)})
        message = f"{FAILED_SLICE}{named}"
        raise RuntimeError(message) from error
