"""The kinds of marketplace rule: one short function each, in a registry that profiles refer to by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from packshot.errors import UsageError
from packshot.frame.removal import can_remove
from packshot.inspection.background import GUARD, MeasuredBackground, measure_background
from packshot.inspection.border import border_widths
from packshot.inspection.quality import sharpness
from packshot.photo import WHITE_REACH, PrintFacts
from packshot.specs import FillOf
from packshot.values import Alpha, Frame, Overlays, Photo

__all__ = ["Finished", "Measured", "check_parameters", "measure", "rule_kinds"]

_THIN = 2  # pixels of a border, up to which its width is told: a person easily overlooks such a line

Value = float | int | str | bool | list[int] | None


class Measured(NamedTuple):
    """What a rule found: whether it is kept, the number, and what it asks for in words."""

    ok: bool
    measured: Value
    required: str


@dataclass(frozen=True)
class Finished:
    """A finished picture to measure; what several rules need is measured once.

    Attributes:
        photo: the decoded file.
        file_bytes: size of the file.
        mask: float32 (h, w) in 0..1, the product, if it is known; estimated from the picture otherwise.
        frame: what frame detection says; None if it was not asked.
        overlays: what was laid over it; None if nobody looked.
        printing: what the file says of resolution and paths; None if it is not known.
        cut_off: edges of the photo it was made of that cut the product off.
    """

    photo: Photo
    file_bytes: int
    mask: Alpha | None = None
    frame: Frame | None = None
    overlays: Overlays | None = None
    printing: PrintFacts | None = None
    cut_off: tuple[str, ...] = ()

    @cached_property
    def background(self) -> MeasuredBackground:
        """Background and product."""
        guard = max(GUARD, WHITE_REACH.get(self.photo.format, 0))
        return measure_background(self.photo.rgb, self.mask, guard=guard)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.photo.width, self.photo.height


#: Measures a picture by the parameters that a profile gives it.
Rule = Callable[..., Measured]

_KINDS: dict[str, Rule] = {}


def _kind(name: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        _KINDS[name] = function
        return function

    return register


def rule_kinds() -> tuple[str, ...]:
    """The names a profile's rules may use as `kind`."""
    return tuple(sorted(_KINDS))


def check_parameters(kind: str, parameters: dict[str, object]) -> None:
    """Refuse an unknown kind or parameter.

    Raises:
        UsageError: naming the valid ones.
    """
    if kind not in _KINDS:
        raise UsageError(f"no rule kind {kind!r}", remedy=f"use one of {', '.join(rule_kinds())}")
    valid = [name for name in inspect.signature(_KINDS[kind]).parameters if name != "picture"]
    try:
        inspect.signature(_KINDS[kind]).bind(None, **parameters)
    except TypeError as error:
        raise UsageError(f"rule kind {kind!r}: {error}", remedy=f"it takes {', '.join(valid)}") from None


def measure(picture: Finished, kind: str, parameters: dict[str, object]) -> Measured:
    """Measure one rule on a picture."""
    return _KINDS[kind](picture, **parameters)


def _between(value: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)


def _bounds(at_least: float | None, at_most: float | None, unit: str) -> str:
    parts = [f"{sign} {bound:g}" for sign, bound in ((">=", at_least), ("<=", at_most)) if bound is not None]
    return f"{' and '.join(parts)} {unit}".strip()


@_kind("longest-side")
def _longest_side(picture: Finished, *, at_least: int | None = None, at_most: int | None = None) -> Measured:
    side = max(picture.size)
    return Measured(_between(side, at_least, at_most), side, _bounds(at_least, at_most, "pixels, longer side"))


@_kind("size")
def _size(
    picture: Finished, *, at_least: tuple[int, int] | None = None, at_most: tuple[int, int] | None = None
) -> Measured:
    ok = all(side >= bound for side, bound in zip(picture.size, at_least or (), strict=False))
    ok = ok and all(side <= bound for side, bound in zip(picture.size, at_most or (), strict=False))
    words = [f"{sign} {b[0]} x {b[1]}" for sign, b in ((">=", at_least), ("<=", at_most)) if b is not None]
    return Measured(ok, list(picture.size), f"{' and '.join(words)} pixels, width x height")


@_kind("aspect")
def _aspect(picture: Finished, *, ratio: float, tolerance: float = 0.01) -> Measured:
    width, height = picture.size
    measured = width / height
    ok = abs(measured / ratio - 1) <= tolerance + 1e-9  # 1.01 is 1 % more than 1, in binary a trace beyond
    return Measured(ok, round(measured, 4), f"width / height {ratio:.4g} within {tolerance:.0%}")


@_kind("megapixels")
def _megapixels(picture: Finished, *, at_most: float) -> Measured:
    measured = picture.photo.width * picture.photo.height / 1e6
    return Measured(measured <= at_most, round(measured, 2), f"<= {at_most:g} megapixels")


@_kind("file-size")
def _file_size(picture: Finished, *, at_most_megabytes: float) -> Measured:
    measured = picture.file_bytes / 1e6
    return Measured(measured <= at_most_megabytes, round(measured, 3), f"<= {at_most_megabytes:g} MB (10^6 bytes)")


@_kind("format")
def _format(picture: Finished, *, one_of: Iterable[str]) -> Measured:
    return Measured(picture.photo.format in one_of, picture.photo.format, f"one of {', '.join(one_of)}")


@_kind("resolution")
def _resolution(picture: Finished, *, at_least: float) -> Measured:
    named = picture.printing.resolution if picture.printing is not None else None
    measured = None if named is None else round(named, 1)
    return Measured(measured is not None and measured >= at_least, measured, f">= {at_least:g} pixels per inch")


@_kind("clipping-path")
def _clipping_path(picture: Finished) -> Measured:
    paths = picture.printing.paths if picture.printing is not None else ()
    return Measured(len(paths) == 1, ", ".join(paths) or "none", "exactly one path round the product")


@_kind("background-white")
def _background_white(picture: Finished, *, share: float = 0.99) -> Measured:
    required = f">= {share:g} of the background exactly 255, 255, 255"
    if picture.photo.alpha is not None:
        return Measured(False, "transparent", required)
    # Floor, not round: 0.98999 must not be shown as a 0.99 that failed.
    return Measured(picture.background.white >= share, int(picture.background.white * 1e4) / 1e4, required)


@_kind("background-light")
def _background_light(picture: Finished, *, luma: float) -> Measured:
    measured = round(picture.background.luma, 4)
    return Measured(measured >= luma, measured, f"background's mean luma >= {luma:g}")


@_kind("fill")
def _fill(
    picture: Finished, *, of: str = "side", at_least: float | None = None, at_most: float | None = None
) -> Measured:
    measure_of = FillOf(of)
    words = {
        FillOf.SIDE: "of the frame's side, the product's longer relative side",
        FillOf.BOX: "of the frame's area, the product's box",
        FillOf.AREA: "of the frame's area, the product itself",
    }[measure_of]
    required = _bounds(at_least, at_most, words)
    subject = picture.background.subject
    if subject is None:
        return Measured(False, 0.0, required)
    width, height = picture.size
    box = subject.box
    measured = {
        FillOf.SIDE: max(box.width / width, box.height / height),
        FillOf.BOX: box.area / (width * height),
        FillOf.AREA: subject.area / (width * height),
    }[measure_of]
    return Measured(_between(measured, at_least, at_most), round(measured, 4), required)


@_kind("no-border")
def _no_border(picture: Finished) -> Measured:
    widths = border_widths(picture.photo.rgb) or _framed_widths(picture)
    widest = max(widths.values(), default=0)
    thin = f", {widest} px wide" if 0 < widest <= _THIN else ""
    return Measured(
        not widths, (" ".join(widths) or "none") + thin, "no side with a line, bar or frame along its length"
    )


def _framed_widths(picture: Finished) -> dict[str, int]:
    """The pixels a frame takes of its sides, if it is as sure as one that would be cut off."""
    frame, (width, height) = picture.frame, picture.size
    if frame is None or not can_remove(frame, picture.size):
        return {}
    box = frame.inner_box
    taken = {"left": box.x0, "top": box.y0, "right": width - box.x1, "bottom": height - box.y1}
    return {side: pixels for side, pixels in taken.items() if pixels}


@_kind("no-overlay")
def _no_overlay(picture: Finished) -> Measured:
    overlays, required = picture.overlays, "no text, logo, badge or watermark laid over the picture"
    if overlays is None:
        return Measured(True, None, required)
    return Measured(not overlays.found, f"{overlays.fields} of 100 fields" if overlays.found else "none", required)


@_kind("overlay-fields")
def _overlay_fields(picture: Finished, *, at_most: int) -> Measured:
    overlays, required = picture.overlays, f"text, logos and stamps on <= {at_most} of the fields of a 10 x 10 grid"
    if overlays is None:
        return Measured(True, None, required)
    return Measured(overlays.fields <= at_most, overlays.fields, required)


@_kind("subject-visible")
def _subject_visible(picture: Finished) -> Measured:
    visible = picture.background.subject is not None
    return Measured(visible, visible, "something that differs from the background")


@_kind("subject-whole")
def _subject_whole(picture: Finished) -> Measured:
    subject = picture.background.subject
    touches = " ".join(subject.touches if subject is not None else ())
    if picture.cut_off:
        touches = f"{touches} the photo's {' '.join(picture.cut_off)}".strip()
    return Measured(not touches, touches or "none", "no edge touched by the product")


@_kind("sharpness")
def _sharpness(picture: Finished, *, at_least: float) -> Measured:
    subject = picture.background.subject
    measured = 0.0
    if subject is not None:
        selection = picture.background.product if picture.mask is None else picture.mask >= 0.5
        measured = round(sharpness(picture.photo.rgb, selection, subject.box), 4)
    return Measured(measured >= at_least, measured, f">= {at_least:g}, 0 blurred .. 1 crisp")
