"""A network that describes photos: one forward pass gives categories, attributes, tags, heatmaps and the embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.description.known import check_weights
from packshot.description.own_tree import LearntTree, MappedTree, OwnTree, open_own_tree
from packshot.description.reading import Constants, Reading
from packshot.errors import ModelMismatch, UsageError
from packshot.explanation import POSITIONS
from packshot.heads import Head, HeadKind, with_thresholds
from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import CATEGORY, Description, Mask, Rgb

__all__ = ["Describer"]

Numbers = NDArray[np.float32]

_OUTPUTS = ["logits", "embedding", "features"]  # of each photo; "weights" is the same for all
_PLACES, _POSITIONS = "places", "positions"  # of networks that know where tags are; the second is the same for all


class Describer:
    """Asks one network of task ``description``; may be called from several threads at once.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Attributes:
        network: the network.
        heads: of its card, with thresholds for the precision asked for; none where it only embeds.
        precision: asked for.
        own_tree: the shop's tree that settings name, in which categories are answered; None without.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else, or its outputs do not fit its card.
        UsageError: the card has thresholds, but none for the precision asked for; or the shop's tree cannot be read.
    """

    def __init__(self, model: str, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.network = load(model, settings, task="description")
        card = self.network.card
        names = [head.name for head in card.heads]
        if len(set(names)) != len(names):
            raise ModelMismatch(
                f"{self.network.id}: expected the heads in its card to have different names, got {', '.join(names)}",
                remedy="export it with `packshot export`",
            )
        self.precision = settings.precision
        self.heads = tuple(with_thresholds(head, precision=self.precision) for head in card.heads)
        width, height = card.input.size
        outputs = self.network.outputs(self.network.prepare(np.zeros((height, width, 3), np.uint8)))
        _check_outputs(self.network.id, self.heads, outputs)
        check_weights(card.known, channels=outputs["features"].shape[1], network=self.network.id)
        positions = outputs.get(_POSITIONS)
        self._constants = Constants(
            model=self.network.id,
            heads=self.heads,
            precision=self.precision,
            weights=outputs["weights"],
            positions=positions,
            known=card.known,
        )
        self._outputs = _OUTPUTS if positions is None else [*_OUTPUTS, _PLACES]
        self.own_tree: OwnTree | None = None
        if settings.taxonomy is not None:
            self.own_tree = open_own_tree(
                settings.taxonomy,
                mapping=settings.mapping,
                heads=self.heads,
                network=self.network.id,
                channels=outputs["features"].shape[1],
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
                return self.own_tree.place(found, reading.pooled)
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
        """
        return np.asarray(self._ask(rgb, ["embedding"])["embedding"][0])

    def _ask(self, rgb: Rgb, names: list[str]) -> dict[str, Numbers]:
        outputs = self.network.outputs(self.network.prepare(rgb), names=names)
        broken = [name for name, values in outputs.items() if not np.isfinite(values).all()]
        if broken:
            raise ModelMismatch(
                f"{self.network.id}: expected finite numbers, got nan or infinity in {', '.join(broken)}",
                remedy="export it again with `packshot export`, or lower its learning rate and train again",
            )
        return outputs


def _check_outputs(network: str, heads: Sequence[Head], outputs: Mapping[str, Numbers]) -> None:
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
            f"({total}, c), as its card has {total} labels in {len(heads)} heads; got {got}",
            remedy="export it with `packshot export`",
        )
    if _POSITIONS in shapes or _PLACES in shapes:
        tags = sum(len(head.labels) for head in heads if head.kind is HeadKind.TAGS)
        if not tags or shapes.get(_POSITIONS) != (tags, POSITIONS) or shapes.get(_PLACES, ())[:2] != (1, tags):
            raise ModelMismatch(
                f"{network}: expected places (n, {tags}, h, w) and positions ({tags}, {POSITIONS}), as its card has "
                f"{tags} tags; got {shapes.get(_PLACES)} and {shapes.get(_POSITIONS)}",
                remedy="export it with `packshot export`",
            )
    if not np.isfinite(outputs["weights"]).all():
        raise ModelMismatch(f"{network}: expected finite weights, got nan or infinity", remedy="export it again")
