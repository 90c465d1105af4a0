"""What of a catalogue opens photos, and therefore happens in a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing import Background
from packshot.catalogue.indexing.embedding import background_of, embed, item_of
from packshot.catalogue.photo_search import PhotoSearch
from packshot.catalogue.search import SKU
from packshot.catalogue.store import Filter, Store, open_store
from packshot.limits import Limits
from packshot.photo import decode, encode
from packshot.resizing import downscaled
from packshot.service.job import Answer, JobRefused
from packshot.service.tools import Tools

__all__ = ["UPLOADED", "AddJob", "ItemPicture", "SearchJob", "item_row"]

UPLOADED = "upload:"
"""How the source of an item begins whose photo was sent and is not kept: never a path."""

_QUALITY = 85
_SHOWN = ("id", "source", "sha256", "category", "category_score", "attributes", "model")


@dataclass(frozen=True, slots=True)
class SearchJob:
    """``packshot search``: what of a catalogue looks most like the product in a photo.

    Attributes:
        photo: the file.
        uri: of the catalogue.
        top: hits at most.
        where: which items are searched.
        threshold: score of a match; None as it was calibrated.
        each_view: whether every photo is a hit of its own.
        background: what the product shall stand on; None as the catalogue's items, else both.
    """

    photo: bytes
    uri: str
    top: int = 5
    where: Filter = field(default_factory=Filter)
    threshold: float | None = None
    each_view: bool = False
    background: Background | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        store = _opened(tools, self.uri)
        if store.model is None:
            raise JobRefused("catalogue_empty", "there is nothing in the catalogue yet")
        find = PhotoSearch(
            store,
            tools.pipeline(("plain",)),
            background=self.background,
            threshold=self.threshold,
            top=self.top,
            where=self.where,
            each_view=self.each_view,
        )
        with tools.at("search"):
            return Answer(data=find(self.photo, name="the photo").row())


@dataclass(frozen=True, slots=True)
class AddJob:
    """``packshot index``: one photo into a catalogue.

    Attributes:
        photo: the file.
        uri: of the catalogue.
        id: of the item; None is the SHA-256 of the file.
        sku: of the product; None where it has none.
        attributes: that are said of it, before those that the network sees.
    """

    photo: bytes
    uri: str
    id: str | None = None
    sku: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        store = _opened(tools, self.uri)
        background = Background.PHOTO if store.model is None else background_of(store.model)
        with tools.at("embed"):
            seen = embed(tools.pipeline(("plain",)), self.photo, background=background, name="the photo")
        item = item_of(seen, UPLOADED)
        said = {**item.attributes, **self.attributes, **({SKU: self.sku} if self.sku else {})}
        item = replace(item, id=self.id or item.sha256, attributes=said)
        item = replace(item, source=_source(store.get([item.id]).get(item.id), item.sha256))
        with tools.at("write"):
            done = store.upsert([item])
        became = "added" if done.added else "updated" if done.updated else "unchanged"
        return Answer(data={"status": became, **item_row(item)})


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """An item's photo as a screen shows it.

    Attributes:
        source: of the photo, as the catalogue has it.
        side: longer side at most, in pixels.
        limits: of the decoder.
    """

    source: str
    side: int
    limits: Limits

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        with tools.at("decode"):
            rgb = decode(self.source, name="the photo", limits=self.limits).rgb
        with tools.at("encode"):
            return Answer(encode(downscaled(rgb, self.side), format="JPEG", quality=_QUALITY).data, "image/jpeg")


def _source(known: CatalogueItem | None, sha256: str) -> str:
    """Where the photo lies: an upload is not kept, but the same file may have been indexed from its place before."""
    return known.source if known is not None and known.sha256 == sha256 else f"{UPLOADED}{sha256[:16]}"


def item_row(item: CatalogueItem) -> dict[str, object]:
    """An item as JSON has it, without its embedding."""
    row = {name: getattr(item, name) for name in _SHOWN}
    return {**row, "added": item.added.isoformat(), "updated": item.updated.isoformat()}


def _opened(tools: Tools, uri: str) -> Store:
    return tools.keep(("catalogue", uri), lambda: open_store(uri, create=True))
