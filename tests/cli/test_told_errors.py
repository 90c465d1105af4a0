"""What a terminal is given of an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.command import run


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x07", "\x9b"])
@pytest.mark.parametrize("command", [("study",), ("evaluate", "cutout", "--data")])
def test_an_error_drives_no_terminal(sign: str, command: tuple[str, ...], tmp_path: Path) -> None:
    more = ("--data", tmp_path, "-o", tmp_path / "out") if command[0] == "study" else ("-o", tmp_path / "out")
    done = run(*command, tmp_path / f"a{sign}b.toml", *more)
    assert done.code == 2
    assert "a\\x" in done.err
    assert "".join(done.err.splitlines()).isprintable()
