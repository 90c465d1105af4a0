"""Problems on the page to try photos on: each is named with what helps, and none covers the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packshot_tests.accessibility import grave_problems
from packshot_tests.try_page import READY, SHOES, choose, cutout, stroke_by_keys, strokes
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


def test_every_error_names_what_helps(page: Page) -> None:
    empty = {"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""}
    huge = {"name": "huge.jpg", "mimeType": "image/jpeg", "buffer": bytes(300_000)}
    page.set_input_files("#files", [empty, huge])  # type: ignore[list-item]
    expect(page.locator("#notices")).to_contain_text("empty.jpg is empty. Save or copy it again")
    expect(page.locator("#notices")).to_contain_text("huge.jpg has 0.3 MB; this service takes 0.2 MB.")
    expect(page.locator("#start")).to_be_visible()
    text = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    page.set_input_files("#files", [text])  # type: ignore[list-item]
    expect(page.locator(".strip .failed")).to_have_count(1, timeout=READY)
    expect(page.locator("#notices")).to_contain_text("notes.jpg:")

    def gone(route: Route) -> None:
        route.abort()

    page.route("**/v1/photos*", gone)
    page.set_input_files("#files", SHOES)
    expect(page.locator("#notices")).to_contain_text(
        "The service does not answer. Check that `packshot serve` still runs"
    )
    page.unroute("**/v1/photos*", gone)
    page.locator(".strip .failed").last.click()  # again
    expect(page.locator(".strip .ready")).to_have_count(1, timeout=READY)


def test_photos_that_failed_are_one_line_that_opens(page: Page) -> None:
    """Six at once, by keyboard: each is named with its reason and what helps, tried again or left out together."""
    page.set_input_files("#files", SHOES)
    expect(page.locator(".strip .ready")).to_have_count(1, timeout=READY)
    texts = [{"name": f"notes{number}.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"} for number in range(6)]
    page.set_input_files("#files", texts[:1])  # type: ignore[arg-type]
    notices = page.get_by_role("region", name="Problems")
    expect(notices.get_by_text("notes0.jpg:")).to_be_visible(timeout=READY)  # one stands there as it is
    page.set_input_files("#files", texts[1:])  # type: ignore[arg-type]
    summary = notices.locator("summary")
    expect(summary).to_have_text("6 photos failed", timeout=READY)
    assert notices.locator("summary, li").all_inner_texts()[0] == "6 photos failed"
    expect(notices.get_by_text("notes0.jpg:")).to_be_hidden()
    box = notices.bounding_box()
    assert box is not None
    assert box["height"] < 60  # pixels
    expect(page.locator("[role=alert]")).to_contain_text(re.compile(r"notes\d.jpg: .+"))  # each is announced, once
    summary.press("Enter")
    for number in range(6):
        expect(notices.locator("li", has_text=f"notes{number}.jpg:")).to_contain_text(re.compile(r"\. \w.+"))
    assert grave_problems(page) == []
    with page.expect_response("**/v1/photos?*"):
        notices.get_by_role("button", name="Try again").press("Enter")
    expect(summary).to_have_text("6 photos failed", timeout=READY)
    summary.press("Enter")
    notices.get_by_role("button", name="Leave out").press("Enter")
    expect(page.locator(".strip button:not(.more)")).to_have_count(1)
    expect(notices).to_be_hidden()
    expect(page.locator("#content")).to_be_focused()


def test_a_folder_without_a_picture_is_told(page: Page, tmp_path: Path) -> None:
    """Dropped from the desktop, and chosen."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "notes.txt").write_text("no picture")
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(tmp_path / "papers")], "dragOperationsMask": 1}
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
    expect(page.locator("#notices")).to_contain_text("There is no picture in papers. Take a folder with photos")
    page.locator("#notices").get_by_role("button", name="Close").click()
    page.set_input_files("#folder", tmp_path / "papers")
    expect(page.locator("#notices")).to_contain_text("There is no picture in papers.")
    expect(page.locator("#start")).to_be_visible()


def test_a_photo_that_cannot_be_used_does_not_hide_one_that_can(page: Page) -> None:
    text = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    page.set_input_files("#files", text)  # type: ignore[arg-type]
    expect(page.locator(".strip .failed")).to_have_count(1, timeout=READY)
    choose(page, SHOES)
    expect(page.locator("#name")).to_have_text("sneakers.jpg")
    page.locator("#notices").get_by_role("button", name="Close").click()
    expect(page.locator("#notices")).to_be_hidden()


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again_and_the_page_says_so(page: Page, status: int) -> None:
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 2:
            route.continue_()
            return
        error = {"error": {"code": "busy", "message": "the queue is full", "remedy": "try again in 2 s"}}
        route.fulfill(status=status, json=error, headers={"Retry-After": "2"})

    page.route("**/v1/photos?*", busy)
    page.set_input_files("#files", SHOES)
    expect(page.locator("#busy")).to_have_text("The service is busy. Asked again in 2 s …")
    expect(page.locator("#said")).to_contain_text("The service is busy.")
    expect(page.locator(".strip .ready")).to_have_count(1, timeout=READY)
    assert len(asked) == 3
    expect(page.locator("#busy")).to_be_hidden(timeout=READY)
    expect(page.locator("#notices")).to_be_hidden()


def test_a_photo_that_is_taken_out_on_its_way_is_not_sent_on(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/photos?*", lambda route: held.append(route))
    with page.expect_event("requestfailed") as ended:
        page.set_input_files("#files", SHOES)
        expect(page.locator("#busy")).to_have_text("Cutting out …")
        page.locator("#remove").click()
    assert "/v1/photos?" in ended.value.url
    expect(page.locator("#start")).to_be_visible()
    page.unroute("**/v1/photos?*")
    page.set_input_files("#files", SHOES)
    expect(page.locator(".strip .ready")).to_have_count(1, timeout=READY)


def test_a_photo_that_was_kept_too_long_is_sent_again_with_its_strokes(page: Page, try_address: str) -> None:
    with page.expect_response("**/v1/photos?*") as sent:
        choose(page, SHOES)
    page.locator("#stage").focus()
    page.keyboard.press("e")
    stroke_by_keys(page, "ArrowRight")
    strokes(page, 1)
    first = cutout(page)
    page.request.delete(f"{try_address}/v1/photos/{sent.value.json()['id']}")
    page.locator("#stage").focus()
    stroke_by_keys(page, "ArrowDown", "ArrowDown", "ArrowDown")
    strokes(page, 2)
    second = cutout(page)
    assert (second[150, 200:204, 3] == 0).all()
    assert (second != first).any()
    assert page.locator("#notices").inner_text() == ""
