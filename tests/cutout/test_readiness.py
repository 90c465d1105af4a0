"""What is measured on a mask before it is called ready, by hand; and the fitted rule."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from packshot.cutout.maps import Maps
from packshot.cutout.readiness import check_rule, readiness, reasons
from packshot.cutout.signals import measure_signals, smoke_share
from packshot.errors import ModelMismatch
from packshot.runtime import ReadyRule
from packshot.values import Doubt


def square(side: int = 200, start: int = 50, stop: int = 150) -> np.ndarray:
    alpha = np.zeros((side, side), np.float32)
    alpha[start:stop, start:stop] = 1
    return alpha


def test_a_clean_square_shows_nothing() -> None:
    alpha = square()
    signals = measure_signals(Maps(alpha, person=alpha * 0, error=alpha * 0), alpha, alpha)
    assert signals.smoke == signals.pieces == signals.worst_blob == signals.expected_error == signals.person == 0
    assert signals.cut_off == 0
    assert signals.coverage == 0.25
    # 4 x 99 along the pixels' centres, over the circumference of a disc of 10,000 pixels.
    assert signals.roughness == pytest.approx(396 / (2 * math.sqrt(math.pi * 10_000)))


def test_smoke_is_counted_away_from_edges_only() -> None:
    alpha = square()
    alpha[80:90, 80:100] = 0.7  # 200 pixels inside: of the product's 10,000
    alpha[10:20, 10:20] = 0.3  # 100 outside
    alpha[49, 50:150] = 0.5  # along the edge; belongs to it
    assert smoke_share(alpha) == pytest.approx(300 / 10_100, abs=1e-4)


def test_pieces_blobs_and_the_border() -> None:
    alpha = square()
    alpha[:20, :50] = 1  # a piece of 1,000 pixels that touches 50 pixels of the upper border and 20 of the left one
    error = np.zeros_like(alpha)
    error[100:120, 100:130] = 0.9  # 600 pixels
    error[5, 190] = 0.9  # a speck
    signals = measure_signals(Maps(alpha, error=error), alpha, alpha)
    assert signals.pieces == pytest.approx(1_000 / 11_000)
    assert signals.worst_blob == pytest.approx(600 / 11_000)
    assert signals.cut_off == pytest.approx(70 / 800)
    assert reasons(signals) == (Doubt.AREA, Doubt.PIECES, Doubt.CUT_OFF)


def test_a_mask_that_is_not_ready_for_no_single_reason_has_a_doubtful_outline() -> None:
    alpha = square()
    assert reasons(measure_signals(Maps(alpha), alpha, alpha)) == (Doubt.OUTLINE,)


RULE = {
    "features": ("smoke", "pieces"),
    "mean": (0.1, 0.0),
    "scale": (0.1, 1.0),
    "weights": (-1.0, -2.0),
    "bias": 0.5,
    "threshold": 0.6,
    "precision": 0.95,
    "coverage": 0.5,
    "masks": 100,
}


def test_the_chance_is_a_logistic_regression() -> None:
    alpha = square()
    signals = measure_signals(Maps(alpha), alpha, alpha)  # smoke 0, pieces 0: 0.5 - (0 - 0.1) / 0.1 = 1.5
    assert readiness(signals, ReadyRule(**RULE)) == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_a_rule_with_numbers_missing_is_refused() -> None:
    with pytest.raises(ValidationError, match="as many numbers"):
        ReadyRule(**{**RULE, "weights": (1.0,)})


def test_a_rule_on_a_figure_that_is_not_measured_is_refused() -> None:
    check_rule(None)
    check_rule(ReadyRule(**RULE))
    with pytest.raises(ModelMismatch, match="got gloss:") as caught:
        check_rule(ReadyRule(**{**RULE, "features": ("smoke", "gloss")}))
    assert "update packshot" in caught.value.remedy
