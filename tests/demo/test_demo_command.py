"""`python -m packshot.demo` as typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from packshot.demo import PHOTOS


def demo(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "packshot.demo", *args], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("args", "code"), [(["--help"], 0), ([], 2), (["--nonsense"], 2), (["a", "b"], 2)])
def test_what_names_no_folder_writes_nothing_and_says_what_is_wanted(
    args: list[str], code: int, tmp_path: Path
) -> None:
    done = demo(tmp_path, *args)
    assert done.returncode == code
    assert "usage: python -m packshot.demo [-h] folder" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_every_photo(tmp_path: Path) -> None:
    assert demo(tmp_path, "photos").returncode == 0
    assert {path.name for path in (tmp_path / "photos").iterdir()} == set(PHOTOS)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file")
    done = demo(tmp_path, "photos")
    assert (done.returncode, done.stderr) == (1, "photos: the photographs cannot be written (File exists)\n")
