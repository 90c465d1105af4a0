"""remove.bg's picture, made by packshot's stages."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass, replace

import cv2
import numpy as np

from packshot.composition import Composition, compose
from packshot.composition.blend import cover
from packshot.cutout import cut_out
from packshot.photo import Encoded, encode
from packshot.service.colours import laid_on
from packshot.service.job import Answer, JobRefused
from packshot.service.removebg.options import Options
from packshot.service.tools import Tools
from packshot.settings import Subject
from packshot.specs import FileFormat
from packshot.values import Box, Cutout, Mask, Photo, Rgb, Rgba

__all__ = ["RemoveBgJob"]

_SHADOW = 0.35  # strength, as the profile `plain` would draw it
_RIM = 7  # pixels across: how far from the background a soft edge reaches
_FAINT = 26  # of 255: below it a pixel is background
_TYPES = {"person": Subject.PERSON, "product": Subject.PRODUCT}


@dataclass(frozen=True, slots=True)
class RemoveBgJob:
    """One request of ``/v1.0/removebg``.

    Attributes:
        photo: the file.
        options: what is asked for.
        model: the network.
        backdrop: a file to lay the product on.
        as_json: whether the answer is JSON with the picture as base64.
    """

    photo: bytes
    options: Options
    model: str
    backdrop: bytes | None = None
    as_json: bool = False

    def do(self, tools: Tools) -> Answer:
        """Cut out, lay out, encode; see `packshot.service.job.Job.do`."""
        options = self.options
        whole = tools.decode(self.photo, "the photo")
        backdrop = None if self.backdrop is None else tools.decode(self.backdrop, "the background").rgb
        region = _region(whole, options)
        photo = _reduced(whole, options.megapixels)
        cutout = self._cut(photo, _scaled(region, whole, photo), tools)
        with tools.at("compose"):
            pixels, subject = _laid_out(cutout, options)
            if not options.semitransparency:
                pixels = _solid(pixels)
        with tools.at("encode"):
            content, media_type = _encoded(pixels, options, backdrop)
        height, width = pixels.shape[:2]
        headers = {
            "X-Width": str(width),
            "X-Height": str(height),
            "X-Credits-Charged": "0",
            "X-Foreground-Left": str(subject.x0),
            "X-Foreground-Top": str(subject.y0),
            "X-Foreground-Width": str(subject.width),
            "X-Foreground-Height": str(subject.height),
            "X-Uncertainty": f"{cutout.mask.uncertainty:.4f}",
        }
        if options.type_level != "none":
            headers["X-Type"] = self._type(photo, cutout.mask, tools)
        if not self.as_json:
            return Answer(content, media_type, headers)
        data = {
            "result_b64": base64.b64encode(content).decode("ascii"),
            "foreground_top": subject.y0,
            "foreground_left": subject.x0,
            "foreground_width": subject.width,
            "foreground_height": subject.height,
        }
        return Answer(headers=headers, data={"data": data})

    def _cut(self, photo: Photo, region: Box, tools: Tools) -> Cutout:
        """The product within a region; all around it is background."""
        part = photo
        if region.size != (photo.width, photo.height):
            alpha = None if photo.alpha is None else np.ascontiguousarray(photo.alpha[region.slices])
            part = replace(photo, rgb=np.ascontiguousarray(photo.rgb[region.slices]), alpha=alpha)
        mask = tools.segment(part, model=self.model, subject=_TYPES.get(self.options.type, Subject.AUTO))
        with tools.at("mask"):
            cutout = cut_out(part, mask)
            if part is photo:
                return cutout
            rgba = np.zeros((photo.height, photo.width, 4), np.uint8)
            rgba[region.slices] = cutout.rgba
            wide = np.zeros((photo.height, photo.width), np.float32)
            wide[region.slices] = mask.alpha
            return replace(cutout, rgba=rgba, mask=Mask(wide, mask.uncertainty, mask.model))

    def _type(self, photo: Photo, mask: Mask, tools: Tools) -> str:
        """What was asked for; else ``product`` where the describing network knows the kind, or ``other``."""
        if self.options.type != "auto":
            return self.options.type
        describe = tools.describe
        if describe is None:
            return "other"
        with tools.at("describe"):
            return "product" if describe(photo.rgb, mask).familiar else "other"


def _region(photo: Photo, options: Options) -> Box:
    if options.roi is None:
        return Box(0, 0, photo.width, photo.height)
    left, top, right, bottom = options.roi
    x0, x1 = round(left.of(photo.width)), round(right.of(photo.width))
    y0, y1 = round(top.of(photo.height)), round(bottom.of(photo.height))
    if x1 > photo.width or y1 > photo.height:
        raise JobRefused("roi_exceeds_bounds", "the region of interest reaches beyond the image")
    if x0 >= x1 or y0 >= y1:
        raise JobRefused("roi_region_empty", "the region of interest is empty")
    return Box(x0, y0, x1, y1)


def _reduced(photo: Photo, megapixels: float) -> Photo:
    """The photo at an area of at most so many 10^6 pixels."""
    shrink = (megapixels * 1e6 / (photo.width * photo.height)) ** 0.5
    if shrink >= 1:
        return photo
    size = max(1, int(photo.width * shrink)), max(1, int(photo.height * shrink))
    rgb = np.asarray(cv2.resize(photo.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    alpha = None
    if photo.alpha is not None:
        alpha = np.asarray(cv2.resize(photo.alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    return replace(photo, rgb=rgb, alpha=alpha)


def _scaled(box: Box, before: Photo, after: Photo) -> Box:
    across, down = after.width / before.width, after.height / before.height
    x0, y0 = int(box.x0 * across), int(box.y0 * down)
    return Box(x0, y0, max(x0 + 1, round(box.x1 * across)), max(y0 + 1, round(box.y1 * down)))


def _laid_out(cutout: Cutout, options: Options) -> tuple[Rgba, Box]:
    """The picture, transparent, and the box of the product in it."""
    height, width = cutout.rgba.shape[:2]
    common = {"background": "transparent", "format": "PNG", "shadow": _SHADOW if options.shadow else 0.0}
    kept = compose(cutout, Composition.model_validate({"keep_frame": True, **common}), encode=_no_file)
    if options.crop:
        return _cropped(kept.pixels, kept.subject, options)
    if options.position is None:
        return kept.pixels, kept.subject
    made = kept
    if options.scale is not None:
        spec = {"size": (width, height), "fill": options.scale, "max_upscale": 100, **common}
        made = compose(cutout, Composition.model_validate(spec), encode=_no_file)
    return _moved(made.pixels, made.subject, options.position)


def _moved(pixels: Rgba, subject: Box, position: tuple[float, float]) -> tuple[Rgba, Box]:
    """The product at a share of the free room, counted from the edges: a composition's anchor keeps an even margin."""
    height, width = pixels.shape[:2]
    x, y = round((width - subject.width) * position[0]), round((height - subject.height) * position[1])
    right, down = x - subject.x0, y - subject.y0
    canvas = np.zeros_like(pixels)
    there = canvas[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    there[:] = pixels[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    return canvas, subject.moved(right=right, down=down)


def _cropped(pixels: Rgba, subject: Box, options: Options) -> tuple[Rgba, Box]:
    """The product with its margin; where that reaches beyond the picture, it is transparent."""
    upper, right, lower, left = options.margin
    top, bottom = round(upper.of(subject.height)), round(lower.of(subject.height))
    before, after = round(left.of(subject.width)), round(right.of(subject.width))
    canvas = np.zeros((subject.height + top + bottom, subject.width + before + after, 4), np.uint8)
    height, width = pixels.shape[:2]
    x0, y0 = max(0, subject.x0 - before), max(0, subject.y0 - top)
    x1, y1 = min(width, subject.x1 + after), min(height, subject.y1 + bottom)
    x, y = x0 - (subject.x0 - before), y0 - (subject.y0 - top)
    canvas[y : y + y1 - y0, x : x + x1 - x0] = pixels[y0:y1, x0:x1]
    return canvas, Box(before, top, before + subject.width, top + subject.height)


def _solid(pixels: Rgba) -> Rgba:
    """The inside of the product without transparency; its soft edge stays."""
    inside = cv2.erode((pixels[..., 3] > _FAINT).astype(np.uint8), np.ones((_RIM, _RIM), np.uint8), borderValue=1)
    result = pixels.copy()
    result[..., 3][inside > 0] = 255
    return result


def _encoded(pixels: Rgba, options: Options, backdrop: Rgb | None) -> tuple[bytes, str]:
    height, width = pixels.shape[:2]
    if options.format == "zip":
        return _zipped(pixels), "application/zip"
    if options.channels == "alpha":
        final: Rgba | Rgb = np.ascontiguousarray(pixels[..., 3])
    elif backdrop is not None:
        final = laid_on(pixels, cover(backdrop, width, height))
    elif options.colour is not None:
        final = laid_on(pixels, options.colour)
    else:
        final = pixels
    opaque = final.ndim == 2 or final.shape[2] == 3 or bool((final[..., 3] == 255).all())
    form = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}.get(options.format)
    if form is None:
        form = "JPEG" if opaque and options.channels == "rgba" else "PNG"
    if form == "JPEG" and final.ndim == 3 and final.shape[2] == 4:
        final = laid_on(final, (255, 255, 255, 255))
    if final.ndim == 2 and form != "PNG":
        final = np.repeat(final[..., None], 3, axis=2)
    return encode(np.ascontiguousarray(final), format=form).data, FileFormat(form).media_type


def _zipped(pixels: Rgba) -> bytes:
    """Colour and alpha as files of their own: ``color.jpg`` and ``alpha.png``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("color.jpg", encode(np.ascontiguousarray(pixels[..., :3]), format="JPEG").data)
        archive.writestr("alpha.png", encode(np.ascontiguousarray(pixels[..., 3]), format="PNG").data)
    return file.getvalue()


def _no_file(pixels: Rgb | Rgba, **_: object) -> Encoded:
    """Stands in for the encoder: the picture is laid on its background first."""
    return Encoded(b"", "PNG", None)
