#!/usr/bin/env python3
"""Compares `btcfake simulate` with other makers of test data at the same job, tests/peers/README.md: make bench-peers.

    scripts/bench-peers.py BTCFAKE ENVIRONMENTS [--sizes 100000,1000000] [--rounds 3]

ENVIRONMENTS is the folder with a virtual environment for each, as scripts/set-up.sh prints it. Each program starts anew for each round
and its whole time counts, start included. Rounds are one warm-up, which is checked, and then the ones whose median is printed; a
program that takes more than a minute runs once. Processor time is that of all its processes.
"""

import argparse
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / "tests/peers"
sys.path.insert(0, str(PEERS))
from check_output import check  # noqa: E402

PR_SET_CHILD_SUBREAPER = 36  # Of Linux: processes whose parent has ended become children of this one, so their time counts.
SLOW = 60.0  # Seconds after which one run is enough.
OTHERS = [
    ("DuckDB", "duckdb", "with_duckdb.py"),
    ("dbldatagen, local Spark", "dbldatagen", "with_dbldatagen.py"),
    ("Mimesis", "mimesis", "with_mimesis.py"),
    ("pandas, a row a loop", "notebook", "as_notebook.py"),
    ("Faker", "faker", "with_faker.py"),
    ("Snowfakery", "snowfakery", "with_snowfakery.py"),
]


def run(command: list[str]) -> tuple[float, float]:
    """Seconds and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - started
    try:
        while os.wait():  # Spark's Java, which ends after its Python.
            pass
    except ChildProcessError:
        pass
    if done.returncode != 0:
        sys.exit(f"bench-peers: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(command: list[str], output: Path, completions: Callable[[], Path], rows: int, rounds: int) -> tuple[float, float]:
    """Median seconds and processor seconds of a program; its first output is checked."""
    found: list[tuple[float, float]] = []
    while len(found) <= rounds:
        shutil.rmtree(output, ignore_errors=True)
        output.unlink(missing_ok=True)
        os.sync()
        found.append(run(command))
        if len(found) == 1:
            check(completions(), rows)
            if found[0][0] > SLOW:
                return found[0]
    return statistics.median(one[0] for one in found[1:]), statistics.median(one[1] for one in found[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares btcfake with other makers of test data.")
    parser.add_argument("program")
    parser.add_argument("environments", type=Path)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    print(f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f} at the start\n")
    print("| Rows | Program | Time | Processor time | Rows/s | Times as long |\n| ---: | --- | ---: | ---: | ---: | ---: |")
    for rows in map(int, arguments.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder, "output")
            # Employees of type a complete four contents each: three Daily Doses and one more.
            simulate = [program, "simulate", "--new-population", str(rows // 4), "--mix", "a=100"]
            simulate += ["--now", "2026-01-29T18:00:00Z", "--seed", "42", "--quiet", "--out", str(output)]
            jobs = [("BTC Fake", simulate, lambda: next(output.glob("ContentUserCompletion*.csv")))]
            for name, environment, script in OTHERS:
                python = arguments.environments / environment / "bin/python"
                jobs.append((name, [str(python), str(PEERS / script), str(rows), str(output)], lambda: output))
            ours = 0.0
            for name, command, completions in jobs:
                seconds, processor = measure(command, output, completions, rows, arguments.rounds)
                ours = ours or seconds
                print(f"| {rows:,} | {name} | {seconds:.3g} s | {processor:.3g} s | {rows / seconds:,.0f} | {seconds / ours:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
