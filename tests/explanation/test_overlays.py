"""What a person is shown."""

import itertools

import cv2
import numpy as np
import pytest
from skimage import color, data

from packshot.explanation import draw_heatmap, draw_products
from packshot.explanation.overlays import COLOURS
from packshot.explanation.sizes import resized
from packshot.values import Box, Product


def test_cold_places_are_the_photo_in_grey_and_hot_ones_yellow():
    rgb = data.coffee()
    heat = np.zeros((4, 6), np.float32)
    heat[:, 4:] = 1
    drawn = draw_heatmap(rgb, heat)
    assert (drawn.shape, drawn.dtype) == (rgb.shape, np.uint8)
    cold = drawn[:, :350]
    assert np.array_equal(cold[..., 0], cold[..., 1])
    assert np.array_equal(cold[..., 1], cold[..., 2])
    luma = rgb[:, :350] @ np.float64([0.299, 0.587, 0.114])  # Rec. 601
    assert np.abs(cold[..., 0] - luma).max() <= 1
    hot = drawn[:, 500:].reshape(-1, 3).mean(axis=0)
    assert hot[0] > hot[2] + 60  # red and green, not blue
    assert hot[1] > hot[2] + 60


@pytest.mark.parametrize("background", [0, 128, 255])
@pytest.mark.parametrize("size", [(80, 60), (1200, 900)])
def test_boxes_and_letters_stand_out_on_any_background(background, size):
    """White letters on colour have a contrast of at least 4.5 (WCAG 2.2), and a box has white beside its colour."""
    rgb = np.full((size[1], size[0], 3), background, np.uint8)
    box = Box(size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4)
    drawn = draw_products(rgb, [Product("dress", "Dress", 0.93, box)])
    assert drawn.shape == rgb.shape
    assert (rgb == background).all()  # the photo itself is left alone
    row = drawn[box.y1 - 6]
    colours = {tuple(pixel) for pixel in row.tolist()} - {(background,) * 3}
    line = min(colours, key=sum)
    assert colours >= {line, (255, 255, 255)} - {(background,) * 3}
    assert 1.05 / (luminance(line) + 0.05) >= 4.5


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in np.divide(colour, 255)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def test_names_of_equal_boxes_do_not_hide_each_other():
    rgb = np.full((400, 400, 3), 200, np.uint8)
    box = Box(20, 20, 380, 380)
    one = draw_products(rgb, [Product("a", "Dress", 0.9, box)])
    both = draw_products(rgb, [Product("a", "Dress", 0.9, box), Product("b", "Belt", 0.8, box)])
    np.testing.assert_array_equal(both[20:34], one[20:34])  # the first name, whole
    assert not np.array_equal(both[38:50], one[38:50])  # the second below it


def test_names_keep_their_accents():
    rgb = np.zeros((200, 300, 3), np.uint8)
    drawn = [draw_products(rgb, [Product("x", name, 1.0, Box(0, 0, 300, 200))]) for name in ("Creme", "Crème")]
    assert not np.array_equal(*drawn)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (30, 20)])
def test_small_photos_and_foreign_letters_are_drawn_all_the_same(size):
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    products = [Product("x", name, 1.0, Box(0, 0, *size)) for name in ("Crème fraîche", "靴", "", "x" * 200)]
    assert draw_products(rgb, products).shape == rgb.shape
    assert draw_heatmap(rgb, np.ones((1, 1), np.float32)).shape == rgb.shape


def test_colours_are_told_apart():
    """Neighbours in the list differ clearly: 20 and more in CIE Lab, where 2 are just noticeable."""
    boxes = [Box(0, 60 * place, 300, 60 * place + 50) for place in range(6)]
    drawn = draw_products(np.zeros((400, 300, 3), np.uint8), [Product("x", "", 1.0, box) for box in boxes])
    inside = [drawn[box.slices].reshape(-1, 3) for box in boxes]
    coloured = [pixels[(pixels.max(axis=1) > 0) & (pixels.min(axis=1) < 100)] for pixels in inside]
    lab = color.rgb2lab(np.uint8([[np.median(pixels, axis=0) for pixels in coloured]]))[0]
    assert min(np.linalg.norm(one - other) for one, other in itertools.pairwise(lab)) > 20


def test_a_heatmap_brought_to_another_size_stays_a_share() -> None:
    """A mask that was averaged in float32 exceeds 1 by its last bit."""
    alpha = np.full((30, 20), np.nextafter(np.float32(1), np.float32(2)), np.float32)
    large = resized(np.ones((7, 5), np.float32), size=(20, 30), alpha=alpha)
    assert (large.shape, large.max()) == ((30, 20), 1.0)


@pytest.mark.parametrize("colours", sorted(COLOURS))
def test_opacity_and_colours_decide_the_hottest_pixel(colours):
    rgb = np.full((20, 30, 3), 90, np.uint8)
    heat = np.zeros((20, 30), np.float32)
    heat[5:15, 10:20] = 1
    hottest = cv2.applyColorMap(np.full((1, 1), 255, np.uint8), COLOURS[colours])[0, 0, ::-1].astype(float)
    for opacity in (0.0, 0.5, 1.0):
        drawn = draw_heatmap(rgb, heat, colours=colours, opacity=opacity)
        assert np.abs(drawn[10, 15] - (opacity * hottest + (1 - opacity) * 90)).max() <= 1
        assert np.array_equal(drawn[0, 0], [90, 90, 90])
