"""The review queue in a browser: a small shop on a service, and what persons see before they press a key."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from packshot.review import Review
from packshot.service.app import create_app
from packshot.service.settings import ServiceSettings
from packshot_tests.service import QUICK, Inline, listening
from packshot_tests.shop import HEIGHT, WIDTH, Shop

HOSTILE = "<img src=x onerror=alert(1)>.png"
SHOES = {
    "path": [{"id": "apparel", "name": "Apparel", "score": 0.9}, {"id": "shoes", "name": "Shoes", "score": 0.6}],
    "score": 0.6,
    "top": [{"label": "shoes", "score": 0.6, "name": "Shoes"}, {"label": "hat", "score": 0.3, "name": "Hat"}],
}
#: In the order of the queue, worst first.
QUEUE = ["worst.png", HOSTILE, "shoes.png", "sure.png"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """One service for all tests of a worker."""
    serving = ServiceSettings(runs=(f"shop={place / 'out'}",))
    app = create_app(QUICK, serving, workers=Inline(serving.narrowed(QUICK)), log_to=io.StringIO())
    with listening(app) as found:
        yield found


@pytest.fixture
def shop(place: Path) -> Shop:
    """Four photos that nobody decided; the worst has a loose piece in its mask."""
    shutil.rmtree(place / "out", ignore_errors=True)
    made = Shop(place)
    doubtful = {"status": "review", "review": ["mask"], "size": [WIDTH, HEIGHT]}
    made.add("worst.png", tint=1, uncertainty=0.2, doubts=["pieces", "held"], **doubtful)
    made.add(HOSTILE, tint=2, uncertainty=0.1, doubts=["held"], **doubtful)
    made.add("shoes.png", tint=3, category=SHOES, size=[WIDTH, HEIGHT])
    made.add("sure.png", tint=4, size=[WIDTH, HEIGHT])
    for record in made.records.values():
        record["source"] = str(place / record["source"])  # wherever the service was started
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[20:40, 30:50] = pixels[5:15, 60:75] = 255
    made.redraw(made.records["worst.png"]["mask"], pixels)
    made.write()
    return made


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, address: str, shop: Shop) -> Iterator[Opens]:
    """Opens the queue for a person, in a browser of their own; nothing may go wrong in any of them."""
    with _opener(browser, address) as opener:
        yield opener


@contextmanager
def _opener(browser: Browser, address: str) -> Iterator[Opens]:
    contexts, broken = [], []

    def opened(person: str = "ann", query: str = "", **options: object) -> Page:
        size = options.pop("viewport", {"width": 1400, "height": 900})
        context = browser.new_context(extra_http_headers={"X-Reviewer": person}, viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{address}/review{query}")
        expect(page.locator("#work")).to_have_attribute("aria-busy", "false")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not broken


def shown(page: Page, name: str) -> None:
    """The photo is shown and can be decided."""
    expect(page.locator("#name")).to_have_text(name)
    expect(page.locator("#before img")).to_have_attribute("alt", f"Photo {name}")
    expect(page.locator("#work")).to_have_attribute("aria-busy", "false")


def saved(page: Page, shop: Shop, count: int) -> list[tuple[str, str, str]]:
    """Name, kind and person of every decision that stands, once there are so many."""
    review: list[Review] = []

    def standing() -> int:
        review[:] = [shop.review()]
        return len(review[0].decisions.standing())

    until = time.monotonic() + 30
    while standing() != count and time.monotonic() < until:
        page.wait_for_timeout(50)
    return [(Path(one.source).name, one.kind.value, one.by) for one in review[0].decisions.standing()]
