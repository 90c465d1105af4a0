"""How far to trust a mask nobody has checked: from the network's own probabilities, without labels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from packshot.errors import NothingToCutOut
from packshot.values import Alpha

__all__ = ["CANDIDATES", "HOPELESS", "MAX_COVERAGE", "MIN_COVERAGE", "require_subject", "uncertainty"]

#: Uncertainty from which a mask is no result: less than half of it is expected to be right.
HOPELESS = 0.5
#: Shares of the photo's area between which a product can be.
MIN_COVERAGE = 0.002
MAX_COVERAGE = 0.995


def soft_dice(probability: Alpha) -> float:
    """1 - soft Dice confidence (Borges et al. 2024): 0 where every probability is 0 or 1."""
    chosen = probability >= 0.5
    total = float(probability.sum()) + float(chosen.sum())
    return 1 - 2 * float(probability[chosen].sum()) / total if total else 1.0


def soft_iou(probability: Alpha) -> float:
    """1 - the intersection over union to be expected if the probabilities are right."""
    chosen = probability >= 0.5
    inside = float(probability[chosen].sum())
    union = float(chosen.sum()) + float(probability[~chosen].sum())
    return 1 - inside / union if union else 1.0


def sharpened(probability: Alpha) -> float:
    """`soft_iou` with every logit times four, so that only real indecision counts, not a timid network's haze."""
    yes, no = probability**2, (1 - probability) ** 2
    yes, no = yes * yes, no * no
    return soft_iou(np.asarray(yes / (yes + no), np.float32))


def spread(probability: Alpha) -> float:
    """Share of the mask that hinges on where the line is drawn: it is lost between the thresholds 0.4 and 0.6."""
    wide = np.count_nonzero(probability >= 0.4)
    return 1 - float(np.count_nonzero(probability >= 0.6) / wide) if wide else 1.0


def entropy(probability: Alpha) -> float:
    """Mean binary entropy (bits) over all pixels that may be product (probability >= 0.05)."""
    p = np.clip(probability[probability >= 0.05].astype(np.float64), 1e-6, 1 - 1e-6)
    return float(np.mean(-p * np.log2(p) - (1 - p) * np.log2(1 - p))) if p.size else 1.0


def band(probability: Alpha) -> float:
    """Undecided pixels (0.1..0.9) as a share of all that may be product."""
    possible = np.count_nonzero(probability > 0.1)
    return float(np.count_nonzero((probability > 0.1) & (probability < 0.9)) / possible) if possible else 1.0


def off_outline(probability: Alpha) -> float:
    """Expected error that does not lie along the outline, as a share of the expected union.

    Every soft mask is undecided along its outline; doubt elsewhere says a part may be missing or foreign.
    """
    chosen = (probability >= 0.5).astype(np.uint8)
    window = np.ones((7, 7), np.uint8)
    near = cv2.dilate(chosen, window) - cv2.erode(chosen, window)
    doubt = np.minimum(probability, 1 - probability) * (near == 0)
    union = float(chosen.sum()) + float((probability * (chosen == 0)).sum())
    return min(1.0, float(doubt.sum()) / union) if union else 1.0


#: What was compared in docs/decisions/0009-uncertainty.md; each maps float32 (h, w) probabilities to 0..1.
CANDIDATES: dict[str, Callable[[Alpha], float]] = {
    "band": band,
    "entropy": entropy,
    "off_outline": off_outline,
    "sharpened": sharpened,
    "soft_dice": soft_dice,
    "soft_iou": soft_iou,
    "spread": spread,
}


def uncertainty(probability: Alpha) -> float:
    """The mask's expected 1 - IoU, if the probabilities are right (chosen in docs/decisions/0009-uncertainty.md).

    Args:
        probability: float32 (h, w) in 0..1, as the network gave it, before any sharpening.

    Returns:
        0 (sure) .. 1 (hopeless).
    """
    return min(1.0, max(0.0, soft_iou(probability)))


def require_subject(alpha: Alpha, *, doubt: float, source: str) -> None:
    """Refuse a mask that shows no product.

    Args:
        alpha: float32 (h, w) in 0..1.
        doubt: its uncertainty, 0..1.
        source: the photo's name.

    Raises:
        NothingToCutOut: it covers nearly nothing or nearly everything, or the doubt is at least `HOPELESS`.
    """
    share = float(np.mean(alpha >= 0.5))
    if share < MIN_COVERAGE:
        found = f"no product was found (it would cover {share:.2%} of the photo, expected >= {MIN_COVERAGE:.1%})"
    elif share > MAX_COVERAGE:
        found = f"the product seems to fill the whole photo ({share:.1%}), so there is no background to remove"
    elif doubt >= HOPELESS:
        found = f"the outline is a guess (uncertainty {doubt:.2f}, expected < {HOPELESS:.2f})"
    else:
        return
    raise NothingToCutOut(
        f"{source}: {found}",
        remedy="take the photo again, with the whole product in view against a plain background",
    )
