"""What is asked of one photo: an answer of one of the product's networks, as a number for any picture."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from packshot.description import Describer
from packshot.errors import UsageError
from packshot.explanation import Heat, Scorer
from packshot.heads import Head, HeadKind
from packshot.runtime import SanityCheck
from packshot.values import Rgb

__all__ = ["Question", "answered_place", "log_odds", "place_of"]

_LEAST = 1e-7  # probability: nearer to 0 and 1 single precision knows nothing


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One answer about one photo.

    Attributes:
        head: ``category``, ``tags``, an attribute, ``frame``, ``cutout`` or ``ready``.
        label: of the head: what the map is to speak for; ``framed``, ``product`` and ``review`` of the last three.
        name: of the label, to show.
        network: name and hash.
        score: of a picture, 0..1: the label's calibrated probability; of a cut-out, how much of the photo's own mask a
            picture gives again (soft intersection over union); of ``ready``, the chance that the mask is not.
        evidence: the same without its ends: the log odds, which still move where the probability is as good as 1.
        cam: the class-activation map in the same pass, of ``ready`` where the network expects to be wrong; None where
            it has none.
        row: number of the label among the network's logits; None where it has none.
        checks: sanity checks of methods for this answer, by their name, as the network's card has them.
    """

    head: str
    label: str
    name: str
    network: str
    score: Scorer
    evidence: Scorer
    cam: Callable[[Rgb], Heat] | None = None
    row: int | None = None
    checks: Mapping[str, SanityCheck] = field(default_factory=dict)


def log_odds(chance: float) -> float:
    """The log odds of a probability, finite also of 0 and 1."""
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def place_of(head: Head, label: str, network: str) -> int:
    """Where a label stands in its head, by id or by name.

    Raises:
        UsageError: the head has no such label; names the nearest.
    """
    titles = [head.title(place) for place in range(len(head.labels))]
    for names in (list(head.labels), titles):
        if label in names:
            return names.index(label)
    near = difflib.get_close_matches(label, {*head.labels, *titles}, n=3, cutoff=0) or list(head.labels[:3])
    raise UsageError(f"{network}: {head.name} has no label {label!r}", remedy=f"the nearest are {', '.join(near)}")


def answered_place(describe: Describer, rgb: Rgb, head: Head) -> int:
    """The deepest label that is said, or the likeliest one."""
    reading = describe.read(rgb)
    said = reading.said(head)
    if said and head.kind is not HeadKind.TAGS:
        return head.labels.index(said[-1])
    probabilities = reading.probabilities(head)
    return max(head.leaves, key=lambda place: float(probabilities[place]))
