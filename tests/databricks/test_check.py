"""``check`` has the same findings as the command line."""

from __future__ import annotations

import json
from pathlib import Path

import btcfake

from conftest import run_native
from inputs import NOW


def test_findings_are_those_of_the_command_line(tmp_path: Path) -> None:
    faults = "missing-field=2,bad-date@assignments,unknown-employee,repeated-request-id,completed-in-future"
    options = ["--new-population", 60, "--now", NOW, "--seed", 5, "--out", "feed/day", "--break", faults]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    (tmp_path / "feed/day/notes.txt").write_text("no file of a feed")
    (tmp_path / "feed/_btcfake_parts").mkdir()
    (tmp_path / "feed/_btcfake_parts/part.csv").write_text("no file of a feed")
    native = json.loads(run_native(tmp_path, "check", "feed/day", "--json").stdout)
    expected = []
    for file in native["files"]:
        of_file = [
            (one["line"], one["column"], one["kind"], one["severity"], one["data"], one["text"], one["count"])
            for one in file["problems"]
        ]
        of_file += [
            (one["line"], one["column"], one["kind"], one["severity"], one["data"], one["text"], one["count"])
            for one in native["disagreements"]
            if one["file"] == file["name"]
        ]
        expected.append((file["name"], file["kind"], file["rows"], sorted(of_file, key=lambda finding: finding[:2])))
    native_names = [Path(file["path"]).name for file in native["files"] if not file["path"].endswith(".txt")]
    found = [
        (
            file.name,
            file.kind,
            file.rows,
            [(one.line, one.column, one.kind, one.severity, one.data, one.message, one.count) for one in file.findings],
        )
        for file in btcfake.check(tmp_path / "feed")
    ]
    assert [file[0] for file in found] == native_names
    assert found == expected
    assert sum(len(file[3]) for file in found) > 4
