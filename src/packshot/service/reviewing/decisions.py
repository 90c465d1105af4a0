"""Decisions on one photo and on many, strokes, undo, and where a reviewer is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from packshot.counting import counted
from packshot.cutout import Strokes
from packshot.review import Review, Selection
from packshot.service.idempotency import fingerprint_of
from packshot.service.job import Job
from packshot.service.json_answer import json_answer
from packshot.service.json_body import described_body, read_json
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.service.reviewing.bodies import ManyBody, OneBody, PositionBody, SetFrame, UndoBody
from packshot.service.reviewing.deciding import answer_of, decide_one, taken_back
from packshot.service.reviewing.jobs import DecideJob, StrokesJob
from packshot.service.reviewing.places import OpenReview, photo_id
from packshot.service.reviewing.positions import read_position, write_position
from packshot.service.reviewing.routes import Name, Photo, chosen, with_review
from packshot.service.reviewing.rows import decision_row, photo_row
from packshot.service.service import service_of
from packshot.service.uploads import Upload
from packshot.service.who import asking

__all__ = ["router"]

router = APIRouter(prefix="/v1/reviews", tags=["review"])

_DECIDED = answers(example={"decision": {"number": 7, "kind": "approve", "by": "anna"}, "photo": {"state": "decided"}})
_STROKES: dict[str, object] = {
    "version": 1,
    "photo": {"width": 1200, "height": 900},
    "strokes": [{"kind": "keep", "radius": 12, "points": [[410, 300], [455, 310]]}],
}


@router.post(
    "/{name}/photos/{photo}/decisions",
    summary="Decide on a photo",
    responses=_DECIDED,
    openapi_extra=described_body(OneBody, {"decision": {"kind": "approve"}, "seen": "1f2e3d4c5b6a"}),
)
async def decide(request: Request, name: Name, photo: Photo) -> Response:
    """Approve, reject, or correct category, frame or subject; 409 where it is not what was looked at any more.

    The decision is on the disk when this answers, and never replaces another one: the log keeps both.
    """
    service, by = service_of(request), asking(request)
    body = await read_json(request, OneBody)

    async def by_a_worker() -> None:
        source, place = await with_review(request, name, lambda o, r: (o.source(r, photo), o.place))

        async def job(_: Upload) -> Job:
            return DecideJob(place, source, body.decision, by, body.seen, body.known)

        await service.perform(request, job, body=False)

    def done(opened: OpenReview, review: Review) -> dict[str, object]:
        source, before = opened.source(review, photo), review.decisions.last
        if isinstance(body.decision, SetFrame):
            made = [one for one in review.history(source) if one.by == by][-1]
        else:
            made = decide_one(
                review,
                source,
                body.decision,
                by=by,
                token=body.seen,
                settings=service.settings,
                known=body.known,
            )
            opened.learn(review, [made], before=before)
        return {"decision": decision_row(opened, made), "photo": photo_row(opened, review.case(source), review)}

    looks_at_the_photo = isinstance(body.decision, SetFrame)
    return await _once(request, name, body, done, first=by_a_worker if looks_at_the_photo else None)


@router.post(
    "/{name}/photos/{photo}/strokes",
    summary="Correct a mask by strokes",
    response_class=Response,
    responses=answers("image/png"),
    openapi_extra=described_body(Strokes, _STROKES),
)
async def strokes(
    request: Request,
    name: Name,
    photo: Photo,
    *,
    decide: bool = False,
    seen: str | None = None,
    known: Annotated[int | None, Query(ge=0, description="as in a decision")] = None,
) -> Response:
    """The mask (8-bit grey PNG of the upright photo's size) that strokes make of the one that was found.

    Strokes are in pixels of the upright photo; every request holds all of them. With ``decide`` it is kept as the
    decision, with the strokes, to be drawn again when a network finds another mask.
    """
    by = asking(request) if decide else None
    drawn = await read_json(request, Strokes)
    source, place = await with_review(request, name, lambda o, r: (o.source(r, photo), o.place))

    async def job(_: Upload) -> Job:
        return StrokesJob(place, source, drawn, by, seen, known)

    answer = await service_of(request).perform(request, job, body=False)
    return Response(answer.content, media_type=answer.media_type)


@router.post(
    "/{name}/decisions",
    summary="Say the same of many photos",
    responses=answers(example={"decided": 40, "refused": []}),
    openapi_extra=described_body(
        ManyBody, {"decision": {"kind": "approve"}, "where": {"why": ["rules"]}, "expected": 40}
    ),
)
async def decide_many(request: Request, name: Name) -> Response:
    """Approve, reject or give a category; one undo takes all of it back.

    ``photos`` are ids; without them ``where`` selects among those that nobody decided, and ``expected`` is the number
    that a sample showed.
    """
    service, by = service_of(request), asking(request)
    body = await read_json(request, ManyBody)
    if (body.photos is None) == (body.where is None):
        raise Refusal(422, "invalid_body", "expected either photos or where", "see /openapi.json")

    def done(opened: OpenReview, review: Review) -> dict[str, object]:
        if body.photos is not None:
            sources = [opened.source(review, id_) for id_ in body.photos]
        elif body.where is not None:
            where = body.where
            selection = Selection(
                where.names, where.category, where.why, where.uncertainty, decided=False, profile=where.profile
            )
            sources = [case.source for case in chosen(opened, review, selection)]
        if body.expected is not None and body.expected != len(sources):
            raise Refusal(
                409, "other_photos", f"these are {counted(len(sources), 'photo')} by now", "look at a sample again"
            )
        opened.cases(review)
        before = review.decisions.last
        made = review.decide_all(sources, answer_of(body.decision, service.settings), by=by)
        opened.learn(review, made.made, before=before)
        refused = [{"photo": photo_id(source), "code": error.code} for source, error in made.refused.items()]
        return {"decided": len(made.made), "refused": refused, "numbers": [one.number for one in made.made]}

    return await _once(request, name, body, done)


@router.post(
    "/{name}/undo",
    summary="Take a decision back",
    responses=answers(example={"undone": [{"number": 7, "kind": "approve"}]}),
    openapi_extra=described_body(UndoBody, {"photo": None, "mine": True}),
)
async def undo(request: Request, name: Name) -> Response:
    """The last on a photo, or the last of all with what was decided at once with it; an earlier one counts again."""
    by = asking(request)
    body = await read_json(request, UndoBody)

    def done(opened: OpenReview, review: Review) -> dict[str, object]:
        source = None if body.photo is None else opened.source(review, body.photo)
        opened.cases(review)
        before = review.decisions.last
        taken = taken_back(review, body, source, by=by)
        opened.learn(review, taken, before=before)
        return {"undone": [decision_row(opened, one) for one in taken]}

    return await _once(request, name, body, done)


@router.get("/{name}/position", summary="Where the asking person is", responses=answers(example={"photo": None}))
async def position(request: Request, name: Name) -> Response:
    """The photo that was put here last; null without one."""
    by = asking(request)
    return json_answer({"photo": await with_review(request, name, lambda _, review: read_position(review, by))})


@router.put(
    "/{name}/position",
    summary="Keep where the asking person is",
    responses=answers(example={"photo": "3f1c9a0be2d47a55"}),
    openapi_extra=described_body(PositionBody, {"photo": "3f1c9a0be2d47a55"}),
)
async def put_position(request: Request, name: Name) -> Response:
    """It is there again in another browser, and after a restart."""
    by = asking(request)
    body = await read_json(request, PositionBody)

    def done(opened: OpenReview, review: Review) -> None:
        if body.photo is not None:
            opened.source(review, body.photo)
        write_position(review, by, body.photo)

    await with_review(request, name, done)
    return json_answer({"photo": body.photo})


async def _once(
    request: Request,
    name: str,
    body: BaseModel,
    done: Callable[[OpenReview, Review], dict[str, object]],
    *,
    first: Callable[[], Awaitable[None]] | None = None,
) -> Response:
    """Decide, once under an ``Idempotency-Key``: an undo that is sent again would take back what came before."""

    async def work() -> tuple[int, dict[str, object]]:
        if first is not None:
            await first()
        return 200, await with_review(request, name, done)

    fingerprint = fingerprint_of(request, body.model_dump_json().encode())
    return await service_of(request).idempotency.once(request, fingerprint, work)
