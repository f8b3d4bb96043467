"""Checks the output of a peer: number of rows, unique pairs, times in the window."""

import csv
import sys
from pathlib import Path

FIRST, LAST = "2026-01-29T10:00:00Z", "2026-01-29T18:00:00Z"


def check(output: Path, rows: int) -> int:
    """Number of rows of a CSV file, or of the CSV files in a folder. Exits if there are too few, or if one is wrong."""
    files = sorted(output.rglob("*.csv")) if output.is_dir() else [output]
    pairs: set[tuple[str, str]] = set()
    found = 0
    for file in files:
        with file.open(newline="") as lines:
            for row in csv.DictReader(lines):
                found += 1
                pairs.add((row["UserId"], row["ContentId"]))
                if not FIRST <= row["DateStarted"] <= row["DateCompleted"] <= LAST:
                    sys.exit(f"{file}: row {found}: the times are not in the window: {row}")
    if found < rows or len(pairs) != found:
        sys.exit(f"{output}: {found} rows with {len(pairs)} pairs in place of {rows}")
    return found
