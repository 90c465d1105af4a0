"""What the photos of a queue can be chosen by, and the categories that can be given to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.decisions import State
from packshot.review import Case, Review
from packshot.review.selection import why_of
from packshot.review.summary import MASK_DOUBTS
from packshot.service.asking_key import owner_of
from packshot.service.categories import shop_tree
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.reviewing.places import OpenReview
from packshot.service.reviewing.routes import Name, with_review
from packshot.service.service import service_of
from packshot.web.run_report.words import rule_words

__all__ = ["router"]

router = APIRouter(prefix="/v1/reviews", tags=["review"])

_KEPT = {"Cache-Control": "private, max-age=3600"}
_REASONS = {
    "damage": "damaged file",
    "mask": "any doubt about the cut-out",
    "frame": "perhaps a frame",
    "overlay": "text, logo or watermark over the product",
    "rules": "any rule that must hold and does not",
    "enlarged": "enlarged beyond its pixels",
    "picture": "a picture is missing",
    "category": "unsure category",
    "nothing-found": "nothing found to cut out",
}
_EXAMPLE = {
    "last": 7,
    "why": [{"value": "held", "words": "held by a hand or a person", "photos": 12}],
    "profile": [{"value": "amazon", "words": "refused by amazon", "photos": 3}],
    "category": [{"value": "shoes", "words": "Shoes", "photos": 40}],
}


@router.get("/{name}/filters", summary="What its queue can be filtered by", responses=answers(example=_EXAMPLE))
async def filters(request: Request, name: Name) -> Response:
    """Reasons, profiles and categories of the photos that nobody decided, each with its number of photos.

    Reasons to look come first, then rules that are only recommended, which ask for no look.

    ``last`` is the number of the log's last line.
    """

    def read(opened: OpenReview, review: Review) -> dict[str, object]:
        waiting = [case for case in opened.cases(review) if case.state is not State.DECIDED]
        return {
            "last": review.decisions.last,
            "why": _reasons(waiting),
            "profile": _counted((name, f"refused by {name}") for case in waiting for name in _broken(case)),
            "category": _counted(_category(case) for case in waiting),
        }

    return json_answer(await with_review(request, name, read))


@router.get("/{name}/categories", summary="The categories that can be given")
async def categories(request: Request, name: Name) -> Response:
    """The leaves of the service's tree, each with its way from the root in words."""
    service_of(request).reviews.one(name, owner_of(request))
    settings = service_of(request).settings

    def read() -> list[dict[str, str]]:
        tree = shop_tree(settings)
        paths = (tree.path(leaf.id) for leaf in tree.leaves())
        return [
            {"id": path[-1].id, "name": path[-1].name, "words": " › ".join(one.name for one in path)} for path in paths
        ]

    response = json_answer(await anyio.to_thread.run_sync(read))
    response.headers.update(_KEPT)
    return response


def _counted(found: Iterable[tuple[str, str]]) -> list[dict[str, object]]:
    """The most frequent first."""
    counts = Counter(found)
    return [{"value": value, "words": words, "photos": photos} for (value, words), photos in counts.most_common()]


def _reasons(cases: Sequence[Case]) -> list[dict[str, object]]:
    """The most frequent first, and last the rules that nothing but recommends."""
    broken = {rule.id: False for case in cases for _, rule in case.record.rules_of_all if not rule.ok}
    broken |= {rule: True for case in cases for _, rule in _refusals(case)}
    found = [why for case in cases for why in why_of(case.record)]
    counted = _counted((why, _why_words(why, must=broken.get(why, True))) for why in found)
    return sorted(counted, key=lambda row: not broken.get(str(row["value"]), True))


def _why_words(why: str, *, must: bool) -> str:
    words = _REASONS.get(why) or MASK_DOUBTS.get(why) or rule_words(why).lower()
    return words if must else f"recommended, not met: {words}"


def _broken(case: Case) -> set[str]:
    """Profiles of which a rule that must hold does not."""
    return {name for name, _ in _refusals(case)}


def _refusals(case: Case) -> list[tuple[str, str]]:
    """Profile and rule, of each rule that must hold and does not."""
    return [(name, rule.id) for name, rule in case.record.rules_of_all if not rule.ok and rule.severity == "must"]


def _category(case: Case) -> tuple[str, str]:
    path = case.record.category.path if case.record.category is not None else ()
    return (path[-1].id, path[-1].name or path[-1].id) if path else ("none", "nothing recognised")
