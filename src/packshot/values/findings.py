"""What inspection says of a picture: measurements, and the rules of a marketplace."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

__all__ = ["Findings", "NamedColour", "RuleResult"]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One marketplace rule, measured.

    Attributes:
        id: the rule's name, ``background-white``.
        ok: whether the picture passes.
        measured: what was measured, ``0.62``, ``[640, 480]`` or ``JPEG``.
        required: what the rule asks for or recommends, by its severity, in words: ``>= 0.85 of the longer side``.
        severity: ``must`` (the marketplace refuses) or ``should`` (it recommends).
        since: the first day on which the rule holds; None: it holds already.
    """

    id: str
    ok: bool
    measured: float | int | str | bool | list[int] | None
    required: str
    severity: str = "must"
    since: date | None = None

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {**asdict(self), "since": None if self.since is None else self.since.isoformat()}

    def words(self, *, later: bool = False) -> str:
        """For a person: what was measured, and what is required or recommended; with `later` also from when on."""
        sign = "ok  " if self.ok else "FAIL" if self.severity == "must" and not later else "hint"
        when = f"from {self.since}, " if later else ""
        asked = "required" if self.severity == "must" else "recommended"
        return f"{sign}  {when}{self.id}: {self.measured} ({asked}: {self.required})"


@dataclass(frozen=True, slots=True)
class NamedColour:
    """One of a product's colours.

    Attributes:
        name: in English, one of twelve.
        share: of the product's pixels, 0..1.
        rgb: the mean of those pixels, 0..255 each.
    """

    name: str
    share: float
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Findings:
    """What inspection measured on a picture.

    Attributes:
        width: pixels.
        height: pixels.
        sharpness: 0 (flat) .. 1 (crisp) within the subject.
        exposure: mean luma of the subject, 0 (black) .. 1 (white).
        clipped_highlights: share of the subject's pixels with a blown-out channel, 0..1.
        clipped_shadows: share of the subject's pixels that are black, 0..1.
        background_white: share of background pixels that are exactly 255, 255, 255, 0..1.
        background_luma: mean luma of the background, 0..1.
        fill_side: the subject's longer relative side: max(box w / w, box h / h), 0..1.
        fill_box: share of the picture's area in the subject's box, 0..1.
        fill_area: share of the picture's area the subject covers, 0..1.
        offset: distance of the subject's box centre from the picture's centre, as a fraction of the diagonal.
        touches: the edges the subject touches, of ``left, top, right, bottom``.
        advice: what a person should fix, in words.
        colours: of the product within its mask, the largest first; empty where no word can be stood by.
    """

    width: int
    height: int
    sharpness: float
    exposure: float
    clipped_highlights: float
    clipped_shadows: float
    background_white: float
    background_luma: float
    fill_side: float
    fill_box: float
    fill_area: float
    offset: float
    touches: tuple[str, ...] = ()
    advice: tuple[str, ...] = field(default=())
    colours: tuple[NamedColour, ...] = ()
