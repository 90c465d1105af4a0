"""What is missing is told with a command that can be typed as it stands, and that adds it to this installation."""

import importlib.metadata
import re
import shlex
import sys
from pathlib import Path

import pytest

from packshot.extras import installing, pip

SOURCE = Path(__file__).parents[1] / "src" / "packshot"


def test_the_command_is_that_of_this_python_for_another_one_s_pip_would_fetch_a_foreign_packshot():
    words = shlex.split(installing("train"))
    assert words[:4] == [sys.executable, "-m", "pip", "install"]
    assert words[4].endswith("[train]")


def test_a_place_with_a_blank_in_its_name_can_be_typed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/home/a b/bin/python")
    assert shlex.split(pip()) == ["/home/a b/bin/python", "-m", "pip"]


def test_a_checkout_that_is_not_installed_installs_from_itself(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert "install '.[train]'" in installing("train")


def test_no_message_names_a_pip_that_may_be_another_environment_s():
    told = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in path.read_text().splitlines()
        if re.search(r"""["'`(]pip3? (un)?install|(\bthe extra: |\binstall )packshot\[""", line)
    ]
    assert told == []
