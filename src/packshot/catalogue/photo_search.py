"""Is the product in a photo in the catalogue?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from packshot.catalogue.indexing.embedding import (
    Background,
    EmbeddedPhoto,
    background_of,
    describer_of,
    embed,
    identity,
    match_rule,
    query_background,
)
from packshot.catalogue.search import CATEGORY_SHARE, SKU, ProductHit, SearchResult, by_product, of_one_kind, search
from packshot.catalogue.store import Filter, Hit, Store
from packshot.duplicates import pixel_hash
from packshot.errors import UsageError
from packshot.pipeline import Pipeline, Source
from packshot.runtime import MatchRule

__all__ = ["NEAREST", "PhotoAnswer", "PhotoSearch"]

#: What is said of a photo that shows nothing the network was taught.
UNKNOWN_KIND = "not a kind of product I know"
#: What is said where no threshold tells a match from any other hit.
NEAREST = "nearest"
_WIDER = 4  # times as many hits where too few products are among them
_COMPARED = 10  # hits at least whose pixels are compared with the query's


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """What a catalogue answers to a photo.

    Attributes:
        result: the hits, and whether the first of them is the product.
        background: what the product in the photo stood on when it was embedded.
        familiar: whether it is of a kind the network was taught, as far as the network can tell.
        products: the hits with all views of each; where no item has a SKU, each is a product of its own.
    """

    result: SearchResult
    background: Background
    familiar: bool
    products: tuple[ProductHit, ...] = ()

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        result = self.result
        return {
            "hits": [
                {
                    "id": product.best.id,
                    "source": product.best.source,
                    "score": round(product.best.score, 6),
                    "sku": product.sku,
                    "views": [{"id": view.id, "source": view.source} for view in product.views],
                }
                for product in self.products
            ],
            "match": result.match,
            "threshold": result.threshold,
            "match_score": None if result.match_score is None else round(result.match_score, 6),
            "ground": str(self.background),
            "familiar": self.familiar,
            "verdict": self.verdict,
        }

    @property
    def verdict(self) -> str:
        """Whether it is there, in words; of a photo of another kind than the network was taught, that instead."""
        if not self.products:
            return "no match, there is nothing to compare with"
        if not self.familiar and not self.result.match:
            return UNKNOWN_KIND
        return {True: "match", False: "no match", None: NEAREST}[self.result.match]

    def words(self) -> str:
        """For a person: whether it is there, and what is nearest."""
        return "\n\t".join([self.verdict, *(f"{each.best.score:.3f}  {each.words()}" for each in self.products)])


class PhotoSearch:
    """Searches one catalogue by photos.

    Args:
        store: the catalogue, open.
        pipeline: embeds the photos; with a network that describes.
        background: what products shall stand on; by default as the catalogue's items, else both, averaged.
        threshold: score from which the first hit is a match; by default as it was calibrated (see `match_rule`).
        top: hits at most, from 1.
        where: which items are searched; all by default.
        each_view: whether every photo is a hit of its own; else photos with one SKU are one hit, that of the view most
            like the query.

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
        each_view: bool = False,
    ) -> None:
        kept = store.model
        if kept is None:
            raise UsageError(
                f"{store.uri} is empty", remedy=f"index photos first: packshot index PHOTOS -c {store.uri}"
            )
        self._store, self._pipeline = store, pipeline
        self._model, self._kept = kept, background_of(kept)
        self._background = background or query_background(kept)
        self._top, self._where, self._each_view = top, where or Filter(), each_view
        # A threshold on the network's card was fitted only on the kinds of products it was taught.
        self._taught_kinds_only = False
        self._rule: MatchRule | None = None
        if threshold is None:  # a damaged rule does not stand in the way of a threshold that is given
            rule = match_rule(store.uri, pipeline, background=self._background, model=kept)
            if rule is not None:
                self._rule = rule
                self._taught_kinds_only = rule == describer_of(pipeline).network.card.match
        self._threshold = threshold
        # A threshold holds for scores put together as those that it was fitted to.
        self._shares = self._rule or describer_of(pipeline).network.card.match

    @property
    def undecided(self) -> str | None:
        """Why no hit is called a match or none, and the way out; None where a threshold decides."""
        if self._rule is not None or self._threshold is not None:
            return None
        ground = "" if self._background is query_background(self._model) else f" --ground {self._background}"
        return (
            f"nearest: whether it is the product itself is not decided, for no threshold is known of the embeddings in "
            f"{self._store.uri} ({self._model}) and queries with --ground {self._background}: fit one on photos "
            f"whose product is known, packshot catalogue calibrate QUERIES.csv -c {self._store.uri}{ground}, or give "
            "--threshold"
        )

    def __call__(self, source: Source, *, name: str | None = None) -> PhotoAnswer:
        """Search for the product in a photo.

        Where an item near it was made of the same pixels, that one comes first and is a match, whatever its score and
        kind.

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
        result, products, same = self._found(query)
        familiar = query.description.familiar
        if same:
            result = replace(result, match=True)
        elif self._taught_kinds_only and result.match:
            result = replace(result, match=familiar and self._may_match(query, result))
        return PhotoAnswer(result, self._background, familiar, products)

    def _found(self, query: EmbeddedPhoto) -> tuple[SearchResult, tuple[ProductHit, ...], bool]:
        """As many products as were asked for, and whether the first shows the query's very pixels.

        Where several photos show one product, more hits are fetched until there are enough.
        """
        k = max(self._top, _COMPARED)
        threshold = self._threshold if self._rule is None else self._rule.threshold_for(query.chances)
        shares = self._shares
        share = CATEGORY_SHARE if shares is None else shares.share_for(query.chances, otherwise=CATEGORY_SHARE)
        usual = None if shares is None else shares.usual_for(query.chances)
        photo = query.result.photo
        pixels = None if photo is None else pixel_hash(photo.rgb)
        while True:
            (result,) = search(
                self._store,
                query.embedding,
                model=identity(query.network, self._kept),
                k=k,
                where=self._where,
                threshold=threshold,
                chances=[query.chances],
                share=share,
                usual=usual,
            )
            items = self._store.get(hit.id for hit in result.hits)
            same = {id_ for id_, item in items.items() if item.pixel_hash == pixels}  # in whatever file
            hits = tuple(sorted(result.hits, key=lambda hit: hit.id not in same))  # stable: else as they were
            if self._each_view:
                products = [ProductHit(hit, views=(hit,)) for hit in hits]
                break
            skus = {id_: item.attributes[SKU] for id_, item in items.items() if SKU in item.attributes}
            products = by_product(hits, skus)
            if len(products) >= self._top or len(hits) < k:
                break
            k *= _WIDER
        found = tuple(product if self._each_view else self._with_views(product) for product in products[: self._top])
        return replace(result, hits=tuple(product.best for product in found)), found, bool(same)

    def _may_match(self, query: EmbeddedPhoto, result: SearchResult) -> bool:
        """Not a hit of another kind; and one of no known kind by looks alone, where the strictest threshold counts."""
        alike = of_one_kind(result.hits[0].category, query.chances)
        if alike is None and self._rule is not None and result.match_score is not None:
            return result.match_score >= self._rule.threshold_for({})
        return alike is not False

    def _with_views(self, product: ProductHit) -> ProductHit:
        """With the views that were too far from the query to be hits."""
        if product.sku is None:
            return product
        seen = {view.id for view in product.views}
        others = sorted(
            (item.source, item.id, item.category)
            for item in self._store.items(Filter(attributes={SKU: product.sku}))
            if item.id not in seen
        )
        further = (Hit(id_, source, float("nan"), category) for source, id_, category in others)
        return replace(product, views=(*product.views, *further))
