"""``check`` has the same findings as the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import btcfake
import pytest

from conftest import run_native
from inputs import NOW

DATA = Path(__file__).parents[1] / "data"


def test_findings_are_those_of_the_command_line(tmp_path: Path) -> None:
    faults = "missing-field=2,bad-date@assignments,unknown-employee,repeated-request-id,completed-in-future"
    options = ["--new-population", 60, "--now", NOW, "--seed", 5, "--out", "feed/day", "--break", faults]
    assert run_native(tmp_path, "simulate", *options).returncode == 0
    (tmp_path / "feed/day/notes.txt").write_text("no file of a feed")
    (tmp_path / "feed/_btcfake_parts").mkdir()
    (tmp_path / "feed/_btcfake_parts/part.csv").write_text("no file of a feed")
    shutil.copy(DATA / "employees.xlsx", tmp_path / "feed/day")
    (tmp_path / "feed/day/state.TSV").write_text("ba_id\tcontent_id\tcompletion_date\n1\t2\t2026-01-05\n")
    native = json.loads(run_native(tmp_path, "check", "feed/day", "--json").stdout)

    def findings(found: list[dict[str, Any]]) -> list[tuple[object, ...]]:
        return [
            tuple(one[name] for name in ("line", "column", "kind", "severity", "data", "text", "count"))
            for one in found
        ]

    expected = []
    for file in native["files"]:
        of_file = findings(file["problems"])
        of_file += findings([one for one in native["disagreements"] if one["file"] == file["name"]])
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


def test_a_folder_without_files_of_a_feed_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no file of a feed")
    native = run_native(tmp_path, "check", ".")
    assert native.returncode == 1
    with pytest.raises(btcfake.NoFeedError, match=r"no \.csv, \.json or \.jsonl file or workbook") as found:
        btcfake.check(tmp_path)
    assert found.value.path == str(tmp_path)
    with pytest.raises(FileNotFoundError):
        btcfake.check(tmp_path / "none")
