"""How much maps change under noise, of maps whose change is known."""

import numpy as np
import pytest

from packshot.explanation import sensitivity

GREY = np.full((40, 60, 3), 128, np.uint8)


def test_a_map_that_does_not_look_never_changes():
    heat = np.ones((4, 4), np.float32)
    assert sensitivity(lambda _: heat, GREY, heat) == 0


def test_the_noise_stays_within_two_percent_of_the_range():
    """The photo itself as a map: its change is the noise, at most 5 levels of 128, and not much less in the norm."""
    seen = []

    def maps(rgb):
        seen.append(rgb)
        return rgb[..., 0].astype(np.float32)

    found = sensitivity(maps, GREY, GREY[..., 0].astype(np.float32))
    assert all(np.abs(rgb.astype(int) - 128).max() <= 6 for rgb in seen)
    assert found == pytest.approx(5.1 / np.sqrt(3) / 128, rel=0.1)  # deviation of a uniform distribution


def test_a_map_without_heat_has_no_relative_change():
    assert np.isnan(sensitivity(lambda _: np.ones((2, 2), np.float32), GREY, np.zeros((2, 2), np.float32)))
