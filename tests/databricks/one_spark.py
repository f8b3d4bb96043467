"""One Spark on loopback for all tests: a classic session, which serves Spark Connect, too.

Run as a program it runs all tests in the classic session, and those marked ``connect`` by Spark Connect in a second process.
Its arguments are the folder for temporary files and, after that, arguments of pytest.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest
from pyspark.sql import SparkSession

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "Asia/Kolkata",
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    # Each query runs once: compiling it costs more than it gains.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.python.daemon.module": "worker_daemon",
}


def start(port: int) -> SparkSession:
    """A classic session whose tasks are tried twice, and Spark Connect at a port."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    builder = SparkSession.builder.master("local[3,2]").appName("btcfake")
    settings = {
        **SETTINGS,
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": mkdtemp(prefix="btcfake-warehouse-"),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main(temporary: str, *options: str) -> int:
    port = free_port()
    session = start(port)
    arguments = ["-p", "no:cacheprovider", *options, str(Path(__file__).parent)]
    remote = [sys.executable, "-m", "pytest", "--basetemp", f"{temporary}/connect", "-m", "connect", *arguments]
    environment = {**os.environ, "BTCFAKE_CONNECT": f"sc://127.0.0.1:{port}"}
    with Path(f"{temporary}/connect.log").open("w") as log:
        connected = subprocess.Popen(remote, env=environment, stdout=log, stderr=subprocess.STDOUT)
        classic = pytest.main(["--basetemp", f"{temporary}/classic", *arguments])
        connect = connected.wait()
    print(Path(f"{temporary}/connect.log").read_text())
    session.stop()
    return int(classic) or connect


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
