"""Duplicates in a catalogue: begin to look for them, and see what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.catalogues.duplicates import Scan, ScanState
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.service.service import service_of

if TYPE_CHECKING:
    from packshot.duplicates import GroupRow

__all__ = ["router"]

router = APIRouter(prefix="/v1/catalogues", tags=["catalogue"])

_FOUND = {
    "state": "done",
    "failed": 0,
    "groups": [
        {
            "score": 0.98,
            "members": [
                {"id": "b31f", "source": "photos/bag.jpg", "best": True, "kind": None, "score": 1.0},
                {"id": "c904", "source": "photos/bag-small.jpg", "best": False, "kind": "scaled", "score": 0.98},
            ],
        }
    ],
}


@router.post("/{name}/duplicates", summary="Look for duplicates", status_code=202, responses=answers(example=_FOUND))
async def start(request: Request, name: str) -> Response:
    """Begins, and answers at once; nothing is ever deleted."""
    service = service_of(request)
    return await _answer(request, name, service.duplicates.start(name, service.catalogues.uri(name)), status=202)


@router.get("/{name}/duplicates", summary="Duplicates that were found", responses=answers(example=_FOUND))
async def found(request: Request, name: str) -> Response:
    """The last scan's: groups of the same photo, each with the copy to keep and how the others differ from it."""
    service = service_of(request)
    service.catalogues.uri(name)
    scan = service.duplicates.last(name)
    if scan is None:
        raise Refusal(404, "no_scan", "nobody looked for duplicates since the service began", "POST to this address")
    return await _answer(request, name, scan, status=200)


async def _answer(request: Request, name: str, scan: Scan, *, status: int) -> Response:
    ids: dict[str, str] = {}
    if scan.state is ScanState.DONE and scan.groups:
        store = await anyio.to_thread.run_sync(service_of(request).catalogues.store, name)
        ids = await anyio.to_thread.run_sync(lambda: {item.source: item.id for item in store.items()})
    row = {"state": scan.state, "failed": scan.failed, "groups": [_group(each, ids) for each in scan.groups]}
    return json_answer(row, status=status)


def _group(group: GroupRow, ids: dict[str, str]) -> dict[str, object]:
    members = zip(group["members"], group["kinds"], group["scores"], strict=True)
    return {
        "score": group["score"],
        "members": [
            {"id": ids.get(source), "source": source, "best": source == group["best"], "kind": kind, "score": score}
            for source, kind, score in members
        ],
    }
