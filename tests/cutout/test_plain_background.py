"""Products on plain backgrounds, drawn with a known alpha: masks, holes, shadows, and what is no plain background."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.cutout import plain_background, segment
from packshot.cutout.plain_background import recognise
from packshot.errors import NothingToCutOut
from packshot.evaluation import iou
from packshot.values import Doubt

SIDE = 400


def shape(*parts, size=(SIDE, SIDE)):
    """Alpha of polygons and ellipses, drawn four times as large: ``(value, points)``."""
    big = np.zeros((size[0] * 4, size[1] * 4), np.uint8)
    for value, points in parts:
        cv2.fillPoly(big, [np.rint(np.array(points) * 4).astype(np.int32)], value * 255)
    return cv2.resize(big, size[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def box(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def circle(radius, x=200, y=200):
    turn = np.linspace(0, 2 * np.pi, 90)
    return np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1)


def lay(alpha, colour=(60, 90, 150), background=(255, 255, 255), noise=1.0, quality=90):
    """Composite with noise and JPEG compression; colour and background may be fields."""
    field = np.broadcast_to(np.asarray(background, np.float32), (*alpha.shape, 3))
    picture = alpha[..., None] * np.asarray(colour, np.float32) + (1 - alpha[..., None]) * field
    picture = picture + np.random.default_rng(3).normal(0, noise, picture.shape)
    rgb = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def says(alpha, side=352):
    """What a network answers that is right, and as blurred as networks are."""
    return cv2.GaussianBlur(cv2.resize(alpha, (side, side), interpolation=cv2.INTER_AREA), (0, 0), 2)


RING = shape((1, circle(120)), (0, circle(80)))
BOX = shape((1, box(120, 80, 280, 340)))
HORIZONTAL = np.linspace(-1, 1, SIDE, dtype=np.float32)[None, :, None]
BACKGROUNDS = {
    "white": 255.0,
    "near white": (250, 249, 246),
    "grey": 190.0,
    "blue": (90, 140, 210),
    "gradient": 215 + 25 * HORIZONTAL,
    "vignette": 235 * (1 - 0.1 * (HORIZONTAL**2 + HORIZONTAL.transpose(1, 0, 2) ** 2)),
}


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_the_mask_is_the_drawn_one_on_any_plain_background(background):
    found = plain_background(lay(BOX, background=BACKGROUNDS[background]), says(BOX))
    assert iou(found.alpha, BOX) > 0.985
    assert found.uncertainty < 0.05
    assert found.alpha[5, 5] == 0.0
    assert found.alpha[200, 200] == 1.0


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_a_ring_is_opened_though_the_network_fills_it(background):
    filled = says(shape((1, circle(120)))) * 0.85
    found = plain_background(lay(RING, background=BACKGROUNDS[background]), filled)
    assert iou(found.alpha, RING) > 0.97
    assert found.alpha[200, 200] == 0.0


def test_what_the_network_misses_is_found_and_the_contradiction_goes_to_review():
    found = plain_background(lay(BOX), says(shape((1, box(120, 80, 280, 200)))))
    assert iou(found.alpha, BOX) > 0.985
    assert found.contradiction == pytest.approx(140 / 260, abs=0.1)  # the lower part of the box
    assert 0.06 < found.uncertainty < 0.5


def test_a_white_label_is_not_opened():
    label = shape((1, box(150, 150, 250, 260)))
    colour = np.where(label[..., None] > 0, 254.0, np.array([60, 90, 150.0]))
    found = plain_background(lay(BOX, colour=colour), says(BOX))
    assert iou(found.alpha, BOX) > 0.985


def test_white_on_white_is_the_networks_and_goes_to_review():
    found = plain_background(lay(BOX, colour=254.0), says(BOX))
    assert iou(found.alpha, BOX) > 0.97
    assert found.uncertainty > 0.06
    nothing = plain_background(lay(BOX, colour=254.0), np.zeros((352, 352), np.float32))
    assert not nothing.alpha.any()


def shadowed(strength=0.5):
    """A box that stands on a grey background, and its shadow, to its right."""
    cast = cv2.GaussianBlur(shape((1, box(240, 270, 345, 335))), (0, 0), 12) * strength
    return lay(BOX, background=230 * (1 - cast[..., None])), cast * (1 - BOX)


def test_a_shadow_is_no_product_and_is_kept_apart():
    rgb, cast = shadowed()
    found = plain_background(rgb, says(BOX))
    assert iou(found.alpha, BOX) > 0.98
    outside = BOX == 0
    assert np.abs(found.shadow - cast)[outside].mean() < 0.01
    assert np.corrcoef(found.shadow[outside], cast[outside])[0, 1] > 0.97
    assert not found.shadow[:100].any()
    assert plain_background(lay(BOX), says(BOX)).shadow is None


@pytest.mark.parametrize("sides", [((0, 0, 250, 250),), ((0, 100, 200, 400),), ((100, 150, 300, 400),)])
def test_the_product_may_reach_two_sides(sides):
    alpha = shape(*((1, box(*side)) for side in sides))
    found = plain_background(lay(alpha), says(alpha))
    assert iou(found.alpha, alpha) > 0.985


def test_a_bed_sheet_is_not_plain():
    rng = np.random.default_rng(5)
    folds = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32), (0, 0), 14)
    sheet = 225 + 7 * folds[..., None] / folds.std()
    assert plain_background(lay(BOX, background=sheet), says(BOX)) is None
    grain = 200 + rng.normal(0, 14, (SIDE, SIDE, 1)).astype(np.float32)  # plaster
    assert plain_background(lay(BOX, background=grain), says(BOX)) is None
    halves = np.where(np.arange(SIDE)[:, None, None] < 200, 240.0, 170.0) * np.ones((1, SIDE, 1))  # wall and table
    tiles = halves - 60 * ((np.arange(SIDE)[None, :, None] // 20) % 2)
    assert plain_background(lay(BOX, background=tiles), says(BOX)) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (8, 8), (9, 30), (64, 3)])
def test_tiny_photos_are_no_error(size):
    rgb = np.full((*size, 3), 255, np.uint8)
    found = plain_background(rgb, np.zeros((352, 352), np.float32))
    assert found is None or (found.alpha.shape == size and not found.alpha.any())


def test_the_same_photo_gives_the_same_mask():
    rgb = lay(RING, background=BACKGROUNDS["vignette"])
    first, second = plain_background(rgb, says(RING)), plain_background(rgb, says(RING))
    np.testing.assert_array_equal(first.alpha, second.alpha)


def test_the_surface_is_the_background_that_was_drawn():
    background = np.broadcast_to(BACKGROUNDS["gradient"], (SIDE, SIDE, 3))
    found = recognise(lay(BOX, background=background))
    np.testing.assert_allclose(found.surface.colours(SIDE, SIDE), background, atol=1.5)
    assert found.surface.explained > 0.95
    assert found.noise < 1.5


def with_blue_lid(rows):
    """A red box whose uppermost rows are blue."""
    lid = shape((1, box(120, 80, 280, 80 + rows)))
    return lay(BOX, colour=np.where(lid[..., None] > 0, np.array([40, 60, 200.0]), np.array([200, 30, 40.0])))


def test_segment_uses_the_background_and_can_be_told_not_to(red_network, photo_of):
    """The network knows red; a narrow blue lid is found by the background alone."""
    photo = photo_of(with_blue_lid(10))
    assert iou(segment(photo, red_network).alpha, BOX) > 0.98
    assert iou(segment(photo, red_network, plain=False).alpha, BOX) < 0.97


def test_where_background_and_network_contradict_each_other_the_network_wins_and_it_is_said(red_network, photo_of):
    photo = photo_of(with_blue_lid(80))  # nearly a third of the product
    mask = segment(photo, red_network)
    np.testing.assert_array_equal(mask.alpha, segment(photo, red_network, plain=False).alpha)
    assert Doubt.GROUND in mask.doubts


def test_a_uniform_photo_is_refused(red_network, photo_of):
    with pytest.raises(NothingToCutOut, match="no product was found"):
        segment(photo_of(np.full((200, 300, 3), 255, np.uint8)), red_network)
