"""Maps of a scorer whose evidence is known: it looks at one quarter of the picture and at nothing else."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from packshot_tests.photos import soft

from packshot.explanation import (
    balanced_cells,
    curve_area,
    deletion_curve,
    edge_map,
    energy_inside,
    insertion_curve,
    occlusion_map,
    points_inside,
    random_map,
    rise_map,
)
from packshot.values import Rgb


@pytest.fixture
def photo() -> Rgb:
    """Fine stripes in the upper left quarter, coarse ones elsewhere."""
    rgb = np.full((120, 160, 3), 60, np.uint8)
    rgb[:, (np.arange(160) // 40) % 2 == 0] = 120
    rgb[:60, :80:2] = 220
    return rgb


def stripes(rgb: Rgb) -> float:
    """How striped the upper left quarter is, 0..1."""
    height, width = rgb.shape[:2]
    quarter = rgb[: height // 2, : width // 2].astype(np.float64)
    return float(np.abs(np.diff(quarter, axis=1)).mean() / 255)


@pytest.mark.parametrize("method", [occlusion_map, rise_map])
def test_the_map_is_hot_where_the_evidence_is(method, photo: Rgb) -> None:
    heat = method(stripes, photo)
    rows, columns = heat.shape
    evidence = np.zeros(heat.shape, bool)
    evidence[: rows // 2, : columns // 2] = True
    assert heat[evidence].mean() > 5 * abs(heat[~evidence].mean())
    assert points_inside(heat, np.kron(np.array([[1, 0], [0, 0]], np.float32), np.ones((60, 80), np.float32)))


def test_any_three_cells_are_shown_in_all_ways_equally_often() -> None:
    """What an orthogonal array of strength three is; and each mask stands beside its complement."""
    shown = balanced_cells(10, np.random.default_rng(4))
    assert shown.shape == (32, 10)
    assert np.array_equal(shown[::2], ~shown[1::2])
    for three in combinations(range(10), 3):
        ways = shown[:, three] @ np.array([1, 2, 4])
        assert np.bincount(ways, minlength=8).tolist() == [4] * 8


def test_a_round_of_rise_finds_what_thousands_of_drawn_masks_do() -> None:
    """The mean score where a cell is shown, of an answer in which cells work together, against every way there is."""
    rng = np.random.default_rng(1)
    cells = np.array(list(product([False, True], repeat=9)))
    weights, pairs = rng.normal(size=9), rng.normal(size=(9, 9))

    def answer(shown: np.ndarray) -> np.ndarray:
        return np.tanh(shown @ weights + np.einsum("ni,ij,nj->n", shown, pairs, shown) / 4)

    def means(shown: np.ndarray) -> np.ndarray:
        return (answer(shown) @ shown) / shown.sum(0) - answer(shown).mean()

    true = means(cells.astype(float))
    balanced = [means(balanced_cells(9, np.random.default_rng(seed)).astype(float)) for seed in range(40)]
    drawn = [means((np.random.default_rng(seed).random((32, 9)) < 0.5).astype(float)) for seed in range(40)]
    errors = [np.abs(np.array(each) - true).mean() for each in (balanced, drawn)]
    assert errors[0] < 0.6 * errors[1], "as many masks"
    assert np.allclose(np.mean(balanced, axis=0), true, atol=0.05), "and none of them leans to one side"


def test_hiding_what_nobody_looks_at_costs_nothing(photo: Rgb) -> None:
    assert np.allclose(occlusion_map(lambda _: 0.7, photo), 0)


def test_a_map_of_the_evidence_beats_noise_and_edges(photo: Rgb) -> None:
    true = np.kron(np.array([[1, 0], [0, 0]], np.float32), np.ones((6, 8), np.float32))
    known_nothing = [random_map(photo), edge_map(photo), 1 - true]
    deleted = [curve_area(deletion_curve(stripes, photo, heat)) for heat in (true, *known_nothing)]
    inserted = [curve_area(insertion_curve(stripes, photo, heat)) for heat in (true, *known_nothing)]
    assert deleted[0] == min(deleted)
    assert inserted[0] == max(inserted)


def test_curves_begin_and_end_with_the_pictures_they_are_between() -> None:
    photo = soft(1, (64, 48))
    whole, seen = stripes(photo), []
    curve = deletion_curve(lambda rgb: seen.append(rgb.copy()) or stripes(rgb), photo, random_map(photo), steps=7)
    assert len(curve) == 8
    assert curve[0] == whole
    assert np.array_equal(seen[0], photo)
    assert insertion_curve(stripes, photo, random_map(photo))[-1] == whole


def test_energy_is_the_share_of_positive_heat_on_the_product() -> None:
    heat = np.array([[3.0, 1.0], [-4.0, 0.0]], np.float32)
    assert energy_inside(heat, np.array([[1.0, 0.0], [1.0, 0.0]], np.float32)) == 0.75
    assert np.isnan(energy_inside(-np.abs(heat), np.ones((2, 2), np.float32)))


def test_the_area_under_a_straight_line_is_a_triangle() -> None:
    assert curve_area(np.linspace(1, 0, 21)) == pytest.approx(0.5)
