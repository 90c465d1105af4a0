"""What a person draws to correct a mask: strokes that keep, strokes that erase, in the photo's own pixels."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.errors import UsageError
from packshot.values import Box, Photo

__all__ = ["ERASE", "KEEP", "PhotoSize", "Stroke", "Strokes"]

#: Values of `Strokes.labels` beside 0, which says nothing.
KEEP, ERASE = 1, 2

_MAX_BYTES = 4_000_000
_BRUSH_REACH = 3  # a brush looks this many of its radii beyond its paint ...
_LEAST_REACH = 0.03  # ... and at least this share of the photo's longer side
_POLYGON_REACH = 0.01  # a polygon is drawn with care: its edge is moved at most by this share
_WIDEST = 16_383  # pixels; a line of OpenCV is at most 32,767 thick

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Points = Annotated[tuple[tuple[Coordinate, Coordinate], ...], Field(max_length=20_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PhotoSize(_Strict):
    """The upright photo the strokes were drawn on.

    Attributes:
        width: pixels.
        height: pixels.
        sha256: of the photo's file; if given, the photo must be that very file.
    """

    width: int = Field(ge=1, strict=True)
    height: int = Field(ge=1, strict=True)
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


class Stroke(_Strict):
    """A brush stroke (`points` and `radius`) or a filled area (`polygon`).

    Attributes:
        kind: ``keep`` is product, ``erase`` is background.
        points: (x, y) in pixels, one after the other; a single one is a dot.
        radius: of the brush, in pixels.
        polygon: at least three corners (x, y) in pixels.
        reach: how many pixels beyond the paint the mask may follow it; 0 paints and nothing else. By default three
            radii and at least 3 % of the photo's longer side; for a polygon 1 %.
    """

    kind: Literal["keep", "erase"]
    points: Points | None = Field(default=None, min_length=1)
    radius: int | None = Field(default=None, ge=1, le=5000, strict=True)
    polygon: Points | None = Field(default=None, min_length=3)
    reach: int | None = Field(default=None, ge=0, le=5000, strict=True)

    @model_validator(mode="after")
    def _brush_or_polygon(self) -> Self:
        if (self.points is None) == (self.polygon is None) or (self.points is None) != (self.radius is None):
            raise ValueError("expected either points and a radius, or a polygon")
        return self

    def draw(self, canvas: NDArray[np.uint8], value: int, *, grow: int = 0) -> None:
        """Paint the stroke, `grow` pixels wider on every side; what lies outside the canvas is cut off."""
        corners = np.rint(self.polygon or self.points or ()).astype(np.int32)
        if self.polygon is not None:
            cv2.fillPoly(canvas, [corners], value)
        width = min(grow + (self.radius or 0), _WIDEST)
        if width and len(corners) == 1:
            cv2.circle(canvas, corners[0].tolist(), width, value, cv2.FILLED)
        elif width:
            cv2.polylines(canvas, [corners], self.polygon is not None, value, 2 * width)

    def reach_in(self, photo: Photo) -> int:
        """`reach`, or its default on that photo, in pixels."""
        if self.reach is not None:
            return self.reach
        side = max(photo.width, photo.height)
        return round(
            _POLYGON_REACH * side if self.radius is None else max(_BRUSH_REACH * self.radius, _LEAST_REACH * side)
        )


class Strokes(_Strict):
    """Everything drawn on one photo; a later stroke lies over an earlier one.

    Attributes:
        version: of this format, 1.
        photo: what it was drawn on.
        box: (x0, y0, x1, y1) in pixels, end-exclusive, as in `Box`: start from GrabCut in this box, not from a mask.
        strokes: in the order they were drawn.

    Example:
        >>> drawn = Strokes.from_json('{"version": 1, "photo": {"width": 9, "height": 5}, "box": null, "strokes": ['
        ...                           '{"kind": "keep", "radius": 1, "points": [[2, 2], [6, 2]]}]}')
        >>> drawn.labels()[2].tolist()
        [0, 1, 1, 1, 1, 1, 1, 1, 0]
    """

    version: Literal[1]
    photo: PhotoSize
    box: tuple[int, int, int, int] | None = None
    strokes: tuple[Stroke, ...] = Field(default=(), max_length=1000)

    @model_validator(mode="after")
    def _box_inside(self) -> Self:
        if self.box is not None:
            x0, y0, x1, y1 = self.box
            if not (0 <= x0 < x1 <= self.photo.width and 0 <= y0 < y1 <= self.photo.height):
                size = f"{self.photo.width} x {self.photo.height}"
                raise ValueError(f"box: expected [x0, y0, x1, y1] within {size} pixels, got {list(self.box)}")
        return self

    @classmethod
    def from_json(cls, text: str | bytes, *, name: str = "strokes") -> Self:
        """Read the JSON form.

        Args:
            text: the document, at most 4 MB.
            name: shown in messages.

        Raises:
            UsageError: it is not of that form; names the place.
        """
        if len(text) > _MAX_BYTES:
            raise UsageError(
                f"{name}: expected at most {_MAX_BYTES} bytes, got {len(text)}", remedy="draw fewer points"
            )
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "document"
            reason = first["msg"].removeprefix("Value error, ")
            raise UsageError(
                f"{name}: {place}: {reason}, got {_short(first['input'])}",
                remedy="correct the file; docs/how-to/masks-by-hand.md shows the form",
            ) from error

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a file; see `from_json`.

        Raises:
            UsageError: it cannot be read, or is not of that form.
        """
        try:
            with Path(path).open("rb") as file:
                text = file.read(_MAX_BYTES + 1)
        except OSError as error:
            reason = f"{path}: cannot be read ({error.strerror})"
            raise UsageError(reason, remedy="check the path and its permissions") from error
        return cls.from_json(text, name=str(path))

    def require_photo(self, photo: Photo) -> None:
        """Refuse a photo the strokes were not drawn on.

        Raises:
            UsageError: another size, or another file.
        """
        drawn, came = (self.photo.width, self.photo.height), (photo.width, photo.height)
        if drawn != came:
            raise UsageError(
                f"{photo.source}: strokes for {drawn[0]} x {drawn[1]} pixels, the photo has {came[0]} x {came[1]}",
                remedy="draw on the upright photo, as `packshot cutout --overlay` shows it",
            )
        if self.photo.sha256 not in {None, photo.sha256}:
            raise UsageError(
                f"{photo.source}: strokes for another file (SHA-256 {self.photo.sha256}, not {photo.sha256})",
                remedy="name the right photo, or leave sha256 out",
            )

    def require_inside(self, name: str) -> None:
        """Refuse strokes of which nothing lies on the photo; what runs over its edge is cut off there.

        Args:
            name: of the strokes, for messages.

        Raises:
            UsageError: one lies outside; says which.
        """
        width, height = self.photo.width, self.photo.height
        for number, stroke in enumerate(self.strokes, start=1):
            points, grown = np.array(stroke.polygon or stroke.points), stroke.radius or 0
            low, high = points.min(axis=0) - grown, points.max(axis=0) + grown
            if (high < 0).any() or low[0] >= width or low[1] >= height:
                x, y = (round(value) for value in points[0])
                raise UsageError(
                    f"{name}: stroke {number} lies outside the photo (it begins at {x}, {y}; the photo has {width} x "
                    f"{height} pixels)",
                    remedy="draw it in pixels of the upright photo, from 0, 0 in the upper left corner",
                )

    def labels(self) -> NDArray[np.uint8]:
        """What was painted: uint8 (h, w), `KEEP`, `ERASE` or 0."""
        return self._drawn(lambda stroke, canvas: stroke.draw(canvas, KEEP if stroke.kind == "keep" else ERASE))

    def region(self, photo: Photo) -> NDArray[np.uint8]:
        """Where the mask may change: uint8 (h, w), 1 within reach of a stroke, else 0."""
        return self._drawn(lambda stroke, canvas: stroke.draw(canvas, 1, grow=stroke.reach_in(photo)))

    def whole_box(self) -> Box | None:
        """`box` as a value."""
        return None if self.box is None else Box(*self.box)

    def _drawn(self, draw: Callable[[Stroke, NDArray[np.uint8]], None]) -> NDArray[np.uint8]:
        canvas = np.zeros((self.photo.height, self.photo.width), np.uint8)
        for stroke in self.strokes:
            draw(stroke, canvas)
        return canvas


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
