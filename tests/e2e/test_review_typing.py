"""Keys of the review queue typed faster than pages follow: none is lost, and none decides what was not seen."""

from __future__ import annotations

from typing import Any

import pytest
from packshot_tests.review_page import QUEUE, Opens, saved, shown
from packshot_tests.shop import Shop
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

#: Presses a key where the focus is or was, in the same task as what `before` does: no frame lies between.
PRESS = "({before, keys}) => { const at = document.activeElement; if (before) eval(before);"
PRESS += (
    " for (const key of keys) at.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})); }"
)


def press_at_once(page: Page, *keys: str, before: str = "") -> None:
    """Before the page has drawn anything, as on a machine that has no time for it."""
    page.evaluate(PRESS, {"before": before, "keys": list(keys)})


@pytest.mark.parametrize("dialog", ["help", "picker"])
def test_a_key_right_after_a_dialog_is_the_pages(opens: Opens, dialog: str) -> None:
    page = opens()
    page.keyboard.press({"help": "?", "picker": "c"}[dialog])
    expect(page.locator(f"#{dialog}")).to_be_visible()
    other = {"help": "picker", "picker": "help"}[dialog]
    press_at_once(page, {"picker": "c", "help": "?"}[other], before=f"document.getElementById('{dialog}').close()")
    expect(page.locator(f"#{other}")).to_be_visible()


def test_a_key_under_an_open_dialog_is_not_the_pages(opens: Opens, shop: Shop) -> None:
    page = opens()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.locator("#help-title").click()  # the focus leaves the dialog's buttons
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    shown(page, QUEUE[1])
    assert saved(page, shop, 0) == []


def test_a_key_typed_ahead_decides_nothing_unseen_and_says_so(opens: Opens, shop: Shop) -> None:
    page = opens()
    press_at_once(page, "a", "a", "r")
    shown(page, QUEUE[1])
    expect(page.locator("#told")).to_contain_text("press it again")
    assert saved(page, shop, 1) == [(QUEUE[0], "approve", "ann")]
    page.keyboard.press("r")
    shown(page, QUEUE[2])
    expect(page.locator("#told")).to_be_hidden()
    assert saved(page, shop, 2) == [(QUEUE[0], "approve", "ann"), (QUEUE[1], "reject", "ann")]


def test_keys_pressed_while_an_undo_is_on_its_way_are_done_after_it(opens: Opens, shop: Shop) -> None:
    page = opens()
    for name in QUEUE[:3]:
        shown(page, name)
        page.keyboard.press("a")
    shown(page, QUEUE[3])
    saved(page, shop, 3)
    held: list[Any] = []
    page.route("**/undo", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/undo"):
        page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("a")  # of a photo that will not be the one that is seen now
    page.keyboard.press("s")
    held[0].continue_()
    shown(page, QUEUE[2])  # both taken back, and the worse of the two left for later
    assert saved(page, shop, 1) == [(QUEUE[0], "approve", "ann")]


def test_a_category_can_be_looked_for_while_the_photo_loads(opens: Opens, shop: Shop) -> None:
    page = opens()
    held: list[Any] = []
    page.route(f"**/{shop_id(page, QUEUE[1])}/photo?**", lambda route: held.append(route))
    page.reload()
    shown(page, QUEUE[0])
    page.keyboard.press("s")
    expect(page.locator("#name")).to_have_text(QUEUE[1])
    page.keyboard.press("c")
    page.keyboard.type("dres")
    expect(page.locator("#picker-list [aria-selected=true]")).to_contain_text("Dress")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("press it again")
    assert saved(page, shop, 0) == []
    for route in held:
        route.continue_()
    shown(page, QUEUE[1])


def shop_id(page: Page, name: str) -> str:
    """The id of a photo in the queue."""
    rows = page.evaluate("fetch('/v1/reviews/shop/photos').then((answer) => answer.json())")["photos"]
    return next(str(row["id"]) for row in rows if row["source"].endswith(name))
