"""Rules on finished pictures from anywhere."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from packshot.errors import EmptyFile, UsageError
from packshot.inspection.border import bordered_sides
from packshot.marketplace import Profile, check, load_profile, rule_kinds


def picture(size=(1000, 1000), *, half=430, background=255, colour=(150, 60, 40)):
    """A disk-like product in the middle of a plain background, uint8 (h, w, 3); its box has sides of 2 half + 1."""
    rgb = np.full((*size, 3), background, np.uint8)
    cv2.circle(rgb, (size[1] // 2, size[0] // 2), half, colour, -1)
    return rgb


def file_of(rgb, codec="JPEG", **options):
    data = io.BytesIO()
    if codec == "JPEG":
        options = {"quality": 90, "subsampling": "4:2:0", **options}
    Image.fromarray(rgb).save(data, codec, **options)
    return data.getvalue()


def results(data, profile="amazon", **options):
    return {result.id: result for result in check(data, profile, **options)}


def one(kind, **parameters):
    """A profile with a single rule."""
    return Profile.model_validate(
        {
            "name": "test",
            "title": "Test",
            "composition": {},
            "rules": [
                {
                    "id": "r",
                    "kind": kind,
                    "parameters": parameters,
                    "wording": "w",
                    "source": "own",
                    "evidence": "own",
                }
            ],
        }
    )


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "GIF", "TIFF"])
def test_a_good_picture_of_another_tool_passes_amazon(codec):
    found = results(file_of(picture(), codec))
    assert all(result.ok for result in found.values())
    assert found["fill"].measured == pytest.approx(0.861, abs=0.012)
    assert found["longest-side"].measured == 1000
    assert found["format"].measured == codec
    assert found["background-white"].measured == 1.0


@pytest.mark.parametrize("background", [254, 252, 245, 200, 0])
def test_almost_white_is_not_white(background):
    found = results(file_of(picture(background=background), "PNG"))
    assert not found["background-white"].ok
    assert found["background-white"].measured == 0


def test_a_grey_cast_in_the_middle_of_a_white_rim_fails():
    rgb = picture(half=200)
    rgb[100:900, 100:900][rgb[100:900, 100:900].min(axis=2) == 255] = 252
    assert not results(file_of(rgb, "PNG"))["background-white"].ok


def test_a_coloured_bar_fails_white_and_border():
    rgb = picture()
    rgb[:, :40] = (20, 40, 160)
    found = results(file_of(rgb))
    assert not found["background-white"].ok
    assert not found["no-border"].ok
    assert found["no-border"].measured == "left"


def test_a_light_product_needs_a_mask_to_be_measured():
    rgb = picture(colour=(252, 252, 252))
    mask = (rgb.min(axis=2) < 255).astype(np.float32)
    data = file_of(rgb, "PNG")
    assert not results(data)["fill"].ok
    known = results(data, mask=mask)
    assert known["fill"].ok
    assert known["background-white"].ok


def test_a_small_product_fails_the_fill_with_the_number():
    fill = results(file_of(picture(half=200)))["fill"]
    assert not fill.ok
    assert fill.measured == pytest.approx(0.401, abs=0.012)
    assert ">= 0.85" in fill.required


def test_transparency_is_not_white():
    rgba = np.dstack([picture(), np.full((1000, 1000), 255, np.uint8)])
    rgba[:50, :, 3] = 0
    found = results(file_of(rgba, "PNG"))["background-white"]
    assert (found.ok, found.measured) == (False, "transparent")


def test_size_shape_and_file():
    data = file_of(picture((600, 400), half=180))
    assert results(data, one("size", at_least=[400, 600]))["r"].ok
    assert not results(data, one("size", at_least=[600, 400]))["r"].ok
    assert results(data, one("size", at_most=[400, 600]))["r"].ok
    assert results(data, one("aspect", ratio=2 / 3))["r"].measured == pytest.approx(0.6667)
    assert not results(data, one("aspect", ratio=1.0))["r"].ok
    assert results(data, one("megapixels", at_most=0.24))["r"].ok
    assert not results(data, one("megapixels", at_most=0.239))["r"].ok
    limit = len(data) / 1e6
    assert results(data, one("file-size", at_most_megabytes=limit))["r"].ok
    assert not results(data, one("file-size", at_most_megabytes=limit - 1e-6))["r"].ok
    assert not results(data, one("format", one_of=["PNG"]))["r"].ok
    assert not results(data, one("longest-side", at_least=601))["r"].ok
    assert results(data, one("background-light", luma=0.99))["r"].ok


def test_fill_of_box_and_area():
    rgb = np.full((400, 400, 3), 255, np.uint8)
    rgb[100:300, 50:350] = 90
    data = file_of(rgb, "PNG")
    assert results(data, one("fill", of="side", at_least=0.1))["r"].measured == 0.75
    assert results(data, one("fill", of="box", at_least=0.1))["r"].measured == 0.375
    assert results(data, one("fill", of="area", at_least=0.1))["r"].measured == 0.375
    assert not results(data, one("fill", of="box", at_most=0.3))["r"].ok


def test_subject_rules():
    empty = file_of(np.full((300, 300, 3), 255, np.uint8))
    assert not results(empty, "plain")["subject-visible"].ok
    assert results(file_of(picture()), "plain")["subject-visible"].ok
    cut = picture()
    cut[600:] = cut[400:600].repeat(2, axis=0)[:400]
    assert results(file_of(cut), one("subject-whole"))["r"].measured == "bottom"
    crisp = np.full((500, 500, 3), 255, np.uint8)
    crisp[50:450, 50:450] = np.random.default_rng(0).integers(0, 200, (400, 400, 3))
    sharp = results(file_of(crisp), one("sharpness", at_least=0.5))["r"]
    soft = results(file_of(cv2.GaussianBlur(crisp, (0, 0), 5)), one("sharpness", at_least=0.5))["r"]
    assert (sharp.ok, soft.ok) == (True, False)


@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
@pytest.mark.parametrize("depth", [1, 12, 60])
def test_a_bar_is_found_on_its_side(side, depth):
    rgb = np.random.default_rng(3).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    rgb = cv2.resize(rgb, (500, 400))
    index = {
        "left": np.s_[:, :depth],
        "right": np.s_[:, -depth:],
        "top": np.s_[:depth],
        "bottom": np.s_[-depth:],
    }[side]
    rgb[index] = (10, 60, 20)
    assert bordered_sides(rgb) == (side,)


def test_backgrounds_and_products_at_the_edge_are_no_bars():
    assert bordered_sides(picture()) == ()
    assert bordered_sides(picture(background=128)) == ()
    filled = picture(background=128, half=500)
    assert bordered_sides(filled) == ()
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    assert bordered_sides(noise) == ()
    ramp = np.linspace(0, 255, 300).astype(np.uint8)
    assert bordered_sides(np.dstack([np.tile(ramp, (200, 1))] * 3)) == ()


def test_tiny_pictures_do_not_trip_any_rule():
    for size in ((1, 1), (1, 30), (3, 2)):
        data = file_of(np.full((*size, 3), 255, np.uint8), "PNG")
        for name in ("amazon", "zalando", "walmart", "google"):
            assert check(data, name)


def test_wrong_input_is_refused():
    with pytest.raises(EmptyFile):
        check(b"", "amazon")
    with pytest.raises(UsageError, match="mask of 5 x 5"):
        check(file_of(picture()), "amazon", mask=np.zeros((5, 5), np.float32))


def test_every_kind_is_used_or_tested():
    assert set(rule_kinds()) == {
        "aspect",
        "background-light",
        "background-white",
        "clipping-path",
        "file-size",
        "fill",
        "format",
        "longest-side",
        "megapixels",
        "no-border",
        "no-overlay",
        "overlay-fields",
        "resolution",
        "sharpness",
        "size",
        "subject-visible",
        "subject-whole",
    }
    assert load_profile("amazon").rules
