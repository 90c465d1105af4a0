"""One of several products in a photo, told on its own crop."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.values.answer import Choice
from packshot.values.box import Box

__all__ = ["Thing"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One product in a scene.

    Attributes:
        path: from the top of the tree down, as deep as is sure; at least two steps.
        box: in pixels of the photo.
    """

    path: tuple[Choice, ...]
    box: Box

    @property
    def score(self) -> float:
        """Probability of the last step, 0..1."""
        return self.path[-1].score

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "path": [choice.label for choice in self.path],
            "names": [choice.name for choice in self.path],
            "score": round(self.score, 4),
            "box": self.box.as_tuple(),
        }
