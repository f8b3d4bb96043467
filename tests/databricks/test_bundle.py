"""The bundle's job and notebook fit the package, and its targets fit the configuration templates."""

from __future__ import annotations

import re
from pathlib import Path

import btcfake
import pytest
import yaml
from btcfake import job
from pyspark.sql import DataFrame, SparkSession

from inputs import NOW

ROOT = Path(__file__).parents[2]
BUNDLE = yaml.safe_load((ROOT / "databricks/databricks.yml").read_text())


@pytest.mark.parametrize("environment", ["dev", "qa", "prod"])
def test_each_target_has_the_catalog_of_its_template(environment: str) -> None:
    template = (ROOT / f".env.{environment}.example").read_text()
    settings = dict(re.findall(r"^(\w+)=(.*)$", template, re.MULTILINE))
    assert BUNDLE["targets"][environment]["variables"]["catalog"] == settings["DATABRICKS_CATALOG"]
    assert BUNDLE["variables"]["schema"]["default"] == settings["DATABRICKS_SCHEMA"]


@pytest.mark.parametrize("name", ["make_feed", "make_feed_on_a_cluster"])
def test_a_job_asks_for_what_the_package_has(name: str) -> None:
    of_job = BUNDLE["resources"]["jobs"][name]
    assert of_job["schedule"]["pause_status"] == "PAUSED"
    given = [f"--{one['name']}={one['default']}" for one in of_job["parameters"]]
    named = job.arguments(given)
    assert named["time_zone"] == "UTC"
    assert "mix" not in named
    wheel = of_job["tasks"][0]["python_wheel_task"]
    project = (ROOT / "databricks/pyproject.toml").read_text()
    assert f'name = "{wheel["package_name"]}"' in project
    assert f'{wheel["entry_point"]} = "btcfake.job:main"' in project


class Widgets:
    """The fields of a notebook, which exist inside Databricks alone."""

    def __init__(self, given: dict[str, str]) -> None:
        self.values: dict[str, str] = {}
        self.given = given

    def text(self, name: str, default: str, label: str) -> None:
        assert label
        self.values[name] = self.given.get(name, default)

    def dropdown(self, name: str, default: str, choices: list[str], label: str) -> None:
        assert default in choices
        self.text(name, default, label)

    def get(self, name: str) -> str:
        return self.values[name]


class Utilities:
    def __init__(self, given: dict[str, str]) -> None:
        self.widgets = Widgets(given)


def test_the_cells_of_the_notebook_run(spark: SparkSession, tmp_path: Path) -> None:
    shown: list[object] = []
    source = (ROOT / "databricks/make_a_feed.py").read_text()
    assert source.startswith("# Databricks notebook source\n")
    given = {"state": "none", "now": NOW, "employees": "20", "mix": "a=50,b=50,f=0"}
    names = {"spark": spark, "dbutils": Utilities(given), "display": shown.append, "displayHTML": shown.append}
    cells = source.replace('f"/Volumes/', f'f"{tmp_path}/').split("# COMMAND ----------")
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), names)
    feed = names["feed"]
    assert isinstance(feed, btcfake.Feed)
    assert feed.folder == tmp_path / "retail_systems_dev/store_enablement/btcfake_feeds"
    lines, completions, links = shown
    assert isinstance(lines, DataFrame)
    assert isinstance(completions, DataFrame)
    counted = {(row["type"], row["source"]): row["completions"] for row in completions.collect()}
    assert counted[("b", "manager")] == 10
    assert all(name in str(links) for name in feed.files)
