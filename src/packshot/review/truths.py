"""What is known of photos by decisions that stand: confirmed, corrected or given by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packshot.decisions import CategoryPath, Decision, FrameShown, KeptMask, verdict
from packshot.errors import UnreadablePhoto
from packshot.limits import Limits
from packshot.photo import decode
from packshot.review.pictures import read_mask
from packshot.review.review import Review
from packshot.storage.hashing import sha256_of_file
from packshot.values import Alpha

__all__ = ["Corrections", "Truth", "corrections"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a photo; what nobody spoke of is None.

    Attributes:
        photo: the file, which holds what was decided on.
        sha256: of the file; copies of a photo share it, and belong into one split.
        category: confirmed or corrected.
        mask: confirmed or corrected.
        frame: confirmed or corrected.
        attributes: name to value, of those that a person gave.
        mask_file: the mask's file; None without one.
    """

    photo: Path
    sha256: str
    category: CategoryPath | None
    mask: KeptMask | None
    frame: FrameShown | None
    attributes: Mapping[str, str]
    mask_file: Path | None

    def alpha(self, limits: Limits) -> Alpha:
        """The mask in the photo's own pixels, 0 on a frame that was cut off: float32 (h, w), 0..1.

        Raises:
            PhotoError: photo or mask cannot be read.
        """
        assert self.mask is not None  # noqa: S101 - the caller asks for masks that are there
        assert self.mask_file is not None  # noqa: S101
        return read_mask(self.mask_file, decode(self.photo, limits=limits), self.mask.box, limits)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything to train on.

    Attributes:
        truths: by photo; rejected ones are left out.
        rejected: how many photos were left out because they were rejected.
        missing: photos that are gone, or hold something else now; each with the reason.
    """

    truths: tuple[Truth, ...]
    rejected: int
    missing: tuple[UnreadablePhoto, ...]


def corrections(review: Review) -> Corrections:
    """Gather what stands in the log: also of photos of earlier runs, and of results that a later run replaced.

    A decision is about a photo's content, and that content is still what the person saw: a mask that was approved
    stays true when a new network makes another one. What counts is that the photo is the same.
    """
    names: dict[str, list[str]] = defaultdict(list)
    for record in review.records:
        names[record.sha256 or ""].append(record.source)
    truths, missing, rejected = [], [], 0
    for sha256, decisions in review.decisions.by_content().items():
        said = verdict(decisions)
        if said.rejected is not None:
            rejected += 1
            continue
        photo = _found(review, sha256, names[sha256], decisions)
        if photo is None:
            missing.append(
                UnreadablePhoto(
                    f"{said.last.source} is not there any more, or was changed since it was decided on",
                    remedy="name with --root the folder where `packshot run` was typed, or review the photo again",
                )
            )
            continue
        file = None if said.mask is None else review.kept_masks / f"{said.mask.sha256}.png"
        truths.append(Truth(photo, sha256, said.category, said.mask, said.frame, said.attributes, file))
    truths.sort(key=lambda truth: str(truth.photo))
    return Corrections(tuple(truths), rejected, tuple(missing))


def _found(review: Review, sha256: str, names: list[str], decisions: list[Decision]) -> Path | None:
    """Where the photo lies: under a name it has now, or had when it was decided on."""
    for name in dict.fromkeys([*sorted(names), *(decision.source for decision in reversed(decisions))]):
        path = review.root / name
        try:
            if sha256_of_file(path) == sha256:
                return path
        except OSError:
            continue
    return None
