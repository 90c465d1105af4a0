"""What frame detection says of a photo."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.values.arrays import check_fraction
from packshot.values.box import Box

__all__ = ["Frame"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What frame detection says of a photo.

    Attributes:
        framed: whether a frame, bar or banner surrounds the picture.
        score: 0..1, calibrated probability of a frame.
        inner_box: the picture inside the frame; the whole photo if there is none.
    """

    framed: bool
    score: float
    inner_box: Box

    def __post_init__(self) -> None:
        check_fraction("Frame.score", self.score)
