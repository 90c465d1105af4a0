"""docs/how-to/data.md: its commands and its Python run, in the order they stand there."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packshot_tests.command import run
from PIL import Image
from skimage import data

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "data.md"


@pytest.fixture
def here(tmp_path: Path, draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """shop/ with three photos and masks, garments/ with two classes."""
    for folder in ("images", "masks"):
        (tmp_path / "shop" / folder).mkdir(parents=True)
    for name, photo in (("suit", data.astronaut()), ("cat", data.chelsea()), ("cup", data.coffee())):
        Image.fromarray(photo).resize((160, 120)).save(tmp_path / "shop" / "images" / f"{name}.jpg")
        mask = np.zeros((120, 160), np.uint8)
        mask[20:100, 40:120] = 255
        Image.fromarray(mask).save(tmp_path / "shop" / "masks" / f"{name}.png")
    for index in range(8):
        draw(tmp_path / "garments" / ("shirt" if index % 2 else "hat") / f"{index}.png", index)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
def test_the_pages_commands_and_examples_run() -> None:
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 5
    for command in commands:
        name, *args = shlex.split(command)
        assert name == "packshot"
        assert run(*args).code == 0, command
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0
