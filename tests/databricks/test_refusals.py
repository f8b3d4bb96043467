"""Invalid arguments and inputs are refused before anything is written, with a message that names what is valid."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import btcfake
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from conftest import assert_same, native_feed
from inputs import ASSIGNMENTS, COMPLETIONS, EMPLOYEES, NOW, RECOMMENDATIONS, SEED, Inputs, frame


def refused(session: SparkSession, folder: Path, **given: object) -> btcfake.BtcfakeError:
    """The exception of a run, which leaves nothing behind."""
    arguments = {"spark": session, "employees": 10, "volume": folder / "feed", "now": NOW, "seed": 1, **given}
    with pytest.raises(btcfake.BtcfakeError) as found:
        btcfake.make_feed(**arguments)
    assert not (folder / "feed").exists() or not list((folder / "feed").iterdir())
    return found.value


@pytest.mark.parametrize(
    ("given", "setting", "reason"),
    [
        ({"now": "tomorrow"}, "now", "'tomorrow' is no date and time"),
        ({"time_zone": "Europe/Berln"}, "time_zone", "Europe/Berlin"),
        ({"mix": "a=60"}, "mix", "40 % are missing"),
        ({"request_id": "short"}, "request_id", "'numeric' and 'fake-day' are"),
        ({"employees": 0}, "employees", "a new population has from 1"),
        ({"employees": -1}, "employees", "a new population has from 1"),
        ({"employees": 1 << 70}, "employees", "'1180591620717411303424' is no number of employees"),
        ({"ids": "9-1"}, "ids", "Did you mean '1-9'?"),
        ({"ids": "1-9", "employees": "employees.csv"}, "ids", "a range of ids is for a new population"),
        ({"seed": -1}, "seed", "from 0 to 18446744073709551615"),
        ({"seed": 1 << 64}, "seed", "from 0 to 18446744073709551615"),
        ({"break_feed": "bad-ids"}, "break_feed", "btcfake simulate --break"),
        ({"slices": 0}, "slices", "from 1 to 10,000"),
        ({"bytes_per_file": 0}, "bytes_per_file", "from 1 to 18,446,744,073,709,551,615"),
        ({"bytes_per_file": 1 << 64}, "bytes_per_file", "from 1 to 18,446,744,073,709,551,615"),
        ({"rows_on_driver": -1}, "rows_on_driver", "from 0 on"),
        ({"employees_per_slice": 0}, "employees_per_slice", "from 1 on"),
        ({"seed": "42"}, "seed", "'42' (str) cannot be used; a whole number is right"),
        ({"bom": "true"}, "bom", "True or False is right"),
        ({"now": date(2026, 1, 29)}, "now", "a datetime, or text such as"),
        ({"time_zone": None}, "time_zone", "None (NoneType) cannot be used; text such as Europe/Berlin is right"),
        ({"catalog": ""}, "catalog", "the text is empty"),
        ({"employees": True}, "employees", "True (bool) cannot be used"),
        ({"completions": [(1, 2)]}, "completions", "the name of a table, or a DataFrame of Spark"),
        ({"seed": True}, "seed", "True (bool) cannot be used"),
        ({"mix": {"a": 100}}, "mix", "text such as a=60,b=30,f=10 is right"),
        ({"employees": " 2000"}, "employees", "2000 without quotes makes up so many"),
        ({"employees": [{"employee_id": 1, "employee_edu_type": "a"}]}, "employees", "a DataFrame of Spark"),
        ({"slices": 10_001}, "slices", "from 1 to 10,000"),
        ({"progress": True}, "progress", "a function of two numbers is right"),
        ({"now": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))}, "now", "no time of the years 1 to 9999"),
        ({"now": pd.NaT}, "now", "'NaT' is no time of the years 1 to 9999"),
        ({"mix": "a=\ud800"}, "mix", "is not Unicode; text such as a=60,b=30,f=10 is right"),
        ({"employees": Path("\udcff.csv")}, "employees", "is not Unicode"),
        ({"catalog": next(os.scandir(b"."))}, "catalog", "is not Unicode; the path of a file is right"),
        ({"spark": None}, "spark", "None (NoneType) cannot be used; a session of Spark is right"),
        ({"spark": "spark"}, "spark", "a session of Spark is right"),
        ({"volume": " "}, "volume", "the text is empty"),
        ({"volume": f"{__file__}/below"}, "volume", "cannot be made: Not a directory"),
        ({"volume": "/proc"}, "volume", "the path of a folder in which you may write is right"),
        ({"volume": "a\0b"}, "volume", "embedded null byte"),
        ({"volume": None}, "volume", "None (NoneType) cannot be used; the path of a folder is right"),
        ({"volume": __file__}, "volume", "is a file; the path of a folder is right"),
        (
            {"volume": "dbfs:/Volumes/a/b/c"},
            "volume",
            "a path is like /Volumes/catalog/schema/volume; the path of a folder is right",
        ),
        ({"volume": Path("dbfs:/Volumes/a/b/c")}, "volume", "'dbfs:/Volumes/a/b/c' is a URI"),
        ({"employees": "dbfs:/FileStore/employees.csv"}, "employees", "is a URI, and a path is like /Volumes/"),
        (
            {"user_completion_template": "file:/template.csv"},
            "user_completion_template",
            "is a URI, and a path is like /Volumes/",
        ),
    ],
)
def test_settings_that_make_no_sense(
    spark: SparkSession, tmp_path: Path, given: dict[str, object], setting: str, reason: str
) -> None:
    error = refused(spark, tmp_path, **given)
    assert isinstance(error, btcfake.SettingsError)
    assert error.setting == setting
    assert reason in error.reason
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


SOME = btcfake.Arguments(employees=3, seed=1)


@pytest.mark.parametrize(
    ("call", "setting", "reason"),
    [
        (lambda spark, folder: btcfake.completions(None, SOME), "spark", "a session of Spark is right"),
        (lambda spark, folder: btcfake.assignments(spark, {"employees": 3}), "arguments", "btcfake.Arguments("),
        (lambda spark, folder: btcfake.check(folder, None), "paths", "the path of a file or folder is right"),
        (lambda spark, folder: btcfake.check(), "paths", "the path of a file or folder is right"),
        (lambda spark, folder: btcfake.check(f"dbfs:{folder}"), "paths", "is a URI, and a path is like /Volumes/"),
        (lambda spark, folder: btcfake.register(None), "spark", "a session of Spark is right"),
        (lambda spark, folder: btcfake.append_to_tables(None, folder, "a"), "spark", "a session of Spark is right"),
        (lambda spark, folder: btcfake.append_to_tables(spark, folder, None), "schema", "text such as"),
        (lambda spark, folder: series(spark, folder, start=20260126), "start", "a date, or text such as 2026-01-26"),
        (lambda spark, folder: series(spark, folder, days="2"), "days", "'2' (str) cannot be used"),
        (lambda spark, folder: series(spark, folder, days=True), "days", "True (bool) cannot be used"),
        (lambda spark, folder: series(spark, folder, weekdays="no"), "weekdays", "True or False is right"),
        (lambda spark, folder: series(spark, folder, at=18), "at", "a time, or text such as 18:00"),
        (lambda spark, folder: series(spark, folder, arguments=None), "arguments", "btcfake.Arguments("),
        (lambda spark, folder: series(spark, Path("/proc")), "volume", "the path of a folder in which you may write"),
    ],
)
def test_arguments_of_the_other_calls(
    spark: SparkSession, tmp_path: Path, call: Callable[[SparkSession, Path], object], setting: str, reason: str
) -> None:
    with pytest.raises(btcfake.SettingsError) as found:
        call(spark, tmp_path)
    assert found.value.setting == setting
    assert reason in found.value.reason
    assert list(tmp_path.iterdir()) == []


def series(spark: SparkSession, folder: Path, **given: object) -> btcfake.Series:
    return btcfake.make_series(
        spark, **{"arguments": SOME, "volume": folder, "start": "2026-01-26", "days": 2, **given}
    )


@pytest.mark.parametrize("context", [{"is_stopped": True}, {"_sc": SimpleNamespace(_jsc=None)}])
def test_a_session_that_was_stopped(spark: SparkSession, tmp_path: Path, context: dict[str, object]) -> None:
    stopped = SimpleNamespace(table=spark.table, createDataFrame=spark.createDataFrame, **context)
    error = refused(spark, tmp_path, spark=stopped)
    assert isinstance(error, btcfake.SettingsError)
    assert "the session was stopped" in error.reason


@pytest.mark.connect
def test_a_stream_is_no_table(spark: SparkSession, tmp_path: Path) -> None:
    stream = spark.readStream.format("rate").load().selectExpr("value AS employee_id", "'a' AS employee_edu_type")
    error = refused(spark, tmp_path, employees=stream)
    assert isinstance(error, btcfake.MissingTableError)
    assert "it is a stream" in error.reason


@pytest.mark.parametrize(
    ("role", "rows", "schema", "kind", "column", "reason"),
    [
        ("employees", [(1,)], "employee_id bigint", btcfake.MissingColumnError, "employee_edu_type", "STRING"),
        (
            "employees",
            [("1", "a")],
            EMPLOYEES.replace("bigint", "string"),
            btcfake.WrongTypeError,
            "employee_id",
            "BIGINT",
        ),
        ("employees", [], EMPLOYEES, btcfake.TableError, "employee_id", "no row is an employee"),
        ("employees", [(None, "a"), (2, "b")], EMPLOYEES, btcfake.NullIdError, "employee_id", "NULL in 1 rows"),
        ("employees", [(7, "a"), (2, "b"), (7, "b")], EMPLOYEES, btcfake.RepeatedIdError, "employee_id", "has 7;"),
        (
            "employees",
            [(1, "a", 5), (2, "b", 5)],
            EMPLOYEES + ", position int",
            btcfake.RepeatedIdError,
            "position",
            "has 5;",
        ),
        (
            "employees",
            [(1, "a", None), (2, "b", 5)],
            EMPLOYEES + ", position int",
            btcfake.TableError,
            "position",
            "NULL in 1 rows",
        ),
        (
            "employees",
            [(1, "a", "cashier")],
            EMPLOYEES + ", position string",
            btcfake.WrongTypeError,
            "position",
            "Leave out a column of another meaning",
        ),
        (
            "assignments",
            [(1, 2)],
            "ba_id int, content_id int",
            btcfake.MissingColumnError,
            "assignment_date",
            "TIMESTAMP",
        ),
        (
            "assignments",
            [(1, None, None, None, None, None, None)],
            ASSIGNMENTS,
            btcfake.NullIdError,
            "content_id",
            "every row needs an id",
        ),
        (
            "assignments",
            [(1, 2, None, None)],
            "ba_id int, content_id int, assignment_date date, assignment_begin_date timestamp",
            btcfake.WrongTypeError,
            "assignment_date",
            "its type is date; it must be TIMESTAMP",
        ),
        (
            "completions",
            [(1, 2, None, 3)],
            "ba_id int, content_id int, completion_date date, BA_ID int",
            btcfake.TableError,
            "ba_id",
            "more than one column has this name",
        ),
        (
            "completions",
            [(1, 2, 3)],
            "ba_id int, content_id int, completion_date int",
            btcfake.WrongTypeError,
            "completion_date",
            "its type is int; it must be DATE",
        ),
        ("completions", [(None, 2, None)], COMPLETIONS, btcfake.NullIdError, "ba_id", "every row needs an id"),
        (
            "recommendations",
            [(1, 2)],
            "ba_id int, recommended_content_id int",
            btcfake.MissingColumnError,
            "order",
            "the place in the API's list",
        ),
        (
            "recommendations",
            [(1, "2", None, 1), (1, "3", None, None)],
            RECOMMENDATIONS,
            btcfake.TableError,
            "order",
            "NULL in 1 rows; every recommendation needs its place",
        ),
        (
            "recommendations",
            [(None, "2", None, 1)],
            RECOMMENDATIONS,
            btcfake.NullIdError,
            "ba_id",
            "every row needs an id",
        ),
    ],
)
def test_tables_that_cannot_be_used(
    spark: SparkSession,
    tmp_path: Path,
    role: str,
    rows: list[tuple[object, ...]],
    schema: str,
    kind: type[btcfake.TableError],
    column: str,
    reason: str,
) -> None:
    error = refused(spark, tmp_path, **{role: frame(spark, rows, schema)})
    assert type(error) is kind, error
    assert (error.table, error.column) == (role, column)
    assert reason in error.reason


def test_a_mix_changes_nothing_about_repeated_positions(spark: SparkSession, tmp_path: Path) -> None:
    people = frame(spark, [(1, "a", 5), (2, "b", 5)], EMPLOYEES + ", position int")
    error = refused(spark, tmp_path, employees=people, mix="a=100")
    assert isinstance(error, btcfake.RepeatedIdError)
    assert error.column == "position"


@pytest.mark.parametrize(
    "options", [{"mix": "a=100"}, {"skip_bad_rows": True}, {"mix": "a=100", "skip_bad_rows": True}]
)
def test_a_table_without_employees(spark: SparkSession, tmp_path: Path, options: dict[str, object]) -> None:
    rows = [(0, "a")] if "skip_bad_rows" in options else []
    for slices in (None, 2):
        error = refused(spark, tmp_path, employees=frame(spark, rows, EMPLOYEES), slices=slices, **options)
        assert isinstance(error, btcfake.TableError)
        assert "no row is an employee" in error.reason


@pytest.mark.connect
def test_a_table_may_be_named_by_its_folder(spark: SparkSession, inputs: Inputs, tmp_path: Path) -> None:
    native = native_feed(tmp_path, *inputs.write(tmp_path / "in"))
    tables = {}
    for name, rows in inputs.frames(spark).items():
        rows.write.parquet(str(tmp_path / name))
        tables[name] = f"parquet.`{tmp_path / name}`"
    feed = btcfake.make_feed(spark, **tables, volume=tmp_path / "spark", now=NOW, seed=SEED)
    assert_same(feed, native, tmp_path)


@pytest.mark.connect
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no_such_table", "cannot be found"),
        ("select * from people", "Syntax error at or near '*'"),
        ("{folder}/content_completion.csv", "not the path of a file"),
    ],
)
def test_a_table_that_is_not_there(spark: SparkSession, tmp_path: Path, name: str, reason: str) -> None:
    error = refused(spark, tmp_path, completions=name.format(folder=tmp_path))
    assert isinstance(error, btcfake.MissingTableError)
    assert error.table == name.format(folder=tmp_path)
    assert reason in error.reason


@pytest.mark.parametrize("slices", [None, pytest.param(2, marks=pytest.mark.connect)])
def test_bad_rows_are_reported_as_lines_of_a_file_are(spark: SparkSession, tmp_path: Path, slices: int | None) -> None:
    people = frame(spark, [(1, "a"), (0, "b"), (3, "x"), (4, None)], EMPLOYEES)
    error = refused(spark, tmp_path, employees=people, slices=slices)
    assert isinstance(error, btcfake.BadRowsError)
    assert [str(problem) for problem in error.problems] == [
        "employees, row of employee 0: employee_id '0' is no id: digits only, from 1 to 9223372036854775807",
        "employees, row of employee 3: unknown employee type 'x': a (completes all), b (completes one) or f (completes "
        "none) is allowed",
        "employees, row of employee 4: unknown employee type 'NULL': a (completes all), b (completes one) or f (completes "
        "none) is allowed",
    ]
    text = "ba_id bigint, content_id bigint, assignment_date string, assignment_begin_date string"
    rows = [(1, 5, "soon", None), (2, 6, "2026-01-05 00:01:00", "NULL"), (99, 7, "later", None), (2, 8, None, "\\N")]
    people = frame(spark, [(1, "a"), (2, "b")], EMPLOYEES)
    error = refused(spark, tmp_path, employees=people, assignments=frame(spark, rows, text), slices=slices)
    assert isinstance(error, btcfake.BadRowsError)
    assert [(problem.employee_id, problem.content_id) for problem in error.problems] == [(1, 5), (2, 8)]
    assert "assignment_date 'soon' cannot be read" in error.problems[0].message


@pytest.mark.parametrize("slices", [None, pytest.param(2, marks=pytest.mark.connect)])
@pytest.mark.parametrize(
    ("role", "column", "rows", "schema"),
    [
        ("employees", "employee type", [(1, "a"), (2, "b\0")], EMPLOYEES),
        (
            "assignments",
            "content_type",
            [(1, 5, NOW, NOW, "Media"), (2, 6, NOW, NOW, "Me\0dia")],
            "ba_id bigint, content_id bigint, assignment_date string, assignment_begin_date string, content_type string",
        ),
        (
            "assignments",
            "assignment_date",
            [(1, 5, NOW, NOW), (2, 6, f"{NOW}\0", NOW)],
            "ba_id bigint, content_id bigint, assignment_date string, assignment_begin_date string",
        ),
        (
            "completions",
            "completion_date",
            [(1, 5, "2026-01-05"), (2, 6, "2026-01\0-05")],
            "ba_id bigint, content_id bigint, completion_date string",
        ),
    ],
)
def test_a_nul_character_is_a_problem_of_its_row(
    spark: SparkSession,
    tmp_path: Path,
    role: str,
    column: str,
    rows: list[tuple[object, ...]],
    schema: str,
    slices: int | None,
) -> None:
    people = frame(spark, [(1, "a"), (2, "b")], EMPLOYEES)
    error = refused(spark, tmp_path, **{"employees": people, role: frame(spark, rows, schema), "slices": slices})
    assert isinstance(error, btcfake.BadRowsError)
    (problem,) = error.problems
    assert (problem.source, problem.employee_id) == (role, 2)
    assert column in problem.message
    assert "\\u{0}" in problem.message


def test_a_type_of_several_lines_is_a_problem_of_its_row(spark: SparkSession, tmp_path: Path) -> None:
    people = frame(spark, [(1, "a\n"), (2, '"b'), (3, "a\r\n9,b"), (4, "a")], EMPLOYEES)
    error = refused(spark, tmp_path, employees=people)
    assert isinstance(error, btcfake.BadRowsError)
    found = [(problem.employee_id, problem.message.partition(":")[0]) for problem in error.problems]
    types = {1: "a\\n", 2: '"b', 3: "a\\r\\n9,b"}
    assert found == [(one, f"unknown employee type '{kind}'") for one, kind in types.items()]
    feed = btcfake.make_feed(spark, employees=people, volume=tmp_path, now=NOW, seed=1, skip_bad_rows=True)
    assert (feed.summary["employees_total"], feed.summary["skipped_rows"]) == (1, 3)


@pytest.mark.parametrize("slices", [None, 2])
def test_bad_rows_can_be_left_out(spark: SparkSession, tmp_path: Path, slices: int | None) -> None:
    people = frame(spark, [(1, "a"), (0, "b"), (3, "x"), (4, "f")], EMPLOYEES)
    arguments = {"employees": people, "now": NOW, "seed": 1, "slices": slices}
    feed = btcfake.make_feed(spark, volume=tmp_path, skip_bad_rows=True, **arguments)
    assert (feed.summary["employees_total"], feed.summary["skipped_rows"], len(feed.warnings)) == (2, 2, 2)


@pytest.mark.parametrize("options", [{}, {"slices": 2}, {"mix": "a=100"}])
def test_of_rows_with_one_id_one_can_be_kept(spark: SparkSession, tmp_path: Path, options: dict[str, object]) -> None:
    people = frame(spark, [(3, "b"), (3, "a"), (4, "b")], EMPLOYEES)
    arguments = {"employees": people, "now": NOW, "seed": 1, **options}
    feed = btcfake.make_feed(spark, volume=tmp_path, skip_bad_rows=True, **arguments)
    assert (feed.summary["employees_total"], feed.summary["skipped_rows"]) == (2, 1)


def test_a_template_that_is_not_there_gives_way_to_the_built_in_one(
    spark: SparkSession, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    native = native_feed(tmp_path, "--new-population", 3)
    arguments = {"employees": 3, "now": NOW, "seed": SEED, "user_completion_template": tmp_path / "none.csv"}
    assert_same(btcfake.make_feed(spark, volume=tmp_path / "feed", **arguments), native, tmp_path)
    assert "the built-in template is used" in caplog.text


def test_a_volume_may_be_a_relative_path(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    feed = btcfake.make_feed(spark, employees=3, volume="a [1]", now=NOW, seed=1, slices=2)
    assert feed.folder == tmp_path / "a [1]"
    series = btcfake.Arguments(employees=3, seed=1)
    made = btcfake.make_series(spark, series, volume="b {1}", start="2026-01-29", days=2)
    assert [day.folder.parent for day in made.days] == [tmp_path / "b {1}"] * 2


def test_bad_lines_of_a_file_can_be_left_out(spark: SparkSession, tmp_path: Path) -> None:
    people = tmp_path / "employees.csv"
    people.write_text("# a comment\nemployee_id,employee_edu_type\n1,a\n0,b\n3,x\n1,b\n2,f\n")
    error = refused(spark, tmp_path, employees=people)
    assert isinstance(error, btcfake.BadRowsError)
    assert [(problem.source, problem.line) for problem in error.problems] == [
        ("employees.csv", line) for line in (4, 5, 6)
    ]
    native = native_feed(tmp_path, "--employees", people, "--skip-bad-rows")
    feed = btcfake.make_feed(spark, employees=people, volume=tmp_path / "feed", now=NOW, seed=SEED, skip_bad_rows=True)
    assert_same(feed, native, tmp_path)
    assert (feed.summary["comment_rows"], feed.summary["skipped_rows"]) == (1, 3)


def test_a_file_that_is_there_is_never_overwritten(spark: SparkSession, tmp_path: Path) -> None:
    feed = btcfake.make_feed(spark, employees=3, volume=tmp_path, now=NOW, seed=1)
    for lost, reason in (
        ("no file", "it is there already; choose"),
        (feed.files[-1], "but no run file: it is being wr"),
    ):
        (tmp_path / lost).unlink(missing_ok=True)
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        with pytest.raises(btcfake.FeedExistsError, match=reason):
            btcfake.make_feed(spark, employees=3, volume=tmp_path, now=NOW, seed=1)
        assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert all(not file.findings for file in btcfake.check(feed.folder))


@pytest.mark.parametrize(("number", "most"), [(1, None), (2, 300)])
def test_a_file_that_appears_during_the_run_stays(
    spark: SparkSession, tmp_path: Path, number: int, most: int | None
) -> None:
    arguments = {"spark": spark, "employees": 20, "now": NOW, "seed": 1, "bytes_per_file": most}
    feed = btcfake.make_feed(volume=tmp_path / "first", **arguments)
    other = tmp_path / "second" / f"_{number}_".join(feed.files[0].rsplit("_1_", 1))

    def appear(done: int, total: int) -> None:
        other.write_text("of another run")

    with pytest.raises(btcfake.FeedExistsError) as found:
        btcfake.make_feed(volume=other.parent, progress=appear, **arguments)
    assert found.value.path == str(other)
    assert list(other.parent.iterdir()) == [other]
    assert other.read_text() == "of another run"
