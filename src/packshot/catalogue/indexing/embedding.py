"""From a photo to what the catalogue keeps of it, and to what it is asked.

``photo -> frame removed -> [cut out -> white background] -> embedding``: the pipeline's own steps, as far as needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from packshot.catalogue import CatalogueItem
from packshot.catalogue.record import Embedding
from packshot.catalogue.search import average, read_match_rule
from packshot.composition import Composition, compose
from packshot.description import Describer, describer
from packshot.duplicates import pixel_hash
from packshot.errors import ModelMismatch, NothingToCutOut, UsageError
from packshot.pipeline import Pipeline, Source
from packshot.records import attributes_record, sure_attributes
from packshot.result import Result
from packshot.runtime import MatchRule
from packshot.settings import Settings
from packshot.values import Cutout, Description, Rgb

__all__ = [
    "Background",
    "EmbeddedPhoto",
    "background_of",
    "describer_of",
    "describing_network",
    "embed",
    "identity",
    "item_of",
    "match_rule",
    "on_white",
    "query_background",
]

_LENGTH_TOLERANCE = 1e-3
_NETWORK = re.compile(r"(?P<name>.*?)(\+(?P<ground>white|both))?@(?P<digest>[0-9a-f]+)", re.DOTALL)


class Background(StrEnum):
    """What a product stands on when its embedding is made."""

    #: The photo as it is, without its frame.
    PHOTO = "photo"
    #: Cut out and laid on white, as packshots are.
    WHITE = "white"
    #: Both, averaged.
    BOTH = "both"


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedPhoto:
    """A photo with its embedding.

    Attributes:
        result: of the pipeline, as far as it went.
        description: of the photo without its frame.
        embedding: float32 (d,), of length 1.
        network: name and hash of the network.
        background: what the product stood on.
    """

    result: Result
    description: Description
    embedding: Embedding
    network: str
    background: Background

    @property
    def chances(self) -> Mapping[str, float]:
        """Category to its probability, to re-rank what is found; empty if the network knows no categories."""
        said = self.description.category
        return {} if said is None else said.chances


def embed(
    pipeline: Pipeline, source: Source, *, background: Background = Background.PHOTO, name: str | None = None
) -> EmbeddedPhoto:
    """Embed a photo.

    Args:
        pipeline: with a network that describes.
        source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
        background: what the product shall stand on.
        name: shown in messages instead of the path.

    Raises:
        PhotoError: the photo is refused.
        NothingToCutOut: there is no product in it, or nothing but; as it is, it can still be embedded.
        UsageError: the pipeline describes nothing.
        ModelMismatch: the network's answer is no embedding.
    """
    describe = describer_of(pipeline)
    result = pipeline.run(source, name=name, until="frame" if background is Background.PHOTO else "cutout")
    if isinstance(result.error, NothingToCutOut):
        raise NothingToCutOut(
            result.error.message, remedy="take the photo again with the product in view, or ask with --ground photo"
        )
    result.raise_for_status()
    assert result.picture is not None  # noqa: S101 - the stage frame was called
    description = describe(result.picture.rgb, result.mask)
    views = []
    if background is not Background.WHITE:
        assert description.embedding is not None  # noqa: S101 - a network without was refused above
        views.append(_checked(description.embedding, describe))
    if background is not Background.PHOTO:
        assert result.cutout is not None  # noqa: S101 - the stage cutout was called
        views.append(
            _checked(describe.embed(on_white(result.cutout, side=max(describe.network.card.input.size))), describe)
        )
    return EmbeddedPhoto(
        result, description, average(views) if len(views) > 1 else views[0], describe.network.id, background
    )


def describer_of(pipeline: Pipeline) -> Describer:
    """What describes photos.

    Raises:
        UsageError: description is switched off, or its network gives no embedding.
    """
    return _required(pipeline.description.describe)


def describing_network(settings: Settings) -> str:
    """Name and hash of the network that describes, without making a pipeline.

    Raises:
        ModelError: it cannot be used.
        UsageError: description is switched off, or its network gives no embedding.
    """
    return _required(describer(settings.describe_model, settings)).network.id


def _required(describe: Describer | None) -> Describer:
    if describe is None:
        raise UsageError(
            "without a network that describes there are no embeddings", remedy="name one: --describe-model NAME|FILE"
        )
    describe.require_embedding()
    return describe


def item_of(seen: EmbeddedPhoto, source: str) -> CatalogueItem:
    """The record of a photo.

    Args:
        seen: the photo.
        source: where it lies.
    """
    assert seen.result.photo is not None  # noqa: S101 - without it there is no embedding
    said = seen.description.category
    path = said.path if said is not None else ()
    return CatalogueItem(
        source=source,
        sha256=seen.result.photo.sha256,
        pixel_hash=pixel_hash(seen.result.photo.rgb),
        embedding=seen.embedding,
        model=identity(seen.network, seen.background),
        category=tuple(choice.label for choice in path),
        category_score=path[-1].score if path else None,
        attributes=sure_attributes(attributes_record(seen.description.attributes)),
    )


def on_white(cutout: Cutout, *, side: int) -> Rgb:
    """The product as packshots show it: on a white square, with a little room around it.

    Args:
        cutout: the product.
        side: of the square, in pixels.

    Returns:
        uint8 (side, side, 3).

    Raises:
        NothingToCutOut: the cut-out is empty.
    """
    return compose(cutout, Composition(size=(side, side))).pixels


def identity(network: str, background: Background) -> str:
    """What makes embeddings comparable: the network, and what products stand on in the catalogue.

    Example:
        >>> identity("describe@1f2e3d4c", Background.WHITE)
        'describe+white@1f2e3d4c'
    """
    name, _, digest = network.rpartition("@")
    plain = re.sub(r"[^\w.-]", "-", name)
    return f"{plain}@{digest}" if background is Background.PHOTO else f"{plain}+{background}@{digest}"


def background_of(model: str) -> Background:
    """What products stand on in a catalogue of this identity.

    Example:
        >>> background_of("describe+white@1f2e3d4c"), background_of("describe@1f2e3d4c")
        (<Background.WHITE: 'white'>, <Background.PHOTO: 'photo'>)
    """
    found = _NETWORK.fullmatch(model)
    return Background(found["ground"]) if found and found["ground"] else Background.PHOTO


def query_background(model: str) -> Background:
    """What queries to a catalogue best stand on: as its items were cut out; both for items as they are in their photos.

    benchmarks/retrieval.py compares the three.

    Args:
        model: identity of the catalogue's embeddings.
    """
    kept = background_of(model)
    return Background.BOTH if kept is Background.PHOTO else kept


def match_rule(uri: str, pipeline: Pipeline, *, background: Background, model: str) -> MatchRule | None:
    """From which score on a hit is a match: as fitted on the catalogue itself, else as the network's card says.

    Args:
        uri: of the catalogue.
        pipeline: that embeds the queries.
        background: of the queries.
        model: identity of the catalogue's embeddings.

    Returns:
        None where nobody has fitted one for such queries.

    Raises:
        CatalogueDamaged: the catalogue's own cannot be read.
    """
    network = describer_of(pipeline).network
    given = network.card.match if model == identity(network.id, Background.PHOTO) else None
    rule = read_match_rule(uri, model=model) or given
    return rule if rule is not None and rule.ground == background else None


def _checked(embedding: Embedding, describe: Describer) -> Embedding:
    length = float(np.linalg.norm(embedding))
    if abs(length - 1) > _LENGTH_TOLERANCE:
        raise ModelMismatch(
            f"{describe.network.id}: expected embeddings of length 1, got one of {length:.4g}",
            remedy="export it with `packshot export`",
        )
    return embedding
