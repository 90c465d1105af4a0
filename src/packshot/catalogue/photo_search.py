"""Is the product in a photo in the catalogue?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from packshot.catalogue.indexing.embedding import (
    Background,
    background_of,
    describer_of,
    embed,
    identity,
    match_rule,
    query_background,
)
from packshot.catalogue.search import SearchResult, search
from packshot.catalogue.store import Filter, Store
from packshot.errors import UsageError
from packshot.pipeline import Pipeline, Source

__all__ = ["PhotoAnswer", "PhotoSearch"]


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """What a catalogue answers to a photo.

    Attributes:
        result: the hits, and whether the first of them is the product.
        background: what the product in the photo stood on when it was embedded.
        familiar: whether it is of a kind the network was taught, as far as the network can tell.
    """

    result: SearchResult
    background: Background
    familiar: bool


class PhotoSearch:
    """Searches one catalogue by photos.

    Args:
        store: the catalogue, open.
        pipeline: embeds the photos; with a network that describes.
        background: what products shall stand on; by default as the catalogue's items, else both, averaged.
        threshold: score from which the first hit is a match; by default as it was calibrated (see `match_rule`).
        top: hits at most, from 1.
        where: which items are searched; all by default.

    Raises:
        UsageError: the catalogue is empty, or the pipeline describes nothing.
        CatalogueDamaged: the rule kept with the catalogue cannot be read.
    """

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        *,
        background: Background | None = None,
        threshold: float | None = None,
        top: int = 5,
        where: Filter | None = None,
    ) -> None:
        kept = store.model
        if kept is None:
            raise UsageError(
                f"{store.uri} is empty", remedy=f"index photos first: packshot index PHOTOS -c {store.uri}"
            )
        self._store, self._pipeline = store, pipeline
        self._kept = background_of(kept)
        self._background = background or query_background(kept)
        self._top, self._where = top, where or Filter()
        # A threshold on the network's card was fitted only on the kinds of products it was taught.
        self._taught_kinds_only = False
        if threshold is None:  # a damaged rule does not stand in the way of a threshold that is given
            rule = match_rule(store.uri, pipeline, background=self._background, model=kept)
            if rule is not None:
                threshold = rule.threshold
                self._taught_kinds_only = rule == describer_of(pipeline).network.card.match
        self._threshold = threshold

    def __call__(self, source: Source, *, name: str | None = None) -> PhotoAnswer:
        """Search for the product in a photo.

        Args:
            source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
            name: shown in messages instead of the path.

        Raises:
            PhotoError: the photo is refused.
            NothingToCutOut: there is no product in it.
            CatalogueMismatch: the catalogue's embeddings are of another network.
            ModelMismatch: the network's answer is no embedding.
        """
        query = embed(self._pipeline, source, background=self._background, name=name)
        (result,) = search(
            self._store,
            query.embedding,
            model=identity(query.network, self._kept),
            k=self._top,
            where=self._where,
            threshold=self._threshold,
            chances=[query.chances],
        )
        familiar = query.description.familiar
        if self._taught_kinds_only and not familiar and result.match is not None:
            result = replace(result, match=False)
        return PhotoAnswer(result, self._background, familiar)
