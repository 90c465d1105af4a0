"""What holds of every picture's colours, whatever its pixels: found by hypothesis, not by example."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from packshot.photo import decode, encode
from packshot.photo.cicp import ColourTag, from_code_points, from_gamma, to_srgb_colours
from packshot.photo.colour import on_white

pixels = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))
gammas = st.floats(0.3, 2.0)


def tag_of(primaries: int, transfer: int) -> ColourTag:
    tag = from_code_points(primaries, transfer)
    assert tag is not None
    return tag


# White D65: sRGB, BT.2020, Display P3; sRGB's curve, BT.709's, gamma 2.2 and 2.8, linear.
daylight = st.builds(tag_of, st.sampled_from([1, 9, 12]), st.sampled_from([1, 4, 5, 8, 13]))
standard = daylight | st.builds(lambda gamma: from_gamma(gamma, None), gammas)


@settings(max_examples=40, deadline=None)
@given(pixels)
def test_srgb_converted_to_srgb_is_itself(rgb: np.ndarray) -> None:
    np.testing.assert_array_equal(to_srgb_colours(rgb, tag_of(1, 13)), rgb)


@settings(max_examples=40, deadline=None)
@given(standard)
def test_black_white_and_grey_stay_what_they_are_and_in_order(tag: ColourTag) -> None:
    """A ramp of greys has no hue afterwards, runs from black to white, and never turns back."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    found = to_srgb_colours(ramp, tag)[0].astype(int)
    assert np.ptp(found, axis=1).max() <= 1
    assert found[0].max() == 0
    assert found[-1].min() == 255
    assert (np.diff(found, axis=0) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(pixels, standard, st.permutations(range(9)))
def test_a_pixel_is_converted_without_regard_to_its_neighbours(rgb: np.ndarray, tag: ColourTag, order: list) -> None:
    rows = [row for row in order if row < len(rgb)]
    np.testing.assert_array_equal(to_srgb_colours(rgb[rows], tag), to_srgb_colours(rgb, tag)[rows])


@settings(max_examples=40, deadline=None)
@given(pixels, standard)
def test_sixteen_bits_give_what_eight_give(rgb: np.ndarray, tag: ColourTag) -> None:
    deep = to_srgb_colours(rgb.astype(np.uint16) * 257, tag).astype(int)
    assert np.abs(deep - to_srgb_colours(rgb, tag)).max() <= 1


@settings(max_examples=40, deadline=None)
@given(pixels, gammas)
def test_a_gamma_is_the_formula(rgb: np.ndarray, gamma: float) -> None:
    """Reference: IEC 61966-2-1's encoding of (sample ** 1/gamma), in double precision."""
    tag = from_gamma(gamma, None)
    assert tag is not None
    if tag.plain:
        return
    light = (rgb / 255.0) ** (1 / gamma)
    expected = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(to_srgb_colours(rgb, tag) - expected).max() <= 1.01


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, (5, 6, 4)))
def test_transparency_is_laid_on_white_between_colour_and_white(rgba: np.ndarray) -> None:
    laid = on_white(rgba[..., :3], rgba[..., 3]).astype(int)
    share = rgba[..., 3:] / 255.0
    assert np.abs(laid - (rgba[..., :3] * share + 255 * (1 - share))).max() <= 0.51
    assert (laid >= rgba[..., :3]).all()


@settings(max_examples=25, deadline=None)
@given(pixels)
def test_lossless_files_give_their_own_pixels(rgb: np.ndarray) -> None:
    for container, options in (("PNG", {}), ("TIFF", {}), ("BMP", {}), ("WEBP", {"lossless": True})):
        file = io.BytesIO()
        Image.fromarray(rgb).save(file, container, **options)
        np.testing.assert_array_equal(decode(file.getvalue()).rgb, rgb)
    np.testing.assert_array_equal(decode(encode(rgb, format="PNG").data).rgb, rgb)


@settings(max_examples=25, deadline=None)
@given(pixels, st.integers(1, 8))
def test_an_orientation_moves_pixels_and_changes_none(rgb: np.ndarray, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x112] = orientation
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "PNG", exif=exif)
    found = decode(file.getvalue()).rgb
    sides = rgb.shape[:2] if orientation < 5 else rgb.shape[1::-1]
    assert found.shape[:2] == sides
    assert sorted(map(tuple, found.reshape(-1, 3))) == sorted(map(tuple, rgb.reshape(-1, 3)))


@pytest.mark.parametrize("transfer", [16, 18])
def test_hdr_greys_stay_grey_and_in_order(transfer: int) -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    found = to_srgb_colours(ramp, tag_of(9, transfer))[0].astype(int)
    assert np.ptp(found, axis=1).max() <= 1
    assert (np.diff(found, axis=0) >= 0).all()
