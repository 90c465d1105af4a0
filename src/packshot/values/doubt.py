"""Why a mask may not be right, each in a word that report and manifest share."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Doubt"]


class Doubt(StrEnum):
    """Why a person should look at a mask."""

    #: A hand or a person holds or touches the product.
    HELD = "held"
    #: It stands among others of its kind, and none of them is told from the rest.
    ALIKE = "alike"
    #: The network expects a part of the product to be missing, or something foreign in it.
    AREA = "area"
    #: Half-transparent pixels away from any edge.
    SMOKE = "smoke"
    #: Loose pieces beside the product.
    PIECES = "pieces"
    #: Thin parts at a garment's top: a hanger taken along, a strap half lost.
    THIN = "thin"
    #: The background's colour is seen along the outline.
    FRINGE = "fringe"
    #: The outline as a whole is uncertain.
    OUTLINE = "outline"
    #: The product is cut off at an edge of the photo.
    CUT_OFF = "cut-off"
    #: What the background shows and what the network says contradict each other.
    GROUND = "ground"
    #: A person's strokes were drawn again, on another mask than that person saw.
    REDRAWN = "redrawn"
