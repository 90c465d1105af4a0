"""A network that describes photos: one forward pass gives categories, attributes, tags, heatmaps and the embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.description.answers import answer, answered_places, with_thresholds
from packshot.description.boxes import hot_boxes
from packshot.description.heatmap import activation_maps, min_max, stretched, working_size
from packshot.description.known import check_weights, known_chance, silenced
from packshot.description.placing import contrasted, place_maps
from packshot.description.products import Sighting, each_once
from packshot.errors import ModelMismatch
from packshot.runtime import Head, HeadKind, head_probabilities, load
from packshot.runtime.positions import POSITIONS
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import CATEGORY, Alpha, Answer, Attribute, Box, Description, Heatmap, Mask, Product, Rgb

__all__ = ["Describer"]

Numbers = NDArray[np.float32]

_OUTPUTS = ["logits", "embedding", "features"]  # of each photo; "weights" is the same for all
_PLACES, _POSITIONS = "places", "positions"  # of networks that know where tags are; the second is the same for all
_LIKELY = 0.3  # from here on a tag competes for places, answered or not, a product or skin


@dataclass(frozen=True, slots=True)
class _Label:
    """A label that was answered.

    Attributes:
        head: that has it.
        place: in the head.
        row: in the network's weights.
        score: 0..1.
    """

    head: Head
    place: int
    row: int
    score: float

    @property
    def label(self) -> str:
        return self.head.labels[self.place]

    @property
    def name(self) -> str:
        return self.head.title(self.place)


class Describer:
    """Asks one network of task ``description``; may be called from several threads at once.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Attributes:
        network: the network.
        heads: of its card, with thresholds for the precision asked for; none where it only embeds.
        precision: asked for.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else, or its outputs do not fit its card.
        UsageError: the card has thresholds, but none for the precision asked for.
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
        self._weights = outputs["weights"]
        self._positions = outputs.get(_POSITIONS)
        self._outputs = _OUTPUTS if self._positions is None else [*_OUTPUTS, _PLACES]

    def __call__(self, rgb: Rgb, mask: Mask | None = None) -> Description:
        """Describe one photo.

        Args:
            rgb: uint8 (h, w, 3).
            mask: where the product is, the size of the photo; cleans heatmaps and boxes.

        Raises:
            ModelMismatch: the network's answer is no answer.
            ValueError: the mask has another size than the photo.
        """
        height, width = rgb.shape[:2]
        if mask is not None and mask.alpha.shape != (height, width):
            raise ValueError(f"mask: expected {(height, width)} as the photo, got {mask.alpha.shape}")
        outputs = self._ask(rgb, self._outputs)
        rule = self.network.card.known
        known = None if rule is None else known_chance(outputs["features"][0], rule)
        familiar = rule is None or known is None or known >= rule.threshold
        answers: list[Answer] = []
        attributes: list[Attribute] = []
        labels: list[_Label] = []
        among: list[int] = []  # tags that compete for places
        first = 0  # row of the head's first label
        for head in self.heads:
            logits = outputs["logits"][:, first : first + len(head.labels)]
            probabilities = head_probabilities(head, logits)[0]
            said = answer(head, probabilities, precision=self.precision)
            held = answered_places(head, probabilities, precision=self.precision)
            found = [
                _Label(head, place, row=first + place, score=float(probabilities[place]))
                for place in (held if head.kind is HeadKind.TAGS else held[-1:])
            ]
            answers.append(said)
            labels += found
            if head.kind is HeadKind.TAGS:
                attributes += [Attribute(head.name, label.label, label.score, tag=True) for label in found]
                among = np.flatnonzero(probabilities >= _LIKELY).tolist()
            elif head.name != CATEGORY:
                value = said.best or next(iter(said.top), None)
                if value is not None:
                    attributes.append(Attribute(head.name, value.label, value.score, sure=said.best is not None))
            first += len(head.labels)
        if not familiar:
            answers, attributes, labels = list(silenced(answers)), [], []
        heatmaps = self._heatmaps(labels, outputs, among=among, rgb=rgb, mask=mask)
        return Description(
            answers=tuple(answers),
            attributes=tuple(attributes),
            products=_products(labels, heatmaps, size=(width, height), mask=mask),
            heatmaps=heatmaps,
            embedding=outputs["embedding"][0],
            model=self.network.id,
            known=known,
            familiar=familiar,
        )

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

    def _heatmaps(
        self,
        labels: Sequence[_Label],
        outputs: Mapping[str, Numbers],
        *,
        among: Sequence[int],
        rgb: Rgb,
        mask: Mask | None,
    ) -> tuple[Heatmap, ...]:
        small = working_size((rgb.shape[1], rgb.shape[0]))
        alpha = None if mask is None else _reduced(mask.alpha, size=small)
        weights = self._weights[[label.row for label in labels]]
        maps = [min_max(each) for each in activation_maps(weights, outputs["features"][0])]
        if self._positions is not None:
            tags = [at for at, label in enumerate(labels) if label.head.kind is HeadKind.TAGS]
            shown = [labels[at].place for at in tags]
            places = outputs[_PLACES][0]
            found = place_maps(places, self._positions, shown=shown, among=among, rgb=rgb, alpha=alpha)
            for at, heat in zip(tags, found, strict=True):
                maps[at] = contrasted(heat)
        return tuple(
            Heatmap(
                head=label.head.name,
                label=label.label,
                name=label.name,
                score=label.score,
                heat=stretched(each, size=small, alpha=alpha),
            )
            for label, each in zip(labels, maps, strict=True)
        )


def _reduced(alpha: Alpha, *, size: tuple[int, int]) -> Alpha:
    """A mask at the size of the heatmaps; of a large one not every pixel is looked at, to save time."""
    step = max(1, max(alpha.shape) // (2 * max(size)))
    return resize(np.ascontiguousarray(alpha[::step, ::step]), size=size)


def _products(
    labels: Sequence[_Label], heatmaps: Sequence[Heatmap], *, size: tuple[int, int], mask: Mask | None
) -> tuple[Product, ...]:
    """Of the category and the tags; an attribute such as "for kids" is no thing that has a place of its own."""
    within = Box(0, 0, *size) if mask is None else mask.box()
    if within is None:
        return ()
    found = sorted(zip(labels, heatmaps, strict=True), key=lambda pair: (pair[0].head.name != CATEGORY, -pair[0].score))
    sightings = [
        Sighting(
            product=Product(label.label, label.name, label.score, box),
            names=tuple(label.head.title(place) for place in label.head.way(label.place)),
        )
        for label, heatmap in found
        if label.head.name == CATEGORY or label.head.kind is HeadKind.TAGS
        for box in hot_boxes(heatmap.heat, size=size, within=within)
    ]
    return each_once(sightings)


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
