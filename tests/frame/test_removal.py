"""Cutting frames off, and leaving photos alone."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.frame import can_remove, remove_frame
from packshot.values import Box, Frame, Photo

SIZE = (100, 80)


def photo(alpha: bool = False) -> Photo:
    rgb = np.arange(80 * 100 * 3, dtype=np.uint32).reshape(80, 100, 3).astype(np.uint8)
    share = np.linspace(0, 1, 8000, dtype=np.float32).reshape(80, 100) if alpha else None
    return Photo(rgb=rgb, source="shelf/mug.jpg", sha256="0" * 64, format="JPEG", alpha=share, notes=("one",))


def test_a_sure_frame_is_cut_off() -> None:
    before = photo(alpha=True)
    after = remove_frame(before, Frame(True, 0.97, Box(5, 4, 90, 76)))
    assert np.array_equal(after.rgb, before.rgb[4:76, 5:90])
    assert before.alpha is not None
    assert after.alpha is not None
    assert np.array_equal(after.alpha, before.alpha[4:76, 5:90])
    assert (after.source, after.sha256, after.format) == (before.source, before.sha256, before.format)
    assert after.rgb.flags.c_contiguous


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (Frame(False, 0.99, Box(5, 5, 95, 75)), "not framed"),
        (Frame(True, 0.89, Box(5, 5, 95, 75)), "unsure"),
        (Frame(True, 0.99, Box(0, 0, 100, 80)), "nothing to cut"),
        (Frame(True, 0.99, Box(27, 0, 100, 80)), "more than 26 % of a side: a product may begin there"),
        (Frame(True, 0.99, Box(25, 20, 75, 60)), "25 % of the area remain"),
        (Frame(True, 0.99, Box(5, 5, 101, 80)), "of another picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_is_not_sure_stays(frame: Frame, why: str) -> None:
    before = photo()
    assert not can_remove(frame, SIZE), why
    assert np.array_equal(remove_frame(before, frame).rgb, before.rgb)


def test_one_bar_and_the_broadest_frame_can_be_cut() -> None:
    assert can_remove(Frame(True, 0.9, Box(0, 0, 100, 70)), SIZE)
    assert can_remove(Frame(True, 0.9, Box(20, 16, 80, 64)), SIZE)  # 20 % all around: 36 % of the area remain
