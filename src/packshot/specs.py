"""What a finished picture shall be: plain data that profiles, command line and composition share.

It stands below the stages because two of them need it and stages never import each other: inspection's
profiles say how to compose for a marketplace, composition does it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["MEDIA_TYPES", "Composition", "FileFormat", "FillOf", "Position", "PrintSettings"]


#: Suffix of a picture's file -> media type.
MEDIA_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}


class FillOf(StrEnum):
    """Of what a fill ratio is the share; every marketplace means another one."""

    SIDE = "side"  # the longer relative side of the product's box: max(box w / canvas w, box h / canvas h)
    BOX = "box"  # area of the product's box / area of the canvas
    AREA = "area"  # area of the product itself / area of the canvas


class FileFormat(StrEnum):
    """The files packshot writes, spelled as Pillow spells them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"
    TIFF = "TIFF"

    @property
    def suffix(self) -> str:
        """Of a file's name, without its dot."""
        return {"JPEG": "jpg", "TIFF": "tif"}.get(self.value, self.value.lower())

    @property
    def media_type(self) -> str:
        """As HTTP and stores name it."""
        return MEDIA_TYPES[f".{self.suffix}"]

    @property
    def is_lossless(self) -> bool:
        """Whether it takes no quality."""
        return self in {FileFormat.PNG, FileFormat.TIFF}


class Position(StrEnum):
    """Names for the common anchors."""

    CENTRE = "centre"
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


_ANCHORS: dict[Position, tuple[float, float]] = {
    Position.CENTRE: (0.5, 0.5),
    Position.TOP: (0.5, 0.0),
    Position.BOTTOM: (0.5, 1.0),
    Position.LEFT: (0.0, 0.5),
    Position.RIGHT: (1.0, 0.5),
}
_DEFAULT_FILL = 0.85
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class PrintSettings(BaseModel):
    """What a printer asks of a file beside its pixels: ``[composition.print]`` of a profile.

    Example:
        >>> PrintSettings().resolution
        300.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    resolution: float = Field(default=300.0, gt=0, le=10_000, description="pixels per inch that the file names")
    clipping_path: bool = Field(
        default=True, description="write the product's outline as a path, which layout programs crop by"
    )
    icc: Path | None = Field(
        default=None,
        description="profile of the press (.icc, CMYK) whose colours the picture gets; a relative one lies beside "
        "the profile's file",
    )


class Composition(BaseModel):
    """How a product is laid on its canvas and into which file.

    The canvas is `size` exactly; or it has the shape `aspect` (the product's own shape with an even margin
    if that is None) and the size `longest_side`, or the product's own resolution without one. At most one
    of `fill`, `margin` and `margin_pixels` says how large the product stands on it; without any it is 0.85
    of `fill_of`.

    Example:
        >>> amazon = Composition(aspect=1, longest_side=2000, fill=0.9, min_longest=500)
        >>> amazon.anchor, amazon.background, amazon.format.value
        ((0.5, 0.5), '#ffffff', 'JPEG')
        >>> Composition(anchor="bottom").anchor
        (0.5, 1.0)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: tuple[int, int] | None = Field(default=None, description="exact canvas, (width, height) in pixels")
    aspect: float | None = Field(default=None, gt=0.05, lt=20, description="canvas width / height")
    longest_side: int | None = Field(
        default=None,
        ge=1,
        le=30_000,
        description="wanted longer side in pixels; smaller where max_upscale says so",
    )
    keep_frame: bool = Field(default=False, description="keep the photo's own size and the product where it was")
    min_longest: int | None = Field(
        default=None, ge=1, le=30_000, description="least longer side in pixels; prevails over max_upscale"
    )
    max_longest: int | None = Field(default=None, ge=1, le=30_000, description="greatest longer side in pixels")
    min_shortest: int | None = Field(
        default=None, ge=1, le=30_000, description="least shorter side in pixels; prevails over max_upscale"
    )
    fill: float | None = Field(default=None, gt=0, le=1, description="share of the canvas, measured by fill_of")
    fill_of: FillOf = Field(default=FillOf.SIDE, description="what fill is a share of")
    margin: float | None = Field(
        default=None,
        ge=0,
        lt=0.5,
        description="least distance to each edge, fraction of the canvas' shorter side",
    )
    margin_pixels: int | None = Field(default=None, ge=0, description="least distance to each edge in pixels")
    anchor: tuple[float, float] = Field(
        default=(0.5, 0.5),
        description="where the product stands in the room the even margin leaves: (0, 0) top left .. "
        "(1, 1) bottom right, or centre, top, bottom, left, right",
    )
    anchor_touched: bool = Field(
        default=False,
        description="lay a product that the photo cuts off against that edge, so it does not float",
    )
    max_upscale: float = Field(default=2.0, ge=1, le=100, description="most a product is enlarged for longest_side")
    background: str = Field(default="#ffffff", description="#rrggbb, transparent, or picture (given to compose)")
    shadow: Annotated[float, Field(ge=0, le=1)] | Literal["photo"] = Field(
        default=0.0,
        description="strength of the drawn contact shadow, 0 is none; or photo, to keep the photographed one",
    )
    format: FileFormat = Field(default=FileFormat.JPEG, description="JPEG, PNG, WEBP, AVIF or TIFF")
    quality: int | None = Field(
        default=None,
        ge=50,
        le=100,
        description="encoder quality; None is the format's default; not used for PNG and TIFF",
    )
    max_bytes: int | None = Field(default=None, ge=1, description="largest file in bytes")
    creator: str | None = Field(
        default=None, min_length=1, max_length=300, description="who made the picture, into its metadata"
    )
    credit: str | None = Field(
        default=None, min_length=1, max_length=300, description="who is to be named, into its metadata"
    )
    state_composite: bool = Field(
        default=False, description="say in the metadata that a picture was laid on another picture"
    )

    print: PrintSettings | None = Field(
        default=None, description="for print: resolution, clipping path and a press's colours; TIFF or JPEG"
    )

    @field_validator("anchor", mode="before")
    @classmethod
    def _named_anchor(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value not in list(Position):
            raise ValueError(f"anchor: expected {', '.join(Position)} or two numbers in 0..1, got {value!r}")
        return _ANCHORS[Position(value)]

    @field_validator("anchor")
    @classmethod
    def _anchor_in_range(cls, value: tuple[float, float]) -> tuple[float, float]:
        if not all(0.0 <= part <= 1.0 for part in value):
            raise ValueError(f"anchor: expected two numbers in 0..1, got {value}")
        return value

    @field_validator("format", mode="before")
    @classmethod
    def _format_in_any_case(cls, value: object) -> object:
        return {"JPG": "JPEG", "TIF": "TIFF"}.get(value.upper(), value.upper()) if isinstance(value, str) else value

    @field_validator("size")
    @classmethod
    def _size_in_range(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        if value is not None and not all(1 <= side <= 30_000 for side in value):
            raise ValueError(f"size: expected two sides in 1..30000 pixels, got {value}")
        return value

    @field_validator("background")
    @classmethod
    def _known_background(cls, value: str) -> str:
        if value not in {"transparent", "picture"} and not _COLOUR.fullmatch(value):
            raise ValueError(f"background: expected #rrggbb, transparent or picture, got {value!r}")
        return value.lower()

    @model_validator(mode="after")
    def _consistent(self) -> Composition:
        room = [name for name in ("fill", "margin", "margin_pixels") if getattr(self, name) is not None]
        if len(room) > 1:
            raise ValueError(f"expected at most one of fill, margin and margin_pixels, got {' and '.join(room)}")
        canvas = [name for name in ("size", "aspect", "longest_side") if getattr(self, name) is not None]
        if self.size is not None and len(canvas) > 1:
            raise ValueError(f"size is exact; expected no {canvas[1]} beside it")
        if self.keep_frame and (canvas or room):
            raise ValueError(f"keep_frame keeps size and place; expected no {(canvas + room)[0]} beside it")
        if self.min_longest and self.max_longest and self.min_longest > self.max_longest:
            raise ValueError(f"expected min_longest <= max_longest, got {self.min_longest} > {self.max_longest}")
        if self.background == "transparent" and self.format is FileFormat.JPEG:
            raise ValueError("JPEG has no transparency; expected PNG, WEBP, AVIF or TIFF with background transparent")
        if self.print is not None and self.format not in {FileFormat.TIFF, FileFormat.JPEG}:
            raise ValueError(f"print: expected format TIFF or JPEG, got {self.format.value}")
        if self.print is not None and self.print.icc is not None and self.background == "transparent":
            raise ValueError("print: a press's colours have no transparency; expected a background colour")
        return self

    @property
    def fill_wanted(self) -> float | None:
        """The fill ratio in force; None where a margin rules."""
        if self.margin is not None or self.margin_pixels is not None:
            return None
        return self.fill if self.fill is not None else _DEFAULT_FILL

    @property
    def colour(self) -> tuple[int, int, int] | None:
        """The background as (red, green, blue), 0..255; None if it is transparent or a picture."""
        if not self.background.startswith("#"):
            return None
        red, green, blue = (int(self.background[i : i + 2], 16) for i in (1, 3, 5))
        return red, green, blue
