"""The network that ships, on scenes whose true mask is known because they are drawn."""

from __future__ import annotations

from dataclasses import fields

import cv2
import numpy as np
import pytest
from skimage import data

import packshot
from packshot.cutout import Signals, ready_evidence, segmenter
from packshot.cutout.evidence import FIGURE_WORDS
from packshot.errors import NothingToCutOut
from packshot.evaluation import iou
from packshot.photo import decode
from packshot.runtime import load
from packshot.settings import Settings


def segment(rgb: np.ndarray) -> packshot.Result:
    return packshot.Pipeline(settings=Settings(threads=1)).run(rgb)


def background(kind: str) -> np.ndarray:
    rows, columns = np.mgrid[:480, :360].astype(np.float32)
    if kind == "grey":
        shade = 200 + 20 * rows / 480
        return np.repeat(shade[..., None], 3, axis=2)
    if kind == "blue":
        return np.stack([60 + 0 * rows, 90 + columns / 6, 160 + rows / 10], axis=2)
    return cv2.GaussianBlur(cv2.resize(data.coffee(), (360, 480)), (0, 0), 12).astype(np.float32)


def bottle() -> np.ndarray:
    mask = np.zeros((480, 360), np.uint8)
    cv2.rectangle(mask, (120, 160), (240, 430), 255, -1)
    cv2.rectangle(mask, (155, 60), (205, 170), 255, -1)
    return cv2.GaussianBlur(mask, (0, 0), 1.0).astype(np.float32) / 255


def shirt() -> np.ndarray:
    mask = np.zeros((480, 360), np.uint8)
    outline = [(100, 90), (150, 80), (180, 100), (210, 80), (260, 90), (330, 190), (285, 225), (255, 185), (258, 410),
               (102, 410), (105, 185), (75, 225), (30, 190)]  # fmt: skip
    cv2.fillPoly(mask, [np.array(outline, np.int32)], 255)
    return cv2.GaussianBlur(mask, (0, 0), 1.0).astype(np.float32) / 255


@pytest.mark.parametrize("kind", ["grey", "blue", "blurred photo"])
@pytest.mark.parametrize(("draw", "colour"), [(bottle, (150, 40, 50)), (shirt, (40, 60, 110))])
def test_drawn_products_are_found(kind: str, draw: object, colour: tuple[int, int, int]) -> None:
    true = draw()
    folds = 12 * np.sin(np.mgrid[:480, :360][1] / 17.0)[..., None]
    scene = true[..., None] * (np.array(colour) + folds) + (1 - true[..., None]) * background(kind)
    result = segment(np.clip(scene, 0, 255).astype(np.uint8))
    assert result.mask is not None, result.error
    assert iou(result.mask.alpha, true) > 0.9


@pytest.mark.parametrize("shade", [255, 128, 0])
def test_an_empty_picture_is_no_cutout(shade: int) -> None:
    result = segment(np.full((300, 400, 3), shade, np.uint8))
    assert isinstance(result.error, NothingToCutOut)
    assert result.cutout is None


def test_the_same_photo_gives_the_same_mask() -> None:
    first, second = (segment(data.astronaut()) for _ in range(2))
    assert np.array_equal(first.mask.alpha, second.mask.alpha)


def mirrored_agreement(photo: np.ndarray) -> tuple[float, packshot.Result]:
    straight, mirrored = segment(photo), segment(np.ascontiguousarray(photo[:, ::-1]))
    return iou(straight.mask.alpha, mirrored.mask.alpha[:, ::-1]), straight


def test_a_mirrored_product_gives_the_mirrored_mask() -> None:
    true = shirt()[..., None]
    scene = true * np.array((40.0, 60.0, 110.0)) + (1 - true) * background("grey")
    assert mirrored_agreement(scene.astype(np.uint8))[0] > 0.95


@pytest.mark.parametrize("name", ["astronaut", "coffee", "rocket"])
def test_where_the_mirror_disagrees_a_person_is_asked(name: str) -> None:
    agreement, result = mirrored_agreement(getattr(data, name)())
    assert agreement > 0.9 or result.status == "review"


@pytest.mark.parametrize("kind", ["grey", "blurred photo"])
def test_the_evidence_is_what_the_mask_was_checked_by(kind: str) -> None:
    """On a plain background the outline is not the network's, and the reasons given must say so."""
    alpha = bottle()[..., None]
    rgb = np.rint(alpha * np.float32((150, 40, 50)) + (1 - alpha) * background(kind)).astype(np.uint8)
    network = load("cutout", Settings(threads=1), task="segmentation")
    photo = decode(rgb)
    figures = {
        each.figure: each.value
        for each in ready_evidence(photo, segmenter("cutout", Settings(threads=1))(photo).alpha, network)
    }
    assert figures["plain"] == (1 if kind == "grey" else 0)


def test_every_figure_has_words() -> None:
    assert {each.name for each in fields(Signals)} == set(FIGURE_WORDS)
