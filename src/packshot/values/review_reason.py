"""Why a person should look at a photo before it is published."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ReviewReason"]


class ReviewReason(StrEnum):
    """Why a photo is not called ready, in the order the reasons are told."""

    #: The file may be partly destroyed.
    DAMAGE = "damage"
    #: The mask is not ready; its doubts say why.
    MASK = "mask"
    #: A frame was found that is not sure enough to be cut off.
    FRAME = "frame"
    #: Text, a logo or a watermark may have been laid over the product, where no cut-out removes it.
    OVERLAY = "overlay"
    #: A picture misses a rule that must hold.
    RULES = "rules"
    #: To reach a profile's least size the product was enlarged beyond what the photo's pixels hold.
    ENLARGED = "enlarged"
    #: Of several profiles, one for which no picture could be made.
    PICTURE = "picture"
    #: The category is not sure, and `Settings.review_category` asks for it.
    CATEGORY = "category"
