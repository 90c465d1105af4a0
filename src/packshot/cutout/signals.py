"""What is measured on a mask before it is called ready."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.alike import alike_chance
from packshot.cutout.hanger import hook, knobs
from packshot.cutout.levels import levels
from packshot.cutout.maps import Maps
from packshot.cutout.outline_colours import fringe, ground_inside
from packshot.cutout.product import near_person
from packshot.cutout.uncertainty import soft_iou
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, Rgb

__all__ = ["Signals", "disagreement", "measure_fringe", "measure_signals", "smoke_share"]

_NEAR_EDGE = 0.01  # of the diagonal: half-transparent pixels this near an edge are the edge
_PIECE = 0.001  # of the product's area: smaller pieces are not seen
_STEP = 60.0  # Sobel response in Lab: a change of colour this strong is an edge of the photo
_BESIDE = 5  # pixels: the outline lies this near an edge of the photo, or on none
_HAZE = (0.05, 0.5, 4)  # probabilities that are no product, so many pixels from it
_OVERRULED = 7  # pixels: an outline is drawn a little inside or outside of where the network sees it
_GARMENT = 0.6  # of the product: from here on a garment's hanger is looked for


@dataclass(frozen=True, slots=True)
class Signals:
    """Figures of one mask, none of which needs the truth.

    Attributes:
        soft_iou: 1 - the IoU to be expected if the probabilities are right, 0..1.
        expected_error: pixels that the network expects to have wrong, of the product's area.
        worst_blob: the largest connected region of likely error, of the product's area.
        smoke: half-transparent pixels away from any edge in what the network says, of the product's area; the finished
            mask has less.
        pieces: area of all but the largest piece, of the product's area.
        cut_off: share of the photo's border that the product covers, 0..1.
        person: share of the product that may be a person, 0..1; 0 from a network that does not say.
        coverage: share of the photo that is product, 0..1.
        roughness: outline length over that of a disc of the same area, 1 or more.
        softness: pixels of which the network is not sure (0.1..0.9), for each pixel of the outline's length.
        faint: share of the outline along which the photo has no edge, 0..1.
        holes: background enclosed by the product, of the product's area.
        haze: pixels away from the product that may belong to it, of the product's area.
        ground_inside: share of the product's rim that has the background's colours, 0..1.
        hook: how long a garment is narrow from its top on, of its height, 0..1; 0 for other products.
        knobs: thin parts at a garment's top, of its area, 0..1; 0 for other products.
        overruled: the largest region that the finished mask has and the network says is not product, of the product's
            area: a shadow that a plain background's colour took for it.
        plain: 1 where the colour of a plain background drew the outline, else 0: what the network says of the outline
            counts less there.
        alike: the chance that the photo shows several alike side by side, 0..1; see `alike.alike_chance`.
        near_person: how surely somebody is about who is not the product, 0..1; see `product.near_person`.
        fringe: how far the finished rim leans to the background's colour, 0..1 (see `outline_colours.fringe`); None
            where it was not needed.
        mirrored: pixels that the network sees otherwise in the photo's mirror image, for each pixel of the outline's
            length; None where it has not been looked at a second time.
    """

    soft_iou: float
    expected_error: float
    worst_blob: float
    smoke: float
    pieces: float
    cut_off: float
    person: float
    coverage: float
    roughness: float
    softness: float
    faint: float
    holes: float
    haze: float
    ground_inside: float
    hook: float
    knobs: float
    overruled: float
    near_person: float
    alike: float = 0.0
    plain: float = 0.0
    fringe: float | None = None
    mirrored: float | None = None

    def as_dict(self) -> dict[str, float]:
        """Name to value, of what is known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def measure_signals(maps: Maps, probability: Alpha, alpha: Alpha, rgb: Rgb, *, plain: bool = False) -> Signals:
    """Measure a mask.

    Args:
        maps: what the network said.
        probability: float32 (h', w') in 0..1, the product that was chosen of it.
        alpha: float32 (h, w) in 0..1, the finished mask at the photo's size; measured at the network's.
        rgb: uint8 (h, w, 3), the photo; measured at the network's size as well. Whoever has both at that size gives
            them so.
        plain: whether the colour of a plain background drew the mask.
    """
    size = probability.shape[1], probability.shape[0]
    small = resize(alpha, size=size)
    chosen = small >= 0.5
    area = max(1, int(np.count_nonzero(chosen)))
    error = maps.error if maps.error is not None else np.minimum(probability, 1 - probability)
    likely = (error >= 0.3).astype(np.uint8)
    opened = np.asarray(cv2.morphologyEx(likely, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    border = np.concatenate([chosen[0], chosen[-1], chosen[:, 0], chosen[:, -1]])
    contours, _ = cv2.findContours(chosen.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(contour, True) for contour in contours)
    outline = _outline(chosen)
    along = max(1, int(np.count_nonzero(outline)))
    unsure = np.count_nonzero((probability > 0.1) & (probability < 0.9))
    person = 0.0 if maps.person is None else float(np.count_nonzero(chosen & (maps.person >= 0.3)) / area)
    garment = maps.garment is not None and np.count_nonzero(chosen & (maps.garment >= 0.5)) > _GARMENT * area
    photo = resize(rgb, size=size)
    inside, outside = _distances(chosen)
    least, most, away = _HAZE
    haze = (probability > least) & (probability < most) & (outside > away)
    return Signals(
        soft_iou=soft_iou(probability),
        expected_error=min(1.0, float(error.sum()) / area),
        worst_blob=min(1.0, _largest(opened) / area),
        smoke=smoke_share(levels(probability)),
        pieces=min(1.0, _pieces(chosen, area)),
        cut_off=float(border.mean()),
        person=person,
        coverage=area / chosen.size,
        roughness=float(length / (2 * np.sqrt(np.pi * area))),
        softness=float(unsure / along),
        faint=float(np.count_nonzero(outline & ~_edges(photo)) / along),
        holes=min(1.0, _holes(chosen) / area),
        haze=float(np.count_nonzero(haze) / area),
        ground_inside=ground_inside(chosen, photo, inside, outside),
        hook=hook(chosen) if garment else 0.0,
        knobs=knobs(chosen) if garment else 0.0,
        overruled=min(1.0, _overruled(chosen, probability >= 0.5) / area),
        near_person=near_person(maps, chosen),
        alike=alike_chance(maps, photo),
        plain=float(plain),
    )


def measure_fringe(probability: Alpha, alpha: Alpha, rgb: Rgb) -> float:
    """`Signals.fringe`, which costs more than the other figures together.

    Args:
        probability: float32 (h', w'), at whose size is measured.
        alpha: float32 (h, w) in 0..1, the finished mask.
        rgb: uint8 (h, w, 3), the photo.
    """
    size = probability.shape[1], probability.shape[0]
    small = resize(alpha, size=size)
    return fringe(small, resize(rgb, size=size), *_distances(small >= 0.5))


def disagreement(one: Alpha, other: Alpha) -> float:
    """Pixels that only one of two masks has at one half, for each pixel of the first one's outline.

    A share of the area would say little of a large product: its outline is where the two differ.

    Args:
        one: float32 (h, w) in 0..1.
        other: the same.
    """
    first, second = one >= 0.5, other >= 0.5
    along = max(1, int(np.count_nonzero(_outline(first))))
    return int(np.count_nonzero(first != second)) / along


def smoke_share(alpha: Alpha) -> float:
    """Half-transparent pixels (0.05..0.95) farther than 1 % of the diagonal from the outline, over the product's area.

    Args:
        alpha: float32 (h, w) in 0..1.
    """
    chosen = (alpha >= 0.5).astype(np.uint8)
    radius = max(1, round(_NEAR_EDGE * float(np.hypot(*alpha.shape))))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    far = cv2.dilate(chosen, window) == cv2.erode(chosen, window)
    half = (alpha > 0.05) & (alpha < 0.95)
    return min(1.0, float(np.count_nonzero(half & far)) / max(1, int(chosen.sum())))


def _largest(mask: NDArray[np.uint8]) -> int:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return int(stats[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0


def _overruled(chosen: NDArray[np.bool_], said: NDArray[np.bool_]) -> int:
    """Pixels of the largest region that was chosen and is away from all that was said to be product."""
    window = np.ones((_OVERRULED, _OVERRULED), np.uint8)
    return _largest((chosen & (cv2.dilate(said.astype(np.uint8), window) == 0)).astype(np.uint8))


def _pieces(chosen: NDArray[np.bool_], area: int) -> float:
    count, _, stats, _ = cv2.connectedComponentsWithStats(chosen.astype(np.uint8), connectivity=8)
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])[:-1]
    return float(areas[areas >= _PIECE * area].sum() / area) if count > 2 else 0.0


def _outline(chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels on either side of the outline; where the photo ends there is none."""
    outline = cv2.morphologyEx(chosen.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    outline[[0, -1]] = False
    outline[:, [0, -1]] = False
    return np.asarray(outline)


def _edges(rgb: Rgb) -> NDArray[np.bool_]:
    """Where the photo itself changes its colour: bool (h, w)."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    across, down = cv2.Sobel(lab, cv2.CV_32F, 1, 0), cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    square = cv2.transform(cv2.multiply(across, across) + cv2.multiply(down, down), np.ones((1, 3), np.float32))
    return np.asarray(cv2.dilate(square, np.ones((_BESIDE, _BESIDE), np.uint8)) >= _STEP**2)


def _holes(chosen: NDArray[np.bool_]) -> int:
    """Pixels of background that the photo's border does not reach."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~chosen).astype(np.uint8), connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    for line in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        areas[line] = 0
    return int(areas.sum())


def _distances(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pixels from the outline within the product, and outside of it; 0 on the other side."""
    product = chosen.astype(np.uint8)
    inside, outside = (cv2.distanceTransform(each, cv2.DIST_L2, cv2.DIST_MASK_5) for each in (product, 1 - product))
    return np.asarray(inside, np.float32), np.asarray(outside, np.float32)
