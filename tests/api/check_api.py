"""Tests the helper's API against its own OpenAPI document, with all checks of schemathesis.

    check_api.py BTCFAKE

Starts `btcfake serve --sandbox` on free ports of loopback, without a token and with one at the same time, and has schemathesis
send what the document allows and what it forbids. The seed is fixed: two calls send the same requests. Run it with the
Python that `scripts/set-up.sh api` installs schemathesis into.
"""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

SEED = "1"
EXAMPLES = "15"
TOKEN = "a-token-of-the-tests"
NOW = "2026-01-29T18:00:00Z"

SCHEMATHESIS = [
    Path(sys.executable).parent / "schemathesis",
    "--no-color",
    "run",
    "--checks=all",
    "--mode=all",
    f"--seed={SEED}",
    f"--max-examples={EXAMPLES}",
    # A connection's test may take 25 seconds, and longer on a busy machine.
    "--request-timeout=100",
    # A slow machine is no fault of the API.
    "--suppress-health-check=too_slow",
    "--generation-database=none",
]


def run_zip(program, folder):
    """Makes a run and packs its files, with the catalogs that it was made from; returns the ZIP's path."""
    inputs, run, packed = folder / "inputs", folder / "run", folder / "run.zip"
    environment = {"PATH": os.environ["PATH"], "HOME": folder}

    def btcfake(*arguments):
        subprocess.run([program, *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)

    btcfake("sample", inputs, "--employees", "5", "--now", NOW)
    (standalone,), (courses,) = inputs.glob("StandAloneContent*"), inputs.glob("CourseCatalog*")
    catalogs = ["--standalone-content", standalone, "--course-catalog", courses]
    btcfake("simulate", "--employees", inputs / "employees.csv", *catalogs, "--seed", "1", "--now", NOW, "--out", run, "--quiet")
    with zipfile.ZipFile(packed, "w") as archive:
        for file in [*sorted(run.iterdir()), standalone, courses]:
            archive.write(file, file.name)
    return packed


@contextmanager
def helper(program, folder, token):
    """A helper with the sandbox behind it; yields its address."""
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "CI": "true"}
    if token:
        environment["BTCFAKE_TOKEN"] = token
    command = [program, "serve", "--sandbox", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        printed = ""
        for line in process.stdout:
            printed += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found[0]
                return
        raise SystemExit(f"{' '.join(command)} ended without an address:\n{printed}")
    finally:
        process.terminate()
        process.wait()


def check(program, token):
    """Returns whether schemathesis finds nothing."""
    with tempfile.TemporaryDirectory(prefix="btcfake-api-") as folder, helper(program, folder, token) as address:
        environment = {
            **os.environ,
            "RUN_ZIP": str(run_zip(program, Path(folder))),
            "PYTHONPATH": str(Path(__file__).parent),
            "SCHEMATHESIS_HOOKS": "hooks",
        }
        command = [*SCHEMATHESIS, f"{address}/api/openapi.json"]
        if token:
            command += ["--header", f"Authorization: Bearer {token}"]
        checked = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if checked.returncode != 0 or "WARNINGS" in checked.stdout:
            print(f"{'With' if token else 'Without'} a token:\n{checked.stdout}")
            return False
        return True


def main():
    (program,) = sys.argv[1:]
    program = os.path.abspath(program)
    with ThreadPoolExecutor() as threads:
        found_nothing = list(threads.map(lambda token: check(program, token), (None, TOKEN)))
    sys.exit(0 if all(found_nothing) else 1)


main()
