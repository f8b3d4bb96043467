"""A series made by Spark has the bytes of the native program's, day by day."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timezone
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import SparkSession

from conftest import assert_clean, assert_same, files_of, run_native
from inputs import SEED, Inputs
from test_rows import at

PEOPLE = list(zip([21, 25, 22, 30, 28, 23], "abfbaf", strict=True))
STATE = [
    (21, 1_234_567, at(12), None, at(12), at(20), 'a "quoted", type'),
    (25, 77, at(14), None, None, None, None),
    (22, 78, at(14), None, None, None, None),
    (22, 79, at(14), None, None, None, None),
]
ITEMS = [(25, "500", "Sell"), (25, "501", None), (28, "500", "Sell"), (28, "1,234", "Other")]


@pytest.mark.parametrize(
    ("few", "rhythm", "settings"),
    [
        (Inputs(PEOPLE, STATE, [(30, 5, at(3).date())], ITEMS), ["2026-01-30", 2, True], {}),
        pytest.param(
            Inputs(PEOPLE, STATE, [(30, 5, at(3).date())], ITEMS),
            ["2026-01-30", 3, True],
            {"time_zone": "America/New_York", "slices": 2},
            marks=pytest.mark.connect,
        ),
        (Inputs(sorted(PEOPLE)), ["2026-01-25", 2, False], {"mix": "a=50,b=50,f=0", "slices": 2}),
    ],
)
def test_series(
    spark: SparkSession, tmp_path: Path, few: Inputs, rhythm: tuple[str, int, bool], settings: dict[str, object]
) -> None:
    start, days, weekdays = rhythm
    options = [*few.write(tmp_path / "in"), "--seed", SEED, "--out", "native", "--from", start, "--days", days]
    options += ["--weekdays"] if weekdays else []
    for name in settings.keys() & {"time_zone", "mix"}:
        options += [f"--{name.replace('time_zone', 'timezone')}", settings[name]]
    done = run_native(tmp_path, "series", *options)
    assert done.returncode == 0, done.stderr
    arguments = btcfake.Arguments(**few.frames(spark), seed=SEED, **settings)
    series = btcfake.make_series(
        spark, arguments, volume=tmp_path / "spark", start=date.fromisoformat(start), days=days, weekdays=weekdays
    )
    assert [feed.folder.name for feed in series.days] == sorted(path.name for path in (tmp_path / "native").iterdir())
    assert sorted(path.name for path in (tmp_path / "spark").iterdir()) == [feed.folder.name for feed in series.days]
    for feed in series.days:
        assert_same(feed, files_of(tmp_path / "native" / feed.folder.name), tmp_path)
    assert_clean(tmp_path, "spark")
    assert_clean(tmp_path, "spark", "in")
    rows = series.dataframe(spark).where("label = 'Seed'").collect()
    assert [row["day"] for row in rows] == [feed.folder.name for feed in series.days]


@pytest.mark.parametrize("slices", [None, 3])
def test_a_sample_continues_if_that_is_asked_for(spark: SparkSession, tmp_path: Path, slices: int | None) -> None:
    sample = ["sample", "in", "--employees", 60, "--contents", 60, "--now", "2026-02-01T12:00:00Z"]
    assert run_native(tmp_path, *sample).returncode == 0
    inputs = {path.name.split("_")[0].split(".")[0]: path for path in (tmp_path / "in").iterdir()}
    employees, catalog, recommendations = (
        inputs[name] for name in ("employees", "StandAloneContent", "recommendations")
    )
    options = ["--employees", employees, "--standalone-content", catalog, "--recommendations", recommendations]
    days = ["--seed", SEED, "--from", "2026-02-01", "--days", 3, "--continue-sample", "--out", "native"]
    done = run_native(tmp_path, "series", *options, *days)
    assert done.returncode == 0, done.stderr
    arguments = btcfake.Arguments(
        employees=employees, catalog=catalog, recommendations=recommendations, seed=SEED, slices=slices
    )
    series = btcfake.make_series(
        spark, arguments, volume=tmp_path / "spark", start="2026-02-01", days=3, continue_sample=True
    )
    for feed in series.days:
        assert_same(feed, files_of(tmp_path / "native" / feed.folder.name), tmp_path)
    doses = [feed.summary["new_daily_doses"] for feed in series.days]
    assert doses[1] > 0, "the vendor has new Daily Doses on Monday"


def test_a_series_goes_on_where_it_stopped(spark: SparkSession, tmp_path: Path) -> None:
    people = tmp_path / "employees.csv"
    people.write_text("employee_id,employee_edu_type\n" + "".join(f"{one},{kind}\n" for one, kind in PEOPLE))
    done = run_native(
        tmp_path, "series", "--employees", people, "--seed", 7, "--from", "2026-01-28", "--days", 2, "--out", "native"
    )
    assert done.returncode == 0, done.stderr
    arguments = btcfake.Arguments(employees=people)

    def make(days: int) -> btcfake.Series:
        return btcfake.make_series(spark, arguments, volume=tmp_path / "native", start="2026-01-28", days=days)

    before = {path: path.read_bytes() for path in tmp_path.glob("native/*/*")}
    # The native program made the first days, with the run files that Spark would write, too.
    series = make(3)
    assert [feed.summary["seed"] for feed in series.days] == [7, 7, 7]
    assert {path: path.read_bytes() for path in before} == before
    assert_clean(tmp_path, "native", people)
    changed = next((tmp_path / "native/2026-01-29").glob("Content*"))
    changed.write_bytes(changed.read_bytes() + b" ")
    with pytest.raises(btcfake.FeedExistsError, match="not as this run makes it"):
        make(3)
    record = next((tmp_path / "native/2026-01-29").glob("run*"))
    record.write_text(json.dumps({**json.loads(record.read_text()), "seed": 8}))
    record.rename(record.with_name(record.name.replace(".json", "x.json")))
    with pytest.raises(btcfake.FeedExistsError, match="another run"):
        make(3)


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "{}", '{"series": {"day": 1}, "seed": "x"}'])
def test_a_day_whose_run_file_is_of_something_else_is_refused(
    spark: SparkSession, tmp_path: Path, content: str
) -> None:
    run_file = tmp_path / "2026-01-29/run_of_others.json"
    run_file.parent.mkdir()
    run_file.write_text(content)
    with pytest.raises(btcfake.FeedExistsError, match="another run") as found:
        btcfake.make_series(spark, btcfake.Arguments(employees=3), volume=tmp_path, start="2026-01-29", days=1)
    assert found.value.path == str(run_file)
    assert [path.name for path in tmp_path.rglob("*")] == ["2026-01-29", "run_of_others.json"]


@pytest.mark.parametrize(
    ("given", "rhythm", "setting", "reason"),
    [
        ({"now": "2026-01-29T18:00:00Z"}, {}, "now", "each day of a series has its own instant"),
        ({}, {"days": 0}, "days", "0 days: a series has from 1 to 366 of them"),
        ({}, {"start": "soon"}, "start", "'soon' is no date"),
        ({}, {"at": "25:00"}, "at", "'25:00' is no time of day"),
        ({}, {"start": datetime(2026, 1, 29, 6)}, "start", "'2026-01-29T06:00:00' is no date"),
        ({}, {"at": time(6, tzinfo=timezone.utc)}, "at", "'06:00:00+00:00' is no time of day"),
    ],
)
def test_settings_that_make_no_sense(
    spark: SparkSession, tmp_path: Path, given: dict[str, str], rhythm: dict[str, object], setting: str, reason: str
) -> None:
    with pytest.raises(btcfake.SettingsError) as found:
        btcfake.make_series(
            spark,
            btcfake.Arguments(employees=3, seed=1, **given),
            volume=tmp_path / "spark",
            **{"start": "2026-01-29", "days": 1, **rhythm},
        )
    assert found.value.setting == setting
    assert reason in found.value.reason
    assert not (tmp_path / "spark").exists()


def test_a_series_without_a_seed_goes_on_though_its_start_is_left_out(spark: SparkSession, tmp_path: Path) -> None:
    made = [
        btcfake.make_series(
            spark, btcfake.Arguments(employees=4), volume=tmp_path, start="2026-01-31", days=days, weekdays=True
        )
        for days in (1, 2)
    ]
    seeds = {feed.record["seed"] for series in made for feed in series.days}
    assert ([feed.folder.name for feed in made[1].days], len(seeds)) == (["2026-02-02", "2026-02-03"], 1)
    with pytest.raises(btcfake.SettingsError, match="days"):
        btcfake.make_series(spark, btcfake.Arguments(employees=4), volume=tmp_path, start="2026-01-31", days=-1)
