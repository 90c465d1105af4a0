"""Whether a network's outputs are what its card says, and what a classifier's probabilities are read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.counting import counted
from packshot.errors import ModelMismatch
from packshot.explanation import POSITIONS
from packshot.heads import Head, HeadKind
from packshot.runtime import ModelCard, Network
from packshot.runtime.task import CLASSIFICATION

__all__ = [
    "PLACES",
    "POSITIONS_OUTPUT",
    "WHOLE",
    "check_outputs",
    "check_probabilities",
    "heads_of",
    "log_probabilities",
]

Numbers = NDArray[np.float32]

#: Outputs of a network that embeds and shows where: of each photo, and the weights of all labels.
WHOLE = ("logits", "embedding", "features", "weights")
#: Outputs of networks that know where tags are; the second is the same for all photos.
PLACES, POSITIONS_OUTPUT = "places", "positions"

_LABEL = "label"  # what the answer of a classifier is called whose card has no head
_SUM_TOLERANCE = 0.02  # of the probabilities' sum: int8 rounds them
_LEAST = 1e-30
_EXPORT = "export it with `packshot export`"


def heads_of(card: ModelCard, *, network: str) -> tuple[Head, ...]:
    """The heads of a card; of a classifier without any, its labels as the one choice ``label``.

    Args:
        card: of the network.
        network: its name, for messages.

    Raises:
        ModelMismatch: two heads of one name; or a classifier without labels, or with one of them twice.
    """
    if card.task == CLASSIFICATION and not card.heads:
        if not card.labels or len(set(card.labels)) != len(card.labels):
            raise ModelMismatch(
                f"{network}: expected labels in its card, each once, got {', '.join(card.labels) or 'none'}",
                remedy="name its classes in `labels` of the card, in the order of its output",
            )
        return (Head(name=_LABEL, kind=HeadKind.CHOICE, labels=card.labels),)
    names = [head.name for head in card.heads]
    if len(set(names)) != len(names):
        raise ModelMismatch(
            f"{network}: expected the heads in its card to have different names, got {', '.join(names)}",
            remedy=_EXPORT,
        )
    return card.heads


def log_probabilities(network: Network, batch: Numbers, *, labels: int) -> Numbers:
    """What a classifier says of a batch, as logits: their softmax gives its probabilities again.

    Args:
        network: a classifier.
        batch: as `Network.prepare` makes it.
        labels: how many its card has.

    Returns:
        float32 (n, labels); nan where the network gave nan.

    Raises:
        ModelMismatch: it gives another number of probabilities, or numbers that are none.
    """
    chances = network.run(batch)
    chances = chances.reshape(len(chances), -1) if chances.ndim else chances
    if chances.shape != (len(batch), labels):
        raise ModelMismatch(
            f"{network.id}: expected a probability for each of the {counted(labels, 'label')} in its card, "
            f"got {chances.shape}",
            remedy="correct `labels` of the card, or export it again with `packshot export`",
        )
    return np.asarray(np.log(np.maximum(chances, _LEAST)), np.float32)


def check_probabilities(network: Network, logits: Numbers) -> None:
    """See that a classifier's output are probabilities; once, not for each photo.

    Args:
        network: a classifier.
        logits: float32 (1, labels), of `log_probabilities`.

    Raises:
        ModelMismatch: they do not add up to 1.
    """
    total = float(np.exp(logits.astype(np.float64)).sum())
    if not abs(total - 1) <= _SUM_TOLERANCE:
        raise ModelMismatch(
            f"{network.id}: expected probabilities that add up to 1, got {total:.4g}",
            remedy="name the output behind the softmax in `output` of the card, or export it with `packshot export`",
        )


def check_outputs(network: str, heads: Sequence[Head], outputs: Mapping[str, Numbers]) -> None:
    """See that the outputs of a network that embeds and shows where fit its heads; once, not for each photo.

    Args:
        network: its name, for messages.
        heads: of its card.
        outputs: of one photo, all of them.

    Raises:
        ModelMismatch: they do not.
    """
    total = sum(len(head.labels) for head in heads)
    shapes = {name: values.shape for name, values in outputs.items()}
    channels = shapes.get("features", (0, 0))[1:2]
    fits = (
        shapes.get("logits") == (1, total)
        and len(shapes.get("features", ())) == 4
        and shapes.get("weights") == (total, *channels)
        and len(shapes.get("embedding", ())) == 2
        and all(outputs[name].size and shapes[name][0] == 1 for name in ("embedding", "features"))
    )
    if not fits:
        got = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ModelMismatch(
            f"{network}: expected logits (n, {total}), embedding (n, d), features (n, c, h, w) and weights "
            f"({total}, c), as its card has {counted(total, 'label')} in {counted(len(heads), 'head')}; got {got}",
            remedy=_EXPORT,
        )
    if POSITIONS_OUTPUT in shapes or PLACES in shapes:
        tags = sum(len(head.labels) for head in heads if head.kind is HeadKind.TAGS)
        fits = shapes.get(POSITIONS_OUTPUT) == (tags, POSITIONS) and shapes.get(PLACES, ())[:2] == (1, tags)
        if not tags or not fits:
            raise ModelMismatch(
                f"{network}: expected places (n, {tags}, h, w) and positions ({tags}, {POSITIONS}), as its card has "
                f"{counted(tags, 'tag')}; got {shapes.get(PLACES)} and {shapes.get(POSITIONS_OUTPUT)}",
                remedy=_EXPORT,
            )
    if not np.isfinite(outputs["weights"]).all():
        raise ModelMismatch(f"{network}: expected finite weights, got nan or infinity", remedy="export it again")
