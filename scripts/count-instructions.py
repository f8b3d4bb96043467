#!/usr/bin/env python3
"""Compares the processor instructions of four runs at 2,000 employees with tests/data/instructions.txt: make counts.

    scripts/count-instructions.py BTCFAKE [--record]    the program of the development profile

Instructions are counted by valgrind, in place of measuring time, so a loaded machine gives the same figures. A count that differs by
more than 3 % fails, in either direction: a slower path is a regression, and after a faster one an old count would hide the next. With
--record the counts are written to the file in place of being compared.

Counts depend on compiler and processor. The file names both, and with others the counts are only printed.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

COUNTS = Path(__file__).resolve().parent.parent / "tests/data/instructions.txt"
BOUND = 0.03
NOW = "2026-01-29T18:00:00Z"
PROCESSORS = 2  # The program starts a thread for each.


def compiler() -> str:
    """Release, commit and host of the compiler, on one line."""
    lines = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout.splitlines()
    values = dict(line.split(": ", 1) for line in lines if ": " in line)
    return f"rustc {values['release']} {values['commit-hash'][:9]} {values['host']}"


def recorded() -> tuple[str, dict[str, int]]:
    """The compiler that the file names, and the count of each path."""
    lines = [line for line in COUNTS.read_text().splitlines() if line and not line.startswith("#")]
    paths = (line.rsplit(maxsplit=1) for line in lines[1:])
    return lines[0], {path: int(count.replace(",", "")) for path, count in paths}


def record(counts: dict[str, int]) -> None:
    """Writes counts and compiler to the file; its comments stay."""
    comments = [line for line in COUNTS.read_text().splitlines() if line.startswith("#")]
    COUNTS.write_text("\n".join([*comments, compiler(), *(f"{path} {count:,}" for path, count in counts.items())]) + "\n")


def count(command: list[str], folder: Path) -> int:
    """Instructions of a command, run by valgrind in a folder."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TZ": "UTC"}
    done = subprocess.run([*valgrind, *command], cwd=folder, env=environment, capture_output=True, text=True)
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"counts: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
    return int(found[1].replace(",", ""))


def count_all(program: str, folder: Path) -> dict[str, int]:
    """Instructions of each path, over the files of one sample."""

    def run(*arguments: str) -> None:
        subprocess.run([program, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("sample", "inputs", "--employees", "2000", "--contents", "500", "--now", NOW)
    names = {path.name.split("_v2")[0].split("_V2")[0]: f"inputs/{path.name}" for path in (folder / "inputs").iterdir()}
    plain = ["--employees", "inputs/employees.csv", "--standalone-content", names["StandAloneContent"], "--now", NOW, "--seed", "42", "--quiet"]
    state = [
        *plain, "--course-catalog", names["CourseCatalog"], "--assignments", "inputs/content_assignments.csv",
        "--completions", "inputs/content_completion.csv", "--recommendations", "inputs/recommendations.jsonl",
    ]  # fmt: skip
    run("simulate", *plain, "--out", "plain")
    run("simulate", *state, "--out", "state")
    run_file = next((folder / "plain").glob("run_*.json")).relative_to(folder)
    paths = {
        "simulate": ["simulate", *plain, "--out", "plain2"],
        "simulate with all inputs": ["simulate", *state, "--out", "state2"],
        "check with all inputs": ["check", "state", "inputs"],
        "replay": ["replay", str(run_file)],
    }
    with ThreadPoolExecutor(PROCESSORS) as pool:
        counts = pool.map(lambda arguments: count([program, *arguments], folder), paths.values())
        return dict(zip(paths, counts))


def main() -> None:
    parser = argparse.ArgumentParser(description="Counts the instructions of four commands.")
    parser.add_argument("program")
    parser.add_argument("--record", action="store_true", help="write the counts to tests/data/instructions.txt")
    arguments = parser.parse_args()
    if sys.platform != "linux":
        print("counts: not counted, because valgrind needs Linux")
        return
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    with tempfile.TemporaryDirectory() as folder:
        counts = count_all(os.path.abspath(arguments.program), Path(folder))
    if arguments.record:
        record(counts)
    known_by, known = recorded()
    changes = {path: number / known[path] - 1 if path in known else float("inf") for path, number in counts.items()}
    for path, number in counts.items():
        print(f"{path}: {number:,} instructions ({changes[path]:+.2%})")
    if known_by != compiler():
        print(f"counts: not compared, because {COUNTS.name} is of {known_by}; here is {compiler()}")
        return
    far = [path for path, change in changes.items() if abs(change) > BOUND]
    if any(changes[path] > 0 for path in far):
        sys.exit("counts: more than 3 % slower. Mend it; where it is meant, `make counts RECORD=yes` records the new counts")
    if far:
        sys.exit("counts: more than 3 % faster. Record it with `make counts RECORD=yes`, and commit tests/data/instructions.txt")


if __name__ == "__main__":
    main()
