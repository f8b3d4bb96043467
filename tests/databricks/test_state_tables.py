"""A feed is appended to the state tables as the batch job does it, and to production only if that is allowed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import SparkSession

from conftest import files_of, run_native
from inputs import NOW, SEED, Inputs
from test_rows import at

PEOPLE = [(21, "a"), (22, "b"), (23, "f")]
STATE = [
    (21, 70, at(12), at(12), at(12), at(20), 'a "quoted", type'),
    (23, 71, at(12), at(12), at(12), at(20), "Media"),
]


@pytest.fixture
def schema(spark: SparkSession) -> Iterator[str]:
    """The state tables with the types that they have in Databricks, and a column that no feed fills."""
    spark.sql("CREATE DATABASE sandbox")
    spark.sql(
        "CREATE TABLE sandbox.content_assignments (ba_id INT, content_id INT, assignment_date TIMESTAMP, update_date DATE,"
        " assignment_begin_date TIMESTAMP, assignment_due_date TIMESTAMP, content_type STRING, note STRING) USING parquet"
    )
    spark.sql("CREATE TABLE sandbox.content_completion (ba_id INT, content_id INT, completion_date DATE) USING parquet")
    yield "sandbox"
    spark.sql("DROP DATABASE sandbox CASCADE")


@pytest.mark.connect
def test_the_next_run_finds_what_was_appended(spark: SparkSession, schema: str, tmp_path: Path) -> None:
    few = Inputs(PEOPLE, STATE, [(22, 5, date(2026, 1, 3))])
    few.frames(spark)["assignments"].selectExpr(
        "int(ba_id)",
        "int(content_id)",
        "assignment_date",
        "date(update_date)",
        "assignment_begin_date",
        "assignment_due_date",
        "content_type",
        "string(null)",
    ).write.insertInto("sandbox.content_assignments")
    few.frames(spark)["completions"].selectExpr("int(ba_id)", "int(content_id)", "completion_date").write.insertInto(
        "sandbox.content_completion"
    )
    tables = {"assignments": "sandbox.content_assignments", "completions": "sandbox.content_completion"}
    people = few.frames(spark)["employees"]
    zone = "Asia/Tokyo"
    arguments = {"seed": SEED, "time_zone": zone, "employees": people, **tables}
    first = btcfake.make_feed(
        spark, **arguments, volume=tmp_path / "one", now="2026-01-30T08:30:00+09:00", bytes_per_file=400
    )
    appended = btcfake.append_to_tables(spark, first.folder, schema)
    done = sum(sum(first.summary[f"completions_{source}"].values()) for source in ("manager", "ai"))
    assert appended.completions == done > 0
    # Assignments from before the run have rows already.
    assert appended.assignments == first.summary["new_left"] > 0
    assert btcfake.append_to_tables(spark, first.folder / first.files[-1], schema) == btcfake.Appended(0, 0)
    days = {row[0] for row in spark.sql("SELECT completion_date FROM sandbox.content_completion").collect()}
    # The day in Tokyo, while it is still the day before in UTC.
    assert days == {date(2026, 1, 3), date(2026, 1, 30)}
    updated = spark.sql("SELECT DISTINCT update_date, note FROM sandbox.content_assignments WHERE ba_id = 22")
    assert [tuple(row) for row in updated.collect()] == [(date(2026, 1, 30), None)]

    # The next day is the second of a series, whose state is carried in memory.
    second = btcfake.make_feed(spark, **arguments, volume=tmp_path / "two", now="2026-01-31T08:30:00+09:00")
    options = [*few.write(tmp_path / "in"), "--seed", SEED, "--timezone", zone, "--from", "2026-01-30", "--days", 2]
    native = run_native(tmp_path, "series", *options, "--at", "08:30", "--out", "native")
    assert native.returncode == 0, native.stderr
    expected = files_of(tmp_path / "native/2026-01-31")
    for name in second.files[:-1]:
        assert (second.folder / name).read_bytes() == expected[name], name


@pytest.mark.parametrize(
    ("times", "switch"),
    [
        ("TIMESTAMP", "spark.sql.ansi.enabled"),
        ("TIMESTAMP_NTZ", "spark.sql.caseSensitive"),
        ("STRING", "spark.sql.execution.arrow.useLargeVarTypes"),
    ],
)
def test_columns_of_other_types_and_cases_keep_their_values(
    spark: SparkSession, schema: str, tmp_path: Path, times: str, switch: str
) -> None:
    spark.sql("DROP TABLE sandbox.content_assignments")
    spark.sql("DROP TABLE sandbox.content_completion")
    spark.sql(
        "CREATE TABLE sandbox.content_completion (Ba_Id INT, CONTENT_ID INT, Completion_Date STRING) USING parquet"
    )
    spark.sql(
        f"CREATE TABLE sandbox.content_assignments (BA_ID BIGINT, Content_Id BIGINT, Assignment_Date {times},"
        f" UPDATE_DATE {times}, assignment_begin_date {times}, Assignment_Due_Date {times}, Content_Type STRING) USING parquet"
    )
    options = ["--new-population", 20, "--now", NOW, "--seed", SEED, "--bom", "--out", "feed"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    zone = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    spark.conf.set(switch, "true")
    try:
        appended = btcfake.append_to_tables(spark, tmp_path / "feed", schema)
        assert (appended.assignments > 0, appended.completions > 0) == (True, True)
        spark.conf.unset(switch)
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        stored = spark.table("sandbox.content_assignments").selectExpr(
            "ba_id",
            "content_id",
            *(f"string({name})" for name in ("assignment_date", "assignment_begin_date", "assignment_due_date")),
            "content_type",
            "string(CAST(update_date AS TIMESTAMP_NTZ)) = '2026-01-29 00:00:00'",
        )
        rows = {tuple(row) for row in stored.collect()}
    finally:
        spark.conf.unset(switch)
        spark.conf.set("spark.sql.session.timeZone", zone)
    (path,) = (tmp_path / "feed").glob("Non_Completed_*")
    with path.open(encoding="utf-8-sig", newline="") as file:
        feed = [list(row.values()) for row in csv.DictReader(file)]
    assert rows == {
        (int(user), int(content.replace(",", "")), *(_in_utc(time) for time in (created, begin, due)), kind, True)
        for user, created, _, content, begin, due, kind in feed
    }


@pytest.mark.parametrize("ansi", ["true", "false"])
def test_a_value_that_does_not_fit_is_refused_before_a_row_is_added(
    spark: SparkSession, schema: str, tmp_path: Path, ansi: str
) -> None:
    (tmp_path / "employees.csv").write_text("employee_id,employee_edu_type\n4294967301,b\n7,a\n")
    options = ["--employees", "employees.csv", "--now", NOW, "--seed", SEED, "--out", "feed"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    before = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    try:
        with pytest.raises(btcfake.WrongTypeError, match=r"ba_id: its type int cannot hold the value of [0-9]+ rows"):
            btcfake.append_to_tables(spark, tmp_path / "feed", schema)
    finally:
        spark.conf.set("spark.sql.ansi.enabled", before)
    for table in ("content_assignments", "content_completion"):
        assert spark.table(f"sandbox.{table}").count() == 0


@pytest.mark.connect
def test_a_text_that_is_too_long_is_refused_before_a_row_is_added(
    spark: SparkSession, schema: str, tmp_path: Path
) -> None:
    spark.sql("DROP TABLE sandbox.content_assignments")
    spark.sql(
        "CREATE TABLE sandbox.content_assignments (ba_id INT, content_id INT, assignment_date TIMESTAMP,"
        " assignment_begin_date TIMESTAMP, content_type VARCHAR(4)) USING parquet"
    )
    options = ["--new-population", 20, "--now", NOW, "--seed", SEED, "--out", "feed"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    with pytest.raises(btcfake.WrongTypeError, match=r"content_type: its type varchar\(4\) cannot hold the value of"):
        btcfake.append_to_tables(spark, tmp_path / "feed", schema)
    assert spark.table("sandbox.content_completion").count() == 0


def test_days_in_another_spelling_are_refused(spark: SparkSession, schema: str, tmp_path: Path) -> None:
    spark.sql("DROP TABLE sandbox.content_completion")
    spark.sql(
        "CREATE TABLE sandbox.content_completion (ba_id INT, content_id INT, completion_date STRING) USING parquet"
    )
    spark.sql("INSERT INTO sandbox.content_completion VALUES (1, 2, '2026-01-05'), (1, 3, NULL), (1, 4, 'NULL')")
    options = ["--new-population", 5, "--now", NOW, "--seed", SEED, "--out", "feed"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    assert btcfake.append_to_tables(spark, tmp_path / "feed", schema).completions > 0
    spark.sql("INSERT INTO sandbox.content_completion VALUES (1, 5, '26.1.2026')")
    with pytest.raises(btcfake.WrongTypeError, match="1 rows have no date such as 2026-01-29"):
        btcfake.append_to_tables(spark, tmp_path / "feed", schema)


def _in_utc(time: str) -> str:
    """A time of the feed, as Spark writes it in UTC."""
    return time.replace("T", " ").removesuffix("Z")


@pytest.mark.parametrize(
    ("schema", "environment", "reason"),
    [
        ("retail_systems_prod.store_enablement", "", "the schema looks like production"),
        ("store_enablement_prd", "", "the schema looks like production"),
        ("sandbox", "prod", "BTCFAKE_ENV is prod"),
    ],
)
def test_production_is_refused_unless_it_is_allowed(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schema: str, environment: str, reason: str
) -> None:
    monkeypatch.setenv("BTCFAKE_ENV", environment)
    with pytest.raises(btcfake.ProductionError, match=reason):
        btcfake.append_to_tables(spark, tmp_path, schema)
    # If it is allowed, the call proceeds to the feed, which is missing.
    with pytest.raises(btcfake.NoFeedError):
        btcfake.append_to_tables(spark, tmp_path, schema, allow_production=True)


def test_a_typing_error_does_not_disable_the_check(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BTCFAKE_ENV", "pord")
    with pytest.raises(btcfake.SettingsError, match="'pord' is no environment"):
        btcfake.append_to_tables(spark, tmp_path, "sandbox")


def test_only_a_whole_feed_is_appended(spark: SparkSession, tmp_path: Path, schema: str) -> None:
    options = ["--new-population", 5, "--now", NOW, "--seed", SEED, "--out", "feed"]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    spark.sql("DROP TABLE sandbox.content_assignments")
    with pytest.raises(btcfake.MissingTableError, match="content_assignments"):
        btcfake.append_to_tables(spark, tmp_path / "feed", schema)
    completions = next((tmp_path / "feed").glob("Content*"))
    completions.write_bytes(completions.read_bytes()[:-1])
    with pytest.raises(btcfake.NoFeedError, match="it is not the file"):
        btcfake.append_to_tables(spark, tmp_path / "feed", schema)
    completions.unlink()
    with pytest.raises(btcfake.NoFeedError, match="the file is missing"):
        btcfake.append_to_tables(spark, tmp_path / "feed", schema)
    for name, content in {"run_1.json": "{}", "run_2.json": "no JSON", "feed.csv": "a,b"}.items():
        (tmp_path / name).write_text(content)
        with pytest.raises(btcfake.NoFeedError, match="this is no run file"):
            btcfake.append_to_tables(spark, tmp_path / name, schema)
    broken = ["--new-population", 5, "--now", NOW, "--seed", SEED, "--break", "missing-header", "--out", "broken"]
    assert run_native(tmp_path, "simulate", *broken).returncode == 0
    with pytest.raises(btcfake.NoFeedError, match="broken on purpose"):
        btcfake.append_to_tables(spark, tmp_path / "broken", schema)
    with pytest.raises(btcfake.NoFeedError, match="there is no such folder"):
        btcfake.append_to_tables(spark, tmp_path / "nowhere", schema)
    assert spark.table("sandbox.content_completion").count() == 0


def test_the_path_of_a_feed_may_have_the_characters_of_a_pattern(
    spark: SparkSession, tmp_path: Path, schema: str
) -> None:
    folder = "feed [1] {a,b} * ? \\"
    options = ["--new-population", 5, "--now", NOW, "--seed", SEED, "--out", folder]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    assert btcfake.append_to_tables(spark, tmp_path / folder, schema).completions > 0
