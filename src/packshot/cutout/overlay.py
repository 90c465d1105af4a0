"""A mask laid over its photo, with rulers: for a person who checks it and reads off where to draw strokes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.strokes import ERASE, KEEP, Strokes
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, Rgb

__all__ = ["overlay"]

_LEAST_SIDE, _MOST_SIDE = 1000, 1500  # of the photo as it is shown, in pixels
_LABEL_GAP = 70  # least distance of two labels, in shown pixels
_STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_FRAME = 44  # width of the rulers, in shown pixels
_OUTLINE, _KEPT, _ERASED, _INK = (255, 0, 220), (0, 200, 60), (255, 60, 0), (20, 20, 20)


def overlay(rgb: Rgb, alpha: Alpha, *, strokes: Strokes | None = None) -> Rgb:
    """Show a mask on its photo.

    The background is dimmed, the outline (alpha 0.5) magenta, painted strokes are outlined green (keep) and red
    (erase). Rulers on all four sides and a faint grid count the photo's own pixels, whatever size it is shown at.

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w) in 0..1.
        strokes: drawn on it.

    Returns:
        uint8 (h', w', 3): the photo with its longer side at 1000 to 2000 pixels, and a frame of rulers.
    """
    side = max(alpha.shape)
    scale = float(-(-_LEAST_SIDE // side)) if side < _LEAST_SIDE else min(1.0, _MOST_SIDE / side)
    size = max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale))
    opacity = resize(alpha, size=size)
    shown = resize(rgb, size=size) * (0.5 + 0.5 * opacity[..., None])
    picture = np.asarray(np.rint(shown), np.uint8)
    step = next((step for step in _STEPS if step * scale >= _LABEL_GAP), _STEPS[-1])
    _draw_grid(picture, step=step, scale=scale)
    _outline(picture, np.asarray(opacity >= 0.5), _OUTLINE)
    if strokes is not None:
        paint = cv2.resize(strokes.labels(), size, interpolation=cv2.INTER_NEAREST)
        for label, colour in ((KEEP, _KEPT), (ERASE, _ERASED)):
            _outline(picture, paint == label, colour)
    return _with_rulers(picture, step=step, scale=scale)


def _outline(picture: Rgb, flags: NDArray[np.bool_], colour: tuple[int, int, int], *, width: int = 1) -> None:
    contours, _ = cv2.findContours(flags.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, contours, -1, colour, width)


def _draw_grid(picture: Rgb, *, step: int, scale: float) -> None:
    faint = picture.copy()
    for at in _ticks(picture.shape[1], step, scale):
        cv2.line(faint, (at, 0), (at, picture.shape[0]), (255, 255, 255), 1)
    for at in _ticks(picture.shape[0], step, scale):
        cv2.line(faint, (0, at), (picture.shape[1], at), (255, 255, 255), 1)
    cv2.addWeighted(picture, 0.75, faint, 0.25, 0, dst=picture)


def _with_rulers(picture: Rgb, *, step: int, scale: float) -> Rgb:
    height, width = picture.shape[:2]
    framed = cv2.copyMakeBorder(picture, *(_FRAME,) * 4, cv2.BORDER_CONSTANT, value=(245, 245, 245))
    font, end = cv2.FONT_HERSHEY_SIMPLEX, _FRAME
    for part, length in ((step // 5, 4), (step, 9)):
        for at in _ticks(width, part, scale):
            for edge, sign in ((end - 1, -1), (end + height, 1)):
                cv2.line(framed, (end + at, edge), (end + at, edge + sign * length), _INK, 1)
        for at in _ticks(height, part, scale):
            for edge, sign in ((end - 1, -1), (end + width, 1)):
                cv2.line(framed, (edge, end + at), (edge + sign * length, end + at), _INK, 1)
    for number, at in enumerate(_ticks(width, step, scale)):
        text = str(number * step)
        half = cv2.getTextSize(text, font, 0.42, 1)[0][0] // 2
        for line in (end - 14, end + height + 24):
            cv2.putText(framed, text, (end + at - half, line), font, 0.42, _INK, 1, cv2.LINE_AA)
    for number, at in enumerate(_ticks(height, step, scale)):
        text = str(number * step)
        wide = cv2.getTextSize(text, font, 0.42, 1)[0][0]
        for left in (end - 11 - wide, end + width + 12):
            cv2.putText(framed, text, (max(0, left), end + at + 5), font, 0.42, _INK, 1, cv2.LINE_AA)
    return np.asarray(framed, np.uint8)


def _ticks(length: int, step: int, scale: float) -> list[int]:
    """Where the photo's pixels 0, step, 2 step, ... have their centres in the shown picture."""
    return [int((index * step + 0.5) * scale) for index in range(int((length / scale - 1e-6) // step) + 1)]
