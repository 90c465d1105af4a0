"""A network that describes photos: one forward pass gives categories, attributes, tags, heatmaps and the embedding.

A classifier describes, too: one question, with heatmaps and embedding where it ends in a mean over the photo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.description.known import check_weights
from packshot.description.outputs import (
    PLACES,
    POSITIONS_OUTPUT,
    WHOLE,
    check_outputs,
    check_probabilities,
    heads_of,
    log_probabilities,
)
from packshot.description.own_tree import LearntTree, MappedTree, OwnTree, open_own_tree
from packshot.description.reading import Constants, Reading
from packshot.errors import ModelMismatch, UsageError
from packshot.heads import with_thresholds
from packshot.runtime import load
from packshot.runtime.task import CLASSIFICATION, DESCRIBING
from packshot.settings import Settings
from packshot.values import CATEGORY, Description, Mask, Rgb

__all__ = ["Describer"]

Numbers = NDArray[np.float32]


class Describer:
    """Asks one network of task ``description`` or ``classification``; may be called from several threads at once.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Attributes:
        network: the network.
        heads: of its card, with thresholds for the precision asked for; none where it only embeds. Of a classifier
            whose card has none, its labels as the choice ``label``.
        whole: whether it embeds and has class-activation maps; False of a classifier that gives probabilities alone.
        with_logits: whether it gives logits, of which gradients can be taken.
        precision: asked for.
        own_tree: the shop's tree that settings name, in which categories are answered; None without.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else, or its outputs do not fit its card.
        UsageError: the card has thresholds, but none for the precision asked for; or the shop's tree cannot be read.
    """

    def __init__(self, model: str, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.network = load(model, settings, task=DESCRIBING)
        card, given = self.network.card, self.network.output_names
        self.precision = settings.precision
        heads = heads_of(card, network=self.network.id)
        self.heads = tuple(with_thresholds(head, precision=self.precision) for head in heads)
        self.whole = card.task != CLASSIFICATION or set(WHOLE) <= set(given)
        self.with_logits = "logits" in given
        width, height = card.input.size
        batch = self.network.prepare(np.zeros((height, width, 3), np.uint8))
        outputs = self.network.outputs(batch) if self.whole else {}
        if self.whole:
            check_outputs(self.network.id, self.heads, outputs)
        else:
            labels = sum(len(head.labels) for head in self.heads)
            check_probabilities(self.network, log_probabilities(self.network, batch, labels=labels))
        channels = outputs["features"].shape[1] if self.whole else 0
        check_weights(card.known, channels=channels, network=self.network.id)
        positions = outputs.get(POSITIONS_OUTPUT)
        self._constants = Constants(
            model=self.network.id,
            heads=self.heads,
            precision=self.precision,
            weights=outputs.get("weights"),
            positions=positions,
            known=card.known,
        )
        self._outputs = [*WHOLE[:-1], *([] if positions is None else [PLACES])]
        self.own_tree: OwnTree | None = None
        if settings.taxonomy is not None:
            self.own_tree = open_own_tree(
                settings.taxonomy,
                mapping=settings.mapping,
                heads=self.heads,
                network=self.network.id,
                channels=channels,
            )
        elif settings.mapping is not None:
            raise UsageError("a mapping without a tree", remedy="name the shop's tree, too: --taxonomy")

    def __call__(self, rgb: Rgb, mask: Mask | None = None) -> Description:
        """Describe one photo.

        Args:
            rgb: uint8 (h, w, 3).
            mask: where the product is, the size of the photo; cleans heatmaps and boxes.

        Raises:
            ModelMismatch: the network's answer is no answer.
            ValueError: the mask has another size than the photo.
        """
        reading = self.read(rgb, mask)
        found = reading.description()
        match self.own_tree:
            case None:
                return found
            case LearntTree():
                return self.own_tree.place(found, reading.pooled, precision=self.precision)
            case MappedTree():
                head = next(head for head in self.heads if head.name == CATEGORY)
                return self.own_tree.place(found, reading.answer(head))

    def head_named(self, name: str | None) -> str:
        """The head that answers: `name`, or where that is None the category, or the first there is.

        Raises:
            UsageError: the network has no such head, or none at all.
        """
        names = [head.name for head in self.heads]
        if not names:
            raise UsageError(f"{self.network.id} has no heads, it only embeds", remedy="name another with --model")
        if name is None:
            return CATEGORY if CATEGORY in names else names[0]
        if name not in names:
            raise UsageError(f"{self.network.id} has no head {name!r}", remedy=f"it has {', '.join(names)}")
        return name

    def read(self, rgb: Rgb, mask: Mask | None = None) -> Reading:
        """Ask about one photo; what is made of the outputs is left to the reading.

        Args:
            rgb: uint8 (h, w, 3).
            mask: where the product is, the size of the photo; cleans heatmaps and boxes.

        Raises:
            ModelMismatch: the network's answer is no answer.
            ValueError: the mask has another size than the photo.
        """
        if mask is not None and mask.alpha.shape != rgb.shape[:2]:
            raise ValueError(f"mask: expected {rgb.shape[:2]} as the photo, got {mask.alpha.shape}")
        return Reading(self._constants, rgb, self._ask(rgb, self._outputs), mask=mask)

    def embed(self, rgb: Rgb) -> Numbers:
        """The embedding alone.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            float32 (d,) of length 1.

        Raises:
            ModelMismatch: the network's answer is no answer.
            UsageError: the network gives no embedding.
        """
        self.require_embedding()
        return np.asarray(self._ask(rgb, ["embedding"])["embedding"][0])

    def require_embedding(self) -> None:
        """Refuse what needs an embedding where the network gives none.

        Raises:
            UsageError: it gives none.
        """
        if not self.whole:
            raise UsageError(
                f"{self.network.id} gives probabilities alone, no embedding to find photos by",
                remedy="name another with --describe-model: describe, or a classifier with maps: vgg16-cam, tiny",
            )

    def _ask(self, rgb: Rgb, names: list[str]) -> dict[str, Numbers]:
        batch = self.network.prepare(rgb)
        if self.whole:
            outputs = self.network.outputs(batch, names=names)
        else:
            labels = sum(len(head.labels) for head in self.heads)
            outputs = {"logits": log_probabilities(self.network, batch, labels=labels)}
        broken = [name for name, values in outputs.items() if not np.isfinite(values).all()]
        if broken:
            raise ModelMismatch(
                f"{self.network.id}: expected finite numbers, got nan or infinity in {', '.join(broken)}",
                remedy="export it again with `packshot export`, or lower its learning rate and train again",
            )
        return outputs
