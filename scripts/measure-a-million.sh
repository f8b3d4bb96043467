#!/usr/bin/env bash
# Measures the command line at a million employees: seconds, rows and bytes a second, peak memory.
# Hashing and syncing of the files are included. It needs about 1 GB in the temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --release --locked -p btcfake
program="${CARGO_TARGET_DIR:-target}/release/btcfake"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" sample "$work" --employees 1000000 --now 2026-01-29T12:00:00Z >/dev/null
for round in 1 2 3; do
  rm -rf "$work/out"
  python3 - "$program" "$work" "$round" <<'PYTHON'
import glob, os, resource, subprocess, sys, time

program, work, round_number = sys.argv[1:]
started = time.monotonic()
subprocess.run(
    [program, "simulate", "--employees", f"{work}/employees.csv",
     "--standalone-content", glob.glob(f"{work}/StandAloneContent*")[0],
     "--now", "2026-01-29T18:00:00Z", "--seed", "42", "--out", f"{work}/out", "--quiet"],
    check=True,
)
seconds = time.monotonic() - started
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 if sys.platform != "darwin" else 1024)
files = glob.glob(f"{work}/out/*.csv")
size = sum(os.path.getsize(name) for name in files)
rows = sum(block.count(b"\n") for name in files for block in iter(lambda f=open(name, "rb"): f.read(1 << 24), b""))
print(f"round {round_number}: {seconds:.2f} s, {rows / seconds / 1e6:.1f} million rows/s, "
      f"{size / seconds / 1e6:.0f} MB/s, {memory / 1024:.0f} MB at the peak ({rows:,} rows, {size / 1e6:.0f} MB)")
PYTHON
done
