"""Masks scored by what the photos are like, against values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.photos import discs
from skimage.color import rgb2lab

from packshot.evaluation.photo_traits import PhotoTraits, photo_traits, score_by_trait


def test_traits_are_those_of_another_library() -> None:
    rgb = np.random.default_rng(4).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    alpha = np.zeros((60, 80), np.float32)
    alpha[10:40, 20:60] = 1
    found = photo_traits(rgb, alpha)
    lab = rgb2lab(rgb)
    product, background = lab[alpha == 1].mean(axis=0), lab[alpha == 0].mean(axis=0)
    assert found is not None
    assert found.background_lightness == pytest.approx(background[0] / 100, abs=2e-3)
    assert found.contrast == pytest.approx(np.linalg.norm(product - background) / 100, abs=2e-3)
    assert found.size == 0.25


@pytest.mark.parametrize("value", [0, 1])
def test_without_product_or_background_there_is_nothing_to_measure(value: int) -> None:
    assert photo_traits(np.zeros((8, 8, 3), np.uint8), np.full((8, 8), value, np.float32)) is None


def test_each_photo_is_in_one_group_of_each_trait() -> None:
    photos = [(PhotoTraits(0.1, 0.1, 0.05), 0.5), (PhotoTraits(0.9, 0.4, 0.1), 0.9), (PhotoTraits(0.8, 0.9, 0.9), 0.7)]
    rows = score_by_trait(photos)
    for trait in ("background_lightness", "contrast", "size"):
        assert sum(row.photos for row in rows if row.trait == trait) == 3
    light = next(row for row in rows if row.group == "light background")
    assert light.iou is not None
    assert (light.photos, light.iou.value) == (2, pytest.approx(0.8))
    assert next(row for row in rows if row.group == "product stands out").photos == 2  # its lower end belongs to it
    assert next(row for row in rows if row.group == "middling background").iou is None


def test_the_report_and_its_summary_have_them(tmp_path: Path) -> None:
    shop = discs(tmp_path / "shop")
    out = tmp_path / "quality"
    done = run("evaluate", "cutout", "--data", shop, "--split", "all", "--limit", 3, "--model", "grabcut", "-o", out)
    assert done.code == 0, done.err
    traits = json.loads((out / "summary.json").read_text())["traits"]
    assert len(traits) == 9
    assert sum(row["photos"] for row in traits if row["trait"] == "size") == 3
    assert "Which photos are hard" in (out / "report.html").read_text()
