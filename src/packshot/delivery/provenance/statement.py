"""What a picture's credentials say: which photo, what was done to it by which network, and who decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from packshot.records import DecisionRecord, Record
from packshot.version import __version__

__all__ = ["MAKING", "PHOTO", "Statement", "statement_of"]

#: Label of packshot's own assertion.
MAKING = "org.packshot.making"
#: How actions name the photo among the ingredients.
PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Statement:
    """How a picture came about.

    Attributes:
        network: that found the product, ``cutout@1f2e3d4c``; None where the record does not say.
        profile: the channel it was composed for.
        frame_removed: whether a frame was cut off the photo.
        mask_corrected: whether a person corrected the mask.
        decisions: of persons on the photo, in the order of time.
    """

    network: str | None
    profile: str
    frame_removed: bool
    mask_corrected: bool
    decisions: tuple[DecisionRecord, ...]

    @property
    def actions(self) -> list[dict[str, object]]:
        """What was done, as assertion ``c2pa.actions.v2`` has it."""
        by = f" by {self.network}" if self.network else ""
        steps: list[tuple[str, str]] = []
        if self.frame_removed:
            steps.append(("c2pa.cropped", "a frame around the photo was cut off"))
        steps.append(("c2pa.edited", f"the product was cut out{by}"))
        if self.mask_corrected:
            steps.append(("c2pa.edited", "a person corrected the cut-out"))
        steps.append(("c2pa.edited", f"composed for {self.profile}"))
        opened: dict[str, object] = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PHOTO]}}
        done: list[dict[str, object]] = [{"action": action, "description": words} for action, words in steps]
        return [opened, *done]

    @property
    def making(self) -> Mapping[str, object]:
        """Packshot's own assertion."""
        decided = [{"kind": one.kind, "by": one.by, "at": one.at.isoformat()} for one in self.decisions]
        return {"network": self.network, "profile": self.profile, "decisions": decided}

    def manifest(self, title: str) -> dict[str, object]:
        """The definition that is signed.

        Args:
            title: of the picture.
        """
        return {
            "claim_generator_info": [{"name": "packshot", "version": __version__}],
            "title": title,
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": self.actions}},
                {"label": MAKING, "data": self.making},
            ],
        }

    @property
    def key(self) -> str:
        """SHA-256 of all that is said."""
        return hashlib.sha256(repr((__version__, self.actions, self.making)).encode()).hexdigest()


def statement_of(record: Record, profile: str) -> Statement:
    """What the manifest's line says of a picture.

    Args:
        record: of the photo, with what persons decided.
        profile: the channel.
    """
    return Statement(
        network=record.mask_model,
        profile=profile,
        frame_removed=record.frame is not None and record.frame.removed,
        mask_corrected=record.corrected is not None and record.corrected.mask is not None,
        decisions=record.decisions,
    )
