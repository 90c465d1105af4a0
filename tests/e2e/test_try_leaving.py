"""Leaving the page to try photos on: what was downloaded goes unasked, and nothing else."""

from __future__ import annotations

import pytest
from packshot_tests.try_page import SHOES, choose, saved, stroke_by_keys, strokes
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_page_asks_before_what_was_drawn_goes_with_it(page: Page) -> None:
    choose(page, SHOES)
    page.locator("#stage").focus()
    page.keyboard.press("e")
    stroke_by_keys(page, "ArrowRight")
    strokes(page, 1)
    with page.expect_event("dialog") as waiting:
        page.evaluate("setTimeout(() => location.reload())")
    assert waiting.value.type == "beforeunload"
    waiting.value.dismiss()
    strokes(page, 1)  # still there
    saved(page, page.locator("#download").click)
    page.reload()  # a question would be an error: nobody answers it
    expect(page.locator("#start")).to_be_visible()


def asks_before_leaving(page: Page) -> bool:
    """Whether the browser asks when the page is loaded anew; it stays."""
    with page.expect_event("dialog") as waiting:
        page.evaluate("setTimeout(() => { location.reload(); })")
    kind: str = waiting.value.type
    waiting.value.dismiss()
    return kind == "beforeunload"


def test_each_file_keeps_what_it_holds_and_no_more(page: Page) -> None:
    """A picture has what was drawn and chosen, the table has the words, and the page asks for what neither has."""
    choose(page, SHOES)
    page.locator("#title").fill("Red shoes")
    page.locator("#title").blur()
    saved(page, page.locator("#download").click)
    assert asks_before_leaving(page), "no picture has the title"
    page.locator("#show-table").click()
    saved(page, page.locator("#csv").click)
    page.locator("#show-photo").click()
    page.locator("[data-background='#ffffff']").click()
    page.locator("#show-table").click()
    saved(page, page.locator("#csv").click)
    assert asks_before_leaving(page), "no table has the background"
    page.locator("#show-photo").click()
    saved(page, page.locator("#download").click)
    page.reload()  # a question would be an error: nobody answers it
    expect(page.locator("#start")).to_be_visible()


def test_nothing_that_was_not_downloaded_is_removed_unasked(page: Page) -> None:
    choose(page, SHOES)
    page.locator("#title").fill("Red shoes")
    page.locator("#title").blur()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#remove").click()
    expect(page.locator("#title")).to_have_value("Red shoes")
    page.keyboard.press("Control+z")
    page.locator("#remove").click()  # as it was: nobody is asked
    expect(page.locator("#start")).to_be_visible()


def test_the_back_button_leads_from_the_table_to_the_photo(page: Page, try_address: str) -> None:
    choose(page, SHOES)
    page.locator("#show-table").click()
    expect(page.locator("#table")).to_be_visible()
    page.go_back()
    expect(page.locator("#work")).to_be_visible()
    expect(page.locator("#table")).to_be_hidden()
    page.locator("#show-table").click()
    page.locator("#show-photo").click()
    expect(page.locator("#work")).to_be_visible()
    assert page.url.rstrip("/") == try_address
