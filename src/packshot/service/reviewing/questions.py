"""Labelling: one question to each photo of a run, its category, frame or an attribute, and the table that comes out.

A network proposed when the run was made; a person answers, the least sure first. An answer is a decision of the log on
that part alone: what else is doubtful about a photo stays to be looked at.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.decisions import Decision
from packshot.errors import ModelError
from packshot.heads import HeadKind
from packshot.records import Record
from packshot.review import Case, Review
from packshot.review.labels import CATEGORY, FRAME, label_table
from packshot.runtime import card_of
from packshot.runtime.store import available
from packshot.service.categories import shop_tree
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.service.reviewing.places import OpenReview
from packshot.service.reviewing.routes import Name, with_review
from packshot.service.reviewing.rows import photo_row
from packshot.service.service import service_of
from packshot.settings import Settings
from packshot.storage.encodable import encodable

__all__ = ["router"]

router = APIRouter(prefix="/v1/reviews", tags=["review"])

Question = str


class _Guess(NamedTuple):
    value: str
    name: str
    score: float
    box: tuple[float, float, float, float] | None = None


_FRAMES = {"framed": "framed", "unframed": "not framed"}
_CLASS = {"value": "shoes", "name": "Shoes", "photos": 120}
_EXAMPLE = [{"question": "category", "answered": 12, "photos": 800, "classes": [_CLASS]}]


@router.get("/{name}/questions", summary="What its photos can be labelled by", responses=answers(example=_EXAMPLE))
async def questions(request: Request, name: Name) -> Response:
    """The category and every attribute that a network proposed or a person gave; classes by how often, then by name."""
    settings = service_of(request).settings
    choices = _choices(settings)
    choices[FRAME] = dict(_FRAMES)
    choices[CATEGORY] = {leaf.id: leaf.name for leaf in shop_tree(settings).leaves()}

    def read(opened: OpenReview, review: Review) -> list[dict[str, object]]:
        cases = opened.cases(review)
        asked = dict.fromkeys([*_asked(cases), *choices])
        return [_question(question, cases, choices.get(question, {})) for question in asked]

    return json_answer(await with_review(request, name, read))


@router.get("/{name}/questions/{question:path}/photos", summary="Photos on which nobody answered a question")
async def unanswered(
    request: Request,
    name: Name,
    question: Question,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 50,
) -> Response:
    """As the queue, the least sure first; ``guess`` is what the network proposes: value, name and score.

    There is no cursor, for answered photos leave the list: who has left 20 for later asks for 20 more.
    """

    def page(opened: OpenReview, review: Review) -> dict[str, object]:
        waiting = [case for case in opened.cases(review) if not _answered(case, question)]
        waiting.sort(key=lambda case: (_sureness(case.record, question), case.source))
        rows = [_row(opened, case, review, question) for case in waiting[:limit]]
        return {"total": len(waiting), "photos": rows, "next": rows[-1]["id"] if len(waiting) > limit else None}

    return json_answer(await with_review(request, name, page))


@router.get("/{name}/questions/{question:path}/photos/{photo}", summary="One photo with a question's proposal")
async def one_photo(request: Request, name: Name, question: Question, photo: str) -> Response:
    """As in the queue of the question."""

    def read(opened: OpenReview, review: Review) -> dict[str, object]:
        return _row(opened, review.case(opened.source(review, photo)), review, question)

    return json_answer(await with_review(request, name, read))


@router.get(
    "/{name}/questions/{question:path}/labels.csv",
    summary="A question's answers as a table to train on",
    response_class=Response,
    responses=answers("text/csv"),
)
async def table(request: Request, name: Name, question: Question) -> Response:
    """As `packshot train` takes it; photos are named from where `packshot run` was typed."""

    def read(opened: OpenReview, review: Review) -> str:
        if question not in _asked(opened.cases(review)):
            raise Refusal(404, "unknown_question", "nobody asks this here", "see the review's questions")
        return _called_by_senders(opened, review, label_table(review, question))

    text = await with_review(request, name, read)
    return Response(encodable(text), media_type="text/csv; charset=utf-8")


def _called_by_senders(opened: OpenReview, review: Review, table: str) -> str:
    """The table with what senders called their photos, where the manifest names files of ours."""
    if not opened.named_by_senders:
        return table
    text = io.StringIO()
    header, *rows = csv.reader(io.StringIO(table))
    named = [[opened.called(str((review.root / row[0]).resolve())), *row[1:]] for row in rows]
    csv.writer(text, lineterminator="\n").writerows([header, *named])
    return text.getvalue()


def _choices(settings: Settings) -> dict[str, dict[str, str]]:
    """The classes of the describing network, by attribute; nothing where it cannot be told."""
    path = available(settings).get(settings.describe_model)
    try:
        heads = () if path is None else card_of(path).heads
    except ModelError:
        return {}
    return {head.name: {label: label for label in head.labels} for head in heads if head.kind is HeadKind.CHOICE}


def _asked(cases: list[Case]) -> list[str]:
    found: set[str] = set()
    for case in cases:
        found |= {name for name, said in case.record.attributes.items() if not isinstance(said, tuple)}
        found |= {one.attribute.name for one in case.decisions if one.attribute is not None}
    return [CATEGORY, FRAME, *sorted(found)]


def _question(question: str, cases: list[Case], known: dict[str, str]) -> dict[str, object]:
    counts: Counter[str] = Counter()
    names = dict(known)
    for case in cases:
        guess = _guess(case.record, question)
        if guess is not None and (guess.value in known or not known):
            counts[guess.value] += 1
            names.setdefault(guess.value, guess.name)
    order = sorted(names, key=lambda value: (-counts[value], names[value])) if question != FRAME else list(_FRAMES)
    return {
        "question": question,
        "answered": sum(_answered(case, question) for case in cases),
        "photos": len(cases),
        "classes": [{"value": value, "name": names[value], "photos": counts[value]} for value in order],
    }


def _row(opened: OpenReview, case: Case, review: Review, question: str) -> dict[str, object]:
    guess = _guess(case.record, question)
    asked = {"guess": None if guess is None else guess._asdict(), "answered": _answered(case, question)}
    return {**photo_row(opened, case, review), **asked}


def _guess(record: Record, question: str) -> _Guess | None:
    """What stands in the line: the network's proposal, or a person's answer."""
    if question == CATEGORY:
        category = record.category
        if category is not None and category.top and not category.sure:  # its path ends above the leaves
            likeliest = category.top[0]
            return _Guess(likeliest.label, likeliest.name or likeliest.label, likeliest.score or 0.0)
        if category is None or not category.path:
            return None
        last = category.path[-1]
        return _Guess(last.id, last.name or last.id, category.score or 0.0)
    if question == FRAME:
        return _frame(record)
    said = record.attributes.get(question)
    return None if said is None or isinstance(said, tuple) else _Guess(said.value, said.value, said.score or 0.0)


def _frame(record: Record) -> _Guess | None:
    frame = record.frame
    if frame is None:
        return None
    value = "framed" if frame.framed else "unframed"
    framed = 0.5 if frame.score is None else frame.score
    return _Guess(
        value, _FRAMES[value], framed if frame.framed else 1 - framed, frame.inner_box if frame.framed else None
    )


def _sureness(record: Record, question: str) -> float:
    guess = _guess(record, question)
    return -1.0 if guess is None else guess.score


def _answered(case: Case, question: str) -> bool:
    return any(_answers(one, question) for one in case.decisions)


def _answers(decision: Decision, question: str) -> bool:
    if question == CATEGORY:
        return decision.category is not None
    if question == FRAME:
        return decision.frame is not None
    return decision.attribute is not None and decision.attribute.name == question
