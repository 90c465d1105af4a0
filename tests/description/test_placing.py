"""Where tags are, by a head for places: numbers worked out by hand."""

import cv2
import numpy as np
import pytest

from packshot.description import Describer
from packshot.errors import ModelMismatch
from packshot.explanation import POSITIONS, contrasted, place_maps, position_basis
from packshot.values import Mask

FLAT = np.zeros((3, POSITIONS), np.float32)


def checked(stripes):
    """A photo of 32 x 32 pixels; columns from one to the other have a colour."""
    photo = np.zeros((32, 32, 3), np.uint8)
    for (start, stop), colour in stripes.items():
        photo[:, start:stop] = colour
    return photo


def test_places_are_told_from_edge_to_edge_of_the_product():
    alpha = np.zeros((16, 16), np.float32)
    alpha[4:12, 6:10] = 1
    across, aside, down, *bands = position_basis(alpha, size=(16, 16))
    # Eight rows from -1 to 1: their middles lie at -7/8, -5/8, ..., 7/8; four columns likewise.
    np.testing.assert_allclose(down[4:12, 0], np.arange(-7, 8, 2) / 8)
    np.testing.assert_allclose(across[0, 6:10], np.array([-3, -1, 1, 3]) / 4)
    np.testing.assert_array_equal(aside, np.abs(across))
    assert down[:, 0].min() == pytest.approx(-15 / 8)
    assert np.abs(across).max() == 2  # what is farther away counts as that
    assert len(bands) == 9
    assert [int(band[4:12, 0].argmax()) for band in (bands[0], bands[4], bands[8])] in ([0, 3, 7], [0, 4, 7])
    np.testing.assert_allclose(bands[2], np.exp(-(((down + 0.5) / 0.2) ** 2)), atol=1e-6)


def test_a_thin_product_is_taken_to_have_a_width():
    alpha = np.zeros((20, 20), np.float32)
    alpha[:, 10] = 1
    across = position_basis(alpha, size=(20, 20))[0]
    assert across[0, 10] == 0
    assert across[0, 13] == pytest.approx(2 * 3 / 6)  # 0.3 of the height of 20


def test_without_a_product_the_whole_grid_counts():
    empty, full = (position_basis(np.full((8, 8), value, np.float32), size=(4, 4)) for value in (0, 1))
    np.testing.assert_array_equal(empty, full)
    assert empty.shape == (POSITIONS, 4, 4)


def test_tags_compete_for_places():
    places = np.zeros((3, 8, 8), np.float32)
    places[0, :, :4] = 2
    places[1, :, 4:] = 4
    photo = checked({(0, 16): (255, 255, 255), (16, 32): (0, 0, 0)})
    left, right = place_maps(places, FLAT, shown=[0, 1], among=[], rgb=photo)
    # Stretched to 1 and 0, times the root of 1 / (1 + exp(-2)) and of 1 / (1 + exp(-4)), away from where halves meet.
    np.testing.assert_allclose(left[:, :13], np.sqrt(1 / (1 + np.exp(-2))), atol=0.05)
    np.testing.assert_allclose(left[:, 19:], 0, atol=0.05)
    np.testing.assert_allclose(right[:, 19:], np.sqrt(1 / (1 + np.exp(-4))), atol=0.05)
    places[2, :, :4], places[2, :, 4:] = 9, -9
    (against,) = place_maps(places, FLAT, shown=[0], among=[2], rgb=photo)
    np.testing.assert_allclose(against[:, :13], np.sqrt(1 / (1 + np.exp(7))), atol=0.05)
    for among in ([], [0]):
        assert place_maps(places, FLAT, shown=[], among=among, rgb=photo).shape == (0, 32, 32)


def test_heat_spreads_over_one_colour_and_not_beyond():
    places = np.zeros((3, 8, 8), np.float32)
    places[0, 3:5, 2] = 6
    photo = checked({(0, 16): (200, 30, 30), (16, 32): (30, 30, 200)})
    (heat,) = place_maps(places, FLAT, shown=[0], among=[1], rgb=photo)
    (plain,) = place_maps(places, FLAT, shown=[0], among=[1], rgb=checked({(0, 32): (90, 90, 90)}))
    assert heat[14:18, 12:16].mean() > 5 * heat[14:18, 16:20].mean()
    assert plain[14:18, 16:20].mean() > 2 * heat[14:18, 16:20].mean()


def test_nine_tenths_of_the_heat_are_a_mean_weighted_by_nearness_and_colour():
    rng = np.random.default_rng(0)
    places = np.zeros((3, 32, 32), np.float32)
    places[:2] = rng.normal(size=(2, 32, 32))
    photo = rng.integers(0, 256, (64, 32, 3), dtype=np.uint8)
    found = place_maps(places, FLAT, shown=[0, 1], among=[], rgb=photo)

    small = cv2.resize(photo, (32, 32), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64).reshape(-1, 3)
    ys, xs = (np.indices((32, 32)).reshape(2, -1) + 0.5) / 32
    across, down = xs * 0.5, ys  # as shares of the longer side
    apart = (((lab[:, None] - lab) / 8) ** 2).sum(-1)
    apart += ((across[:, None] - across) / 0.2) ** 2 + ((down[:, None] - down) / 0.2) ** 2
    weights = np.exp(-apart / 2)
    chances = np.exp(places[:2]) / np.exp(places[:2]).sum(0)
    for heat, logits, chance in zip(found, places[:2], chances, strict=True):
        own = ((logits - logits.min()) / np.ptp(logits) * np.sqrt(chance)).reshape(-1)
        expected = 0.1 * own + 0.9 * weights @ own / weights.sum(1)
        np.testing.assert_allclose(heat.reshape(-1), expected, atol=2e-5)


def test_nothing_outside_the_product_is_shared():
    places = np.zeros((3, 8, 8), np.float32)
    places[0, :, 6:] = 9  # all that is hot lies on the background
    alpha = np.zeros((32, 32), np.float32)
    alpha[:, :16] = 1
    (heat,) = place_maps(places, FLAT, shown=[0], among=[1], rgb=checked({(0, 32): (90, 90, 90)}), alpha=alpha)
    assert heat[:, :16].max() < 0.01


def test_what_is_shown_runs_from_cold_to_hot():
    heat = contrasted(np.float32([[0.1, 0.2, 0.178]]))
    np.testing.assert_allclose(heat, [[0, 1, 0.78**1.7]], rtol=1e-5)
    assert contrasted(np.float32([[0, 0.39, 1]]))[0, 1] == pytest.approx(0.2, abs=0.003)


def test_shoes_are_at_the_lower_end():
    positions = FLAT.copy()
    positions[0, 2] = 3  # downwards
    alpha = np.zeros((8, 8), np.float32)
    alpha[2:6] = 1
    flat = np.zeros((3, 8, 8), np.float32)
    (heat,) = place_maps(flat, positions, shown=[0], among=[0, 1], rgb=checked({(0, 32): (9, 9, 9)}), alpha=alpha)
    assert (np.diff(heat[8:24, 3]) > 0).all()


@pytest.fixture
def placed(network):
    return Describer(network("placed", positions=FLAT))


def test_a_network_that_knows_places_draws_them(placed, cells):
    photo = cells({(1, 0): (255, 0, 0), (1, 3): (0, 0, 255)})
    heat = {heatmap.label: heatmap.heat for heatmap in placed(photo).heatmaps}
    assert heat["shoe"].argmax() % heat["shoe"].shape[1] < heat["shoe"].shape[1] // 4
    assert heat["belt"].argmax() % heat["belt"].shape[1] >= heat["belt"].shape[1] * 3 // 4
    alpha = np.zeros(photo.shape[:2], np.float32)
    alpha[:, : photo.shape[1] // 2] = 1
    cleaned = {
        heatmap.label: heatmap.heat for heatmap in placed(photo, Mask(alpha, uncertainty=0.0, model="by hand")).heatmaps
    }
    assert cleaned["belt"].max() < 0.2 < cleaned["shoe"].max()


def test_places_that_do_not_fit_the_tags_are_refused(network):
    path = network("wrong", positions=np.zeros((2, POSITIONS), np.float32))
    with pytest.raises(ModelMismatch, match=r"positions \(3, 12\)"):
        Describer(path)
