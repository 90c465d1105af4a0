"""Reviews, their queue and their photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, TypeVar

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.decisions import State
from packshot.errors import UsageError
from packshot.review import Case, Review, Selection, review_stats, sample, select
from packshot.review.audit import audit_csv
from packshot.service.asking_key import owner_of
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.reviewing.places import OpenReview, photo_id
from packshot.service.reviewing.rows import audit_lines, decision_row, log_rows, photo_row
from packshot.service.service import service_of

__all__ = ["Category", "Name", "Names", "Photo", "Profile", "Uncertain", "Why", "chosen", "router", "with_review"]

router = APIRouter(prefix="/v1/reviews", tags=["review"])

Name = str
Photo = str

Names = Annotated[
    list[str], Query(alias="name", max_length=100, description="a photo, the end of its path, or a pattern with *")
]
Category = Annotated[str | None, Query(max_length=200, description="id or name on the way to the category, or none")]
Why = Annotated[list[str], Query(max_length=32, description="a reason: mask, rules, held ..., or a rule's name")]
Uncertain = Annotated[float | None, Query(ge=0, le=1, description="of the mask")]
Profile = Annotated[str | None, Query(max_length=64, description="photos that break a rule of this profile")]

Result = TypeVar("Result")


class Which(StrEnum):
    """Photos by what was decided."""

    OPEN = "open"
    DECIDED = "decided"
    ALL = "all"


_EXAMPLE = {
    "total": 1,
    "waiting": 1,
    "photos": [
        {
            "id": "3f1c9a0be2d47a55",
            "source": "photos/bag.jpg",
            "state": "new",
            "waits": True,
            "seen": "1f2e3d4c5b6a",
            "reasons": ["mask 0.71", "held by a hand or a person"],
            "status": "review",
            "uncertainty": 0.09,
        }
    ],
    "next": None,
}


async def with_review(request: Request, name: str, work: Callable[[OpenReview, Review], Result]) -> Result:
    """Do something with a review, in a thread, brought up to date.

    Raises:
        Refusal: 404, there is none of that name.
        PackshotError: of the review.
    """
    opened = service_of(request).reviews.one(name, owner_of(request))

    def held() -> Result:
        with opened.held() as review:
            return work(opened, review)

    return await anyio.to_thread.run_sync(held)


def chosen(opened: OpenReview, review: Review, selection: Selection) -> list[Case]:
    """The photos that are meant, in the order of the queue.

    Raises:
        UsageError: a name is no photo's, or a reason is none.
    """
    cases = opened.cases(review)
    if not (opened.named_by_senders and selection.names):
        return select(review, selection, cases=cases)
    names = {case.source: opened.called(case.source) for case in cases}  # one may stand for several photos
    for pattern in selection.names:
        if not any(_is_called(name, pattern) for name in names.values()):
            raise UsageError(f"{pattern}: no photo is named like this", remedy="see the review's queue with which=all")
    found = select(review, replace(selection, names=()), cases=cases)
    return [case for case in found if any(_is_called(names[case.source], pattern) for pattern in selection.names)]


def _is_called(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern) or fnmatchcase(name, f"*/{pattern}")


@router.get("", summary="Reviews, with their numbers", responses=answers(example=[{"name": "autumn", "photos": 800}]))
async def reviews(request: Request) -> Response:
    """Those the service was started with; one that cannot be read says why."""
    rows = []
    for name in service_of(request).reviews.named:
        try:
            rows.append(await with_review(request, name, _numbers))
        except UsageError as error:
            rows.append({"name": name, "error": error.code})
    return json_answer(rows)


@router.get("/{name}", summary="A review's numbers", responses=answers(example={"name": "autumn", "photos": 800}))
async def one_review(request: Request, name: Name) -> Response:
    """Photos by state, decisions by kind and by person, reasons of rejections."""
    return json_answer(await with_review(request, name, _numbers))


@router.get("/{name}/photos", summary="The queue", responses=answers(example=_EXAMPLE))
async def photos(
    request: Request,
    name: Name,
    *,
    which: Which = Which.OPEN,
    names: Names = [],  # noqa: B006 - FastAPI copies it
    category: Category = None,
    why: Why = [],  # noqa: B006 - as above
    least: Uncertain = None,
    most: Uncertain = None,
    profile: Profile = None,
    after: Annotated[str | None, Query(description="id of the last photo of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Photos, the most valuable first; by default those that nobody decided. ``next`` is the next page's ``after``.

    Of all ``total`` photos, ``waiting`` are to be looked at; the others are ready as they are, or decided.

    An ``after`` that is not among the chosen photos any more begins where that photo would stand.
    """
    selection = Selection(tuple(names), category, tuple(why), _limits(least, most), which is not Which.OPEN, profile)

    def page(opened: OpenReview, review: Review) -> dict[str, object]:
        cases = chosen(opened, review, selection)
        if which is Which.DECIDED:
            cases = [case for case in cases if case.state is State.DECIDED]
        start = 0
        if after is not None:
            order = {photo_id(case.source): place for place, case in enumerate(opened.cases(review))}
            place = order.get(after, -1)
            start = sum(order[photo_id(case.source)] <= place for case in cases)
        here = cases[start : start + limit]
        more = start + limit < len(cases)
        return {
            "total": len(cases),
            "waiting": sum(case.waits for case in cases),
            "photos": [photo_row(opened, case, review) for case in here],
            "next": photo_id(here[-1].source) if more and here else None,
        }

    return json_answer(await with_review(request, name, page))


@router.get("/{name}/sample", summary="A sample of the queue, to look at before many are decided on")
async def a_sample(
    request: Request,
    name: Name,
    *,
    names: Names = [],  # noqa: B006 - as above
    category: Category = None,
    why: Why = [],  # noqa: B006 - as above
    least: Uncertain = None,
    most: Uncertain = None,
    profile: Profile = None,
    count: Annotated[int, Query(ge=1, le=200)] = 12,
) -> Response:
    """Half the most doubtful, half drawn; ``total`` is the ``expected`` of a decision on all of them."""
    selection = Selection(tuple(names), category, tuple(why), _limits(least, most), profile=profile)

    def read(opened: OpenReview, review: Review) -> dict[str, object]:
        cases = chosen(opened, review, selection)
        return {"total": len(cases), "photos": [photo_row(opened, case, review) for case in sample(cases, count)]}

    return json_answer(await with_review(request, name, read))


@router.get("/{name}/photos/{photo}", summary="One photo, with what was decided of it")
async def one_photo(request: Request, name: Name, photo: Photo) -> Response:
    """As in the queue, with all decisions on it, also those that were taken back."""

    def read(opened: OpenReview, review: Review) -> dict[str, object]:
        source = opened.source(review, photo)
        history = [decision_row(opened, one) for one in review.history(source)]
        return {**photo_row(opened, review.case(source), review), "history": history}

    return json_answer(await with_review(request, name, read))


@router.get("/{name}/log", summary="Every decision, in the order of time")
async def log(
    request: Request,
    name: Name,
    after: Annotated[int, Query(ge=0, description="number of the last line that is known")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> Response:
    """Who decided what and when; ``stands`` is false for what was taken back, in the line ``taken_back``.

    What was decided before `after` and taken back since is there, too.
    """

    def read(opened: OpenReview, review: Review) -> list[dict[str, object]]:
        return log_rows(opened, review, after=after, most=limit)

    return json_answer(await with_review(request, name, read))


@router.get("/{name}/audit.csv", summary="The log as a table", response_class=Response, responses=answers("text/csv"))
async def audit(request: Request, name: Name) -> Response:
    """Every decision and undo, with who and when, as CSV."""
    text = await with_review(request, name, lambda opened, review: audit_csv(audit_lines(opened, review)))
    return Response(text, media_type="text/csv; charset=utf-8")


def _numbers(opened: OpenReview, review: Review) -> dict[str, object]:
    return {"name": opened.name, **asdict(review_stats(review))}


def _limits(least: float | None, most: float | None) -> tuple[float, float] | None:
    return None if least is None and most is None else (least or 0.0, 1.0 if most is None else most)
