"""Coloured lines and bars along the edges: on which side, how wide, and how the rule `no-border` tells of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.inspection import border_widths, bordered_sides
from packshot.marketplace.rules import Finished, measure
from packshot.photo import decode
from packshot.values import Rgb


def _shades() -> Rgb:
    """A soft grey picture, uint8 (400, 500, 3)."""
    tones = np.random.default_rng(3).integers(60, 200, (10, 12)).astype(np.uint8)
    grey = np.asarray(cv2.resize(tones, (500, 400), interpolation=cv2.INTER_CUBIC), np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


@pytest.mark.parametrize("width", [1, 2, 3, 12, 60])
def test_a_bar_is_as_wide_as_it_was_drawn(width: int) -> None:
    rgb = _shades()
    rgb[:, -width:] = (10, 60, 20)
    assert border_widths(rgb) == {"right": width}
    assert bordered_sides(rgb) == ("right",)


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_a_thin_line_is_seen_in_a_jpeg_and_its_blur_is_not_taken_for_width(quality: int) -> None:
    rgb = _shades()
    rgb[:, :1] = rgb[:1] = rgb[-1:] = 0
    data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    arrived = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    assert border_widths(arrived) == {"left": 1, "top": 1, "bottom": 1}


@pytest.mark.parametrize(
    ("pixels", "measured"), [(0, "none"), (1, "top, 1 px wide"), (2, "top, 2 px wide"), (3, "top")]
)
def test_lines_that_are_easily_overlooked_are_reported_as_such(pixels: int, measured: str) -> None:
    rgb = _shades()
    rgb[:pixels] = 0
    found = measure(Finished(decode(rgb), file_bytes=1), "no-border", {})
    assert (found.ok, found.measured) == (pixels == 0, measured)
