"""From photo to mask with a network of known behaviour, with GrabCut, and with an alpha of its own."""

import numpy as np
import pytest

from packshot.cutout import GIVEN_ALPHA, GRABCUT, GRABCUT_BOX, cut_out, segment, segmentation, segmenter
from packshot.errors import ModelNotFound, NothingToCutOut
from packshot.evaluation import iou
from packshot.settings import Settings

SETTINGS = Settings(threads=1)


def test_a_network_finds_the_product_at_full_size(red_network, disc, scene):
    true = disc(500)
    mask = segment(scene(true), red_network)
    assert mask.alpha.shape == (500, 500)
    assert iou(mask.alpha, true) > 0.99
    assert mask.model == red_network.id
    assert mask.uncertainty < 0.1
    # Sure background and product are exactly so.
    assert mask.alpha[0, 0] == 0.0
    assert mask.alpha[250, 250] == 1.0


@pytest.mark.parametrize("shape", [(40, 30), (96, 96), (333, 777)])
def test_any_photo_size(red_network, shape, scene):
    true = np.zeros(shape, np.float32)
    true[shape[0] // 4 : shape[0] * 3 // 4, shape[1] // 4 : shape[1] * 3 // 4] = 1
    assert iou(segment(scene(true), red_network).alpha, true) > 0.95


def test_nothing_there_is_said(red_network, scene):
    empty = np.zeros((200, 200), np.float32)
    with pytest.raises(NothingToCutOut, match=r"test\.jpg: no product was found"):
        segment(scene(empty), red_network)
    with pytest.raises(NothingToCutOut, match="fill"):
        segment(scene(empty + 1), red_network)


def test_a_photo_with_its_own_alpha_needs_no_network(red_network, disc, photo_of):
    alpha = disc(100, blur=4)
    photo = photo_of(np.full((100, 100, 3), 128, np.uint8), alpha)
    for find in (segmenter(GRABCUT, SETTINGS), lambda p: segment(p, red_network)):
        mask = find(photo)
        assert mask.model == GIVEN_ALPHA
        assert mask.uncertainty == 0.0
        assert mask.alpha is alpha
    with pytest.raises(NothingToCutOut):
        segment(photo_of(photo.rgb, np.zeros((100, 100), np.float32)), red_network)


def test_grabcut_cuts_and_is_deterministic(disc, scene):
    true = disc(300)
    find = segmenter(GRABCUT, SETTINGS)
    first, second = find(scene(true)), find(scene(true))
    assert iou(first.alpha, true) > 0.97
    assert first.model == GRABCUT
    np.testing.assert_array_equal(first.alpha, second.alpha)


@pytest.mark.parametrize("side", [1, 5, 300])
def test_grabcut_of_a_blank_wall_is_nothing(side, photo_of):
    with pytest.raises(NothingToCutOut):
        segmenter(GRABCUT, SETTINGS)(photo_of(np.full((side, side, 3), 200, np.uint8)))


def test_grabcut_starts_from_the_box_of_a_coarse_mask(monkeypatch, red_network, scene):
    monkeypatch.setattr(segmentation, "load", lambda name, settings, task: red_network)
    # At the photo's edge, where boxes inset from the rim cut it off.
    true = np.zeros((300, 300), np.float32)
    true[100:200, 8:120] = 1
    mask = segmenter(GRABCUT_BOX, SETTINGS)(scene(true))
    assert iou(mask.alpha, true) > 0.97
    assert mask.model == GRABCUT
    assert not mask.alpha[:, 140:].any()
    with pytest.raises(NothingToCutOut, match="no product was found"):
        segmenter(GRABCUT_BOX, SETTINGS)(scene(np.zeros((200, 200), np.float32)))


def test_an_unknown_model_is_refused_before_any_photo():
    with pytest.raises(ModelNotFound):
        segmenter("no-such-model", SETTINGS)


def test_a_cutout_shows_the_product_and_nothing_else(red_network, disc, scene):
    true = disc(400)
    photo = scene(true)
    rgba = cut_out(photo, segment(photo, red_network)).rgba
    assert rgba[0, 0].tolist() == [0, 0, 0, 0]
    assert rgba[200, 200].tolist() == [*photo.rgb[200, 200].tolist(), 255]
    # No green of the old background in anything visible.
    visible = rgba[..., 3] > 8
    assert np.all(rgba[visible][:, 0].astype(int) > rgba[visible][:, 1].astype(int) + 60)
