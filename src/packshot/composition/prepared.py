"""A cut-out made ready to be laid on any number of canvases: what does not depend on the canvas is done once."""

from __future__ import annotations

from functools import cached_property
from threading import Lock

from packshot.composition.layout import Layout
from packshot.composition.resample import Premultiplied, premultiply, resize
from packshot.errors import NothingToCutOut
from packshot.subject import Subject, find_subject
from packshot.values import Box, Cutout

__all__ = ["PreparedCutout"]


class PreparedCutout:
    """The product in a cut-out, found and premultiplied once; may be used by several threads.

    Args:
        cutout: the product, straight alpha.

    Attributes:
        cutout: that was given.
        subject: where in it the product stands.

    Raises:
        NothingToCutOut: the cut-out is empty.
    """

    def __init__(self, cutout: Cutout) -> None:
        subject = find_subject(cutout.rgba[..., 3])
        if subject is None:
            raise NothingToCutOut("the cut-out shows nothing", remedy="take a photo that shows the product clearly")
        self.cutout = cutout
        self.subject: Subject = subject
        self._lock = Lock()

    @property
    def frame(self) -> tuple[int, int]:
        """(width, height) of the cut-out in pixels."""
        height, width = self.cutout.rgba.shape[:2]
        return width, height

    def sized(self, layout: Layout) -> tuple[Premultiplied, Box]:
        """The product at its final size, and the part of the canvas it is laid on.

        Args:
            layout: of the canvas.

        Returns:
            uint16 (h, w, 4), premultiplied, and the box it fills.
        """
        box, target = self.subject.box, layout.box
        left, top, right, bottom = self._rim
        scale_x, scale_y = target.width / box.width, target.height / box.height
        left, right = round(left * scale_x), round(right * scale_x)
        top, bottom = round(top * scale_y), round(bottom * scale_y)
        with self._lock:
            crop = self._crop
        product = resize(crop, target.width + left + right, target.height + top + bottom)
        x0, y0 = target.x0 - left, target.y0 - top
        x1, y1 = min(layout.width, target.x1 + right), min(layout.height, target.y1 + bottom)
        place = Box(max(0, x0), max(0, y0), x1, y1)
        return product[place.y0 - y0 : place.y1 - y0, place.x0 - x0 : place.x1 - x0], place

    @cached_property
    def _rim(self) -> tuple[int, int, int, int]:
        """Pixels left, above, right of and below the box: the faint rim of a soft edge, which the box leaves out."""
        box, (width, height) = self.subject.box, self.frame
        pad = 2 + max(box.size) // 100
        return min(pad, box.x0), min(pad, box.y0), min(pad, width - box.x1), min(pad, height - box.y1)

    @cached_property
    def _crop(self) -> Premultiplied:
        box, (left, top, right, bottom) = self.subject.box, self._rim
        return premultiply(self.cutout.rgba[box.y0 - top : box.y1 + bottom, box.x0 - left : box.x1 + right])
