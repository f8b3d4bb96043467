"""A large file is split into several, which together have the rows of the native program's single file."""

from __future__ import annotations

from pathlib import Path

import btcfake
import pytest
from pyspark.sql import SparkSession

from conftest import assert_clean, native_feed, run_native
from inputs import NOW, SEED, Inputs

MOST = 20_000


@pytest.mark.connect
@pytest.mark.parametrize("slices", [None, 3])
def test_several_files_of_a_kind(spark: SparkSession, inputs: Inputs, tmp_path: Path, slices: int | None) -> None:
    options = inputs.write(tmp_path / "in")
    native = native_feed(tmp_path, *options, "--bom")
    arguments = {"now": NOW, "seed": SEED, "slices": slices, "bom": True, "bytes_per_file": MOST}
    feed = btcfake.make_feed(spark, **inputs.frames(spark), volume=tmp_path / "spark", **arguments)
    assert feed.record["bytes_per_file"] == MOST
    assert feed.summary["files"] == list(feed.files)
    assert [output["name"] for output in feed.record["outputs"]] == list(feed.files[:-1])
    for name, whole in native.items():
        if name.endswith(".json") or name.startswith("User"):
            continue
        head = whole[: whole.index(b"\n") + 1]
        count = sum(one.startswith(name[:5]) for one in feed.files)
        assert count > 3
        parts = [
            (feed.folder / f"_{number}_".join(name.rsplit("_1_", 1))).read_bytes() for number in range(1, count + 1)
        ]
        assert all(part.startswith(head) and part.endswith(b"\n") and len(part) <= MOST for part in parts)
        assert head + b"".join(part.removeprefix(head) for part in parts) == whole
    assert_clean(tmp_path, feed.folder)
    assert_clean(tmp_path, feed.folder, tmp_path / "in")
    assert not any(one.findings for one in btcfake.check(feed.folder))

    assert "same rows" in run_native(tmp_path, "diff", "native", feed.folder).stdout

    # The last line of the last file repeats a row of another file.
    last = max(feed.folder.glob("Content*"), key=lambda path: int(path.name.split("_")[-2]))
    first = feed.folder / feed.files[0]
    repeated = first.read_bytes().splitlines()[1]
    last.write_bytes(last.read_bytes() + repeated + b"\n")
    lines = len(last.read_bytes().splitlines())
    found = run_native(tmp_path, "check", feed.folder).stderr
    assert f"{last.name}:{lines}:" in found
    assert "stand in line 2 already" in found
    differences = run_native(tmp_path, "diff", "native", feed.folder / feed.files[-1])
    assert differences.returncode == 1
    assert f", line {lines} of {last.name}: " in differences.stdout


def test_the_native_program_refuses_to_repeat_it(spark: SparkSession, tmp_path: Path) -> None:
    feed = btcfake.make_feed(spark, employees=5, volume=tmp_path / "spark", now=NOW, seed=SEED, bytes_per_file=200)
    assert len(feed.files) > 4
    done = run_native(tmp_path, "replay", feed.folder / feed.files[-1], "--out", "again")
    assert done.returncode != 0
    assert "several files of a kind" in done.stderr


def test_a_small_feed_has_one_file_of_a_kind(spark: SparkSession, tmp_path: Path) -> None:
    native = native_feed(tmp_path, "--new-population", 5)
    feed = btcfake.make_feed(spark, employees=5, volume=tmp_path / "spark", now=NOW, seed=SEED, bytes_per_file=1 << 30)
    assert set(feed.files) == set(native)
    assert all((feed.folder / name).read_bytes() == native[name] for name in feed.files[:-1])
