"""Maps of a scorer whose evidence is known: it looks at one quarter of the picture and at nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from packshot_tests.photos import soft

from packshot.explanation import (
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
