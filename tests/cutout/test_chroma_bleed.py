"""The rim keeps the product's own hue, whatever the photo's file spread over it."""

import cv2
import numpy as np
import pytest

from packshot.cutout import foreground_colours

RED, GREY = (190, 25, 40), (214, 210, 204)


def square(side=160, start=40, stop=120):
    alpha = np.zeros((side, side), np.float32)
    alpha[start:stop, start:stop] = 1
    return alpha


def laid(alpha, product, background):
    return np.where(alpha[..., None] > 0, product, background).astype(np.uint8)


def saved(rgb, quality=85):
    """As a camera saves it: colour at half the resolution of brightness."""
    half = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]
    done, file = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, *half])
    assert done
    return np.ascontiguousarray(cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1])


def chroma(rgb):
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(int)


def rim(alpha, deep=3):
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * deep + 1, 2 * deep + 1))
    return (alpha > 0) & (cv2.erode((alpha > 0).astype(np.uint8), window) == 0)


@pytest.mark.parametrize("start", [40, 41])  # on the grid of the halved colour, and off it
def test_the_backgrounds_hue_leaves_the_rim(start):
    alpha = square(start=start)
    true = laid(alpha, GREY, RED)
    photo = saved(true)
    got = foreground_colours(photo, alpha)
    there = rim(alpha)
    before, after = (np.abs(chroma(rgb) - chroma(true))[there].mean() for rgb in (photo, got))
    assert before > 4
    assert after < before / 3
    light = [cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)[..., 0].astype(int) for rgb in (photo, got)]
    assert np.abs(light[0] - light[1])[there].max() <= 4  # rounding, and colours that leave the cube


def test_further_in_nothing_changes():
    alpha = square()
    photo = saved(laid(alpha, GREY, RED))
    got = foreground_colours(photo, alpha)
    inside = (alpha > 0) & ~rim(alpha)
    np.testing.assert_array_equal(got[inside], photo[inside])


def test_a_pattern_of_the_backgrounds_colour_stays():
    alpha = square()
    stripes = np.where((np.arange(160) // 6 % 2)[:, None, None], RED, GREY) + np.zeros((160, 160, 3), int)
    photo = laid(alpha, stripes, RED)
    got = foreground_colours(photo, alpha)
    red = rim(alpha) & (photo == RED).all(axis=-1)
    assert (
        np.abs(chroma(got) - chroma(photo))[red].mean()
        < 0.35 * np.abs(np.subtract(*(chroma(np.array([[RED, GREY]], np.uint8))[0]))).mean()
    )


def test_a_product_too_thin_to_know_its_colour_is_left_alone():
    alpha = np.zeros((90, 90), np.float32)
    alpha[20:70, 43:47] = 1
    photo = saved(laid(alpha, GREY, RED))
    np.testing.assert_array_equal(foreground_colours(photo, alpha)[alpha > 0], photo[alpha > 0])


def test_where_the_photo_ends_there_is_no_rim():
    alpha = square(start=0, stop=80)
    photo = saved(laid(alpha, GREY, RED))
    got = foreground_colours(photo, alpha)
    np.testing.assert_array_equal(got[:70, :70], photo[:70, :70])
