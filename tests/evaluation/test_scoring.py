"""Scoring: the figures of one photo, and of a set."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats

from packshot.evaluation import (
    ALL_SETS,
    BASELINES,
    LabelledPhoto,
    MaskScore,
    bootstrap_interval,
    score_masks,
    summarise,
)


def photo(name: str, *, group: str = "shop", width: int = 40) -> LabelledPhoto:
    """A white square of 20 x 20 on black; 40 x 40 unless told."""
    alpha = np.zeros((40, width), np.float32)
    alpha[10:30, 10:30] = 1
    return LabelledPhoto(name, group, np.repeat((alpha * 255).astype(np.uint8)[..., None], 3, axis=2), alpha)


def bright(rgb):
    return (rgb[..., 0] / np.float32(255)).astype(np.float32), 0.01


def test_every_metric_of_a_perfect_mask_and_of_the_baselines():
    scores = {score.method: score for score in score_masks([photo("a")], {"bright": bright, **BASELINES})}
    perfect = scores["bright"]
    assert (perfect.iou, perfect.boundary_f, perfect.pixel_accuracy) == (1, 1, 1)
    assert (perfect.mae, perfect.sad, perfect.mse, perfect.connectivity) == (0, 0, 0, 0)
    assert perfect.gradient == pytest.approx(0, abs=1e-9)
    assert perfect.uncertainty == 0.01
    empty = scores["all background"]
    assert (empty.iou, empty.boundary_f, empty.uncertainty) == (0, 0, None)
    assert (empty.pixel_accuracy, empty.mae) == (0.75, 0.25), "three quarters right without doing anything"
    # The box covers rows and columns 6..33, 28 x 28 pixels, and the whole square.
    assert scores["centre box"].iou == pytest.approx(400 / 784)


def test_photos_are_read_one_at_a_time():
    alive: list[str] = []

    def photos() -> Iterator[LabelledPhoto]:
        for name in ("a", "b", "c"):
            alive.append(name)
            yield photo(name)

    heard = []
    score_masks(
        photos(),
        {"bright": bright, **BASELINES},
        seen=lambda picture, alpha, score: heard.append((picture.name, score.method, list(alive))),
    )
    assert heard[0] == ("a", "bright", ["a"])
    assert heard[3] == ("b", "bright", ["a", "b"])
    assert len(heard) == 9


def score(group: str, value: float, doubt: float | None, method: str = "ours") -> MaskScore:
    return MaskScore("x", group, method, value, value, 0, 0, 0, 0, 0, 0, doubt, 0.5)


def test_sets_are_summarised_apart_and_together():
    scores = [score("a", 0.8, 0.1), score("a", 1.0, 0.0), score("b", 0.3, 0.4), score("b", 0, None, "nothing")]
    rows = {(row.set, row.method): row for row in summarise(scores)}
    assert list(rows) == [("a", "ours"), ("b", "ours"), ("b", "nothing"), (ALL_SETS, "ours"), (ALL_SETS, "nothing")]
    first = rows["a", "ours"]
    assert (first.photos, first.iou.value, first.seconds) == (2, pytest.approx(0.9), 0.5)
    assert (first.iou.low, first.iou.high) == bootstrap_interval([0.8, 1.0])
    assert rows[ALL_SETS, "ours"].iou.value == pytest.approx(0.7)
    assert first.spearman is not None
    assert first.spearman.value == pytest.approx(1)
    assert rows["b", "ours"].spearman is None, "one photo has no order"
    assert rows["b", "nothing"].spearman is None, "nor has a method without uncertainty"


def test_one_set_needs_no_sum_of_all():
    assert [row.set for row in summarise([score("a", 0.8, 0.1)])] == ["a"]
    assert summarise([]) == []


def test_the_ranking_agrees_with_scipy():
    rng = np.random.default_rng(0)
    scores = [score("a", float(value), float(value + noise)) for value, noise in rng.random((30, 2))]
    (row,) = summarise(scores)
    expected = stats.spearmanr([s.uncertainty for s in scores], [1 - s.iou for s in scores]).statistic
    assert row.spearman is not None
    assert row.spearman.value == pytest.approx(expected)
    assert row.spearman.low < expected < row.spearman.high


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="same \\(h, w\\)"):
        score_masks([photo("a")], {"wrong": lambda rgb: (np.zeros((3, 3), np.float32), None)})


def test_baselines_fit_any_shape():
    for width in (31, 40, 77):
        for score in score_masks([photo("a", width=width)], BASELINES):
            assert math.isfinite(score.iou)
