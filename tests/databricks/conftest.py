"""Real Spark on loopback, classic or by Spark Connect, and the native program to compare with."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import btcfake
import pytest
from pyspark.sql import SparkSession

from inputs import NOW, SEED, Inputs
from one_spark import free_port, start

NATIVE = os.environ["BTCFAKE"]
CONNECT = os.environ.get("BTCFAKE_CONNECT")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "connect: runs by Spark Connect, too")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The classic session of this process, or one by Spark Connect at BTCFAKE_CONNECT; a process can have only one kind."""
    session = SparkSession.builder.remote(CONNECT).getOrCreate() if CONNECT else start(free_port())
    yield session
    if CONNECT:
        session.stop()


def run_native(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the native program in a folder, without settings from outside."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [NATIVE, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)


def native_feed(folder: Path, *options: object) -> dict[str, bytes]:
    """The files of the native program, by name."""
    done = run_native(folder, "simulate", "--now", NOW, "--seed", SEED, "--out", "native", *options)
    assert done.returncode == 0, done.stderr
    return files_of(folder / "native")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_same(feed: btcfake.Feed, native: dict[str, bytes], folder: Path) -> None:
    """Assert that files, and settings and outputs in the run file, are those of the native program, and that check finds nothing."""
    made = files_of(feed.folder)
    assert made.keys() == native.keys() == set(feed.files)
    run_file = feed.files[-1]
    for name in made.keys() - {run_file}:
        assert made[name] == native[name], name
    assert json.loads(made[run_file]) == feed.record
    native_record = json.loads(native[run_file])
    for key in feed.record.keys() - {"inputs", "tables"}:
        assert feed.record[key] == native_record[key], key
    assert_clean(folder, feed.folder)


def assert_clean(folder: Path, *paths: object) -> None:
    checked = run_native(folder, "check", *paths)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Realistic inputs of 2,000 employees."""
    folder = tmp_path_factory.mktemp("sample")
    assert run_native(folder, "sample", "inputs", "--now", NOW).returncode == 0
    return folder / "inputs"


@pytest.fixture(scope="session")
def inputs(sample: Path) -> Inputs:
    return Inputs.read(sample)
