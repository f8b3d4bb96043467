#!/usr/bin/env python3
"""Measures the commands at several sizes, and prints one table for docs/performance.md: make bench.

    scripts/bench.py BTCFAKE [--sizes 2000,100000,1000000,10000000] [--rounds 5]

Each figure is the median of the rounds after a warm-up. A run of a command and a copy of the same files, written and synced, take turns,
so both see the same machine. Rows and bytes are those that a command writes, or reads where it writes nothing. The temporary folder
needs 8 GB for 10 million employees, and 3 GB for a million.
"""

import argparse
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TODAY = "2026-01-29T12:00:00Z"
NOW = ["--now", "2026-01-29T18:00:00Z", "--seed", "42", "--quiet"]
LARGE = 10_000_000  # From here on three rounds without a warm-up, and a new population without other inputs.
SERIES = 10_000  # Employees of the series.


@dataclass
class Measured:
    seconds: float
    kilobytes: int


@dataclass
class Case:
    """A command, and the files that it writes, or reads where it writes nothing."""

    name: str
    arguments: Callable[[], list[str]]
    files: Callable[[], list[Path]]
    output: Path | None = None


def run(program: str, arguments: list[str], memory: int) -> Measured | None:
    """Runs a command with a limit of memory in bytes; `None` if that did not suffice."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    started = time.monotonic()
    child = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=limit)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == -signal.SIGABRT:
        return None
    # A check that finds something has done its work, too.
    if child.returncode != 0 and arguments[0] != "check":
        sys.exit(f"bench: btcfake {' '.join(arguments)} failed:\n{errors}")
    return Measured(seconds, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1))


def copy(files: list[Path], folder: Path) -> float:
    """Seconds that it takes to copy files and to sync the copies."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    started = time.monotonic()
    for number, file in enumerate(files):
        with file.open("rb") as source, (folder / str(number)).open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
    seconds = time.monotonic() - started
    shutil.rmtree(folder)
    return seconds


def rows_of(files: list[Path]) -> int:
    count = 0
    for file in files:
        with file.open("rb") as source:
            while block := source.read(1 << 24):
                count += block.count(b"\n")
    return count


def measure(program: str, size: int, case: Case, rounds: int, memory: int, work: Path) -> None:
    """Prints the row of a case."""
    runs, copies = [], []
    for number in range(rounds):
        if case.output:
            shutil.rmtree(case.output, ignore_errors=True)
        os.sync()
        measured = run(program, case.arguments(), memory)
        if measured is None:
            print(f"| {size:,} | {case.name} | needs more than {memory / 1e9:.0f} GB of memory | | | | |", flush=True)
            return
        os.sync()
        runs.append(measured)
        copies.append(copy(case.files(), work / "copy"))
    counted = slice(1 if size < LARGE else 0, None)
    seconds = statistics.median(one.seconds for one in runs[counted])
    copying = statistics.median(copies[counted])
    megabytes = max(one.kilobytes for one in runs) / 1024
    files = case.files()
    rows, size_in_bytes = rows_of(files), sum(file.stat().st_size for file in files)
    print(
        f"| {size:,} | {case.name} | {seconds:.3g} s | {megabytes:,.0f} MB | {rows / seconds / 1e6:.2f} M | "
        f"{size_in_bytes / seconds / 1e6:,.0f} | {seconds / copying:.2f} |",
        flush=True,
    )


def tables(folder: Path) -> Callable[[], list[Path]]:
    return lambda: sorted(file for file in folder.iterdir() if file.suffix in (".csv", ".jsonl"))


def named(folder: Path, pattern: str) -> Path:
    return next(folder.glob(pattern))


def cases(size: int, work: Path) -> list[Case]:
    """The commands at a size, in an order in which each finds its inputs."""
    inputs, plain, full = work / "inputs", work / "plain", work / "full"

    def of_plain(out: Path) -> list[str]:
        given = ["--employees", f"{inputs}/employees.csv", "--standalone-content", str(named(inputs, "StandAloneContent*"))]
        return ["simulate", *given, *NOW, "--out", str(out)]

    def of_full() -> list[str]:
        state = ["--assignments", f"{inputs}/content_assignments.csv", "--completions", f"{inputs}/content_completion.csv"]
        others = ["--course-catalog", str(named(inputs, "CourseCatalog*")), "--recommendations", f"{inputs}/recommendations.jsonl"]
        return [*of_plain(full), *state, *others, "--mix", "a=50,b=30,f=20"]

    if size >= LARGE:
        new_population = ["simulate", "--new-population", str(size), *NOW, "--out", str(plain)]
        return [Case("simulate", lambda: new_population, tables(plain), plain), *from_feed("plain", plain, None)]
    sample = ["sample", str(inputs), "--employees", str(size), "--now", TODAY]
    return [
        Case("sample", lambda: sample, tables(inputs), inputs),
        Case("simulate", lambda: of_plain(plain), tables(plain), plain),
        Case("simulate, everything", of_full, tables(full), full),
        *from_feed("everything", full, inputs),
    ]


def from_feed(what: str, feed: Path, inputs: Path | None) -> list[Case]:
    """The commands that read a feed, and the inputs that it was made from."""

    def run_file() -> str:
        return str(named(feed, "run_*.json"))

    def employee() -> str:
        with named(feed, "ContentUserCompletion*").open() as rows:
            next(rows)
            return next(rows).split(",")[0].strip('"')

    given = [inputs] if inputs else []
    return [
        Case(f"check, {what}", lambda: ["check", str(feed), *map(str, given)], lambda: [*tables(feed)(), *(tables(inputs)() if inputs else [])]),
        Case(f"replay, {what}", lambda: ["replay", run_file()], tables(feed)),
        Case(f"explain, {what}", lambda: ["explain", employee(), "--run", run_file()], tables(inputs or feed)),
    ]


def series(work: Path) -> Case:
    output = work / "series"
    days = ["series", "--from", "2026-01-29", "--days", "30", "--new-population", str(SERIES), "--seed", "42", "--quiet"]
    return Case("series, 30 days", lambda: [*days, "--out", str(output)], lambda: sorted(output.rglob("*.csv")), output)


def machine() -> str:
    processor = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    busy = os.getloadavg()[0]
    return f"{os.cpu_count()} processors ({processor}), {memory:.0f} GB of memory, {platform.system()} {platform.release()}; load {busy:.1f} at the start"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the commands at several sizes.")
    parser.add_argument("program")
    parser.add_argument("--sizes", default="2000,100000,1000000,10000000")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, up to a million employees")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    # A command that wants more fails, in place of another program that the system ends.
    memory = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES") * 0.9)
    print(f"{machine()}\n")
    print("| Employees | Command | Time | Peak memory | Rows/s | MB/s | Times a copy |\n| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for size in map(int, arguments.sizes.split(",")):
        rounds = arguments.rounds + 1 if size < LARGE else 3
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            for case in cases(size, work):
                measure(program, size, case, rounds, memory, work)
    with tempfile.TemporaryDirectory() as folder:
        measure(program, SERIES, series(Path(folder)), arguments.rounds + 1, memory, Path(folder))


if __name__ == "__main__":
    main()
