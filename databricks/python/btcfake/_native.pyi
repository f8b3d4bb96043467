"""The core of BTC Fake. The package's own modules call it; its functions may change with any version."""

from typing import Protocol, final

import pyarrow as pa

__version__: str

class ArrowArrayExportable(Protocol):
    """What pyarrow takes in as a record batch."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

def settings(
    *,
    now: str,
    seed: int,
    time_zone: str,
    mix: str | None,
    byte_order_mark: bool,
    request_id: str,
    skip_bad_rows: bool,
    new_population: int | None,
    ids: str | None,
) -> str: ...
def completion_rows(bytes: bytes) -> ArrowArrayExportable: ...  # noqa: A002
def assignment_rows(bytes: bytes) -> ArrowArrayExportable: ...  # noqa: A002
def check(files: list[tuple[str, bytes]]) -> str: ...

@final
class Roster:
    @staticmethod
    def of_file(settings: str, name: str | None = None, bytes: bytes | None = None) -> Roster: ...  # noqa: A002
    @staticmethod
    def of_table(settings: str, table: pa.Table) -> Roster: ...
    def problems(self) -> str: ...
    def counts(self) -> tuple[int, int, int]: ...
    def record(self) -> str | None: ...
    def __len__(self) -> int: ...
    def rows(self, first: int, end: int) -> ArrowArrayExportable: ...

@final
class Run:
    def __new__(cls, settings: str, files: list[tuple[str, str, str | None, bytes]]) -> Run: ...
    def for_tasks(self) -> Run: ...
    def problems(self) -> str: ...
    def names(self) -> tuple[str, str, str, str]: ...
    def heads(self) -> tuple[bytes, bytes]: ...
    def user_completion(self) -> bytes: ...
    def survey(
        self, employees: pa.Table, assignments: pa.Table | None = None, completions: pa.Table | None = None
    ) -> tuple[int, int, int, str]: ...
    def open_left(
        self,
        employees: pa.Table,
        assignments: pa.Table | None,
        completions: pa.Table | None,
        open_before: int,
    ) -> tuple[bytes, str]: ...
    def completed_and_new(
        self,
        employees: pa.Table,
        assignments: pa.Table | None,
        completions: pa.Table | None,
        employees_before: int,
        open_in_all: int,
    ) -> tuple[bytes, bytes, str]: ...
    def record(
        self, employees: str | None, tables: list[tuple[str, str]], outputs: list[tuple[str, int, str]]
    ) -> bytes: ...
    def summary(
        self, tallies: list[str], state_given: tuple[bool, bool], counts: tuple[int, int, int, int]
    ) -> tuple[str, str, list[tuple[str, str, str]]]: ...
