"""One head of a describing network, asked photo by photo, as `packshot classify` asks it; and how its options read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.errors import ModelMismatch, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from packshot.description import Describer
    from packshot.heads import Head
    from packshot.settings import Settings
    from packshot.values import Answer, Rgb

__all__ = ["AskedHead", "Job", "Reply", "describe_options"]

Command = TypeVar("Command", bound=Callable[..., Any])


def describe_options(command: Command) -> Command:
    """``--model``, ``--precision``, ``--provider``, ``--threads``."""
    for option in (
        click.option("--threads", type=click.IntRange(1, 1024), help="Threads of the network. [default: all cores]"),
        click.option(
            "--provider",
            type=click.Choice(["cpu", "cuda", "openvino", "coreml"]),
            help="Where the network runs; one that is not there is an error. [default: cpu]",
        ),
        click.option(
            "--precision", type=float, metavar="P", help="Share of answers that should be right. [default: 0.95]"
        ),
        click.option(
            "--model", "describe_model", metavar="NAME|FILE", help="describe, or an ONNX file. [default: describe]"
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Job:
    """What the command line asked for."""

    data: Path
    split: str
    limit: int | None
    out: Path | None
    as_json: bool
    settings: Settings

    def describer(self) -> Describer:
        """Load the network.

        Raises:
            ModelError: it cannot be used.
            UsageError: it is ``none``.
        """
        from packshot.description import describer

        found = describer(self.settings.describe_model, self.settings)
        if found is None:
            raise UsageError("--model none describes nothing", remedy="name a network: `packshot models` lists them")
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What a head says of one photo.

    Attributes:
        answer: as it is served.
        probabilities: float32 (labels,), calibrated.
        said: labels that were sure enough, parents included.
        draw: from a label to the photo with the label's heatmap, uint8 (h, w, 3).
    """

    answer: Answer
    probabilities: NDArray[np.float32]
    said: tuple[str, ...]
    draw: Callable[[str], Rgb]


class AskedHead:
    """One head of a network.

    Args:
        describer: the network.
        head: one of its heads.
    """

    def __init__(self, describer: Describer, head: Head) -> None:
        import numpy as np

        self.head, self._describer, self._network = head, describer, describer.network
        width, height = self._network.card.input.size
        blank = self._network.prepare(np.zeros((height, width, 3), np.uint8))
        self._weights = self._network.outputs(blank, names=["weights"])["weights"]
        heads = describer.heads
        self._first = sum(len(other.labels) for other in heads[: heads.index(head)])

    def __call__(self, rgb: Rgb) -> Reply:
        """Ask about one photo.

        Args:
            rgb: uint8 (h, w, 3).

        Raises:
            ModelMismatch: the network's answer is no answer.
        """
        import numpy as np

        from packshot.heads import head_probabilities
        from packshot.heads.answers import answer, answered_places

        outputs = self._network.outputs(self._network.prepare(rgb), names=["logits", "features"])
        if not all(np.isfinite(values).all() for values in outputs.values()):
            raise ModelMismatch(
                f"{self._network.id}: expected finite numbers, got nan or infinity",
                remedy="export it again with `packshot export`, or lower its learning rate and train again",
            )
        logits = outputs["logits"][:, self._first : self._first + len(self.head.labels)]
        probabilities = head_probabilities(self.head, logits)[0]
        precision = self._describer.precision
        held = answered_places(self.head, probabilities, precision=precision)
        return Reply(
            answer=answer(self.head, probabilities, precision=precision),
            probabilities=probabilities,
            said=tuple(self.head.labels[place] for place in held),
            draw=lambda label: self._draw(rgb, outputs["features"][0], label),
        )

    def path(self, label: str) -> tuple[str, ...]:
        """A label's ancestors from the top down, itself last."""
        return tuple(self.head.labels[place] for place in self.head.way(self.head.labels.index(label)))

    def title(self, label: str) -> str:
        """A label by its whole path, to show a person."""
        head = self.head
        return " > ".join(head.title(place) for place in head.way(head.labels.index(label)))

    def _draw(self, rgb: Rgb, features: NDArray[np.float32], label: str) -> Rgb:
        from packshot.explanation import activation_maps, draw_heatmap, min_max

        row = self._first + self.head.labels.index(label)
        return draw_heatmap(rgb, min_max(activation_maps(self._weights[row : row + 1], features)[0]))
