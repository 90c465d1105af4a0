"""Uncertainty by hand, and that it ranks."""

import cv2
import numpy as np
import pytest

from packshot.cutout import require_subject
from packshot.cutout.uncertainty import uncertainty
from packshot.errors import NothingToCutOut
from packshot.evaluation import iou, spearman


def test_by_hand():
    p = np.array([[0.9, 0.8, 0.3, 0.0]], np.float32)
    # chosen: 0.9 and 0.8; expected intersection 1.7; expected union 2 + 0.3.
    assert uncertainty(p) == pytest.approx(1 - 1.7 / 2.3)


def test_a_sure_mask_is_sure_and_nothing_is_hopeless(disc):
    assert uncertainty(disc(50)) == pytest.approx(0, abs=1e-4)
    assert uncertainty(np.zeros((9, 9), np.float32)) == 1.0
    assert 0 <= uncertainty(np.random.default_rng(0).random((40, 40), np.float32)) <= 1


def test_expected_error_is_the_true_error_of_calibrated_probabilities():
    rng = np.random.default_rng(0)
    expected, true = [], []
    for sharpness in np.linspace(1, 12, 25):
        logits = cv2.GaussianBlur(rng.normal(size=(120, 120)), (0, 0), 12)
        p = (1 / (1 + np.exp(-sharpness * logits / logits.std()))).astype(np.float32)
        expected.append(uncertainty(p))
        true.append(1 - np.mean([iou(p, rng.random(p.shape) < p) for _ in range(5)]))
    np.testing.assert_allclose(expected, true, atol=0.01)
    assert spearman(expected, true) > 0.98


@pytest.mark.parametrize(
    ("alpha", "doubt", "reason"),
    [
        (np.zeros((50, 50), np.float32), 0.0, "no product was found"),
        (np.full((50, 50), 0.49, np.float32), 0.0, "no product was found"),
        (np.ones((50, 50), np.float32), 0.0, "fill the whole photo"),
        (None, 0.9, "a guess"),
    ],
)
def test_a_hopeless_mask_is_refused_with_its_reason(alpha, doubt, reason, disc):
    with pytest.raises(NothingToCutOut, match=rf"test\.jpg: .*{reason}"):
        require_subject(disc(50) if alpha is None else alpha, doubt=doubt, source="test.jpg")


def test_a_good_mask_passes(disc):
    assert require_subject(disc(50), doubt=0.1, source="test.jpg") is None  # and raises nothing
