"""One picture with or without overlays, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["OverlayKind", "OverlaySample"]


class OverlayKind(StrEnum):
    """What is laid over a photo."""

    #: A few lines, plain, outlined or with a shadow.
    TEXT = "text"
    #: A sign, with or without a name beside it.
    LOGO = "logo"
    #: Words on a strip or a plate.
    PLATE = "plate"
    #: Words in a disc, a star or a ribbon.
    BADGE = "badge"
    #: Faint words or signs, once or all over.
    WATERMARK = "watermark"
    #: A small line near a corner or an edge.
    ADDRESS = "address"
    #: Arrows with a number beside them.
    MEASURE = "measure"
    #: Signs one below the other, each with its words.
    LIST = "list"


@dataclass(frozen=True, slots=True, eq=False)
class OverlaySample:
    """A drawn picture.

    Attributes:
        rgb: uint8 (h, w, 3).
        mask: bool (h, w), the pixels of overlays; of plates and badges their whole face.
        kinds: of the overlays; none where there are none.
        scene: what is below.
    """

    rgb: Rgb
    mask: NDArray[np.bool_]
    kinds: tuple[OverlayKind, ...]
    scene: str
