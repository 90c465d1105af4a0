"""--max-megapixels is obeyed by every command that has it: a photo with more pixels is named, and not opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.command import run
from PIL import Image

COMMANDS = [
    ("caption",),
    ("check", "--profile", "amazon"),
    ("classify",),
    ("cutout", "-o", "OUT"),
    ("duplicates",),
    ("explain", "-o", "OUT"),
    ("frame",),
    ("overlay",),
    ("run", "-o", "OUT", "--jobs", "1"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_a_photo_of_more_pixels_than_asked_for_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    photo = tmp_path / "large.png"
    Image.new("RGB", (60, 50), "white").save(photo)  # 3000 pixels
    words = [word.replace("OUT", str(tmp_path / "out")) for word in command]
    done = run(words[0], str(photo), *words[1:], "--max-megapixels", "0.002")
    assert done.code == 3
    assert f"{photo} is too large (60 x 50 = 0.0 megapixels), expected at most 0.002 megapixels" in done.err
