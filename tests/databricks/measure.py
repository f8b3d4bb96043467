"""Measures the cost of Spark against the native program: time, seconds of the processor, rows a second, memory of the driver.

    measure.py EMPLOYEES ROUNDS [state] [driver|tasks]

with the environment of scripts/databricks-tests.sh, a wheel of the profile "wheel", and the release build as BTCFAKE. In each
round both make the same feed from the same inputs, one after the other. "state" adds the state tables of a sample. "driver" or "tasks" is
the place where Spark makes the feed, for any number of rows. The first round includes the start and compilation of Spark's Python
workers. The files are written to a temporary folder: about 1 GB for each million employees.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import btcfake
from pyspark.sql import DataFrame, SparkSession

from inputs import ASSIGNMENTS, COMPLETIONS, NOW

HEAP = "1g"


@dataclass(frozen=True)
class Cost:
    """The cost of a feed: seconds of the clock and of the processor."""

    clock: float
    processor: float


def main() -> None:
    """Make both feeds in each round, and print the figures."""
    employees, rounds, words = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    with_state = "state" in words
    makers: dict[str, object] = {"driver": 1 << 62, "tasks": 0}
    limits = {"rows_on_driver": makers[words[-1]]} if words and words[-1] in makers else {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        options = make_inputs(folder, employees, with_state=with_state)
        spark = session()
        tables = {name: table(spark, folder, name, path) for name, path in options.items()}
        print(f"{employees:,} employees {' '.join(words)}")
        for _ in range(rounds):
            measure(spark, folder, options, {**tables, **limits})
        spark.stop()


def measure(spark: SparkSession, folder: Path, options: dict[str, Path], arguments: dict[str, object]) -> None:
    """Make both feeds, and print the figures."""
    given = [f"--{name}={path}" for name, path in options.items()]
    began, used = time.monotonic(), cpu_of_children()
    native("simulate", *given, "--now", NOW, "--seed", 42, "--out", folder / "native", "--quiet")
    alone = Cost(time.monotonic() - began, cpu_of_children() - used)
    (record,) = (folder / "native").glob("run_*.json")
    wanted = json.loads(record.read_bytes())["outputs"]
    shutil.rmtree(folder / "native")

    began, used = time.monotonic(), cpu_of_spark(spark)
    feed = btcfake.make_feed(spark, **arguments, volume=folder / "spark", now=NOW, seed=42)
    inside = Cost(time.monotonic() - began, cpu_of_spark(spark) - used)
    assert feed.record["outputs"] == wanted, "not the bytes of the native program"
    rows = sum(count_rows(feed.folder / name) for name in feed.files if name.endswith(".csv"))
    shutil.rmtree(folder / "spark")
    print(
        f"{rows:,} rows, {sum(one['bytes'] for one in wanted) / 1e6:,.0f} MB;"
        f" native {alone.clock:.1f} s (processor {alone.processor:.1f} s);"
        f" Spark {inside.clock:.1f} s (processor {inside.processor:.1f} s), {rows / inside.clock:,.0f} rows/s;"
        f" {inside.clock / alone.clock:.1f} times native (processor {inside.processor / alone.processor:.1f});"
        f" driver: Python {python_peak():,} MB, JVM {jvm_peak(spark):,} MB (its heap {HEAP}, tasks included)",
        flush=True,
    )


def make_inputs(folder: Path, employees: int, *, with_state: bool) -> dict[str, Path]:
    """The files of the run, by the names of the arguments."""
    if not with_state:
        return {"employees": make_employees(folder, employees)}
    native("sample", folder / "sample", "--employees", employees, "--now", NOW)
    return {
        "employees": folder / "sample/employees.csv",
        "assignments": folder / "sample/content_assignments.csv",
        "completions": folder / "sample/content_completion.csv",
    }


def make_employees(folder: Path, employees: int) -> Path:
    """An employees.csv in the order of ids."""
    path = folder / "employees.csv"
    with path.open("w") as file:
        file.write("employee_id,employee_edu_type\n")
        file.writelines(f"{300_000 + 7 * at},{'aaaaaabbbf'[at % 10]}\n" for at in range(employees))
    return path


def native(*arguments: object) -> None:
    """Run the native program."""
    subprocess.run([os.environ["BTCFAKE"], *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def session() -> SparkSession:
    """A classic session on two cores with a small heap."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {"spark.driver.memory": HEAP, "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master("local[2]").appName("measure")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def table(spark: SparkSession, folder: Path, name: str, path: Path) -> DataFrame:
    """A file as a table in Parquet."""
    schema = {
        "employees": "employee_id bigint, employee_edu_type string",
        "assignments": ASSIGNMENTS,
        "completions": COMPLETIONS,
    }[name]
    stored = str(folder / f"{name}.parquet")
    spark.read.csv(str(path), schema=schema, header=True, comment="#").write.parquet(stored)
    return spark.read.parquet(stored)


def count_rows(path: Path) -> int:
    """The lines of a file after its header."""
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 24), b"")) - 1


def python_peak() -> int:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def jvm(spark: SparkSession) -> int:
    """The id of Spark's process."""
    return int(spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())


def jvm_peak(spark: SparkSession) -> int:
    """The most memory that Spark's process had, in MB."""
    status = Path(f"/proc/{jvm(spark)}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def cpu_of_children() -> float:
    """The processor time of ended child processes, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of_spark(spark: SparkSession) -> float:
    """The processor time of this process, of Spark's and of its workers, in seconds."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        process = int(stat.parent.name)
        parents[process] = int(fields[1])
        used[process] = sum(map(int, fields[11:15]))
    family = {os.getpid(), jvm(spark)}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(used[one] for one in family) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
