"""One labelled picture, still on disk: what it is for, where its photo and mask lie, what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets.regions import Region, regions_alpha
from packshot.datasets.white_background import white_background_alpha
from packshot.errors import PhotoError, UsageError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.values import Alpha, Box, Rgb

__all__ = ["Item", "MaskKind", "Split", "read_labels", "read_rgb"]

# A training picture comes from the shop itself: a .png that holds a JPEG is no reason to stop.
_LIMITS = Limits(max_megapixels=110, full_megapixels=110)  # a photo and its mask keep one size


class Split(StrEnum):
    """What a photo is used for: to learn, to choose, to report."""

    TRAIN = "train"
    VALIDATION = "validation"
    HOLDOUT = "holdout"


class MaskKind(StrEnum):
    """How a mask is stored."""

    #: Grey is the share of product, 0..255; of a file with transparency, its opacity.
    ALPHA = "alpha"
    #: Grey is how sure a teacher network was, 0..255: what is neither sure nor ruled out is unknown.
    TEACHER = "teacher"
    #: Product above one half; a person drew its outline, which is loose by a pixel or two.
    OUTLINED = "outlined"
    #: Every value above 0 is product.
    LABELS = "labels"
    #: Polygons and runs, held by the item.
    REGIONS = "regions"
    #: The photo itself, a product on white background.
    WHITE_BACKGROUND = "white-ground"
    #: The same, filled to its convex hull.
    WHITE_BACKGROUND_CONVEX = "white-ground-convex"


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled picture.

    Attributes:
        source: the set it belongs to.
        split: what it may be used for.
        photo: path of the picture.
        mask: path of the mask; None where there is none, or where `kind` says that it lies elsewhere.
        kind: how to read the mask; None without one.
        label: its class, for classification.
        group: what must not be torn apart between splits: a product, a sender.
        regions: polygons and runs of the product, for `MaskKind.REGIONS`.
        published: the split was published with the set: what it tears apart is reported, but not refused.
        box: the picture inside its frame, in pixels of the upright photo; None where there is no frame, or nobody
            measured it.
    """

    source: str
    split: Split
    photo: Path
    mask: Path | None = None
    kind: MaskKind | None = None
    label: str | None = None
    group: str | None = None
    regions: tuple[Region, ...] = ()
    published: bool = False
    box: Box | None = None

    def rgb(self) -> Rgb:
        """The photo, upright sRGB: uint8 (h, w, 3).

        Raises:
            UsageError: it cannot be read; names the file.
        """
        return read_rgb(self.photo)

    def alpha(self) -> Alpha:
        """The mask: float32 (h, w), 0..1, of the photo's size.

        Raises:
            UsageError: photo or mask cannot be read, or the mask has another size; names the file.
        """
        return self.pair()[1]

    def pair(self) -> tuple[Rgb, Alpha]:
        """Photo and mask: uint8 (h, w, 3) and float32 (h, w) in 0..1, both upright.

        Raises:
            UsageError: photo or mask cannot be read, or the mask has another size; names the file.
        """
        rgb = self.rgb()
        return rgb, self.alpha_of(rgb)

    def alpha_of(self, rgb: Rgb) -> Alpha:
        """The mask, where the photo is at hand already; as `pair`.

        Args:
            rgb: what `rgb()` gave.
        """
        if self.kind is None:
            raise UsageError(f"{self.photo}: has no mask", remedy="give it one, or train a classification recipe")
        if self.kind is MaskKind.REGIONS:
            return regions_alpha(self.regions, rgb.shape[:2], name=str(self.photo))
        if self.kind in {MaskKind.WHITE_BACKGROUND, MaskKind.WHITE_BACKGROUND_CONVEX}:
            return white_background_alpha(rgb, convex=self.kind is MaskKind.WHITE_BACKGROUND_CONVEX)
        assert self.mask is not None  # noqa: S101 - every other kind is a file
        alpha = read_alpha(self.mask, labels=self.kind is MaskKind.LABELS)
        if self.kind is MaskKind.TEACHER and alpha.shape != rgb.shape[:2]:  # made of a smaller copy
            return np.asarray(cv2.resize(alpha, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
        if alpha.shape != rgb.shape[:2]:
            raise _other_size(self, alpha, rgb)
        return alpha

    def box_of(self, rgb: Rgb) -> Box | None:
        """The box, where the photo is at hand already; None without one.

        Args:
            rgb: what `rgb()` gave.

        Raises:
            UsageError: it reaches out of the photo; names the file.
        """
        height, width = rgb.shape[:2]
        if self.box and (self.box.x1 > width or self.box.y1 > height):
            x0, y0, x1, y1 = self.box.as_tuple()
            raise UsageError(
                f"{self.photo}: its inner box {x0} {y0} {x1} {y1} reaches out of the photo, {width} x {height} pixels",
                remedy="draw it anew: the photo was scaled, cropped or turned since",
            )
        return self.box


def read_rgb(path: Path) -> Rgb:
    """Read a training picture as serving reads it: upright, sRGB, transparent parts on white.

    One core reads a JPEG of 423 x 640 in 1.4 ms, OpenCV's own reader in 1.3 ms.

    Returns:
        uint8 (h, w, 3).

    Raises:
        UsageError: naming the file, when it cannot be decoded.
    """
    try:
        return decode(path, limits=_LIMITS).rgb
    except PhotoError as error:
        raise UsageError(error.message, remedy=error.remedy) from error


def read_alpha(path: Path, *, labels: bool = False) -> Alpha:
    """Read a mask: its opacity where it has transparency, else its grey.

    Args:
        path: of the mask.
        labels: every value above 0 is product.

    Returns:
        float32 (h, w), 0..1.

    Raises:
        UsageError: naming the file, when it cannot be decoded.
    """
    try:
        mask = decode(path, limits=_LIMITS)
    except PhotoError as error:
        raise UsageError(f"mask {error.message}", remedy=error.remedy) from error
    if labels:
        return np.asarray(mask.rgb.any(axis=2), np.float32)
    if mask.alpha is not None:
        return mask.alpha
    grey = np.asarray(cv2.cvtColor(mask.rgb, cv2.COLOR_RGB2GRAY), np.float32)
    return np.asarray(grey / 255, np.float32)


def read_labels(path: Path) -> tuple[NDArray[np.uint8], list[str]]:
    """Read a label picture of Clothing Co-Parsing.

    Args:
        path: of the picture; ``classes.txt`` lies beside its folder, one name a line.

    Returns:
        uint8 (h, w), the place of each pixel's class in the list, and the list.

    Raises:
        UsageError: naming the file, when one of the two cannot be read.
    """
    labels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    names = path.parent.parent / "classes.txt"
    if labels is None or not names.is_file():
        raise UsageError(f"{path}: not a label picture with {names} beside it", remedy="fetch the set again")
    return np.asarray(labels, np.uint8), names.read_text(encoding="utf-8").split("\n")


def _other_size(item: Item, alpha: Alpha, rgb: Rgb) -> UsageError:
    (height, width), (mask_height, mask_width) = rgb.shape[:2], alpha.shape
    turned = (mask_height, mask_width) == (width, height) != (height, width)
    return UsageError(
        f"{item.mask}: the mask is {mask_width} x {mask_height} pixels, its photo {item.photo} {width} x {height}",
        remedy="draw the mask on the upright photo: its camera wrote a rotation that the mask did not follow"
        if turned
        else "save the mask in the photo's size",
    )
