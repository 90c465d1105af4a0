"""What overlay detection says of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.values.arrays import check_fraction
from packshot.values.box import Box

__all__ = ["Overlays"]

_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Overlays:
    """What was laid over a picture afterwards: text, logos, badges, prices, watermarks. Print on a product is none.

    Attributes:
        found: whether there is any.
        score: 0..1, calibrated probability that there is.
        boxes: where, in pixels of the picture, the largest first; rough: the shipped network tells 32 x 32 cells.
        fields: of a grid of 10 x 10 fields over the picture, how many they touch.
        on_product: share of their area that lies on the product, 0..1; 0 where the product is not known.
    """

    found: bool
    score: float
    boxes: tuple[Box, ...] = ()
    fields: int = 0
    on_product: float = 0.0

    def __post_init__(self) -> None:
        check_fraction("Overlays.score", self.score)
        check_fraction("Overlays.on_product", self.on_product)
        if not 0 <= self.fields <= _FIELDS:
            raise ValueError(f"Overlays.fields: expected 0..{_FIELDS}, got {self.fields}")

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "found": self.found,
            "score": round(self.score, 6),
            "boxes": [box.as_tuple() for box in self.boxes],
            "fields": self.fields,
            "on_product": round(self.on_product, 6),
        }

    def words(self) -> str:
        """For a person."""
        if not self.found:
            return f"no overlays ({self.score:.2f})"
        places = "; ".join("{},{} to {},{}".format(*box.as_tuple()) for box in self.boxes)
        return f"overlays ({self.score:.2f}) on {self.fields} of 100 fields, at {places}"
