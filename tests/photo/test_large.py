"""Photos of phones with 48 megapixels and more: reduced while they are decoded, in memory that a worker has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from packshot.photo import decode

MOST_BYTES = 1_000_000_000
MOST_SECONDS = 5.0  # of one core, with the network loaded

TO_THE_MASK = """
import pathlib, re, sys, time
from packshot.cutout import segmenter
from packshot.photo import decode
from packshot.settings import Settings
segment = segmenter("cutout", Settings(threads=1))
segment(decode(sys.argv[2]))
started = time.process_time()
print(*segment(decode(sys.argv[1])).alpha.shape)
print(time.process_time() - started)
print(1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]))
"""


def photographed(path: Path, wide: int, high: int) -> Path:
    picture = Image.new("RGB", (wide, high), (200, 190, 180))
    ImageDraw.Draw(picture).ellipse((wide // 3, high // 4, 2 * wide // 3, 3 * high // 4), fill=(30, 90, 160))
    picture.save(path, quality=60)
    return path


@pytest.mark.parametrize(("size", "kept"), [((8160, 6144), (4080, 3072)), ((16382, 3628), (8191, 1814))])
def test_a_large_photo_is_reduced_with_a_note(size: tuple[int, int], kept: tuple[int, int], tmp_path: Path) -> None:
    photo = decode(photographed(tmp_path / "a.jpg", *size))
    assert photo.rgb.shape == (kept[1], kept[0], 3)
    assert photo.notes == (f"reduced from {size[0]} x {size[1]} to {kept[0]} x {kept[1]} pixels",)


@pytest.mark.skipif(sys.platform != "linux", reason="the greatest resident size is read from /proc")
def test_the_mask_of_48_megapixels_is_found_in_a_gigabyte_and_five_seconds(tmp_path: Path) -> None:
    photo, small = photographed(tmp_path / "a.jpg", 8064, 6048), photographed(tmp_path / "b.jpg", 640, 480)
    # Not getrusage: a process that was begun by a large one inherits its parent's greatest size there.
    done = subprocess.run(
        [sys.executable, "-c", TO_THE_MASK, photo, small], capture_output=True, text=True, check=True, timeout=240
    )
    shape, seconds, most = done.stdout.splitlines()
    assert shape == "3024 4032"
    assert float(seconds) < MOST_SECONDS
    assert int(most) < MOST_BYTES
