"""The review queue as a page, and who decided what; what it shows and decides goes through ``/v1/reviews``."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.review import Review
from packshot.review.audit import AuditRow
from packshot.service.asking_key import owner_of
from packshot.service.pages.shell import Place, page
from packshot.service.reviewing.places import OpenReview
from packshot.service.reviewing.routes import with_review
from packshot.service.reviewing.rows import audit_lines
from packshot.service.service import service_of
from packshot.service.who import asking
from packshot.storage.encodable import printable

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN = 500  # lines of the log on the page; all are in the table


@router.get("/review")
async def review(request: Request, run: str | None = None, ask: str = "") -> Response:
    """The queue of a run, the first that the service was started with by default; or one question to its photos."""
    names = list(service_of(request).reviews.named)
    if run is None and not names:
        return page(request, "not_started.html.jinja", place=Place.REVIEW, title="Review", option="--run OUT")
    chosen = names[0] if run is None else service_of(request).reviews.one(run, owner_of(request)).name
    return page(
        request,
        "review.html.jinja",
        place=Place.REVIEW,
        review=chosen,
        reviews=names,
        ask=ask[:64],
        reviewer=asking(request),
    )


@router.get("/review/log")
async def review_log(request: Request, run: str | None = None) -> Response:
    """Every decision and undo on a run, the last first; of the first that the service was started with by default."""
    names = list(service_of(request).reviews.named)
    if run is None and not names:
        return page(request, "not_started.html.jinja", place=Place.REVIEW, title="Review", option="--run OUT")
    chosen = names[0] if run is None else run

    def read(opened: OpenReview, review: Review) -> tuple[list[AuditRow], Counter[str]]:
        return audit_lines(opened, review), Counter(one.by for one in review.decisions.standing())

    rows, people = await with_review(request, chosen, read)
    return page(
        request,
        "review_log.html.jinja",
        place=Place.REVIEW,
        review=chosen,
        rows=rows[: -_SHOWN - 1 : -1],
        more=max(0, len(rows) - _SHOWN),
        people=people.most_common(),
        printable=printable,
    )
