"""The bundle's job and notebook fit the package, and its targets fit the configuration templates."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import btcfake
import jsonschema
import pytest
import yaml
from btcfake import job
from pyspark.sql import DataFrame, SparkSession

from conftest import NATIVE
from inputs import NOW

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "databricks/databricks.yml").read_text()
BUNDLE = yaml.safe_load(TEXT)
SCHEMA = json.loads(Path(__file__).with_name("bundle.schema.json").read_text())


def merged(base: Any, more: Any) -> Any:
    """A mapping overridden by another one, as the bundle's is by a target's."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {key: merged(base.get(key), more.get(key, base.get(key))) for key in {**base, **more}}
    return more


def resources_of(target: str) -> dict[str, Any]:
    named: dict[str, Any] = merged(BUNDLE["resources"], BUNDLE["targets"][target].get("resources", {}))
    return named


def test_the_bundle_has_the_shape_that_databricks_asks_for() -> None:
    jsonschema.validate(BUNDLE, SCHEMA)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (["tags"], ["a"], "is not of type 'object'"),
        (["schedules"], {}, "'schedules' was unexpected"),
        (["schedule", "pause_status"], "OFF", "'OFF' is not one of"),
        (["schedule", "quartz_cron_expression"], "daily", "'daily' does not match"),
        (["parameters", 0], {"name": "employees", "default": 5}, "5 is not of type 'string'"),
        (["tasks", 0, "environment_key"], None, "None is not of type 'string'"),
        (["tasks", 0, "libraries"], [{"whl": "./dist/*.whl"}], "is not valid under any of the given schemas"),
        (["tasks", 0, "python_wheel_task"], {"package_name": "btcfake"}, "'entry_point' is a required property"),
        (["environments", 0, "spec", "environment_version"], 4, "4 is not of type 'string'"),
    ],
)
def test_the_schema_refuses_what_databricks_would(place: list[Any], value: object, reason: str) -> None:
    bundle = copy.deepcopy(BUNDLE)
    at = bundle["resources"]["jobs"]["make_feed"]
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError) as found:
        jsonschema.validate(bundle, SCHEMA)
    assert reason in found.value.message


@pytest.mark.parametrize("name", ["make_feed", "make_feed_on_a_cluster"])
def test_a_task_names_a_compute_of_its_job(name: str) -> None:
    of_job = BUNDLE["resources"]["jobs"][name]
    for task in of_job["tasks"]:
        environments = [one["environment_key"] for one in of_job.get("environments", [])]
        clusters = [one["job_cluster_key"] for one in of_job.get("job_clusters", [])]
        assert task.get("environment_key", task.get("job_cluster_key")) in environments + clusters


def test_each_reference_leads_to_something() -> None:
    known = {"bundle.name", "bundle.target", "workspace.current_user.short_name"}
    for reference in set(re.findall(r"\$\{([^}]*)\}", TEXT)) - known:
        place: Any = BUNDLE
        for name in reference.replace("var.", "variables.", 1).split("."):
            assert name in place, reference
            place = place[name]


@pytest.mark.parametrize("processor", ["x86_64", "aarch64"])
def test_a_job_takes_the_wheel_of_its_processor_alone(processor: str) -> None:
    jobs = BUNDLE["resources"]["jobs"]
    (serverless,) = jobs["make_feed"]["environments"]
    assert serverless["spec"]["environment_version"] == "4"
    (library,) = jobs["make_feed_on_a_cluster"]["tasks"][0]["libraries"]
    (cluster,) = jobs["make_feed_on_a_cluster"]["job_clusters"]
    assert cluster["new_cluster"]["spark_version"].startswith("17.3.")
    for pattern in (*serverless["spec"]["dependencies"], library["whl"]):
        named = pattern.replace("${var.processor}", processor)
        taken = [one for one in ("x86_64", "aarch64") if fnmatch(f"./dist/{_wheel(one)}", named)]
        assert taken == [processor]


def _wheel(processor: str) -> str:
    """The wheel's name, as maturin makes it."""
    return f"btcfake-{btcfake.__version__}-cp310-abi3-manylinux_2_28_{processor}.whl"


def test_prod_is_protected() -> None:
    """Only from the main branch, run by a service principal that must be named, into a volume that is not destroyed."""
    prod = BUNDLE["targets"]["prod"]
    assert prod["mode"] == "production"
    assert prod["git"]["branch"] == "main"
    assert prod["run_as"]["service_principal_name"] == "${var.service_principal}"
    assert BUNDLE["variables"]["service_principal"]["default"] == ""
    assert resources_of("prod")["volumes"]["feeds"]["lifecycle"] == {"prevent_destroy": True}
    assert [name for name, target in BUNDLE["targets"].items() if target.get("default")] == ["dev"]


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


def test_a_job_prints_the_summary_or_the_reason_against_a_feed(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*given: str) -> None:
        monkeypatch.setattr("sys.argv", ["btcfake-job", f"--volume={tmp_path}", f"--now={NOW}", "--seed=1", *given])
        job.main()

    run("--employees=3", "--mix=")
    assert "Employees" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 4
    with pytest.raises(SystemExit, match="it is there already"):
        run("--employees=3")
    with pytest.raises(SystemExit, match="No such file or directory"):
        run(f"--employees={tmp_path}/none.csv", "--seed=2")
    with pytest.raises(SystemExit, match="2"):
        run("--employees=3", "--slices=some")
    assert "slices: 'some' is no whole number" in capsys.readouterr().err
    assert len(list(tmp_path.iterdir())) == 4


class Widgets:
    """The fields of a notebook, which exist only inside Databricks."""

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


@dataclass(frozen=True)
class Secret:
    key: str


class Secrets:
    """One scope of secrets."""

    def __init__(self, scope: str, values: dict[str, str]) -> None:
        self.scope = scope
        self.values = values

    def list(self, scope: str) -> list[Secret]:
        assert scope == self.scope
        return [Secret(key) for key in self.values]

    def get(self, scope: str, key: str) -> str:
        assert scope == self.scope
        return self.values[key]


class Utilities:
    def __init__(self, given: dict[str, str], secrets: dict[str, str]) -> None:
        self.widgets = Widgets(given)
        self.secrets = Secrets("outbound", secrets)


@pytest.fixture
def outbound() -> Iterator[dict[str, str]]:
    """The settings of the sandbox's outbound server."""
    with subprocess.Popen([NATIVE, "sandbox"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        settings: dict[str, str] = {}
        while "SFTP_OUTBOUND_HOST_KEY" not in settings:
            name, _, settings[name] = process.stdout.readline().rstrip("\n").partition("=")
        yield {name: value for name, value in settings.items() if name.startswith("SFTP_OUTBOUND")}
        process.terminate()


def run_notebook(spark: SparkSession, folder: Path, given: dict[str, str], secrets: dict[str, str]) -> dict[str, Any]:
    """Run the cells one after another, with volumes below a folder; return the names that they leave."""
    source = (ROOT / "databricks/make_a_feed.py").read_text()
    assert source.startswith("# Databricks notebook source\n")
    shown: list[object] = []
    utilities = Utilities({"state": "none", "now": NOW, **given}, secrets)
    names = {"spark": spark, "dbutils": utilities, "display": shown.append, "displayHTML": shown.append, "shown": shown}
    cells = source.replace('f"/Volumes/', f'f"{folder}/').split("# COMMAND ----------")
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), names)
    return names


def test_the_cells_of_the_notebook_run(spark: SparkSession, tmp_path: Path) -> None:
    names = run_notebook(spark, tmp_path, {"employees": "20", "mix": "a=50,b=50,f=0"}, {})
    feed = names["feed"]
    assert isinstance(feed, btcfake.Feed)
    assert feed.folder == tmp_path / "retail_systems_dev/store_enablement/btcfake_feeds"
    lines, charts, links = names["shown"]
    assert isinstance(lines, DataFrame)
    completions = feed.summary["completions_manager"]
    assert completions["b"] == 10
    for name, count in (("a", 10), ("f", 0), ("a, manager", completions["a"]), ("b, manager", 10), ("b, ai", 0)):
        assert re.search(f"<td>{name}</td><td><div [^>]*>&nbsp;</div></td><td align='right'>{count}</td>", charts), name
    volume = "retail_systems_dev/store_enablement/btcfake_feeds"
    assert all(f'<a href="/explore/data/volumes/{volume}">{feed.folder}/{name}</a>' in links for name in feed.files)
    assert "published" not in names


def test_the_notebook_publishes_by_the_secrets_of_a_scope(
    spark: SparkSession, tmp_path: Path, outbound: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(NATIVE).parent}:{os.environ['PATH']}")
    # The program records publications in its working folder.
    monkeypatch.chdir(tmp_path)
    names = run_notebook(spark, tmp_path, {"employees": "5", "secret_scope": "outbound"}, outbound)
    assert all(name in names["published"].stdout for name in names["feed"].files[:-1])


def test_the_notebook_publishes_nothing_to_production(
    spark: SparkSession, tmp_path: Path, outbound: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(NATIVE).parent}:{os.environ['PATH']}")
    given = {"employees": "5", "secret_scope": "outbound"}
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run_notebook(spark, tmp_path, given, {**outbound, "BTCFAKE_ENV": "prod"})
    assert "BTCFAKE_ENV is prod" in refused.value.stderr
