#!/usr/bin/env bash
# Measures the recommendation calls of a live run: 2,067 employees, 16 calls at a time. The sandbox answers after 50 ms on
# average; the ideal is the time of the calls alone.
#
#   scripts/measure-a-live-run.sh    builds the release program if it is out of date
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --release --locked -p btcfake
program="$(realpath "${CARGO_TARGET_DIR:-target}")/release/btcfake"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
"$program" sample sample --employees 2067 --now 2026-01-29T12:00:00Z >/dev/null
mkdir input
cp sample/employees.csv input/
python3 - "$program" <<'PYTHON'
import subprocess, sys, time

program = sys.argv[1]
now = ["--now", "2026-01-29T18:00:00Z"]
ideal = 2067 * 0.05 / 16
sandbox = subprocess.Popen([program, "sandbox", *now], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    with open(".env", "w") as env:
        for line in sandbox.stdout:
            env.write(line)
            if line.startswith("SFTP_OUTBOUND_HOST_KEY="):
                break
    for round_number in 1, 2, 3:
        command = [program, "run", *now, "--out", f"out{round_number}"]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        asked = answered = None
        for line in run.stderr:
            if line.startswith("asking the recommender"):
                asked = time.monotonic()
            elif "calls failed" in line:
                answered = time.monotonic()
        assert run.wait() == 0 and asked and answered, "the run failed"
        seconds = answered - asked
        print(f"live run, round {round_number}: the recommender was asked for {seconds:.2f} s, "
              f"{seconds / ideal:.2f} times the ideal")
finally:
    sandbox.terminate()
    sandbox.wait()
PYTHON
