"""Real Spark on loopback, classic and by Spark Connect, and the native program to compare with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

NATIVE = os.environ["BTCFAKE"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


CONNECT_PORT = _free_port()


@pytest.fixture(scope="session")
def classic() -> Iterator[SparkSession]:
    """A classic session, whose driver serves Spark Connect besides."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local[2,2]").appName("btcfake")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "Asia/Kolkata",
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(CONNECT_PORT),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def connect(classic: SparkSession) -> Iterator[SparkSession]:
    """A session of Spark Connect, the API of serverless and standard compute."""
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    session = ConnectSession.builder.remote(f"sc://127.0.0.1:{CONNECT_PORT}").create()
    yield session
    session.stop()


@pytest.fixture(scope="session", params=["classic", "connect"])
def spark(request: pytest.FixtureRequest) -> SparkSession:
    """Each of the two in turn."""
    return request.getfixturevalue(request.param)


def run_native(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the native program in a folder, without settings from outside."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [NATIVE, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
