"""The bookmark on another site's page: its pictures are handed over, one gets a tag, and the service fetches it."""

from __future__ import annotations

import io
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.accessibility import grave_problems
from packshot_tests.service import QUICK, Inline, listening, outlined
from playwright.sync_api import Browser, Route, expect

from packshot.datasets import open_items
from packshot.service.app import create_app
from packshot.service.fetching import Fetcher
from packshot.service.settings import ServiceSettings

pytestmark = pytest.mark.browser

SHOP = "https://shop.example/"
PICTURES = {f"{SHOP}shoe.png": outlined(400, 300), f"{SHOP}logo.png": outlined(90, 60)}
PAGE = """<title>A <b>shop</b></title><meta http-equiv=Content-Security-Policy content="default-src 'self'">
<img src=logo.png><img src=shoe.png alt='<img src=x onerror=alert(1)>'><img src=shoe.png>"""


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Fetcher, "fetch", lambda _, url, seconds: PICTURES[url])
    serving = ServiceSettings(tagged=tmp_path / "tagged", fetch_urls=True)
    app = create_app(QUICK, serving, workers=Inline(serving.narrowed(QUICK)), log_to=io.StringIO())
    with listening(app) as found:
        yield found


def test_a_picture_of_a_page_gets_a_tag(browser: Browser, address: str, tmp_path: Path) -> None:
    context = browser.new_context()

    def shop(route: Route) -> None:
        picture = PICTURES.get(route.request.url)
        kind = "text/html" if picture is None else "image/png"
        route.fulfill(body=PAGE if picture is None else picture, content_type=kind)

    context.route(f"{SHOP}**", shop)
    page = context.new_page()
    page.goto(f"{address}/tag")
    assert grave_problems(page) == []
    expect(page.locator("#bookmark[href^=javascript]")).to_be_visible()
    bookmark = page.locator("#bookmark").get_attribute("href") or ""
    page.goto(SHOP)
    with context.expect_page() as opened:
        page.evaluate(urllib.parse.unquote(bookmark.removeprefix("javascript:")))
    tag = opened.value
    expect(tag.get_by_role("radio")).to_have_count(1)  # the logo is too small, the shoe is told once
    expect(tag.locator("#pictures")).to_contain_text("<img src=x onerror=alert(1)>")
    assert grave_problems(tag) == []
    tag.keyboard.type("sneaker")
    tag.keyboard.press("Enter")
    expect(tag.locator("#done")).to_have_text("Kept as sneaker.")
    (item,) = open_items(tmp_path / "tagged" / "labels.csv", task="classification")
    assert (item.label, item.photo.read_bytes()) == ("sneaker", PICTURES[f"{SHOP}shoe.png"])
    expect(tag.locator("#classes button")).to_contain_text("sneaker (1)")
    tag.keyboard.press("1")
    expect(tag.locator("#done")).to_have_text("Kept as sneaker.")
    tag.get_by_role("button", name="Undo").click()
    expect(tag.locator("#done")).to_have_text("Taken back: sneaker.")
    context.close()
