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

from connect_server import start

NATIVE = os.environ["BTCFAKE"]
IS_CONNECT = os.environ.get("BTCFAKE_SPARK") == "connect"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session of the kind that BTCFAKE_SPARK names. In one process there can be but one kind."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    if not IS_CONNECT:
        session = start({})
        yield session
        session.stop()
        return
    port = str(_free_port())
    server = [sys.executable, str(Path(__file__).with_name("connect_server.py")), port]
    with subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        yield session
        session.stop()
        process.stdin.close()


def run_native(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the native program in a folder, without settings from outside."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [NATIVE, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
