"""What a terminal is given of an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.command import run


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\x07b", "a\x9bb"])
def test_an_error_drives_no_terminal(name: str, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    done = run("run", tmp_path / "photos", "-o", tmp_path / "out", "--profile", name)
    assert done.code == 2
    assert "a\\x" in done.err
    assert done.err.rstrip("\n").replace("\n", "").isprintable()
