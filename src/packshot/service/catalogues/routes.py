"""Search by photo, and the items of a catalogue."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, TypeVar

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.catalogue import CatalogueItem
from packshot.catalogue.filters import parse_filter
from packshot.catalogue.indexing import Background
from packshot.catalogue.indexing.item_photo import is_gone
from packshot.catalogue.store import Store
from packshot.errors import PackshotError
from packshot.service.asking_key import owner_of
from packshot.service.catalogues.jobs import UPLOADED, AddJob, ItemPicture, SearchJob, item_row
from packshot.service.idempotency import fingerprint_of
from packshot.service.job import Job
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers, photo_body, pictures
from packshot.service.photo_request import perform_on_photo, the_photo
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.uploads import Upload, read_upload

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["catalogue"])

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_FOUND = {
    "hits": [{"id": "b31f", "source": "photos/bag.jpg", "score": 0.93, "sku": "4711", "views": []}],
    "match": True,
    "threshold": 0.81,
    "match_score": 0.93,
    "ground": "both",
    "familiar": True,
    "verdict": "match",
}
_ITEM = {"id": "b31f", "source": "photos/bag.jpg", "category": ["bags"], "attributes": {"sku": "4711"}}

Category = Annotated[str | None, Query(max_length=200, description="id or name: items of it and of those below it")]
Attributes = Annotated[
    list[str], Query(alias="attribute", max_length=32, description="NAME=VALUE", examples=["kids=no"])
]
Moment = Annotated[str | None, Query(max_length=40, description="a date or an ISO time", examples=["2026-05-31"])]

Result = TypeVar("Result")


@router.post(
    "/search",
    summary="Find the product of a photo in a catalogue",
    response_class=Response,
    responses=pictures(example=_FOUND),
    openapi_extra=photo_body(),
)
async def search(
    request: Request,
    *,
    catalogue: Annotated[str | None, Query(max_length=64, description="a name of /v1/catalogues; the first")] = None,
    top: Annotated[int, Query(ge=1, le=1000)] = 5,
    category: Category = None,
    attributes: Attributes = [],  # noqa: B006 - FastAPI copies it
    since: Moment = None,
    until: Moment = None,
    threshold: Annotated[float | None, Query(ge=-1, le=1, description="score of a match; as calibrated")] = None,
    each_view: bool = False,
    ground: Annotated[Background | None, Query(description="what the product stands on when it is embedded")] = None,
) -> Response:
    """The nearest items, and whether the first of them is that product (``match``; null where nobody calibrated)."""
    uri = service_of(request).catalogues.uri(catalogue)
    where = parse_filter(category=category, attributes=attributes, since=since, until=until)

    def job(photo: bytes) -> Job:
        return SearchJob(photo, uri, top, where, threshold, each_view, ground)

    return json_answer((await perform_on_photo(request, job)).data)


@router.get("/catalogues", summary="Catalogues", responses=answers(example=[{"name": "shop", "items": 800}]))
async def catalogues(request: Request) -> Response:
    """Those the service was started with; one that cannot be read says why."""
    rows: list[dict[str, object]] = []
    for name in service_of(request).catalogues.uris:
        try:
            rows.append({"name": name, "items": await _with_store(request, name, lambda store: store.count())})
        except PackshotError as error:
            rows.append({"name": name, "error": error.code})
    return json_answer(rows)


@router.get(
    "/catalogues/{name}", summary="A catalogue's state", responses=answers(example={"name": "shop", "items": 800})
)
async def one_catalogue(request: Request, name: str) -> Response:
    """Items, network, index, size on disk; its address stays out."""
    stats = await _with_store(request, name, lambda store: store.stats())
    return json_answer({"name": name, **{key: value for key, value in asdict(stats).items() if key != "uri"}})


@router.get(
    "/catalogues/{name}/items", summary="Items", responses=answers(example={"total": 1, "items": [_ITEM], "next": None})
)
async def items(
    request: Request,
    name: str,
    *,
    category: Category = None,
    attributes: Attributes = [],  # noqa: B006 - as above
    since: Moment = None,
    until: Moment = None,
    after: Annotated[str | None, Query(max_length=128, description="id of the last item of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """In the order of their ids; ``next`` is the next page's ``after``."""
    where = parse_filter(category=category, attributes=attributes, since=since, until=until)

    def page(store: Store) -> dict[str, object]:
        later = (item for item in store.items(where) if after is None or item.id > after)
        found = heapq.nsmallest(limit + 1, later, key=lambda item: item.id)
        shown = found[:limit]
        return {
            "total": store.count(where),
            "items": [item_row(item) for item in shown],
            "next": shown[-1].id if len(found) > limit else None,
        }

    return json_answer(await _with_store(request, name, page))


@router.post(
    "/catalogues/{name}/items",
    summary="Add a photo to a catalogue",
    response_class=Response,
    responses=pictures(example={"status": "added", **_ITEM}),
    openapi_extra=photo_body(),
)
async def add(
    request: Request,
    name: str,
    *,
    id: Annotated[str | None, Query(description="of the item; by default the file's SHA-256")] = None,  # noqa: A002
    sku: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    attributes: Attributes = [],  # noqa: B006 - as above
) -> Response:
    """Embedded, with the category and the attributes that are sure, and written; the photo itself is not kept.

    An item of the same id is replaced. ``status`` is ``added``, ``updated`` or ``unchanged``. Under an
    ``Idempotency-Key`` it is done once.
    """
    uri = service_of(request).catalogues.uri(name)
    if id is not None:
        _known_id(id, status=400)
    said = parse_filter(attributes=attributes).attributes
    service = service_of(request)
    with service.receiving.receive(owner_of(request)) as arrived:
        photo = the_photo(await read_upload(request, service.serving, arrived))

    async def job(_: Upload) -> Job:
        return AddJob(photo, uri, id, sku, said)

    async def work() -> tuple[int, dict[str, object]]:
        return 200, dict((await service.perform(request, job, body=False)).data or {})

    return await service.idempotency.once(request, fingerprint_of(request, photo), work)


@router.get("/catalogues/{name}/items/{id}", summary="One item", responses=answers(example=_ITEM))
async def item(request: Request, name: str, id: str) -> Response:  # noqa: A002 - its name in the address
    """All that is kept of it but its embedding."""
    found = await _item(request, name, id)
    return json_answer({**item_row(found), "files": dict(found.files), "findings": dict(found.findings)})


@router.delete("/catalogues/{name}/items/{id}", summary="Take an item out", status_code=204, response_class=Response)
async def delete(request: Request, name: str, id: str) -> Response:  # noqa: A002 - as above
    """404 where it is not there."""
    _known_id(id, status=404)
    if not await _with_store(request, name, lambda store: store.delete([id])):
        raise Refusal(404, "unknown_item", "there is no such item", "see the catalogue's items")
    return Response(status_code=204)


@router.get(
    "/catalogues/{name}/items/{id}/picture",
    summary="An item's photo",
    response_class=Response,
    responses=answers("image/jpeg"),
)
async def picture(
    request: Request,
    name: str,
    id: str,  # noqa: A002 - as above
    side: Annotated[int, Query(ge=16, le=4000, description="longer side at most, in pixels")] = 400,
) -> Response:
    """As JPEG, upright, without metadata; 404 where the photo is not kept, or is gone from its place."""
    found = await _item(request, name, id)
    if found.source.startswith(UPLOADED) or await anyio.to_thread.run_sync(is_gone, found.source):
        raise Refusal(404, "no_picture", "the item's photo is not here", "index it from where it lies")

    async def job(_: Upload) -> Job:
        return ItemPicture(found.source, side, service_of(request).own_limits)

    answer = await service_of(request).perform(request, job, body=False)
    return Response(answer.content, media_type=answer.media_type, headers={"Cache-Control": "private, max-age=3600"})


async def _item(request: Request, name: str, id_: str) -> CatalogueItem:
    _known_id(id_, status=404)
    found = await _with_store(request, name, lambda store: store.get([id_]))
    if id_ not in found:
        raise Refusal(404, "unknown_item", "there is no such item", "see the catalogue's items")
    return found[id_]


def _known_id(id_: str, *, status: int) -> None:
    if not _ID.fullmatch(id_):
        raise Refusal(status, "invalid_id", "an id has up to 128 letters, digits, '.', '_', ':' and '-'", "another one")


async def _with_store(request: Request, name: str, work: Callable[[Store], Result]) -> Result:
    opened = service_of(request).catalogues
    return await anyio.to_thread.run_sync(lambda: work(opened.store(name)))
