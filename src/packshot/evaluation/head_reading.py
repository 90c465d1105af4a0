"""What an evaluation asks of a network that describes photos: one head's answer to one photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from packshot.explanation import draw_heatmap
from packshot.heads import Head
from packshot.values import Answer, Heatmap, Rgb

__all__ = ["HeadReading", "ReadPhoto", "WrongAnswer", "WrongSeen", "drawn", "label_path", "label_title"]


class HeadReading(Protocol):
    """As `packshot.description.Reading`."""

    def probabilities(self, head: Head) -> NDArray[np.float32]:
        """Calibrated probabilities of a head's labels: float32 (labels,), 0..1."""

    def answer(self, head: Head) -> Answer:
        """What a head says, as it is served."""

    def said(self, head: Head) -> tuple[str, ...]:
        """Labels of a head that are sure enough, parents included."""

    def heatmap(self, head: Head, label: str) -> Heatmap | None:
        """Where a label was seen, as it is served; None of a network without maps."""


#: From a photo, uint8 (h, w, 3), to what a network says of it.
ReadPhoto = Callable[[Rgb], HeadReading]


@dataclass(frozen=True, slots=True, eq=False)
class WrongAnswer:
    """A wrong answer, for a report that shows some of them.

    Attributes:
        rgb: uint8 (h, w, 3), the photo.
        heat: draws the heatmap of what was said on the photo, uint8 (h, w, 3); None of a network without maps.
        badness: the greater, the worse.
        name: of the photo.
        set: it belongs to.
        said: what it was taken for, in words.
        true: what it is, in words.
        numbers: further figures: name -> words.
    """

    rgb: Rgb
    heat: Callable[[], Rgb | None]
    badness: tuple[float, ...]
    name: str
    set: str
    said: str
    true: str
    numbers: dict[str, str]


#: Told of each wrong answer.
WrongSeen = Callable[[WrongAnswer], None]


def drawn(rgb: Rgb, reading: HeadReading, head: Head, label: str) -> Rgb | None:
    """The photo under the heatmap of a label, uint8 (h, w, 3); None of a network without maps."""
    heatmap = reading.heatmap(head, label)
    return None if heatmap is None else draw_heatmap(rgb, heatmap.heat)


def label_path(head: Head, label: str) -> tuple[str, ...]:
    """A label's ancestors from the top down, itself last."""
    return tuple(head.labels[place] for place in head.way(head.labels.index(label)))


def label_title(head: Head, label: str) -> str:
    """A label by its whole path, to show a person."""
    return " > ".join(head.title(place) for place in head.way(head.labels.index(label)))
