"""Spark writes the bytes that the native program writes."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import btcfake
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from conftest import CONNECT, assert_same, native_feed, run_native
from inputs import NOW, SEED, Inputs, frame


@pytest.mark.connect
@pytest.mark.parametrize("slices", [None, 1, 7, 64])
def test_with_state(spark: SparkSession, inputs: Inputs, tmp_path: Path, slices: int | None) -> None:
    native = native_feed(tmp_path, *inputs.write(tmp_path / "in"))
    arguments = {**inputs.frames(spark), "now": NOW, "seed": SEED, "slices": slices}
    assert_same(btcfake.make_feed(spark, volume=tmp_path / "spark", **arguments), native, tmp_path)


@pytest.mark.connect
@pytest.mark.parametrize("slices", [5] if CONNECT else [None, 5])
def test_employees_not_in_the_order_of_their_ids(
    spark: SparkSession, inputs: Inputs, tmp_path: Path, slices: int | None
) -> None:
    employees = inputs.employees[1_000:] + inputs.employees[999::-1]
    shuffled = Inputs(employees, inputs.assignments, inputs.completions)
    native = native_feed(tmp_path, *shuffled.write(tmp_path / "in"))
    arguments = {**shuffled.frames(spark), "now": NOW, "seed": SEED, "slices": slices}
    assert_same(btcfake.make_feed(spark, volume=tmp_path / "spark", **arguments), native, tmp_path)


@pytest.mark.connect
def test_tasks_read_the_employees_of_a_file_from_the_volume(
    spark: SparkSession, inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*rows: object) -> None:
        raise AssertionError("a message of Spark Connect does not hold the employees of a large file")

    native = native_feed(tmp_path, *inputs.write(tmp_path / "in"))
    arguments = {**inputs.frames(spark), "employees": tmp_path / "in/employees.csv", "now": NOW, "seed": SEED}
    monkeypatch.setattr(type(spark), "createDataFrame", refuse)
    feed = btcfake.make_feed(spark, volume=tmp_path / "feed [1]", slices=2, **arguments)
    assert_same(feed, native, tmp_path)


@pytest.mark.parametrize(
    ("of_spark", "of_native"),
    [
        ({}, ["--employees", "{sample}/employees.csv"]),
        ({"mix": "a=20,b=30,f=50"}, ["--employees", "{sample}/employees.csv", "--mix", "a=20,b=30,f=50"]),
        ({"employees": 3_000}, ["--new-population", "3000"]),
        (
            {"employees": 500, "ids": "1000-1600", "mix": "a=0,b=50,f=50"},
            ["--new-population", "500", "--ids", "1000-1600", "--mix", "a=0,b=50,f=50"],
        ),
        (
            {"bom": True, "request_id": "fake-day", "time_zone": "America/New_York"},
            [
                "--employees",
                "{sample}/employees.csv",
                "--bom",
                "--request-id",
                "fake-day",
                "--timezone",
                "America/New_York",
            ],
        ),
    ],
)
def test_settings(
    spark: SparkSession, sample: Path, tmp_path: Path, of_spark: dict[str, object], of_native: list[str]
) -> None:
    native = native_feed(tmp_path, *[option.format(sample=sample) for option in of_native])
    arguments = {"employees": sample / "employees.csv", **of_spark}
    for slices in (None, 3):
        folder = tmp_path / str(slices)
        feed = btcfake.make_feed(spark, volume=folder, now=NOW, seed=SEED, slices=slices, **arguments)
        assert_same(feed, native, tmp_path)


def test_recommendations_and_catalogs(spark: SparkSession, sample: Path, inputs: Inputs, tmp_path: Path) -> None:
    files = {
        "catalog": next(sample.glob("StandAloneContent*")),
        "course_catalog": next(sample.glob("CourseCatalog*")),
        "recommendations": sample / "recommendations.jsonl",
        "user_completion_template": tmp_path / "template.csv",
    }
    header = '"UserID","CourseType","CourseID","ModuleName","ContentId","UserCourseStatus","DateCourseStarted","DateCompleted"'
    template = header + "\n" + ",".join(['"7"'] * 8) + "\n"
    files["user_completion_template"].write_text(template)
    options = ["--standalone-content", files["catalog"], "--course-catalog", files["course_catalog"]]
    options += ["--user-completion-template", files["user_completion_template"]]
    options += ["--recommendations", files["recommendations"], *inputs.write(tmp_path / "in")]
    native = native_feed(tmp_path, *options)
    arguments = {**inputs.frames(spark), **files, "now": NOW, "seed": SEED, "slices": 4}
    feed = btcfake.make_feed(spark, volume=tmp_path / "spark", **arguments)
    assert_same(feed, native, tmp_path)
    summary = run_native(tmp_path, "simulate", "--now", NOW, "--seed", SEED, "--out", "again", "--json", *options)
    expected = json.loads(summary.stdout)
    expected.pop("details", None)
    assert feed.summary == json.loads(feed.json()) == expected
    assert [row["label"] for row in feed.dataframe(spark).collect()][:2] == ["Seed", "Date and time"]


@pytest.mark.parametrize("has_order_of_ids", [True, False])
def test_recommendations_from_a_table(spark: SparkSession, tmp_path: Path, has_order_of_ids: bool) -> None:
    items = [
        (2, "500", "Sell."),
        (2, "1,234", 'Once \u00e9 "more"'),
        (2, "no id", None),
        (2, "500", None),
        (4, "77", None),
        (9, "5", "of nobody in the run"),
        (6, "5", None),
    ]
    people = [(2, "a"), (4, "a"), (5, "a"), (6, "b")]
    state = [(2, 1234, datetime(2026, 1, 12, tzinfo=timezone.utc), None, None, None, None)]
    few = Inputs(people if has_order_of_ids else people[::-1], state, [(4, 77, date(2026, 1, 20))], items)
    native = native_feed(tmp_path, *few.write(tmp_path / "in"))
    for slices in (None, 3):
        folder = tmp_path / str(slices)
        feed = btcfake.make_feed(spark, **few.frames(spark), volume=folder, now=NOW, seed=SEED, slices=slices)
        assert_same(feed, native, tmp_path)
    assert [table["role"] for table in feed.record["tables"]][-1] == "recommendations"
    assert [(one.source, one.employee_id) for one in feed.warnings] == [("recommendations", 2)]
    assert "no id" in feed.warnings[0].message
    counts = ("recommendations_received", "employees_with_recommendations", "dropped_completed_recently")
    assert [feed.summary[name] for name in counts] == [5, 3, 1]
    assert not any("no recommendations" in note for note in feed.summary["notes"])


@pytest.mark.connect
def test_of_equal_assignments_the_same_one_counts(spark: SparkSession, tmp_path: Path) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 1, day, tzinfo=timezone.utc)

    rows = [
        (5, 9, at(12), at(13), at(12), at(20), "x"),
        (5, 9, at(12), at(13), at(12), at(21), "y"),
        (5, 9, at(12), None, at(12), at(22), "z"),
        (3, 9, None, None, at(12), None, None),
        (3, 8, at(12), None, None, None, 'a "quoted", type'),
    ]
    # Spark Connect takes no table without rows.
    few = Inputs([(5, "f"), (3, "f"), (4, "f")], rows, [(4, 77, date(2026, 1, 20))])
    native = native_feed(tmp_path, *few.write(tmp_path / "in"))
    for slices in (None, 1, 10):
        folder = tmp_path / str(slices)
        feed = btcfake.make_feed(spark, **few.frames(spark), volume=folder, now=NOW, seed=SEED, slices=slices)
        assert_same(feed, native, tmp_path)


@pytest.mark.parametrize(
    ("times", "switch"),
    [("TIMESTAMP_NTZ", "spark.sql.caseSensitive"), ("STRING", "spark.sql.execution.arrow.useLargeVarTypes")],
)
def test_columns_of_other_types_and_cases_have_the_same_meaning(
    spark: SparkSession, tmp_path: Path, times: str, switch: str
) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 1, day, 23, 30, tzinfo=timezone.utc)

    rows = [(5, 9, at(12), None, at(12), at(31), "x"), (3, 8, at(14), None, None, None, None)]
    few = Inputs([(3, "f"), (5, "f")], rows, [(5, 77, date(2026, 1, 20))])
    native = native_feed(tmp_path, *few.write(tmp_path / "in"))
    # Without a time zone, as text: the time is in UTC, though the session has another time zone.
    texts = [tuple(f"{value:%F %T}" if isinstance(value, datetime) else value for value in row) for row in rows]
    names = [
        "Ba_Id",
        "CONTENT_ID",
        "Assignment_Date",
        "update_date",
        "ASSIGNMENT_BEGIN_DATE",
        "assignment_Due_Date",
        "TYPE",
    ]
    state = frame(
        spark, texts, ", ".join(f"{name} {'int' if name.lower().endswith('id') else 'string'}" for name in names)
    )
    times_of_state = (f"CAST({name} AS {times}) AS {name}" for name in names[2:6])
    tables = {
        "employees": frame(spark, few.employees, "EMPLOYEE_ID int, Employee_Edu_Type string"),
        "assignments": state.selectExpr(*names[:2], *times_of_state, "TYPE AS Content_Type"),
        "completions": frame(spark, [(5, 77, "2026-01-20")], "BA_ID int, Content_Id int, COMPLETION_DATE string"),
    }
    spark.conf.set(switch, "true")
    try:
        for slices in (None, 2):
            folder = tmp_path / str(slices)
            feed = btcfake.make_feed(spark, **tables, volume=folder, now=NOW, seed=SEED, slices=slices)
            assert_same(feed, native, tmp_path)
    finally:
        spark.conf.unset(switch)


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_small_inputs(spark: SparkSession, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True))
    people = [(one, data.draw(st.sampled_from("abf"))) for one in ids]
    moments = st.none() | st.integers(1, 40).map(lambda day: datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(day))
    kinds = st.none() | st.sampled_from(["Media", "Course"])
    pair = (st.integers(1, 30), st.integers(1, 6))
    rows = st.tuples(*pair, moments, moments, moments, moments, kinds).filter(lambda row: row[2] or row[4])
    days = st.integers(1, 28).map(lambda day: date(2026, 1, day))
    items = st.tuples(st.integers(1, 30), st.integers(1, 6).map(str), st.sampled_from([None, "x"]))
    few = Inputs(
        people,
        data.draw(st.none() | st.lists(rows, max_size=20)),
        data.draw(st.none() | st.lists(st.tuples(*pair, days), max_size=9)),
        data.draw(st.none() | st.lists(items, min_size=1, max_size=6)),
    )
    with TemporaryDirectory() as folder:
        native = native_feed(Path(folder), *few.write(Path(folder) / "in"))
        arguments = {**few.frames(spark), "now": NOW, "seed": SEED, "slices": data.draw(st.none() | st.integers(1, 4))}
        assert_same(btcfake.make_feed(spark, volume=f"{folder}/spark", **arguments), native, Path(folder))
