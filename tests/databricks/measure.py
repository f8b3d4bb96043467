"""Measures what Spark costs beside the native program: time, seconds of the processor, rows a second, memory of the driver.

    measure.py EMPLOYEES [state]    with the environment of scripts/databricks-tests.sh, and the release build as BTCFAKE

Both make the same feed from the same inputs, one after the other; "state" adds the tables of a sample. The files come into a
temporary folder: about 1.2 GB for each million employees.
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
from pathlib import Path

import btcfake
from pyspark.sql import DataFrame, SparkSession

from inputs import ASSIGNMENTS, COMPLETIONS, NOW

HEAP = "1g"


def main() -> None:
    """Make both feeds and print the figures."""
    employees, with_state = int(sys.argv[1]), sys.argv[2:] == ["state"]
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), employees, with_state=with_state)


def measure(folder: Path, employees: int, *, with_state: bool) -> None:
    """Make the inputs and both feeds, and print the figures."""
    options = {"employees": make_employees(folder, employees)}
    if with_state:
        native("sample", folder / "sample", "--employees", employees, "--now", NOW)
        options["employees"] = folder / "sample/employees.csv"
        options["assignments"] = folder / "sample/content_assignments.csv"
        options["completions"] = folder / "sample/content_completion.csv"
    given = [f"--{name}={path}" for name, path in options.items()]
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    native("simulate", *given, "--now", NOW, "--seed", 42, "--out", folder / "native", "--quiet")
    native_seconds = time.monotonic() - began
    now_used = resource.getrusage(resource.RUSAGE_CHILDREN)
    native_cpu = now_used.ru_utime + now_used.ru_stime - used.ru_utime - used.ru_stime
    (record,) = (folder / "native").glob("run_*.json")
    wanted = json.loads(record.read_bytes())["outputs"]
    shutil.rmtree(folder / "native")

    spark = session()
    tables = {name: table(spark, folder, name, path) for name, path in options.items()}
    # A session that has not run a task yet starts its Python workers first.
    btcfake.make_feed(spark, employees=1000, volume=folder / "warm", now=NOW, seed=42)
    began, spark_cpu = time.monotonic(), cpu_of_spark(spark)
    feed = btcfake.make_feed(spark, **tables, volume=folder / "spark", now=NOW, seed=42)
    seconds, spark_cpu = time.monotonic() - began, cpu_of_spark(spark) - spark_cpu
    assert feed.record["outputs"] == wanted, "not the bytes of the native program"
    rows = sum(count_rows(feed.folder / name) for name in feed.files if name.endswith(".csv"))
    bytes_ = sum(one["bytes"] for one in wanted)
    print(
        f"{employees:,} employees{', with state' if with_state else ''}: {rows:,} rows, {bytes_ / 1e6:,.0f} MB;"
        f" native {native_seconds:.1f} s (processor {native_cpu:.1f} s); Spark {seconds:.1f} s (processor {spark_cpu:.1f} s);"
        f" {seconds / native_seconds:.1f} times native (processor {spark_cpu / native_cpu:.1f});"
        f" {rows / seconds:,.0f} rows/s; driver: Python {python_peak():,} MB, JVM {jvm_peak(spark):,} MB"
        f" (its heap {HEAP}, tasks included)",
        flush=True,
    )
    spark.stop()


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


def cpu_of_spark(spark: SparkSession) -> float:
    """The seconds of the processor that this process, Spark's, and the workers that descend from it have used."""
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
