"""``packshot data`` as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import run


def test_good_data(shop: Path) -> None:
    code, out, _ = run("data", shop)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == ["source", "train", "validation", "holdout"]
    assert lines[1].split() == ["shop", "8", "2", "2"]
    assert lines[-1] == "nothing wrong was found"


def test_errors_come_with_remedies_and_exit_code_3(shop: Path) -> None:
    (shop / "images" / "05.png").write_bytes(b"")
    (shop / "masks" / "06.png").write_bytes(b"no picture")
    code, out, _ = run("data", shop)
    assert code == 3
    assert "error: " in out
    assert "05.png is empty (0 bytes): upload it again" in out
    code, out, _ = run("data", shop, "--json")
    row = json.loads(out)
    assert code == 3
    assert row["ok"] is False
    assert row["counts"] == {"shop": {"holdout": 2, "validation": 2, "train": 8}}
    assert [finding["code"] for finding in row["findings"]] == ["broken-file", "broken-file"]


def test_classes(tmp_path: Path, draw: Any) -> None:
    for index in range(24):
        draw(tmp_path / ("shirt" if index % 2 else "hat") / f"{index:02}.png", index)
    code, out, _ = run("data", tmp_path, "--task", "classification")
    assert code == 0
    assert [line.split() for line in out.splitlines()[:4]] == [
        ["class", "train", "validation", "holdout"],
        ["hat", "8", "2", "2"],
        ["shirt", "8", "2", "2"],
        ["all", "16", "4", "4"],
    ]


def test_class_folders_are_told_of_their_task(tmp_path: Path, draw: Any) -> None:
    for name in ("shirt", "hat"):
        draw(tmp_path / name / "0.png", 0)
    code, _, err = run("data", tmp_path)
    assert code == 2
    assert f"these look like class folders (hat, shirt): packshot data {tmp_path} --task classification" in err


def test_a_split_is_frozen(shop: Path) -> None:
    assert run("data", shop, "-o", shop / "split.csv")[0] == 0
    assert run("data", shop / "split.csv")[1].splitlines()[1].split() == ["split", "8", "2", "2"]


@pytest.mark.parametrize("what", ["nowhere", "empty", "file.txt"])
def test_what_is_no_data_is_wrong_usage(tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("hello")
    code, out, err = run("data", tmp_path / what)
    assert code == 2
    assert out == ""
    assert what in err
    assert "Traceback" not in err


def test_it_runs_without_torch(shop: Path) -> None:
    code = f"""
import sys
from packshot.cli.main import main
try:
    main(["data", {str(shop)!r}])
except SystemExit as ended:
    assert not ended.code
print(sorted(set(sys.modules) & {{"torch", "torchvision", "lightning", "timm"}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
