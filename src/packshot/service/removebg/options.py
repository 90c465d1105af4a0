"""remove.bg's parameters, checked.

Source: remove.bg, API documentation v1.0, as of 2025; what packshot does differently is said in docs/how-to/serving.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from packshot.service.colours import Colour, parse_colour
from packshot.service.refusal import Refusal

__all__ = ["Length", "Options", "read_options"]

_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)(px|%)?")
_MEGAPIXELS = {
    "preview": 0.25,
    "small": 0.25,
    "regular": 0.25,
    "medium": 1.5,
    "hd": 4.0,
    "full": 25.0,
    "4k": 25.0,
    "auto": 25.0,
}
_PNG_MEGAPIXELS = 10.0
_TYPES = ("auto", "person", "product", "car")
_LEVELS = ("none", "1", "2", "latest")
_FORMATS = ("auto", "png", "jpg", "zip", "webp")
_CHANNELS = ("rgba", "alpha")
_MAX_MARGIN_PX = 500
_MAX_MARGIN_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Length:
    """A length in pixels, or in percent of something."""

    value: float
    percent: bool

    def of(self, whole: int) -> float:
        """In pixels, of `whole` pixels."""
        return self.value * whole / 100 if self.percent else self.value


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for.

    Attributes:
        megapixels: largest area of the result, in 10^6 pixels.
        type: auto, person, product or car.
        type_level: none, 1, 2 or latest.
        format: auto, png, jpg, zip or webp.
        roi: left, top, right and bottom of what may be foreground; None is all.
        crop: whether to cut empty borders off.
        margin: around the product where `crop` is on: top, right, bottom, left.
        scale: the product's longer relative side, 0.1..1; None leaves it.
        position: of the product in the room around it, 0..1 from the left and from the top; None leaves it.
        channels: rgba or alpha.
        shadow: whether to draw a contact shadow.
        semitransparency: whether glass and veils within the product stay so.
        colour: background; None is transparent, or a picture.
    """

    megapixels: float
    type: str
    type_level: str
    format: str
    roi: tuple[Length, Length, Length, Length] | None
    crop: bool
    margin: tuple[Length, Length, Length, Length]
    scale: float | None
    position: tuple[float, float] | None
    channels: str
    shadow: bool
    semitransparency: bool
    colour: Colour | None


def read_options(fields: Mapping[str, str]) -> Options:
    """Check the parameters of a request.

    Raises:
        Refusal: 400, with remove.bg's code for the first that is wrong.
    """
    form = _choice(fields, "format", "auto", _FORMATS)
    size = _choice(fields, "size", "preview", tuple(_MEGAPIXELS))
    megapixels = _MEGAPIXELS[size]
    if form in {"auto", "png"}:
        megapixels = min(megapixels, _PNG_MEGAPIXELS)
    scale = _scale(fields.get("scale") or "original")
    position = _position(fields.get("position") or "original")
    if scale is not None and position is None:
        position = (0.5, 0.5)
    return Options(
        megapixels=megapixels,
        type=_choice(fields, "type", "auto", _TYPES),
        type_level=_choice(fields, "type_level", "1", _LEVELS),
        format=form,
        roi=_roi(fields.get("roi")),
        crop=_flag(fields, "crop", default=False),
        margin=_margin(fields.get("crop_margin") or "0"),
        scale=scale,
        position=position,
        channels=_choice(fields, "channels", "rgba", _CHANNELS),
        shadow=_flag(fields, "add_shadow", default=False),
        semitransparency=_flag(fields, "semitransparency", default=True),
        colour=_colour(fields.get("bg_color")),
    )


def _wrong(name: str, expected: str) -> Refusal:
    return Refusal(400, f"invalid_{name}", f"invalid value for {name}", f"expected {expected}")


def _choice(fields: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = fields.get(name) or default
    if value not in allowed:
        raise _wrong(name, ", ".join(allowed))
    return value


def _flag(fields: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = (fields.get(name) or "").lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise _wrong(name, "true or false")
    return default if not value else value in {"true", "1"}


def _length(text: str) -> Length | None:
    found = _LENGTH.fullmatch(text)
    return None if found is None else Length(float(found[1]), found[2] == "%")


def _roi(text: str | None) -> tuple[Length, Length, Length, Length] | None:
    if not text:
        return None
    parts = [_length(part) for part in text.split()]
    if len(parts) != 4 or None in parts:
        raise _wrong("roi", '"x1 y1 x2 y2" in px or %')
    x0, y0, x1, y1 = (part for part in parts if part is not None)
    if any(each.value < 0 or (each.percent and each.value > 100) for each in (x0, y0, x1, y1)):
        raise Refusal(400, "roi_exceeds_bounds", "the region of interest reaches beyond the image")
    for low, high in ((x0, x1), (y0, y1)):
        if low.percent == high.percent and low.value >= high.value:
            raise Refusal(400, "roi_region_empty", "the region of interest is empty")
    return x0, y0, x1, y1


def _margin(text: str) -> tuple[Length, Length, Length, Length]:
    """One, two or four values in CSS' order."""
    parts = [_length(part) for part in text.split()]
    if None in parts or len(parts) not in (1, 2, 4):
        raise _wrong("crop_margin", "one, two or four lengths in px or %")
    known = [part for part in parts if part is not None]
    for each in known:
        if not 0 <= each.value <= (_MAX_MARGIN_PERCENT if each.percent else _MAX_MARGIN_PX):
            raise _wrong("crop_margin", f"at most {_MAX_MARGIN_PERCENT}% of the subject, or {_MAX_MARGIN_PX}px")
    top, right, bottom, left = {1: known * 4, 2: known * 2, 4: known}[len(known)]
    return top, right, bottom, left


def _percent(text: str, least: float) -> float | None:
    length = _length(text)
    if length is None or not length.percent or not least <= length.value <= 100:
        return None
    return length.value / 100


def _scale(text: str) -> float | None:
    if text == "original":
        return None
    share = _percent(text, 10)
    if share is None:
        raise _wrong("scale", "original, or 10% to 100%")
    return share


def _position(text: str) -> tuple[float, float] | None:
    if text == "original":
        return None
    if text == "center":
        return 0.5, 0.5
    parts = [_percent(part, 0) for part in text.split()]
    shares = [part for part in parts if part is not None]
    if len(shares) != len(parts) or len(parts) not in (1, 2):
        raise _wrong("position", "original, center, or one or two values from 0% to 100%")
    return shares[0], shares[-1]


def _colour(text: str | None) -> Colour | None:
    if not text:
        return None
    try:
        return parse_colour(text)
    except ValueError as error:
        raise _wrong("bg_color", str(error).removeprefix("expected ")) from error
