#!/usr/bin/env python3
"""Gives each file that is as it was at the last call the time that it had then: for CI, before cargo is called.

    scripts/keep-source-times.py TARGET    cargo's target folder, which outlives the clone

Cargo compiles what is newer than its output, and in a fresh clone every file is. With the times of the last clone it compiles only
what has changed since. A file with another content keeps its new time, so what depends on it is compiled again; content decides, and
never the time of a commit, which may lie before that of an output from another branch.

The times are in TARGET/source-times.json, with the folder of the clone. Programs contain that folder, so in a clone elsewhere all files
count as changed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path


def main(target: Path) -> None:
    record = target / "source-times.json"
    folder = os.getcwd()
    known = read(record, folder)
    files = {}
    for name in subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0"):
        if os.path.isfile(name):
            digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
            last_digest, last_time = known.get(name, (None, 0))
            if digest == last_digest:
                os.utime(name, ns=(last_time, last_time))
            files[name] = (digest, os.stat(name).st_mtime_ns)
    target.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"folder": folder, "files": files}), encoding="utf-8")


def read(record: Path, folder: str) -> dict[str, tuple[str, int]]:
    """Digest and time of each file at the last call in this folder; empty if that was elsewhere, or cannot be read."""
    try:
        last = json.loads(record.read_text(encoding="utf-8"))
        return last["files"] if last["folder"] == folder else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
