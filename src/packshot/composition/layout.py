"""Arithmetic of the canvas: its size, the product's scale and its place. No pixel is touched here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from packshot.errors import CompositionError
from packshot.specs import Composition, FillOf
from packshot.subject import Subject
from packshot.values import Box

__all__ = ["Layout", "lay_out"]

_TOLERANCE = 0.005  # rounding to whole pixels; a shortfall below this is not told


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the product goes.

    Attributes:
        width: of the canvas, pixels.
        height: of the canvas, pixels.
        box: the product's box on the canvas.
        scale: canvas pixels per photo pixel.
        enlarged: whether the least size allowed asks for more than `Composition.max_upscale`.
        advice: what could not be done as asked, in words.
    """

    width: int
    height: int
    box: Box
    scale: float
    enlarged: bool = False
    advice: tuple[str, ...] = ()


def lay_out(subject: Subject, spec: Composition, *, frame: tuple[int, int]) -> Layout:
    """Plan the canvas.

    Args:
        subject: the product in the photo.
        spec: what is asked for.
        frame: (width, height) of the photo, for `Composition.keep_frame`.

    Returns:
        The plan; the product always lies wholly on the canvas.

    Raises:
        CompositionError: a margin leaves no room for the product.
    """
    width, height = _canvas(subject, spec, frame)
    if spec.keep_frame:
        return _kept(subject, spec, frame, width, height)
    advice: list[str] = []
    scale, shortfall = _scale(subject, spec, width, height)
    if shortfall:
        advice.append(shortfall)
    if spec.size is not None and scale > spec.max_upscale:
        scale = spec.max_upscale
        advice.append(f"the product is too small in the photo to fill {width} x {height} pixels; take a larger photo")
    enlarged = _enlarged(scale, spec)
    if enlarged:
        advice.append(_too_small(scale))
    box_width = min(width, max(1, round(subject.box.width * scale)))
    box_height = min(height, max(1, round(subject.box.height * scale)))
    x, y = _place(subject, spec, width - box_width, height - box_height)
    if subject.touches:
        advice.append(f"the photo cuts the product off ({', '.join(subject.touches)}); take one that shows all of it")
    return Layout(
        width=width,
        height=height,
        box=Box(x, y, x + box_width, y + box_height),
        scale=scale,
        enlarged=enlarged,
        advice=tuple(advice),
    )


def _kept(subject: Subject, spec: Composition, frame: tuple[int, int], width: int, height: int) -> Layout:
    scale = max(width / frame[0], height / frame[1])
    x0 = min(int(subject.box.x0 * scale), width - 1)
    y0 = min(int(subject.box.y0 * scale), height - 1)
    x1 = min(width, max(x0 + 1, round(subject.box.x1 * scale)))
    y1 = min(height, max(y0 + 1, round(subject.box.y1 * scale)))
    enlarged = _enlarged(scale, spec)
    advice = (_too_small(scale),) if enlarged else ()
    box = Box(x0, y0, x1, y1)
    return Layout(width=width, height=height, box=box, scale=scale, enlarged=enlarged, advice=advice)


def _enlarged(scale: float, spec: Composition) -> bool:
    return scale > spec.max_upscale * (1 + _TOLERANCE)


def _too_small(scale: float) -> str:
    return f"enlarged {scale:.1f} times to reach the least size allowed; take a larger photo"


def _canvas(subject: Subject, spec: Composition, frame: tuple[int, int]) -> tuple[int, int]:
    """Canvas (width, height) in whole pixels."""
    if spec.size is not None:
        return spec.size
    wide, high = frame if spec.keep_frame else _natural(subject, spec)
    zoom = spec.longest_side / max(wide, high) if spec.longest_side is not None else 1.0
    zoom = min(zoom, spec.max_upscale)
    zoom = max(zoom, (spec.min_longest or 0) / max(wide, high), (spec.min_shortest or 0) / min(wide, high))
    if spec.max_longest is not None:
        zoom = min(zoom, spec.max_longest / max(wide, high))
    # A long thin product cannot reach min_shortest within max_longest: it gets more background beside it instead.
    least = spec.min_shortest or 1
    return max(least, round(wide * zoom)), max(least, round(high * zoom))


def _natural(subject: Subject, spec: Composition) -> tuple[float, float]:
    """The canvas that shows the product at the photo's own resolution."""
    wide, high = float(subject.box.width), float(subject.box.height)
    covered = subject.area if spec.fill_of is FillOf.AREA else wide * high
    if spec.aspect is None:
        border = _even_border(wide, high, covered, spec)
        return wide + 2 * border, high + 2 * border
    aspect = spec.aspect
    if spec.margin_pixels is not None:
        tall = max(high + 2 * spec.margin_pixels, (wide + 2 * spec.margin_pixels) / aspect)
    elif spec.margin is not None:
        inset = 2 * spec.margin * min(aspect, 1.0)  # both margins, in canvas heights
        tall = max(high / (1 - inset), wide / (aspect - inset))
    else:
        fill = spec.fill_wanted or 1.0
        contain = max(high, wide / aspect)
        by_area = max(contain, math.sqrt(covered / (fill * aspect)))
        tall = contain / fill if spec.fill_of is FillOf.SIDE else by_area
    return tall * aspect, tall


def _even_border(wide: float, high: float, covered: float, spec: Composition) -> float:
    """Distance to every edge of a canvas in the product's own shape, in photo pixels."""
    if spec.margin_pixels is not None:
        return float(spec.margin_pixels)
    if spec.margin is not None:
        return spec.margin * min(wide, high) / (1 - 2 * spec.margin)
    fill = spec.fill_wanted or 1.0
    if spec.fill_of is FillOf.SIDE:
        return max(wide, high) * (1 / fill - 1) / 2
    # (wide + 2b)(high + 2b) = covered / fill, solved for b >= 0
    half = (wide + high) / 2
    return max(0.0, (-half + math.sqrt(max(0.0, half * half - wide * high + covered / fill))) / 2)


def _scale(subject: Subject, spec: Composition, width: int, height: int) -> tuple[float, str | None]:
    """The product's scale on a given canvas, and what kept it from the fill asked for."""
    wide, high = subject.box.size
    contain = min(width / wide, height / high)
    fill = spec.fill_wanted
    if fill is None:
        margin = spec.margin_pixels if spec.margin_pixels is not None else (spec.margin or 0) * min(width, height)
        scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
        if scale <= 0:
            raise CompositionError(
                f"margin of {margin:g} pixels leaves no room on a canvas of {width} x {height} pixels",
                remedy="ask for a smaller --margin or a larger --size",
            )
        return scale, None
    if spec.fill_of is FillOf.SIDE:
        return fill * contain, None
    covered = subject.area if spec.fill_of is FillOf.AREA else float(wide * high)
    scale = math.sqrt(fill * width * height / covered)
    if scale <= contain:
        return scale, None
    reached = covered * contain**2 / (width * height)
    if fill - reached < _TOLERANCE:
        return contain, None
    return contain, (
        f"the product's shape allows no more than {reached:.2f} of the canvas, "
        f"not {fill:.2f} as asked (measured by {spec.fill_of})"
    )


def _place(subject: Subject, spec: Composition, free_x: int, free_y: int) -> tuple[int, int]:
    """Top left corner of the product's box, given the free pixels of the canvas."""
    inset = min(free_x, free_y) // 2
    x = inset + round((free_x - 2 * inset) * spec.anchor[0] - 1e-9)
    y = inset + round((free_y - 2 * inset) * spec.anchor[1] - 1e-9)
    if spec.anchor_touched:
        touched = set(subject.touches)
        if len(touched & {"left", "right"}) == 1:
            x = 0 if "left" in touched else free_x
        if len(touched & {"top", "bottom"}) == 1:
            y = 0 if "top" in touched else free_y
    return x, y
