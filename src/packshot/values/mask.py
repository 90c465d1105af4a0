"""Where the product is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packshot.values.arrays import Alpha, check_array, check_fraction
from packshot.values.box import Box
from packshot.values.doubt import Doubt

__all__ = ["Mask"]


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Where the product is.

    Attributes:
        alpha: float32 (h, w) in 0..1, the size of the photo.
        uncertainty: 0 (sure) .. 1 (hopeless); ranks the true error.
        model: the name and hash of what made it, ``cutout@1f2e3d4c`` or ``given-alpha``.
        ready: the chance that a person would publish it, 0..1; None where nobody fitted that to its model.
        doubts: why a person should look, most pressing first.
        parts: separate products that were seen, also where only the largest was kept.
        shadow: float32 (h, w), 0 none .. 1 black: how much the product's photographed shadow darkens a plain
            background; it is no part of `alpha`. None where no such shadow was found.
    """

    alpha: Alpha
    uncertainty: float
    model: str
    ready: float | None = None
    doubts: tuple[Doubt, ...] = ()
    parts: int = 1
    shadow: Alpha | None = None

    def __post_init__(self) -> None:
        check_array("Mask.alpha", self.alpha, dtype=np.float32, channels=None)
        check_fraction("Mask.uncertainty", self.uncertainty)
        if self.ready is not None:
            check_fraction("Mask.ready", self.ready)
        if self.shadow is not None:
            check_array("Mask.shadow", self.shadow, dtype=np.float32, channels=None)
            if self.shadow.shape != self.alpha.shape:
                raise ValueError(f"Mask.shadow: expected {self.alpha.shape}, got {self.shadow.shape}")

    @property
    def coverage(self) -> float:
        """Mean alpha: the product's share of the photo's area, 0..1."""
        return float(self.alpha.mean())

    def box(self, threshold: float = 0.5) -> Box | None:
        """The smallest box around all pixels with ``alpha >= threshold``; None if there are none."""
        columns = np.flatnonzero((self.alpha >= threshold).any(axis=0))
        rows = np.flatnonzero((self.alpha >= threshold).any(axis=1))
        if columns.size == 0:
            return None
        return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
