"""How far a head's scores are from probabilities, before and after calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.classification import expected_calibration_error
from packshot.heads import Head, HeadKind, head_probabilities
from packshot.heads.calibration import fit_temperature, known_rows, scored_answers

__all__ = ["calibration_error"]

Numbers = NDArray[np.float32]


def calibration_error(head: Head, logits: Numbers, target: Numbers) -> tuple[float, float]:
    """Expected calibration error before and after, each half of the pictures scored with the other half's temperature.

    Args:
        head: as it was trained.
        logits: float32 (n, labels).
        target: float32 (n, labels), as for `calibrated`.

    Returns:
        Before and after, 0..1; nan where fewer than four pictures are known, or none is answered.
    """
    known = known_rows(head, target)
    logits, target = logits[known], target[known]
    if len(logits) < 4:
        return float("nan"), float("nan")
    halves = [np.arange(len(logits)) % 2 == half for half in (0, 1)]
    plain = _confidences(head, logits, target)
    warm = []
    for half in halves:
        fitted = head.model_copy(update={"temperature": fit_temperature(head, logits[~half], target[~half])})
        warm.append(_confidences(fitted, logits[half], target[half]))
    after = [np.concatenate(parts) for parts in zip(*warm, strict=True)]
    if not (plain[0].size and after[0].size):  # nothing was recognised anywhere
        return float("nan"), float("nan")
    return expected_calibration_error(*plain), expected_calibration_error(*after)


def _confidences(head: Head, logits: Numbers, target: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    found = head_probabilities(head, logits)
    if head.kind is HeadKind.TAGS:
        sure = np.maximum(found, 1 - found).ravel()
        return sure, ((found >= 0.5) == (target == 1)).ravel()
    rows = scored_answers(head, found, target)
    return np.concatenate([score for score, _ in rows]), np.concatenate([right for _, right in rows])
