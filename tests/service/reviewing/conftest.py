"""A run that waits for review, and a service that has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.service import client
from packshot_tests.shop import Shop
from starlette.testclient import TestClient

from packshot.service import ServiceSettings

SHOES = {"path": [{"id": "apparel", "name": "Apparel"}, {"id": "shoes", "name": "Shoes"}], "score": 0.8}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """a.png is sure, b.png and d.png are to be reviewed, c/a.png has a doubtful category."""
    made = Shop(tmp_path)
    made.add("photos/a.png", tint=1)
    made.add("photos/b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    made.add("photos/c/a.png", tint=3, category=SHOES)
    made.add("photos/d.png", tint=4, status="review", review=["mask"], doubts=["outline"], uncertainty=0.07)
    return made


@pytest.fixture
def api(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.chdir(shop.root)  # where the photos' names are relative to
    with client(ServiceSettings(runs=(f"shop={shop.out}",))) as made:
        yield made
