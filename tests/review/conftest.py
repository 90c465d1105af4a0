"""The output folder that tests of review decide on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.shop import Shop

SHOES = {"path": [{"id": "apparel", "name": "Apparel"}, {"id": "shoes", "name": "Shoes"}], "score": 0.8}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Three photos: a.png is sure, b.png is to be reviewed, c/a.png has a doubtful category."""
    made = Shop(tmp_path)
    made.add("photos/a.png", tint=1)
    made.add("photos/b.png", tint=2, status="review", uncertainty=0.09)
    made.add("photos/c/a.png", tint=3, category=SHOES)
    return made


@pytest.fixture
def new_shop(tmp_path: Path) -> Callable[[], Shop]:
    return lambda: Shop(tmp_path)
