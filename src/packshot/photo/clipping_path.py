"""The outline of a product as a path that layout programs crop by: Photoshop's image resources.

Form: Adobe Photoshop File Formats Specification (November 2019), "Image Resource Blocks" and "Path resource format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha

__all__ = ["PATH_NAME", "clipping_path", "outlines", "path_names"]

#: What retouchers and layout programs call the first path.
PATH_NAME = "Path 1"

_SIGNATURE = b"8BIM"
_FIRST_PATH, _LAST_PATH = 2000, 2997
_CLIPPING_PATH = 2999
_LENGTH, _LINKED, _FILL_RULE, _INITIAL_FILL = 0, 1, 6, 8  # kinds of record, each of 26 bytes
_ONE = 1 << 24  # coordinates are shares of the picture's sides, 8 bits before and 24 behind the point
_MOST_KNOTS = 32_767  # of one outline: its length is a signed 16-bit number
_FINER = 2  # times the picture's pixels: soft edges tell where between two pixels the outline runs
_TOLERANCE = 0.5  # pixels that the path may leave the outline, so that it needs few knots
_SMALLEST = 16.0  # pixels of area: smaller islands and holes are specks

Outline = NDArray[np.float64]


def outlines(alpha: Alpha) -> list[Outline]:
    """The product's outlines, and those of its holes.

    Args:
        alpha: float32 (h, w) in 0..1; what is above one half is the product.

    Returns:
        float64 (knots, 2), x and y in pixels from the picture's top left corner, closed, straight between knots.
    """
    height, width = alpha.shape
    finer = cv2.resize(alpha, (width * _FINER, height * _FINER), interpolation=cv2.INTER_LINEAR)
    mask = (finer > 0.5).astype(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    kept: list[Outline] = []
    for contour in found:
        if cv2.contourArea(contour) < _SMALLEST * _FINER**2:
            continue
        tolerance = _TOLERANCE * _FINER
        knots = cv2.approxPolyDP(contour, tolerance, closed=True)
        while len(knots) > _MOST_KNOTS:
            tolerance *= 2
            knots = cv2.approxPolyDP(contour, tolerance, closed=True)
        kept.append((knots[:, 0].astype(np.float64) + 0.5) / _FINER)  # a pixel's centre
    return kept


def clipping_path(alpha: Alpha, name: str = PATH_NAME) -> bytes:
    """Image resources with one path round the product, named as the clipping path.

    Args:
        alpha: float32 (h, w) in 0..1.
        name: of the path, at most 255 bytes of ASCII.

    Returns:
        What stands in a TIFF's tag 34377, and behind ``Photoshop 3.0`` and a zero in a JPEG's APP13 segments.
    """
    height, width = alpha.shape
    records = [_record(_FILL_RULE), _record(_INITIAL_FILL)]
    for outline in outlines(alpha):
        records.append(_record(_LENGTH, struct.pack(">h", len(outline))))
        # Overlapping outlines exclude each other (operation 0), so that a hole stays open.
        records.extend(_record(_LINKED, _knot(x / width, y / height)) for x, y in outline)
    return _resource(_FIRST_PATH, name, b"".join(records)) + _resource(_CLIPPING_PATH, "", _pascal(name, even=False))


def path_names(resources: bytes) -> Sequence[str]:
    """Names of the paths among image resources; empty where there is none, or the bytes are something else."""
    return [name for number, name in _resources(resources) if _FIRST_PATH <= number <= _LAST_PATH]


def _knot(x: float, y: float) -> bytes:
    point = struct.pack(">ii", round(y * _ONE), round(x * _ONE))
    return point * 3  # before, at and after the knot: a corner


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack(">h", kind) + content.ljust(24, b"\0")


def _resource(number: int, name: str, content: bytes) -> bytes:
    head = _SIGNATURE + struct.pack(">H", number) + _pascal(name, even=True) + struct.pack(">I", len(content))
    return head + content + b"\0" * (len(content) % 2)


def _pascal(text: str, *, even: bool) -> bytes:
    raw = text.encode("ascii")
    packed = bytes([len(raw)]) + raw
    return packed + b"\0" * (len(packed) % 2) if even else packed


def _resources(data: bytes) -> Iterator[tuple[int, str]]:
    position = 0
    while data[position : position + 4] == _SIGNATURE and position + 12 <= len(data):
        (number,) = struct.unpack_from(">H", data, position + 4)
        length = data[position + 6]
        name = data[position + 7 : position + 7 + length].decode("latin-1")
        position += 6 + (1 + length) + (1 + length) % 2
        if position + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, position)
        position += 4 + size + size % 2
        if position > len(data) + 1:
            return
        yield number, name
