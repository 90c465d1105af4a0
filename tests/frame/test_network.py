"""From a network's probabilities to a frame: decision, score, and the box to the pixel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from packshot_tests.networks import write_constant_network
from skimage import data

from packshot.errors import ModelMismatch, ModelNotFound
from packshot.frame.network import FrameDetector, detect_frame, frame_detector
from packshot.runtime import FrameRule, InputSpec, ModelCard, OutputSpec
from packshot.runtime.side_strips import DEPTH, SHEET
from packshot.values import Box, Frame, Rgb

Write = Callable[..., Path]


def said(*rows: int) -> NDArray[np.float32]:
    """Sure of a band that ends after these rows at left, top, right and bottom; 0 for none: (1, 4, 65)."""
    out = np.zeros((1, 4, 1 + DEPTH), np.float32)
    for side, row in enumerate(rows):
        out[0, side, row] = 1
    return out


@pytest.fixture
def network(tmp_path: Path) -> Write:
    """A function: writes a network that always gives the same answer, whatever it sees."""

    def write(
        name: str = "always",
        *,
        framed: float,
        sides: NDArray[np.float32] | None = None,
        task: str = "frame",
        rule: FrameRule | None = None,
    ) -> Path:
        answers = {"framed": np.float32([framed])} | ({} if sides is None else {"sides": sides})
        size, view = ((128, 128), "photo") if sides is None else (SHEET, "side-strips")
        card = ModelCard(
            name=name,
            task=task,
            input=InputSpec(size=size, view=view),
            output=OutputSpec(name="framed"),
            licence="Apache-2.0",
            commercial_use=True,
            frame=rule,
        )
        return write_constant_network(tmp_path / f"{name}.onnx", answers, card)

    return write


def picture(size: tuple[int, int], box: Box) -> Rgb:
    """A soft gradient inside a black band."""
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    rgb[box.slices] = np.linspace(120, 220, box.width).astype(np.uint8)[None, :, None]
    return rgb


def test_a_rough_box_is_refined_to_the_pixel(network: Write) -> None:
    """Rows of 256ths: 800 / 256 = 3.1 pixels across, 2.3 down; the truth lies between them."""
    truth = Box(49, 37, 752, 564)
    rows = (16, 16, 15, 16)  # 50, 37.5, 46.9 (of 48) and 37.5 (of 36) pixels
    found = FrameDetector(str(network(framed=0.97, sides=said(*rows))))(picture((800, 600), truth))
    assert found == Frame(framed=True, score=float(np.float32(0.97)), inner_box=truth)


def test_sides_without_a_band_stay_on_the_edge(network: Write) -> None:
    truth = Box(0, 60, 400, 300)
    rgb = picture((400, 300), truth)
    assert detect_frame(rgb, str(network(framed=0.8, sides=said(0, 51, 0, 0)))).inner_box == truth


def test_an_unframed_picture_keeps_its_size(network: Write) -> None:
    """Sides that believe in bands do not overrule the picture's score."""
    rgb = picture((300, 200), Box(30, 30, 270, 170))
    found = detect_frame(rgb, str(network(framed=0.3, sides=said(26, 38, 26, 38))))
    assert found == Frame(framed=False, score=float(np.float32(0.3)), inner_box=Box(0, 0, 300, 200))


RULE = FrameRule(score=1, bands=1, evenness=4, bias=-4, photos=1)
EIGHT = 2.079442  # log odds of 8 / 9


@pytest.mark.parametrize(
    ("band", "odds"),
    [
        (0, EIGHT + 1),  # far from the picture's 120 to 220: -4 + log 8 + 1 + 4, but no more than the network's
        (170, EIGHT - 3),  # the picture's own colour: -4 + log 8 + 1
    ],
)
def test_the_pixels_of_a_band_can_take_back_what_the_network_says(band: int, odds: float, network: Write) -> None:
    truth = Box(0, 60, 400, 300)
    rgb = picture((400, 300), truth)
    rgb[:60] = band
    found = detect_frame(rgb, str(network(framed=8 / 9, sides=said(0, 51, 0, 0), rule=RULE)))
    assert found.score == pytest.approx(min(8 / 9, 1 / (1 + np.exp(-odds))), abs=1e-5)
    assert (found.framed, found.inner_box) == ((True, truth) if band == 0 else (False, Box(0, 0, 400, 300)))


def test_pixels_make_no_frame_of_what_the_network_says_is_none(network: Write) -> None:
    """A rectangular product on white has the most even rim there is."""
    rgb = picture((400, 300), Box(0, 60, 400, 300))
    found = detect_frame(rgb, str(network(framed=0.4, sides=said(0, 51, 0, 0), rule=RULE)))
    assert found.score == pytest.approx(0.4)
    assert (found.framed, found.inner_box) == (False, Box(0, 0, 400, 300))


def test_a_band_that_the_network_is_unsure_of_is_looked_at(network: Write) -> None:
    """0.4 for a band at the top, none elsewhere: -4 + log 8 + 0.4 + 4, more than the network's own."""
    sides = said(0, 0, 0, 0)
    sides[0, 1, 0], sides[0, 1, 51] = 0.6, 0.4
    truth = Box(0, 60, 400, 300)
    found = detect_frame(picture((400, 300), truth), str(network(framed=8 / 9, sides=sides, rule=RULE)))
    assert found.score == pytest.approx(8 / 9)
    assert (found.framed, found.inner_box) == (True, truth)


def test_without_a_rule_the_network_decides_alone(network: Write) -> None:
    rgb = picture((400, 300), Box(0, 60, 400, 300))
    rgb[:60] = 170
    found = detect_frame(rgb, str(network(framed=8 / 9, sides=said(0, 51, 0, 0))))
    assert (found.framed, found.score) == (True, pytest.approx(8 / 9))


def test_a_network_of_one_answer_gives_no_box(network: Write) -> None:
    found = detect_frame(picture((300, 200), Box(30, 30, 270, 170)), str(network(framed=0.9)))
    assert found == Frame(framed=True, score=float(np.float32(0.9)), inner_box=Box(0, 0, 300, 200))


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (2, 2), (5, 4), (2000, 3)])
def test_any_picture_gets_an_answer(shape: tuple[int, int], network: Write) -> None:
    """All frame, one pixel, extreme aspect ratios."""
    detect = FrameDetector(str(network(framed=1.0, sides=said(DEPTH, DEPTH, DEPTH, DEPTH))))
    for level in (0, 255):
        box = detect(np.full((*shape, 3), level, np.uint8)).inner_box
        assert box.x1 <= shape[1]
        assert box.y1 <= shape[0]


def test_wrong_networks_are_refused(network: Write) -> None:
    rgb = picture((64, 64), Box(8, 8, 56, 56))
    with pytest.raises(ModelMismatch, match="a network for segmentation, expected one for frame"):
        FrameDetector(str(network("mask", framed=0.5, task="segmentation")))
    with pytest.raises(ModelMismatch, match=r"expected finite .* got framed \(1,\), sides \(1, 4, 9\)"):
        detect_frame(rgb, str(network("short", framed=0.5, sides=np.zeros((1, 4, 9), np.float32))))
    with pytest.raises(ModelMismatch, match="expected finite"):
        detect_frame(rgb, str(network("nan", framed=float("nan"), sides=said(0, 0, 0, 0))))
    with pytest.raises(ModelNotFound, match="no model is called 'fraem'"):
        detect_frame(rgb, "fraem")


def test_classical_needs_no_network() -> None:
    rgb = picture((320, 240), Box(24, 24, 296, 216))
    assert detect_frame(rgb, "classical") == frame_detector("classical")(rgb)
    assert detect_frame(rgb, "classical").framed


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 2), (3, 4000), (4000, 3), (15, 300)])
@pytest.mark.parametrize("fill", ["black", "noise"])
def test_a_photo_too_small_to_frame_is_left_alone(shape: tuple[int, int], fill: str) -> None:
    rgb = np.zeros((*shape, 3), np.uint8)
    if fill == "noise":
        rgb = np.random.default_rng(0).integers(0, 256, rgb.shape, dtype=np.uint8)
    found = detect_frame(rgb)
    assert not found.framed
    assert found.inner_box.size == shape[::-1]


def test_the_shipped_network_finds_bands_around_photographs_and_none_without() -> None:
    for name in ("astronaut", "coffee", "chelsea", "rocket"):
        photo = getattr(data, name)()
        assert not detect_frame(photo).framed
        for colour in ((255, 255, 255), (0, 0, 0), (200, 30, 120)):
            for band in (8, 24, 60):  # of 400 to 640 pixels: 1 % and more
                rgb = cv2.copyMakeBorder(photo, *(band,) * 4, cv2.BORDER_CONSTANT, value=colour)
                found = detect_frame(rgb)
                true = (band, band, photo.shape[1] + band, photo.shape[0] + band)
                assert found.framed, (name, colour, band)
                # A dark edge of the photo beside a black band may go with it, by a line or two; never the other way.
                off = np.subtract(found.inner_box.as_tuple(), true) * (1, 1, -1, -1)
                assert (off >= 0).all(), (name, colour, band, off)
                assert (off <= 2).all(), (name, colour, band, off)
