"""What a detector proposes for a photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from packshot.errors import PackshotError
from packshot.review.priority import frame_uncertainty
from packshot.values import Box, Frame, Rgb

__all__ = ["Detector", "Proposal", "Refiner", "Skipped"]

#: Says whether uint8 (h, w, 3) is framed, how sure it is, and where the picture inside begins.
Detector = Callable[[Rgb], Frame]

#: Moves each side of a rough inner box to where the frame really ends.
Refiner = Callable[[Rgb, Box], Box]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A photo, and the detector's answer on it.

    Attributes:
        photo: the file as the manifest names it: relative to the manifest's folder where it lies below it.
        stamp: the file's size in bytes and its time of change in nanoseconds, when the detector saw it.
        sha256: of the file.
        size: ``(width, height)`` in pixels, upright.
        model: what proposed.
        framed: whether it takes the photo for framed.
        score: 0..1, its probability of a frame.
        box: the picture inside the frame; the whole photo if there is none.
    """

    photo: str
    stamp: tuple[int, int]
    sha256: str
    size: tuple[int, int]
    model: str
    framed: bool
    score: float
    box: Box

    @property
    def uncertainty(self) -> float:
        """Its priority in the queue: 0 (the score is 0 or 1) .. 1 (it is one half)."""
        return frame_uncertainty(self.score)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo that cannot be shown, and why.

    Attributes:
        source: its path.
        error: the reason and the way out.
    """

    source: str
    error: PackshotError
