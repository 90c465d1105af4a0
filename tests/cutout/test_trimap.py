"""The unknown band: by hand, and how it follows size, doubt and softness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.cutout import trimap


def test_by_hand():
    # Undecided (0.05..0.95) are columns 5 to 9; reach is round(sqrt(30 * 15) * 0.05) = 1 at the given shares.
    row = np.array([0] * 5 + [0.1, 0.3, 0.5, 0.7, 0.9] + [1] * 5, np.float32)
    marked = trimap(np.tile(row, (30, 1)), uncertainty=0.4, least=0.01, per_doubt=0.1)
    assert marked[15].tolist() == [0] * 4 + [128] * 7 + [255] * 4


def test_a_crisp_edge_needs_no_matte(disc):
    assert set(np.unique(trimap(disc(300), uncertainty=0.3))) == {0, 255}
    assert set(np.unique(trimap(disc(300, blur=0.8), uncertainty=0.3))) == {0, 255}


def test_only_the_soft_side_of_a_product_gets_a_band(disc):
    alpha = np.where(np.arange(400) < 200, disc(400), disc(400, blur=8)).astype(np.float32)
    band = trimap(alpha, uncertainty=0.05) == 128
    assert not band[:, :190].any()
    assert band[200, 300:].any()


def band_width(alpha, uncertainty):
    """Of the band right of the centre, in pixels."""
    middle = alpha.shape[0] // 2
    return int((trimap(alpha, uncertainty=uncertainty)[middle, middle:] == 128).sum())


def test_the_band_grows_with_doubt_with_softness_and_with_the_picture(disc):
    alpha = disc(400, blur=6)
    widths = [band_width(alpha, doubt) for doubt in (0.0, 0.1, 0.2, 0.4, 1.0)]
    assert widths == sorted(widths)
    assert widths[0] < widths[2]
    assert widths[3] == widths[4]  # limited to 2 % of the side
    assert band_width(disc(400, blur=12), 0.1) > band_width(alpha, 0.1)
    twice = band_width(disc(800, blur=12), 0.1)
    assert twice == pytest.approx(2 * band_width(alpha, 0.1), abs=3)


def test_the_truth_of_a_soft_edge_lies_in_the_band(disc):
    true = disc(300, blur=5)
    marked = trimap(true, uncertainty=0.0)
    assert (true[marked == 0] <= 0.05).all()
    assert (true[marked == 255] >= 0.95).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), height=st.integers(1, 50), width=st.integers(1, 50), doubt=st.floats(0, 1))
def test_any_alpha(seed, height, width, doubt):
    alpha = np.random.default_rng(seed).random((height, width), np.float32)
    marked = trimap(alpha, uncertainty=doubt)
    assert marked.dtype == np.uint8
    assert marked.shape == alpha.shape
    assert set(np.unique(marked)) <= {0, 128, 255}
