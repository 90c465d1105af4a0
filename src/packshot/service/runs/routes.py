"""Runs: photos finished, what became of them, and the readiness of the whole for each channel and day."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path, PurePath

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.batch import RunFile
from packshot.batch.results import last_results, stamp_of_results
from packshot.batch.watched import read_watch
from packshot.errors import UsageError
from packshot.records import Record
from packshot.review import Review, channels
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.reviewing.places import OpenReview, photo_id
from packshot.service.reviewing.routes import with_review
from packshot.service.service import service_of

__all__ = ["router"]

router = APIRouter(prefix="/v1/runs", tags=["runs"])

_LAST = 8  # photos that were finished last

_ROW = {
    "name": "autumn",
    "photos": 800,
    "done": 800,
    "statuses": {"ok": 760, "review": 31, "failed": 9},
    "waiting": 31,
    "changed_s": 86_400,
    "last": [{"id": "0f8c5d0e8a0b4c0f", "name": "shoe.jpg", "status": "ok", "error": None}],
    "watch": {"folders": ["in"], "alive": True, "working": 0, "coming": ["new.jpg"], "coming_count": 1, "left_out": []},
    "channels": [
        {
            "profile": "google",
            "photos": 800,
            "ready": 742,
            "look": 31,
            "refused": 18,
            "missing": 9,
            "rules": {"size": 18},
            "later": [{"since": "2027-01-31", "refused": 120, "rules": {"size-2027": 120}}],
        }
    ],
}


@router.get("", summary="Runs, with their progress and readiness", responses=answers(example=[_ROW]))
async def runs(request: Request) -> Response:
    """Those the service was started with; one that cannot be read, or has no result yet, says why (``error``)."""
    rows: list[dict[str, object]] = []
    for name, opened in service_of(request).reviews.named.items():
        try:
            rows.append(await with_review(request, name, _row))
        except UsageError as error:
            remedy = {"code": error.code, "remedy": "run `packshot run` into this folder"}
            rows.append({"name": name, "error": remedy, "watch": _watch(opened.place.out)})
    return json_answer(rows)


@router.get("/{name}", summary="One run", responses=answers(example=_ROW))
async def one_run(request: Request, name: str) -> Response:
    """As in the list."""
    return json_answer(await with_review(request, name, _row))


def _row(opened: OpenReview, review: Review) -> dict[str, object]:
    decided = {case.source: case for case in opened.cases(review)}
    every = review.records.every
    records = [decided[record.source].record if record.source in decided else record for record in every]
    run = RunFile.read(review.out)
    changed = max((stamp[0] for stamp in stamp_of_results(review.out) if stamp is not None), default=None)
    return {
        "name": opened.name,
        "photos": len(records) if run is None else max(len(run.stems), len(records)),
        "done": len(records),
        "statuses": dict(Counter(str(record.status) for record in records)),
        "waiting": sum(case.state.value != "decided" and bool(case.record.review) for case in decided.values()),
        "changed_s": None if changed is None else max(0, round(time.time() - changed / 1e9)),
        "last": [_last(opened, record) for record in last_results(review.out, _LAST)],
        "watch": _watch(review.out),
        "channels": [asdict(channel) for channel in channels(records)],
    }


def _last(opened: OpenReview, record: Record) -> dict[str, object]:
    return {
        "id": photo_id(record.source),
        "name": PurePath(opened.called(record.source)).name,
        "status": str(record.status),
        "error": None if record.error is None else record.error.code,
    }


def _watch(out: Path) -> dict[str, object] | None:
    found = read_watch(out)
    if found is None:
        return None
    state, alive = found
    return {**state.model_dump(mode="json", exclude={"version"}), "alive": alive}
