"""Opacity in eight bits is rounded, not cut."""

from __future__ import annotations

import numpy as np

from packshot.photo import grey_of


def test_each_level_comes_back_and_what_lies_between_goes_to_the_nearest() -> None:
    levels = np.arange(256, dtype=np.float32)
    assert (grey_of(levels[None] / 255) == levels).all()
    assert (grey_of((levels[None, :-1] + np.float32(0.49)) / 255) == levels[:-1]).all()
    assert (grey_of((levels[None, :-1] + np.float32(0.51)) / 255) == levels[1:]).all()


def test_a_picture_that_lies_in_pieces_is_read_as_it_looks() -> None:
    turned = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4).T[::-1]
    assert (grey_of(turned) == np.rint(turned * 255)).all()
