"""What inspection says of a photo: numbers, and in words what a person should fix."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from packshot.inspection.background import measure_background
from packshot.inspection.colours import named_colours
from packshot.inspection.quality import Selection, clipped, exposure, sharpness
from packshot.subject import Subject
from packshot.values import Alpha, Box, Findings, Mask, Rgb

__all__ = ["inspect"]

# Advice, not rules: where a person looking at the pictures begins to object.
_UNSHARP = 0.35
_DARK = 0.12
_BLOWN = 0.05
_BLACK = 0.25
_FEW_PIXELS = 500
_FAR_OFF = 0.15


def inspect(rgb: Rgb, mask: Mask | Alpha | None = None) -> Findings:
    """Measure a photo.

    Args:
        rgb: uint8 (h, w, 3), upright sRGB.
        mask: the product: a `Mask`, its alpha (float32 (h, w) in 0..1), or None to estimate it from a
            background of one colour.

    Returns:
        The findings. Of a picture without any product, those of the whole picture, and advice that says so.

    Raises:
        ValueError: mask and photo differ in size.
    """
    alpha = mask.alpha if isinstance(mask, Mask) else mask
    height, width = rgb.shape[:2]
    if alpha is not None and alpha.shape != (height, width):
        raise ValueError(f"mask: expected {(height, width)} like the photo, got {alpha.shape}")
    background = measure_background(rgb, alpha)
    selection = alpha >= 0.5 if alpha is not None else background.product
    subject = background.subject if selection.any() else None
    if subject is None:
        selection = np.ones((height, width), np.bool_)
    box = subject.box if subject is not None else Box(0, 0, width, height)
    highlights, shadows = clipped(rgb, selection)
    findings = Findings(
        width=width,
        height=height,
        sharpness=sharpness(rgb, selection, box),
        exposure=exposure(rgb, selection),
        clipped_highlights=highlights,
        clipped_shadows=shadows,
        background_white=background.white,
        background_luma=background.luma,
        fill_side=max(box.width / width, box.height / height) if subject else 0.0,
        fill_box=box.area / (width * height) if subject else 0.0,
        fill_area=_covered(selection, alpha, box) / (width * height) if subject else 0.0,
        offset=_offset(box, width, height) if subject else 0.0,
        touches=subject.touches if subject else (),
        colours=named_colours(rgb, alpha if alpha is not None else selection.astype(np.float32)) if subject else (),
    )
    return _with_advice(findings, subject)


def _covered(selection: Selection, alpha: Alpha | None, box: Box) -> float:
    inside = selection[box.slices] if alpha is None else alpha[box.slices]
    return min(float(inside.sum(dtype=np.float64)), float(selection.size))


def _offset(box: Box, width: int, height: int) -> float:
    return math.hypot((box.x0 + box.x1 - width) / 2, (box.y0 + box.y1 - height) / 2) / math.hypot(width, height)


def _with_advice(findings: Findings, subject: Subject | None) -> Findings:
    advice: list[str] = []
    if subject is None:
        advice.append("no product found: take a photo that shows it clearly against its background")
    else:
        if findings.touches:
            advice.append(f"the product is cut off ({', '.join(findings.touches)}): step back and show all of it")
        if max(subject.box.size) < _FEW_PIXELS:
            advice.append(f"the product is only {max(subject.box.size)} pixels long: move closer or use more pixels")
        if findings.offset > _FAR_OFF:
            advice.append("the product stands far from the middle: centre it")
    if findings.sharpness < _UNSHARP:
        advice.append("the product is not sharp: hold the camera still and focus on the product")
    if findings.clipped_highlights > _BLOWN and findings.exposure > 0.5:
        advice.append(f"{findings.clipped_highlights:.0%} of the product is blown out: expose less")
    if findings.exposure < _DARK or findings.clipped_shadows > _BLACK:
        advice.append("the product is very dark: use more light")
    return replace(findings, advice=tuple(advice))
