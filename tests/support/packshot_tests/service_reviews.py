"""The review queue over HTTP."""

from __future__ import annotations

from httpx2 import Response
from starlette.testclient import TestClient

Row = dict[str, object]


def queue(api: TestClient, query: str = "") -> list[Row]:
    """The photos that a query finds, as the service orders them."""
    found: list[Row] = api.get(f"/v1/reviews/shop/photos?{query}").json()["photos"]
    return found


def named(api: TestClient, source: str) -> Row:
    """The photo of a source, decided or not."""
    return next(row for row in queue(api, "which=all") if row["source"] == source)


def decide(api: TestClient, photo: Row, **said: object) -> Response:
    """Decide on a photo as it was seen."""
    seen = said.pop("seen", photo["seen"])
    body = {"decision": said, "seen": seen}
    return api.post(f"/v1/reviews/shop/photos/{photo['id']}/decisions", json=body)
