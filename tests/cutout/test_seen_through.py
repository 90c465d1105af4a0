"""Background that a network took along, seen through the product, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from packshot_tests.networks import write_mask_network

from packshot.cutout import segmenter
from packshot.cutout.plain_background import recognise
from packshot.cutout.seen_through import open_parts
from packshot.photo import decode
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

SIDE = 352
RED = (170, 40, 40)
Y, X = np.mgrid[:SIDE, :SIDE]
AWAY = np.hypot(X - SIDE / 2, Y - SIDE / 2)
FILLED = np.where(AWAY < 110, 0.93, 0.01).astype(np.float32)
HOLE, RING = AWAY < 60, (AWAY > 70) & (AWAY < 107)


def floor(noise: float = 2.0, slope: float = 0.25) -> Rgb:
    """A floor that darkens to one side and has a grain."""
    rng = np.random.default_rng(3)
    lit = np.stack([210 - slope * X, 200 - slope * X, 180 - slope * X], axis=2) + rng.normal(0, noise, (SIDE, SIDE, 1))
    return np.clip(lit, 0, 255).astype(np.uint8)


def ring(ground: Rgb) -> Rgb:
    """A red ring on it: within 65 pixels of the middle the floor is seen."""
    photo = ground.copy()
    body = (AWAY < 110) & (AWAY >= 65)
    photo[body] = (np.array(RED) + np.random.default_rng(4).normal(0, 4, (int(body.sum()), 1))).clip(0, 255)
    return photo


def test_the_floor_within_a_ring_is_opened_and_the_ring_is_not() -> None:
    opened = open_parts(FILLED, ring(floor()))
    assert (opened[HOLE] < 0.1).mean() > 0.99
    assert (opened[RING] == FILLED[RING]).all()
    assert (opened[AWAY > 113] == FILLED[AWAY > 113]).all()


@pytest.mark.parametrize("inner", [(200, 60, 60), (90, 110, 190), (60, 60, 55), (250, 250, 245)])
def test_what_has_a_colour_of_its_own_stays(inner: tuple[int, int, int]) -> None:
    photo = ring(floor())
    photo[AWAY < 65] = inner
    assert open_parts(FILLED, photo) is FILLED


@pytest.mark.parametrize("colour", [(252, 252, 251), (8, 8, 9)])
@pytest.mark.parametrize(("said", "opened"), [(0.97, False), (0.8, True)])
def test_white_and_black_parts_are_opened_only_where_the_network_is_unsure(
    colour: tuple[int, int, int], said: float, opened: bool
) -> None:
    """A label may be as white as the background, and a dark part as black; hardly as any colour between."""
    photo = ring(np.full((SIDE, SIDE, 3), colour, np.uint8))
    probability = np.where(FILLED > 0.5, said, 0.01).astype(np.float32)
    assert bool((open_parts(probability, photo)[HOLE] < 0.1).all()) is opened


def test_a_product_of_the_floors_own_colours_stays() -> None:
    """Nearly all of it would be opened, and that is no hole."""
    photo = floor()
    photo[(AWAY < 110) & (AWAY > 104)] = RED
    assert open_parts(FILLED, photo) is FILLED


def test_before_a_colourful_background_nothing_is_said() -> None:
    """Its colours deviate so far that the ring's own are among them."""
    rng = np.random.default_rng(5)
    ground = cv2.resize(rng.integers(0, 256, (12, 12, 3), np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    assert (open_parts(FILLED, ring(np.asarray(ground, np.uint8)))[RING] > 0.9).all()


@pytest.mark.parametrize("probability", [np.ones((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32)])
def test_without_product_or_background_nothing_changes(probability: Alpha) -> None:
    assert open_parts(probability, ring(floor())) is probability


@pytest.mark.parametrize(("height", "width"), [(3, 5), (1, 1), (20, 352)])
def test_any_size(height: int, width: int) -> None:
    probability = np.zeros((height, width), np.float32)
    probability[height // 3 :, width // 3 :] = 1
    assert open_parts(probability, np.full((height, width, 3), 90, np.uint8)).shape == (height, width)


def test_the_probability_that_was_given_is_not_written_to() -> None:
    before: NDArray[np.float32] = FILLED.copy()
    open_parts(FILLED, ring(floor()))
    assert (before == FILLED).all()


@pytest.mark.parametrize(("colours_help", "opened"), [(True, True), (False, False)])
def test_a_photo_is_cut_out_so_unless_the_network_shall_decide_alone(
    tmp_path: Path, colours_help: bool, opened: bool
) -> None:
    network = write_mask_network(tmp_path / "filled.onnx", FILLED)
    photo = ring(floor(slope=0.4))
    assert recognise(photo) is None, "a plain background has a way of its own"
    mask = segmenter(str(network), Settings(plain_ground=colours_help))(decode(photo))
    assert bool((mask.alpha[HOLE] < 0.05).mean() > 0.98) is opened
    assert (mask.alpha[RING] > 0.95).mean() > 0.98
