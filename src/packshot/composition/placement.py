"""Where a picture stands among others: smaller than it could be, on their base line, and in their light."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from packshot.composition.layout import Layout
from packshot.values import Box, Rgba

__all__ = ["Placement", "lit", "placed"]


@dataclass(frozen=True, slots=True)
class Placement:
    """What makes one picture like the others of its group.

    Attributes:
        factor: of the product's size as it would be alone, above 0 and at most 1.
        base: where the product ends below, as a share of the canvas' height; None: as it would alone.
        gain: of the product's brightness, in encoded values; 1 leaves it alone.
    """

    factor: float = 1.0
    base: float | None = None
    gain: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.factor <= 1 or not (self.base is None or 0 < self.base <= 1) or not 0.5 <= self.gain <= 2:
            raise ValueError(f"Placement: expected a factor and a base in 0..1 and a gain in 0.5..2, got {self}")


def placed(layout: Layout, placement: Placement) -> Layout:
    """The layout with the product smaller, about the same middle, and on the base line; it stays on the canvas.

    Args:
        layout: of the product alone.
        placement: among the others.
    """
    box = layout.box
    width, height = (max(1, round(side * placement.factor)) for side in box.size)
    middle = (box.x0 + box.x1) / 2
    x = min(max(0, round(middle - width / 2)), layout.width - width)
    bottom = (box.y0 + box.y1 + height) / 2 if placement.base is None else placement.base * layout.height
    y = min(max(0, round(bottom) - height), layout.height - height)
    return replace(layout, box=Box(x, y, x + width, y + height), scale=layout.scale * placement.factor)


def lit(rgba: Rgba, gain: float) -> Rgba:
    """The product brighter or darker; alpha stays.

    Args:
        rgba: uint8 (h, w, 4), straight.
        gain: of the encoded values.
    """
    if gain == 1:
        return rgba
    table = np.rint(np.clip(np.arange(256) * gain, 0, 255)).astype(np.uint8)
    changed = rgba.copy()
    changed[..., :3] = table[rgba[..., :3]]
    return changed
