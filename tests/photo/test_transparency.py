"""Transparency that is a cut-out, and transparency that is decoration."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from packshot.photo import decode, outlines_something

SIDE = 512


def drawn(shape: str, *box: int, **options: object) -> np.ndarray:
    image = Image.new("L", (SIDE, SIDE), 0)
    getattr(ImageDraw.Draw(image), shape)(box, fill=255, **options)
    return np.asarray(image)


def one_pixel() -> np.ndarray:
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    alpha[0, 0] = 0
    return alpha


def window_with_shadow() -> np.ndarray:
    window = drawn("rectangle", 30, 40, 450, 440)
    shadow = Image.fromarray((window * 0.4).astype(np.uint8)).filter(ImageFilter.GaussianBlur(12))
    return np.maximum(window, np.asarray(shadow))


def a_colour_of_the_palette() -> np.ndarray:
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    for x in range(40, 460, 60):
        alpha[200:260, x : x + 9] = 0  # 1.4 % in all, none of it at the edge
    return alpha


DECORATION = {
    "a palette's colour that is clear": a_colour_of_the_palette(),
    "nearly opaque": np.full((SIDE, SIDE), 254, np.uint8),
    "one clear pixel": one_pixel(),
    "rounded corners": drawn("rounded_rectangle", 0, 0, SIDE - 1, SIDE - 1, radius=24),
    "very round corners": drawn("rounded_rectangle", 0, 0, SIDE - 1, SIDE - 1, radius=110),
    "a clear border": drawn("rectangle", 20, 20, 491, 491),
    "a bar that is clear": drawn("rectangle", 0, 0, SIDE - 1, 400),
    "a window with shadow": window_with_shadow(),
    "half everywhere": np.full((SIDE, SIDE), 127, np.uint8),
    "clear everywhere": np.zeros((SIDE, SIDE), np.uint8),
}
CUT_OUTS = {
    "a ball": drawn("ellipse", 60, 60, 440, 440),
    "a bottle": np.maximum(drawn("rectangle", 200, 180, 310, 500), drawn("rectangle", 235, 60, 275, 180)),
    "a box that stands askew": np.asarray(Image.fromarray(drawn("rectangle", 150, 150, 360, 360)).rotate(15)),
    "a shirt": np.maximum(drawn("rectangle", 150, 100, 360, 480), drawn("rectangle", 60, 100, 450, 220)),
    "a thin chain": drawn("ellipse", 60, 60, 440, 440) - drawn("ellipse", 66, 66, 434, 434),
    "a frame, cropped to its edges": 255 - drawn("ellipse", 100, 100, 400, 400),
    "two products": np.maximum(drawn("rectangle", 40, 100, 200, 400), drawn("rectangle", 300, 100, 460, 400)),
}


@pytest.mark.parametrize("alpha", DECORATION.values(), ids=DECORATION)
@pytest.mark.parametrize("scale", [1, 3])
def test_decoration_outlines_nothing(alpha: np.ndarray, scale: int) -> None:
    large = np.kron(alpha, np.ones((scale, scale), np.uint8))
    assert not outlines_something(large.astype(np.float32) / 255)


@pytest.mark.parametrize("alpha", CUT_OUTS.values(), ids=CUT_OUTS)
def test_a_cut_out_outlines_something(alpha: np.ndarray) -> None:
    assert outlines_something(alpha.astype(np.float32) / 255)
    soft = np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(1)))
    assert outlines_something(soft.astype(np.float32) / 255)


def test_decoration_is_noted_when_a_photo_is_opened() -> None:
    colours = np.full((SIDE, SIDE, 3), 90, np.uint8)
    bordered = np.dstack([colours, DECORATION["a clear border"]])
    file = Image.fromarray(bordered)
    buffer = io.BytesIO()
    file.save(buffer, "PNG")
    photo = decode(buffer.getvalue())
    assert "outlines nothing" in photo.notes[0]
    assert photo.alpha is not None
    assert (photo.rgb[0, 0] == 255).all()
