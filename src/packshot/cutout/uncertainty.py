"""How far to trust a mask nobody has checked: from the network's own probabilities, without labels."""

from __future__ import annotations

import numpy as np

from packshot.errors import NothingToCutOut
from packshot.values import Alpha

__all__ = ["HOPELESS", "MAX_COVERAGE", "MIN_COVERAGE", "require_subject", "soft_iou", "uncertainty"]

#: Uncertainty from which a mask is no result: less than half of it is expected to be right.
HOPELESS = 0.5
#: Shares of the photo's area between which a product can be.
MIN_COVERAGE = 0.002
MAX_COVERAGE = 0.995


def soft_iou(probability: Alpha) -> float:
    """1 - the intersection over union to be expected if the probabilities are right."""
    chosen = probability >= 0.5
    inside = float(probability[chosen].sum())
    union = float(chosen.sum()) + float(probability[~chosen].sum())
    return 1 - inside / union if union else 1.0


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
    share = float(np.count_nonzero(alpha >= 0.5) / alpha.size)
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
