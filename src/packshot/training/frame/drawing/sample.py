"""One generated picture and what is known about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from packshot.training.drawing.scenes import SceneKind
from packshot.values import Box, Rgb

__all__ = ["FrameKind", "FrameSample", "Sides"]


class FrameKind(StrEnum):
    """What was drawn around a picture."""

    PLAIN = "plain"
    WHITE = "white"
    BLACK = "black"
    GRADIENT = "gradient"
    STRIPES = "stripes"
    DOTS = "dots"
    WOOD = "wood"
    NOISE = "noise"
    BLURRED_PHOTO = "blurred-photo"
    ROUNDED = "rounded-corners"
    DOUBLE_LINES = "double-lines"
    #: The picture goes on outside the lines.
    INSET_LINES = "inset-lines"
    POLAROID = "polaroid"
    ONE_SIDE = "one-side"
    LETTERBOX = "letterbox"
    UNEVEN = "uneven"
    #: Words or a logo in the band.
    TEXT = "text"
    SHADOW = "drop-shadow"
    #: The picture fades into its mat, or ends in a torn edge.
    SOFT = "soft-edge"
    #: The picture's own edges, shaded as if it stood out, or faded.
    BEVEL = "bevel"


@dataclass(frozen=True, slots=True)
class Sides:
    """What a frame takes of each side, in pixels; 0 where there is none."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def scaled(self, x: float, y: float) -> Sides:
        """How thick they are in a picture scaled by `x` and `y`; what is not yet picture counts as frame."""
        across, down = (self.left * x, self.right * x), (self.top * y, self.bottom * y)
        (left, right), (top, bottom) = (tuple(math.ceil(side - 1e-6) for side in pair) for pair in (across, down))
        return Sides(left, top, right, bottom)


@dataclass(frozen=True, slots=True, eq=False)
class FrameSample:
    """A generated picture.

    Attributes:
        rgb: uint8 (h, w, 3).
        frame: what was drawn around it; None if nothing was.
        scene: what the picture shows.
        inner_box: the largest part without a pixel of the frame, inside rounded corners; the whole picture if
            unframed.
        sides: how thick the frame is, measured at the middle of each side: of a frame with rounded inner
            corners less than what `inner_box` leaves out.
    """

    rgb: Rgb
    frame: FrameKind | None
    scene: SceneKind
    inner_box: Box
    sides: Sides

    @property
    def framed(self) -> bool:
        """Whether there is a frame."""
        return self.frame is not None

    @property
    def kind(self) -> FrameKind | SceneKind:
        """What tables group by: the frame, or without one the scene."""
        return self.frame if self.frame is not None else self.scene
