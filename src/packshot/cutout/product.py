"""What of a photo is the product: all that stands out, a person, a garment, or what a person holds."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.maps import Maps
from packshot.errors import ModelMismatch
from packshot.settings import Several, Subject
from packshot.values import Alpha, Doubt

__all__ = ["choose_product", "keep_largest", "near_person"]

# Of the area that stands out, the share that is a person: below the first nobody is there, above the second the person
# is the subject, and between them somebody holds or touches a product.
_TOUCHED, _PERSON = 0.03, 0.5
# A hand shows skin: without it what looks like a person is a garment that lies there.
_SKIN = 0.01
_SURE = 0.5
# Of a hand the network sees little, for it was shown whole people; but where there is none it says so firmly. From this
# peak of what it says of people on somebody is about (benchmarks/held.py).
_ABOUT = 0.01
_BLUR, _REACH = 0.008, 0.05  # of the diagonal: a single pixel is nobody; who is farther away holds nothing
_SOFT = 0.005  # of the longer side: how far a soft edge reaches
_PART = 0.02  # of the largest part's area: smaller parts are no further product


def choose_product(maps: Maps, subject: Subject) -> tuple[Alpha, tuple[Doubt, ...]]:
    """The probability of the product that was asked for, and what is doubtful about the choice.

    With `Subject.AUTO` all that stands out is the product; where a smaller part of it is a person, somebody holds the
    product, and it is taken alone.

    Args:
        maps: of the photo.
        subject: what is asked for.

    Returns:
        float32 (h', w') in 0..1, and the doubts.

    Raises:
        ModelMismatch: the network does not tell people and garments apart from the rest.
    """
    if subject is Subject.AUTO and maps.person is None:
        return maps.alpha, ()
    if maps.person is None or maps.garment is None:
        raise ModelMismatch(
            f"subject {subject.value}: this network does not tell people and garments from other things",
            remedy="leave --subject out, or use the network that ships (--model cutout)",
        )
    if subject in {Subject.PERSON, Subject.GARMENT}:
        return (maps.person if subject is Subject.PERSON else maps.garment), ()
    standing_out = maps.alpha >= _SURE
    area = int(np.count_nonzero(standing_out))
    person, skin = (
        0.0 if seen is None or not area else np.count_nonzero(standing_out & (seen >= _SURE)) / area
        for seen in (maps.person, maps.skin)
    )
    whole = person < _TOUCHED
    if subject is Subject.AUTO and not whole:  # a person who carries something, or a garment that looks like a person
        whole = person >= _PERSON or skin < _SKIN
    if whole:
        faint = subject is Subject.AUTO and person < _TOUCHED and near_person(maps, standing_out) > _ABOUT
        return maps.alpha, (Doubt.HELD,) if faint else ()
    alone = np.asarray(maps.alpha * (1 - maps.person), np.float32)
    return alone, (Doubt.HELD,) if subject is Subject.AUTO else ()


def near_person(maps: Maps, chosen: NDArray[np.bool_]) -> float:
    """How surely somebody is beside or in front of the product who is not it: the peak there of the map of people.

    Args:
        maps: of the photo.
        chosen: bool (h', w'), the product.

    Returns:
        0..1; 0 where the product is a person, or the network does not say.
    """
    if maps.person is None:
        return 0.0
    area = max(1, int(np.count_nonzero(chosen)))
    if np.count_nonzero(chosen & (maps.person >= _SURE)) >= _PERSON * area:
        return 0.0
    diagonal = float(np.hypot(*chosen.shape))
    radius = max(1, round(_REACH * diagonal))
    window = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * radius + 1, 2 * radius + 1))
    near = cv2.dilate(chosen.astype(np.uint8), window) > 0
    peak = cv2.GaussianBlur(maps.person, (0, 0), max(0.5, _BLUR * diagonal))[near]
    return float(peak.max()) if peak.size else 0.0


def keep_largest(alpha: Alpha, several: Several) -> tuple[Alpha, int]:
    """All products, or the largest of several, and how many there were.

    Args:
        alpha: float32 (h, w) in 0..1.
        several: what is kept.

    Returns:
        float32 (h, w), and the number of separate parts of at least 2 % of the largest's area.
    """
    count, labels = cv2.connectedComponents((alpha >= _SURE).view(np.uint8), connectivity=8)
    if count <= 2:
        return alpha, count - 1
    areas = np.bincount(labels.ravel())[1:]  # much quicker than OpenCV's statistics of parts
    parts = int(np.count_nonzero(areas >= _PART * areas.max()))
    if several is Several.ALL:
        return alpha, parts
    kept = (labels == 1 + int(areas.argmax())).astype(np.uint8)
    # The soft edge around the largest stays; where another part begins, it ends.
    reach = 2 * max(3, round(_SOFT * max(alpha.shape))) + 1
    near = cv2.dilate(kept, np.ones((reach, reach), np.uint8)) * (labels == 0) + kept
    return np.asarray(np.where(near > 0, alpha, 0), np.float32), parts
