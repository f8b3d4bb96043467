"""spark.read.format("btcfake") gives the rows of the native program's files, in SQL and into tables, too."""

from __future__ import annotations

from pathlib import Path

import btcfake
import pytest
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import DataFrame, SparkSession

from conftest import native_feed
from inputs import NOW, SEED, Inputs
from test_rows import STATE, at, rows_of_file, texts


@pytest.fixture(scope="module", autouse=True)
def registered(spark: SparkSession) -> None:
    btcfake.register(spark)


def read(spark: SparkSession, **options: object) -> DataFrame:
    return spark.read.format("btcfake").options(**{"now": NOW, "seed": SEED, **options}).load()


@pytest.mark.parametrize(
    ("rows", "prefix"),
    [("completions", "Content"), pytest.param("assignments", "Non", marks=pytest.mark.connect)],
)
def test_rows_from_files(spark: SparkSession, tmp_path: Path, rows: str, prefix: str) -> None:
    few = Inputs(list(zip([12, 13, 10, 11], "abfb", strict=True)), STATE, [(13, 5, at(3).date())], [(12, "1,234", "x")])
    options = few.write(tmp_path / "in")
    native_feed(tmp_path, *options, "--mix", "a=50,b=25,f=25")
    named = {option.removeprefix("--"): path for option, path in zip(options[::2], options[1::2], strict=True)}
    made = read(spark, rows=rows, slices=3, mix="a=50,b=25,f=25", **named)
    expected = rows_of_file(tmp_path / "native", prefix)
    assert expected
    assert sorted(texts(made)) == expected


def test_sql_and_tables(spark: SparkSession, tmp_path: Path) -> None:
    native_feed(tmp_path, "--new-population", 300)
    options = f"rows 'completions', employees '300', seed '{SEED}', now '{NOW}', employees_per_slice '100'"
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW made USING btcfake OPTIONS ({options})")
    spark.sql(f"CREATE TABLE made_table USING parquet LOCATION '{tmp_path}/table' AS SELECT * FROM made")
    assert sorted(texts(spark.table("made_table"))) == rows_of_file(tmp_path / "native", "Content")
    spark.sql("DROP TABLE made_table")


def test_a_seed_that_is_not_given_is_drawn_once(spark: SparkSession) -> None:
    made = spark.read.format("btcfake").options(rows="completions", employees=20).load()
    assert sorted(made.collect()) == sorted(made.collect())


def test_a_file_that_changes_before_its_rows_are_made_stops_the_query(spark: SparkSession, tmp_path: Path) -> None:
    people = tmp_path / "employees.csv"
    people.write_text("employee_id,employee_edu_type\n1,a\n")
    made = read(spark, rows="completions", employees=people)
    people.write_text("employee_id,employee_edu_type\n2,a\n")
    with pytest.raises(PySparkException, match=r"employees\.csv changed since the options were read"):
        made.collect()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"employees": 5}, "rows: '' are no rows of a feed; completions or assignments is right"),
        ({"rows": "completions"}, "employees: missing"),
        (
            {"rows": "completions", "employees": 5, "sed": 1},
            "sed: no option of this data source; there are rows, employees",
        ),
        ({"rows": "completions", "employees": 5, "seed": "x"}, "seed: 'x' is no whole number"),
        ({"rows": "completions", "employees": 5, "mix": "a=60"}, "40 % are missing"),
        ({"rows": "completions", "employees": 5, "skip_bad_rows": "perhaps"}, "neither true nor false"),
        ({"rows": "assignments", "employees": "a.people"}, "use btcfake.assignments(spark, ...)"),
        pytest.param(
            {"rows": "completions", "employees": "{folder}/bad.csv"},
            "bad.csv:2:3: unknown employee type 'x'",
            marks=pytest.mark.connect,
        ),
        ({"rows": "completions", "employees": "{folder}/none.csv"}, "none.csv"),
    ],
)
def test_errors_come_before_a_task(
    spark: SparkSession, tmp_path: Path, options: dict[str, object], reason: str
) -> None:
    (tmp_path / "bad.csv").write_text("employee_id,employee_edu_type\n1,x\n")
    named = {name: str(value).format(folder=tmp_path) for name, value in options.items()}
    with pytest.raises((AnalysisException, PySparkException)) as found:
        _ = spark.read.format("btcfake").options(**named).load().schema
    assert reason in str(found.value)
