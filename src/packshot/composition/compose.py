"""One call from a cut-out to a finished packshot."""

from __future__ import annotations

from functools import partial
from typing import Protocol

import cv2
import numpy as np

from packshot.composition.blend import cover, over, shade, straighten
from packshot.composition.layout import Layout, lay_out
from packshot.composition.placement import Placement, placed
from packshot.composition.prepared import PreparedCutout
from packshot.composition.provenance import made_how
from packshot.composition.resample import FULL, Premultiplied
from packshot.composition.shadow import contact_shadow, laid_shadow
from packshot.errors import CompositionError, UsageError
from packshot.photo import Encoded, encode_print, xmp_packet
from packshot.photo import encode as encode_picture
from packshot.specs import Composition
from packshot.values import Alpha, Box, Cutout, Packshot, Rgb, Rgba, SourceType

__all__ = ["Encoder", "compose"]

_MAX_CANVAS_PIXELS = 100_000_000


class Encoder(Protocol):
    """What writes the file: `packshot.photo.encode` or a stand-in."""

    def __call__(
        self,
        pixels: Rgb | Rgba,
        *,
        format: str,  # noqa: A002 - the word of `packshot.photo.encode`
        quality: int | None,
        max_bytes: int | None,
        xmp: bytes | None,
    ) -> Encoded:
        """Encode `pixels`; see `packshot.photo.encode`."""
        ...


def compose(
    cutout: Cutout | PreparedCutout,
    spec: Composition,
    *,
    backdrop: Rgb | None = None,
    backdrop_source: SourceType | None = None,
    encode: Encoder = encode_picture,
    placement: Placement | None = None,
) -> Packshot:
    """Crop to the product, lay it on its canvas and write the file.

    The product is resized with its colours multiplied by alpha and composited once; a transparent result is
    straight again. Specks of the mask neither move nor shrink the product.

    Args:
        cutout: the product, straight alpha; prepared where it is laid on several canvases.
        spec: what the picture shall be.
        backdrop: uint8 (h, w, 3), for ``background="picture"``: scaled and cropped to cover the canvas.
        backdrop_source: how the backdrop says that it came about.
        encode: writes the file.
        placement: size and base line among the pictures of a group; alone by default.

    Returns:
        The picture and its file. `Packshot.upscale` states the enlargement, `Packshot.advice` what could
        not be done as asked.

    Raises:
        NothingToCutOut: the cut-out is empty.
        CompositionError: no such canvas can be made, or no quality fits `Composition.max_bytes`.
        UsageError: the backdrop is missing, or given but not asked for.
    """
    if (backdrop is not None) != (spec.background == "picture"):
        raise UsageError(
            f"background is {spec.background!r} and a backdrop was {'not ' if backdrop is None else ''}given",
            remedy='give a backdrop together with background="picture"',
        )
    prepared = cutout if isinstance(cutout, PreparedCutout) else PreparedCutout(cutout)
    cutout, subject = prepared.cutout, prepared.subject
    layout = lay_out(subject, spec, frame=prepared.frame)
    if placement is not None:
        layout = placed(layout, placement)
    if layout.width * layout.height > _MAX_CANVAS_PIXELS:
        raise CompositionError(
            f"a canvas of {layout.width} x {layout.height} pixels is larger than {_MAX_CANVAS_PIXELS} pixels",
            remedy="choose a smaller --size, or set max_longest in the profile",
        )
    sized, place = prepared.sized(layout)
    product = np.ascontiguousarray(sized)
    alpha = np.zeros((layout.height, layout.width), np.float32)
    alpha[place.slices] = cv2.extractChannel(product, 3) * np.float32(1 / FULL)
    shadow, advice = None, layout.advice
    if spec.shadow == "photo":
        if cutout.mask.shadow is None:
            advice = (*advice, "there is no photographed shadow to keep: none was found on a plain background")
        else:
            size = {"width": layout.width, "height": layout.height}
            shadow = laid_shadow(cutout.mask.shadow, subject.box, layout.box, **size)
    elif spec.shadow > 0 and "bottom" not in subject.touches:  # what is cut off below stands on nothing
        shadow = contact_shadow(alpha, layout.box, strength=spec.shadow)
    if spec.background == "transparent":
        pixels: Rgb | Rgba = _transparent(product, place, layout, shadow)
    else:
        pixels = _opaque(product, place, shadow, background=_background(layout, spec, backdrop))
    quality = None if spec.format.is_lossless else spec.quality
    xmp = xmp_packet(
        source_type=made_how(cutout.source_type, backdrop_source, spec), creator=spec.creator, credit=spec.credit
    )
    if spec.print is not None:
        encode = partial(encode_print, alpha=alpha, settings=spec.print)
    encoded = encode(pixels, format=spec.format.value, quality=quality, max_bytes=spec.max_bytes, xmp=xmp)
    return Packshot(
        pixels=pixels,
        subject=_solid_box(alpha, layout.box),
        data=encoded.data,
        format=encoded.format,
        quality=encoded.quality,
        upscale=layout.scale,
        enlarged=layout.enlarged,
        alpha=alpha,
        cut_off=tuple(subject.touches),
        advice=advice,
    )


def _background(layout: Layout, spec: Composition, backdrop: Rgb | None) -> Rgb:
    """The canvas before anything stands on it, a new array."""
    if backdrop is not None:
        return cover(backdrop, layout.width, layout.height)
    row = np.broadcast_to(np.array(spec.colour, np.uint8), (1, layout.width, 3))
    return np.repeat(row, layout.height, axis=0)


def _opaque(product: Premultiplied, place: Box, shadow: Alpha | None, *, background: Rgb) -> Rgb:
    canvas = background
    if shadow is not None:
        canvas = shade(canvas, shadow)
    canvas[place.slices] = over(product, np.ascontiguousarray(canvas[place.slices]))
    return canvas


def _transparent(product: Premultiplied, place: Box, layout: Layout, shadow: Alpha | None) -> Rgba:
    if shadow is None:
        canvas = np.zeros((layout.height, layout.width, 4), np.uint8)
        canvas[place.slices] = straighten(product)
        return canvas
    whole = np.zeros((layout.height, layout.width, 4), np.uint16)
    whole[place.slices] = product
    # Black of the shadow's strength under the product: only alpha grows.
    alpha = whole[..., 3].astype(np.float32)
    whole[..., 3] = np.rint(alpha + shadow * (FULL - alpha))
    return straighten(whole)


def _solid_box(alpha: Alpha, fallback: Box) -> Box:
    solid = (alpha >= 0.5).view(np.uint8)
    x, y, wide, high = cv2.boundingRect(solid)
    return Box(x, y, x + wide, y + high) if wide else fallback
