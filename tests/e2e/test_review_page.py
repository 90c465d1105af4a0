"""The review queue as persons use it: by keyboard, two at once, on a phone, with a screen reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from packshot_tests.accessibility import grave_problems
from packshot_tests.review_page import HOSTILE, QUEUE, Opens, saved, shown
from packshot_tests.shop import HEIGHT, WIDTH, Shop
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_queue_by_keyboard_worst_first_with_undo_across_photos(opens: Opens, shop: Shop) -> None:
    page = opens()
    shown(page, QUEUE[0])
    expect(page.locator("#why")).to_contain_text("loose pieces")
    expect(page.locator("#why .mark")).to_have_text("1")
    corners = page.locator("#before rect.line")
    assert [corners.get_attribute(side) for side in ("x", "y", "width", "height")] == ["60", "5", "15", "10"]
    page.keyboard.press("a")
    shown(page, QUEUE[1])
    expect(page.locator("#said")).to_contain_text("worst.png: accepted. 3 photos left. Next: ")
    page.keyboard.press("r")
    shown(page, QUEUE[2])
    page.keyboard.press("s")
    shown(page, QUEUE[3])
    assert saved(page, shop, 2) == [(QUEUE[0], "approve", "ann"), (QUEUE[1], "reject", "ann")]
    page.keyboard.press("u")
    shown(page, QUEUE[1])
    page.keyboard.press("u")
    shown(page, QUEUE[0])
    assert saved(page, shop, 0) == []
    expect(page.locator("#counts")).to_contain_text("4 left")
    for name in QUEUE:
        shown(page, name)
        page.keyboard.press("a")
    expect(page.locator("#end-title")).to_have_text("Everything here is decided")
    assert len(saved(page, shop, 4)) == 4


def test_what_is_to_be_looked_at_and_what_is_ready_are_counted_apart(opens: Opens, shop: Shop) -> None:
    page = opens()
    counts = page.locator("#counts")
    expect(counts).to_contain_text("4 left: 2 to look at, 2 ready")
    page.keyboard.press("a")
    shown(page, QUEUE[1])
    expect(counts).to_contain_text("3 left: 1 to look at, 2 ready")
    page.keyboard.press("u")
    shown(page, QUEUE[0])
    expect(counts).to_contain_text("4 left: 2 to look at, 2 ready")
    for name in QUEUE[:2]:
        shown(page, name)
        page.keyboard.press("a")
    shown(page, QUEUE[2])
    expect(counts).to_contain_text("2 left, ready as they are")
    saved(page, shop, 2)
    page.get_by_label("Reason").select_option("held")
    expect(page.locator("#end-title")).to_have_text("Everything here is decided")
    expect(counts).to_contain_text("0 left")


def test_no_category_is_proposed_for_a_product_of_no_known_kind(opens: Opens, shop: Shop) -> None:
    guessed = {"path": [], "score": None, "top": [{"label": "shoes", "score": 0.5, "name": "Shoes"}]}
    shop.change("worst.png", category=guessed, familiar=False)
    page = opens()
    shown(page, QUEUE[0])
    expect(page.locator("#category")).to_have_text("Not a kind of product packshot knows.")
    expect(page.locator("#choices li")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.type("chair")
    expect(page.locator("#picker-none")).to_have_text("No category of the tree is called like this.")
    page.locator("#picker-text").fill("shoe")
    expect(page.locator("#picker-none")).to_be_empty()
    page.keyboard.press("Escape")
    shown(page, QUEUE[0])
    saved(page, shop, 0)


def test_a_category_by_one_key_or_by_a_part_of_its_name(opens: Opens, shop: Shop) -> None:
    page = opens(query="?run=shop")
    page.locator("select[name=category]").select_option("shoes")
    shown(page, "shoes.png")
    page.keyboard.press("1")
    expect(page.locator("#end")).to_be_visible()
    saved(page, shop, 1)
    page.keyboard.press("u")
    shown(page, "shoes.png")
    page.keyboard.press("c")
    page.keyboard.type("dres")
    expect(page.locator("#picker-list [aria-selected=true]")).to_contain_text("Dress")
    page.keyboard.press("Enter")
    expect(page.locator("#end")).to_be_visible()
    saved(page, shop, 1)
    (decision,) = shop.review().decisions.standing()
    assert decision.category is not None
    assert decision.category[-1].name == "Dress"


def test_every_photo_is_asked_one_question_and_a_key_is_a_class(opens: Opens, shop: Shop) -> None:
    for name, value, score in (("worst.png", "yes", 0.9), (HOSTILE, "no", 0.6), ("sure.png", "no", 0.8)):
        shop.records[name]["attributes"] = {"kids": {"value": value, "score": score}}
    shop.write()
    page = opens(query="?ask=kids")
    shown(page, "shoes.png")  # nothing is proposed
    expect(page.locator("#classes")).to_contain_text("yes")
    assert grave_problems(page) == []
    classes = page.locator("#classes button").all_inner_texts()
    page.keyboard.press("2")
    shown(page, HOSTILE)
    expect(page.locator("#proposal")).to_have_text("Proposed: no (60 %)")
    page.keyboard.press("a")
    shown(page, "sure.png")
    page.keyboard.press("r")  # rejects elsewhere; here it is no class
    shown(page, "sure.png")
    page.keyboard.press("c")
    page.keyboard.type("perhaps")
    page.keyboard.press("Enter")
    shown(page, "worst.png")
    made = saved(page, shop, 3)
    assert {kind for _, kind, _ in made} == {"attribute"}
    said = {Path(one.source).name: one.attribute.value for one in shop.review().decisions.standing() if one.attribute}
    assert said == {"shoes.png": classes[1].split()[-1], HOSTILE: "no", "sure.png": "perhaps"}
    page.keyboard.press("u")
    shown(page, "sure.png")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save labels (CSV)").click()
    assert "shoes.png" in Path(download.value.path()).read_text()


def test_something_else_can_be_asked(opens: Opens, shop: Shop) -> None:
    page = opens()
    page.on("dialog", lambda dialog: dialog.accept("sole/colour"))
    page.get_by_label("Work").select_option(label="Label something else …")
    expect(page.locator(".question")).to_have_text("sole/colour?")
    shown(page, HOSTILE)  # nothing is proposed for any: by name
    page.keyboard.press("c")
    page.keyboard.type("white")
    page.keyboard.press("Enter")
    shown(page, "shoes.png")
    page.keyboard.press("1")
    shown(page, "sure.png")
    made = saved(page, shop, 2)
    assert {kind for _, kind, _ in made} == {"attribute"}
    attributes = [one.attribute for one in shop.review().decisions.standing() if one.attribute]
    assert {(one.name, one.value) for one in attributes} == {("sole/colour", "white")}


def test_frames_are_a_question_too_with_a_box_that_is_drawn_or_typed(opens: Opens, shop: Shop) -> None:
    shop.records["worst.png"]["frame"] = {"framed": True, "score": 0.6, "inner_box": [4, 4, 76, 56], "removed": False}
    shop.write()
    page = opens(query="?ask=frame")
    shown(page, "worst.png")  # the least sure
    assert grave_problems(page) == []
    page.keyboard.press("a")
    shown(page, HOSTILE)
    expect(page.locator("#proposal")).to_contain_text("not framed")
    page.keyboard.press("1")
    expect(page.locator("#notices")).to_contain_text("Where does the picture inside begin?")
    page.locator("#side-left").fill("10")
    page.keyboard.press("Enter")
    sheet = page.locator("#before").bounding_box()
    assert sheet is not None
    scale = min(sheet["width"] / WIDTH, sheet["height"] / HEIGHT)
    down = sheet["y"] + (sheet["height"] - HEIGHT * scale) / 2
    page.mouse.move(sheet["x"] + sheet["width"] / 2, down + 57 * scale)  # the lower side
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] / 2, down + 50 * scale, steps=3)
    page.mouse.up()
    page.keyboard.press("1")
    shown(page, "shoes.png")
    page.keyboard.press("2")
    shown(page, "sure.png")
    saved(page, shop, 3)
    boxes = {Path(one.source).name: one.frame.box for one in shop.review().decisions.standing() if one.frame}
    assert boxes == {"worst.png": (4, 4, 76, 56), HOSTILE: (10, 3, 76, 50), "shoes.png": None}
    states = {Path(case.source).name: case.state.value for case in shop.review().cases()}
    assert states["worst.png"] == "new"  # its mask is as doubtful as before


def test_a_cut_out_is_corrected_by_brush_and_by_keyboard(opens: Opens, shop: Shop) -> None:
    page = opens()
    page.keyboard.press("f")
    stage = page.locator("#fix-stage")
    expect(page.locator("#fix [data-tool=keep]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#fix-note")).to_be_empty()
    assert grave_problems(page) == []
    box = stage.bounding_box()
    assert box is not None
    # The loose piece of the mask, at 67, 10 of 80 x 60 pixels, which are drawn 4 times as large at most, in the middle.
    scale = min((box["width"] - 32) / WIDTH, (box["height"] - 32) / HEIGHT, 4)
    left, top = (box["width"] - WIDTH * scale) / 2, (box["height"] - HEIGHT * scale) / 2
    page.keyboard.press("e")
    for _ in range(3):
        page.keyboard.press("]")
    page.mouse.move(box["x"] + left + 62 * scale, box["y"] + top + 10 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + left + 73 * scale, box["y"] + top + 10 * scale, steps=4)
    page.mouse.up()
    expect(page.locator("#said")).to_have_text("The cut-out follows.")
    page.keyboard.press("a")
    shown(page, QUEUE[1])
    expect(page.locator("#notices")).to_contain_text("packshot review apply")
    assert saved(page, shop, 1) == [(QUEUE[0], "mask", "ann")]
    review = shop.review()
    (decision,) = review.decisions.standing()
    alpha = np.asarray(Image.open(review.kept_masks / f"{decision.mask}.png"))
    assert alpha[30, 40] == 255  # the product stays
    assert alpha[10, 67] == 0  # the piece is gone
    page.keyboard.press("u")
    shown(page, QUEUE[0])
    assert saved(page, shop, 0) == []


def test_two_at_once_see_each_other_and_lose_nothing(opens: Opens, shop: Shop) -> None:
    ann, ben = opens("ann"), opens("ben")
    ann.get_by_label("Reject because").select_option("out of focus")
    ann.keyboard.press("r")
    saved(ann, shop, 1)
    ben.keyboard.press("a")
    shown(ben, QUEUE[1])
    expect(ben.locator("#notices")).to_contain_text("worst.png comes next")
    ben.keyboard.press("s")
    shown(ben, QUEUE[0])
    expect(ben.locator("#told")).to_contain_text("out of focus, by ann")
    assert saved(ben, shop, 1) == [(QUEUE[0], "reject", "ann")]
    ben.keyboard.press("a")
    assert saved(ben, shop, 2) == [(QUEUE[0], "reject", "ann"), (QUEUE[0], "approve", "ben")]
    ann.keyboard.press("u")
    assert saved(ann, shop, 1) == [(QUEUE[0], "approve", "ben")]


def test_what_another_person_takes_back_is_told_and_waits_again(opens: Opens, shop: Shop) -> None:
    ann, ben = opens("ann"), opens("ben")
    ann.keyboard.press("a")
    saved(ann, shop, 1)
    ben.keyboard.press("r")
    expect(ben.locator("#notices")).to_contain_text("worst.png was decided on meanwhile: approved, by ann")
    ben.keyboard.press("s")
    shown(ben, QUEUE[0])
    expect(ben.locator("#notices")).to_be_hidden()  # what it announced is here
    expect(ben.locator("#told")).to_contain_text("approved, by ann")
    ann.keyboard.press("u")
    expect(ben.locator("#told")).to_contain_text("Taken back by ann: approved")
    expect(ben.locator("#counts")).to_contain_text("4 left")
    ben.keyboard.press("r")
    assert saved(ben, shop, 1) == [(QUEUE[0], "reject", "ben")]


def test_a_photo_that_another_person_opens_again_is_not_missed(opens: Opens, shop: Shop) -> None:
    ann = opens("ann")
    ann.keyboard.press("a")
    shown(ann, QUEUE[1])
    saved(ann, shop, 1)
    ben = opens("ben")  # never saw the first
    expect(ben.locator("#counts")).to_contain_text("3 left")
    for name in QUEUE[1:]:
        shown(ben, name)
        ben.keyboard.press("a")
    expect(ben.locator("#end-title")).to_have_text("Everything here is decided")
    ann.keyboard.press("u")
    expect(ben.locator("#end-title")).to_have_text("The end of the queue")
    ben.get_by_role("button", name="again", exact=False).click()
    shown(ben, QUEUE[0])


def test_the_place_is_kept_by_person_and_keys_by_browser(opens: Opens, shop: Shop) -> None:
    page = opens("ann")
    with page.expect_response(lambda answer: answer.url.endswith("/position") and answer.request.method == "PUT"):
        page.keyboard.press("s")
        shown(page, QUEUE[1])
    shown(opens("ann"), QUEUE[1])
    shown(opens("ben"), QUEUE[0])
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.get_by_label("Change the key: accept what is shown, and go on").press("Enter")
    page.keyboard.press("j")
    expect(page.locator("#key-note")).to_contain_text("J: accept")
    page.keyboard.press("Escape")
    page.reload()
    shown(page, QUEUE[1])
    expect(page.locator("[data-action=accept] kbd")).to_have_text("J")
    page.keyboard.press("a")
    page.keyboard.press("j")
    shown(page, QUEUE[2])
    assert saved(page, shop, 1) == [(QUEUE[1], "approve", "ann")]


def test_nothing_is_decided_unseen(opens: Opens, shop: Shop, place: Path) -> None:
    (place / HOSTILE).unlink()  # before its picture was loaded ahead
    page = opens()
    shown(page, QUEUE[0])
    page.get_by_label("Reason").select_option("held")
    page.get_by_role("button", name="Accept all …").click()
    expect(page.locator("#sample-note")).to_contain_text("1 photo of the sample cannot be shown")
    expect(page.locator("#accept-all")).to_be_disabled()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#before")).to_contain_text("Leave it for later.")
    page.keyboard.press("a")
    page.keyboard.press("r")
    expect(page.locator("#name")).to_have_text(HOSTILE)
    assert saved(page, shop, 0) == []


def test_many_are_accepted_after_a_look_and_taken_back_at_once(opens: Opens, shop: Shop) -> None:
    page = opens()
    page.get_by_label("Reason").select_option("held")
    expect(page.locator("#counts")).to_contain_text("2 left")
    page.get_by_role("button", name="Accept all …").click()
    accept = page.locator("#accept-all")
    expect(accept).to_have_text("Accept all 2")
    expect(accept).to_be_enabled()
    page.get_by_role("checkbox").first.check()
    expect(accept).to_be_disabled()
    page.get_by_role("checkbox").first.uncheck()
    accept.click()
    assert {name for name, _, _ in saved(page, shop, 2)} == set(QUEUE[:2])
    expect(page.locator("#notices")).to_contain_text("2 photos accepted")
    page.keyboard.press("u")
    assert saved(page, shop, 0) == []
    shown(page, QUEUE[0])


def test_who_decided_what_is_shown_and_saved(opens: Opens, shop: Shop) -> None:
    page = opens("ann")
    page.keyboard.press("a")
    saved(page, shop, 1)
    page.keyboard.press("u")
    saved(page, shop, 0)
    page.get_by_role("link", name="Who decided what").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("took back: approved")
    expect(rows.last).to_contain_text("taken back by number 2")
    expect(rows.last).to_contain_text("ann")
    assert grave_problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_nothing_in_its_way(opens: Opens, scheme: str) -> None:
    page = opens(color_scheme=scheme)
    assert grave_problems(page) == []
    page.keyboard.press("z")  # pictures at their own size, in regions that scroll
    assert grave_problems(page) == []
    page.keyboard.press("z")
    for key, dialog in (("?", "#help"), ("c", "#picker")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        assert grave_problems(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Accept all …").click()
    expect(page.locator("#accept-all")).to_be_enabled()
    assert grave_problems(page) == []


def test_a_phone_has_its_buttons_under_the_thumb(opens: Opens, shop: Shop) -> None:
    page = opens(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for action in ("undo", "reject", "skip", "accept"):
        box = page.locator(f".actions [data-action={action}]").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44  # WCAG 2.2, target size
        assert box["y"] + box["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".actions [data-action=accept]").tap()
    shown(page, QUEUE[1])
    assert saved(page, shop, 1) == [(QUEUE[0], "approve", "ann")]
    assert grave_problems(page) == []


def test_why_is_a_press_away_and_decides_nothing(opens: Opens, shop: Shop) -> None:
    page = opens()
    shown(page, QUEUE[0])
    page.get_by_role("button", name="Show why").click()
    dialog = page.get_by_role("dialog", name=f"Why: {QUEUE[0]}")
    expect(dialog.get_by_role("img").first).to_be_visible(timeout=30_000)
    page.keyboard.press("a")  # the page's own keys rest while it is open
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    shown(page, QUEUE[0])
    assert page.locator("#decisions li").count() == 0
