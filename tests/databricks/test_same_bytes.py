"""Spark writes the bytes that the native program writes."""

from __future__ import annotations

import json
from pathlib import Path

import btcfake
import pytest
from conftest import run_native
from inputs import NOW, Inputs
from pyspark.sql import SparkSession

SEED = 42


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Realistic inputs of 2,000 employees."""
    folder = tmp_path_factory.mktemp("sample")
    assert run_native(folder, "sample", "inputs", "--now", NOW).returncode == 0
    return folder / "inputs"


@pytest.fixture(scope="session")
def inputs(sample: Path) -> Inputs:
    return Inputs.read(sample)


def native_feed(folder: Path, *options: object) -> dict[str, bytes]:
    """The files of the native program, by name."""
    done = run_native(folder, "simulate", "--now", NOW, "--seed", SEED, "--out", "native", *options)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (folder / "native").iterdir()}


def assert_same(feed: btcfake.Feed, native: dict[str, bytes], folder: Path) -> None:
    made = {path.name: path.read_bytes() for path in feed.folder.iterdir()}
    assert made.keys() == native.keys() == set(feed.files)
    run_file = feed.files[-1]
    for name in made.keys() - {run_file}:
        assert made[name] == native[name], name
    assert json.loads(made[run_file]) == feed.record
    native_record = json.loads(native[run_file])
    for key in feed.record.keys() - {"inputs", "tables"}:
        assert feed.record[key] == native_record[key], key
    checked = run_native(folder, "check", feed.folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("slices", [1, 7, 64])
def test_with_state(spark: SparkSession, inputs: Inputs, tmp_path: Path, slices: int) -> None:
    native = native_feed(tmp_path, *inputs.write(tmp_path / "in"))
    feed = btcfake.make_feed(
        spark, **inputs.frames(spark), volume=tmp_path / "spark", now=NOW, seed=SEED, slices=slices
    )
    assert_same(feed, native, tmp_path)


def test_employees_not_in_the_order_of_their_ids(spark: SparkSession, inputs: Inputs, tmp_path: Path) -> None:
    employees = inputs.employees[1_000:] + inputs.employees[999::-1]
    shuffled = Inputs(employees, inputs.assignments, inputs.completions)
    native = native_feed(tmp_path, *shuffled.write(tmp_path / "in"))
    feed = btcfake.make_feed(spark, **shuffled.frames(spark), volume=tmp_path / "spark", now=NOW, seed=SEED, slices=5)
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
            ["--employees", "{sample}/employees.csv", "--bom", "--request-id", "fake-day", "--timezone", "America/New_York"],
        ),
    ],
)
def test_settings(
    spark: SparkSession, sample: Path, tmp_path: Path, of_spark: dict[str, object], of_native: list[str]
) -> None:
    native = native_feed(tmp_path, *[option.format(sample=sample) for option in of_native])
    arguments = {"employees": sample / "employees.csv", **of_spark}
    feed = btcfake.make_feed(spark, volume=tmp_path / "spark", now=NOW, seed=SEED, slices=3, **arguments)
    assert_same(feed, native, tmp_path)
