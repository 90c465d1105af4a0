"""What became of one photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packshot.errors import PackshotError
from packshot.values import (
    Alpha,
    Box,
    Cutout,
    Description,
    Findings,
    Frame,
    Mask,
    Overlays,
    Packshot,
    Photo,
    ProfileResult,
    RuleResult,
    Status,
    Thing,
)

__all__ = ["Result", "Status"]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Everything the pipeline found and made; a stage that was not reached leaves its field None.

    Attributes:
        source: the photo's name as it was given.
        sha256: of the input's bytes; None when they could not be read.
        status: ``ok``; ``review`` when a person should look, for what `review` names; ``failed`` when there is no
            picture, with the reason in `error`.
        review: why a person should look; each is a `packshot.values.ReviewReason`.
        error: why it failed.
        failed_at: name of the stage that could not go on; None where none failed.
        photo: the decoded photo.
        frame: what frame detection says; its box is in pixels of `photo`.
        picture: the photo without its frame; all that follows is measured and made of it. The photo itself where
            nothing was cut off.
        mask: where the product is, in `picture`.
        found: where a person corrected `mask`, what it was before: float32 (h, w) in 0..1, of `picture`; else None.
        corrected: SHA-256 of the corrected mask of the whole photo, an 8-bit grey PNG; None where nobody corrected it.
        cutout: the product alone.
        overlays: what was laid over `picture`, in its pixels; None where overlay detection is switched off.
        description: what is in `picture`, where, and how sure; its boxes are in pixels of `picture`. None where
            description is switched off.
        scene: several products of `picture`, each told on its own crop, with boxes in pixels of `picture`; None where
            nobody asked for that.
        packshots: name of each marketplace profile to the picture made for it, in the order they were named.
        findings: what was measured on `picture`.
        timings_ms: milliseconds each stage took.
    """

    source: str
    sha256: str | None = None
    status: Status = Status.OK
    review: tuple[str, ...] = ()
    error: PackshotError | None = None
    failed_at: str | None = None
    photo: Photo | None = None
    frame: Frame | None = None
    picture: Photo | None = None
    mask: Mask | None = None
    found: Alpha | None = None
    corrected: str | None = None
    cutout: Cutout | None = None
    overlays: Overlays | None = None
    description: Description | None = None
    scene: tuple[Thing, ...] | None = None
    packshots: Mapping[str, ProfileResult] = field(default_factory=dict)
    findings: Findings | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def packshot(self) -> Packshot | None:
        """The finished picture of the first profile; None if there is none."""
        first = next(iter(self.packshots.values()), None)
        return None if first is None else first.packshot

    @property
    def rules(self) -> tuple[RuleResult, ...]:
        """The first profile's rules, measured on its picture."""
        first = next(iter(self.packshots.values()), None)
        return () if first is None else first.rules

    @property
    def uncertainty(self) -> float | None:
        """Of the mask: 0 (sure) .. 1 (hopeless); None without a mask."""
        return None if self.mask is None else self.mask.uncertainty

    @property
    def frame_removed(self) -> bool:
        """Whether a frame was cut off."""
        return self.picture is not None and self.picture is not self.photo

    @property
    def offset(self) -> tuple[int, int]:
        """(x, y) of the upper left pixel of `picture` in `photo`: (0, 0) unless a frame was cut off."""
        return self.frame.inner_box.as_tuple()[:2] if self.frame is not None and self.frame_removed else (0, 0)

    @property
    def overlay_boxes(self) -> tuple[Box, ...]:
        """Where overlays were found, in pixels of `photo`, also where a frame was cut off; empty without any."""
        right, down = self.offset
        return tuple(box.moved(right=right, down=down) for box in (self.overlays.boxes if self.overlays else ()))

    def raise_for_status(self) -> Result:
        """This result, or its error raised if it failed.

        Raises:
            PackshotError: what went wrong.
        """
        if self.error is not None:
            raise self.error
        return self
