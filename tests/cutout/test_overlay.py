"""The overlay: its rulers measure the photo's own pixels, at any size."""

import json

import numpy as np
import pytest

from packshot.cutout import Strokes, overlay

FRAME, BACKGROUND = 44, 245


@pytest.mark.parametrize("shape", [(300, 400), (400, 225), (1100, 700), (2400, 3100), (1, 1), (3, 900), (5000, 40)])
def test_the_photo_is_shown_large_enough_and_no_larger(shape):
    shown = overlay(np.zeros((*shape, 3), np.uint8), np.ones(shape, np.float32))
    inner = max(shown.shape[:2]) - 2 * FRAME
    assert 1000 <= inner <= 2000
    if max(shape) > 1500:
        assert inner == 1500
    assert (shown[0] == BACKGROUND).all()


@pytest.mark.parametrize("shape", [(400, 400), (1200, 900), (3000, 2000)])
def test_a_ruler_points_at_the_pixel_it_names(shape):
    # A white column at x = 100 and nothing else: the long tick above it must stand over its middle.
    rgb = np.zeros((*shape, 3), np.uint8)
    rgb[:, 100] = 255
    shown = overlay(rgb, np.ones(shape, np.float32)).astype(int)
    column = shown[FRAME + 5, FRAME:-FRAME].sum(axis=1)
    bright = np.flatnonzero(column > column.max() * 0.9)
    ticks = np.flatnonzero(shown[FRAME - 9, FRAME:-FRAME, 0] < 60)
    if shape[0] < 3000:  # there a label stands at every 200 pixels only
        assert np.abs(ticks - bright.mean()).min() <= 1
    assert np.diff(ticks).min() >= 40


def test_background_is_dimmed_product_is_not_and_the_outline_is_magenta():
    alpha = np.zeros((200, 200), np.float32)
    alpha[50:150, 50:150] = 1
    shown = overlay(np.full((200, 200, 3), 90, np.uint8), alpha)[FRAME:-FRAME, FRAME:-FRAME]
    scale = shown.shape[0] // 200
    assert shown[103 * scale, 103 * scale].tolist() == [90, 90, 90]
    assert shown[20 * scale, 33 * scale].tolist() == [45, 45, 45]
    magenta = (shown == (255, 0, 220)).all(axis=2)
    rows = np.flatnonzero(magenta.any(axis=1))
    assert abs(rows[0] - 50 * scale) <= 2
    assert abs(rows[-1] - 150 * scale) <= 2


def test_strokes_are_shown_in_their_colours():
    document = {
        "version": 1,
        "photo": {"width": 200, "height": 200},
        "strokes": [
            {"kind": "keep", "radius": 5, "points": [[50, 50]]},
            {"kind": "erase", "radius": 5, "points": [[150, 150]]},
        ],
    }
    strokes = Strokes.from_json(json.dumps(document))
    shown = overlay(np.zeros((200, 200, 3), np.uint8), np.ones((200, 200), np.float32), strokes=strokes)
    for colour, place in (((0, 200, 60), 50), ((255, 60, 0), 150)):
        rows, columns = np.nonzero((shown == colour).all(axis=2))
        scale = (shown.shape[0] - 2 * FRAME) / 200
        assert np.mean(rows) == pytest.approx(FRAME + (place + 0.5) * scale, abs=scale)
        assert np.mean(columns) == pytest.approx(FRAME + (place + 0.5) * scale, abs=scale)
