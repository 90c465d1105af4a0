"""The page to try photos on, as a person uses it: by keyboard, by mouse, with errors on the way."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.accessibility import grave_problems
from packshot_tests.service import opened, outlined
from packshot_tests.try_page import CAP, READY, SHOES, choose, cutout, saved, stroke_by_keys, strokes
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def test_strokes_by_keyboard_are_refined_undone_and_done_again(page: Page) -> None:
    choose(page, SHOES)
    before = cutout(page)
    assert before.shape == (300, 400, 4)
    page.locator("#stage").focus()
    page.keyboard.press("e")
    page.keyboard.press("ArrowRight")  # the brush begins in the middle: (200, 150), half its radius a step
    stroke_by_keys(page, *["ArrowRight"] * 5)
    strokes(page, 1)
    erased = cutout(page)
    assert (erased[150, 204:224, 3] == 0).all()
    assert (before[150, 204:224, 3] > 0).any()
    page.keyboard.press("Control+z")
    strokes(page, 0)
    assert (cutout(page) == before).all()
    page.keyboard.press("Shift+Z")
    strokes(page, 1)
    assert (cutout(page) == erased).all()


def test_nothing_is_lost_when_the_size_changes_under_way(page: Page) -> None:
    choose(page, SHOES)
    page.locator("#stage").focus()
    page.keyboard.press("e")
    stroke_by_keys(page, "ArrowRight", "ArrowRight", "]", "ArrowDown", "ArrowDown", "[")
    expect(page.locator("#stage")).to_have_attribute("aria-label", "sneakers.jpg, erase brush of 8 pixels, 3 strokes")
    after = cutout(page)
    assert (after[150, 200:208, 3] == 0).all()
    assert (after[150:158, 208, 3] == 0).all()


def test_the_mouse_paints_where_it_points_however_the_photo_is_zoomed_and_moved(page: Page) -> None:
    choose(page, SHOES)
    before = cutout(page)
    inside = cv2.distanceTransform((before[..., 3] == 255).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = (int(place) for place in np.unravel_index(inside.argmax(), inside.shape))  # well within a shoe
    page.keyboard.press("e")
    page.keyboard.press("s")  # paint, and nothing else
    stage = page.locator("#stage")
    box = stage.bounding_box()
    assert box is not None
    scale = min((box["width"] - 32) / 400, (box["height"] - 32) / 300)  # as it is fitted, with a margin of 16 pixels
    across = box["x"] + (box["width"] - 400 * scale) / 2 + (x + 0.5) * scale
    down = box["y"] + (box["height"] - 300 * scale) / 2 + (y + 0.5) * scale
    page.mouse.move(across, down)
    page.mouse.wheel(0, -500)  # what is under the pointer stays there
    expect(page.locator("#zoom-shown")).not_to_have_text(f"{round(scale * 100)} %")
    page.keyboard.press("[")
    stage.focus()
    page.keyboard.down("Space")
    page.mouse.down()
    page.mouse.move(across - 60, down + 45, steps=4)
    page.mouse.up()
    page.keyboard.up("Space")
    page.mouse.down()
    page.mouse.up()  # a dot
    expect(stage).to_have_attribute("aria-label", "sneakers.jpg, erase brush of 7 pixels, 1 stroke")
    erased = cutout(page)[..., 3] != before[..., 3]
    found = np.argwhere(erased)
    assert found.mean(axis=0) == pytest.approx((y, x), abs=1.5)
    assert np.ptp(found, axis=0).max() <= 26  # the dot, and where its edge is blended
    page.mouse.move(across - 60, down + 45)
    page.keyboard.press("h")  # touched where nothing is kept now: it is product again
    page.mouse.down()
    page.mouse.up()
    expect(stage).to_have_attribute("aria-label", "sneakers.jpg, hint brush of 7 pixels, 2 strokes")
    assert cutout(page)[y, x, 3] == 255


def test_photos_come_in_pasted_dropped_and_by_the_folder(page: Page, tmp_path: Path) -> None:
    (tmp_path / "shop" / "shoes").mkdir(parents=True)
    (tmp_path / "shop" / "shoes" / "a.png").write_bytes(outlined())
    (tmp_path / "shop" / "notes.txt").write_text("no photo")
    page.set_input_files("#folder", tmp_path / "shop")
    expect(page.locator(".strip button[aria-label*='shop/shoes/a.png']")).to_have_class("ready", timeout=READY)
    for kind, carrier in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        page.evaluate(
            """([kind, carrier, bytes]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: "image/png" }));
                const options = { [carrier]: data, bubbles: true, cancelable: true };
                const made = kind === "paste" ? new ClipboardEvent(kind, options) : new DragEvent(kind, options);
                document.body.dispatchEvent(made);
            }""",
            [kind, carrier, list(outlined(90, 70))],
        )
        expect(page.locator(f".strip button[aria-label^='{kind}.png']")).to_have_class("ready", timeout=READY)
    expect(page.locator(".strip button:not(.more)")).to_have_count(3)


def test_a_broken_rule_has_the_button_that_keeps_it(page: Page) -> None:
    choose(page, SHOES)
    page.select_option("#profile", "amazon")
    zoom = page.locator("#rules li", has_text="for zoom")
    expect(zoom).to_contain_text("Not kept", timeout=READY)
    zoom.get_by_role("button", name="Enlarge it").click()
    expect(zoom).to_contain_text("Kept:", timeout=READY)
    picture = opened(saved(page, page.locator("#download").click))
    assert max(picture.shape[:2]) >= 1000
    assert picture[0, 0].tolist() == [255, 255, 255]
    page.locator("#colour").fill("#00ff00")
    background = page.locator("#rules li", has_text="white background")
    expect(background).to_contain_text("Broken", timeout=READY)
    background.get_by_role("button", name="Put it on white").click()
    expect(background).to_contain_text("Kept:", timeout=READY)
    page.keyboard.press("Control+z")
    expect(background).to_contain_text("Broken", timeout=READY)


def test_many_listing_rows_are_confirmed_at_once_and_come_out_as_csv(page: Page) -> None:
    choose(page, SHOES, CAP)
    expect(page.locator(".strip .ready")).to_have_count(2, timeout=READY)
    page.locator("#title").fill("=HYPERLINK(1)")
    page.locator("#title").blur()
    page.locator("#show-table").click()
    page.get_by_role("button", name="Confirm all 2 that are sure").click()
    expect(page.locator("#rows .good")).to_have_count(2)
    rows = list(csv.DictReader(io.StringIO(saved(page, page.locator("#csv").click).decode())))
    assert [(row["photo"], row["category"], row["confirmed"]) for row in rows] == [
        ("sneakers.jpg", "Apparel > Shoes", "yes"),
        ("cap.jpg", "Apparel > Hat", "yes"),
    ]
    assert rows[0]["title"] == "'=HYPERLINK(1)"  # text to a spreadsheet, not a formula
    archive = zipfile.ZipFile(io.BytesIO(saved(page, page.locator("#zip").click)))
    assert archive.testzip() is None
    assert set(archive.namelist()) == {"sneakers.jpg", "cap.jpg", "listing.csv"}


def test_titles_and_alt_texts_are_in_the_marketplaces_language_or_in_the_chosen_one(page: Page) -> None:
    choose(page, SHOES)
    title, language = page.locator("#title"), page.get_by_label("Language")
    expect(title).to_have_value("Shoes, black")
    page.get_by_label("Marketplace", exact=True).select_option("allegro")
    expect(title).to_have_value("Buty w kolorze czarnym")
    expect(title).to_have_attribute("lang", "pl")
    expect(language.locator("option:checked")).to_have_text("As the marketplace (Polski)")
    language.select_option("de")
    expect(page.locator("#alt")).to_have_value("Schuhe, schwarz")
    page.locator("#alt").fill("Ein Paar Schuhe")
    page.locator("#alt").blur()
    language.select_option("en")
    expect(page.locator("#alt")).to_have_value("Shoes, black")
    language.select_option("de")
    expect(page.locator("#alt")).to_have_value("Ein Paar Schuhe")
    page.locator("#show-table").click()
    (row,) = csv.DictReader(io.StringIO(saved(page, page.locator("#csv").click).decode()))
    assert (row["language"], row["title"], row["alt"]) == ("de", "Schuhe, schwarz", "Ein Paar Schuhe")


def test_what_is_chosen_for_one_photo_is_given_to_all_at_once(page: Page) -> None:
    choose(page, SHOES, CAP)
    expect(page.locator(".strip .ready")).to_have_count(2, timeout=READY)
    page.get_by_label("Marketplace", exact=True).select_option("ebay")
    page.get_by_role("button", name="Make the other photo like this").click()
    expect(page.locator("#for-all")).to_be_hidden()
    archive = zipfile.ZipFile(io.BytesIO(saved(page, page.locator("#download-all").click)))
    assert {name.split(".")[0] for name in archive.namelist()} == {"sneakers-ebay", "cap-ebay", "listing"}
    page.keyboard.press("n")
    expect(page.locator("#name")).to_have_text("cap.jpg")
    expect(page.locator("#profile")).to_have_value("ebay")
    page.keyboard.press("Control+z")
    expect(page.locator("#profile")).to_have_value("plain")


def test_one_key_confirms_and_goes_on(page: Page) -> None:
    choose(page, SHOES, CAP)
    expect(page.locator(".strip .ready")).to_have_count(2, timeout=READY)
    expect(page.locator("#work")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("a")
    expect(page.locator("#name")).to_have_text("cap.jpg")
    expect(page.locator("#work")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("a")
    expect(page.locator(".strip .confirmed")).to_have_count(2)
    expect(page.locator("#said")).to_contain_text("last")


def test_a_classifier_of_ones_own_shows_label_probability_and_heatmap(page: Page) -> None:
    choose(page, CAP)  # on red
    expect(page.locator("#answers button").first).to_have_text(re.compile(r"red\s*\d+ %|red\s*> 99 %"), timeout=READY)
    expect(page.locator("#heatmap")).to_have_attribute("alt", "Heatmap of red", timeout=READY)
    page.locator("#answers button", has_text="blue").press("Enter")
    expect(page.locator("#heatmap")).to_have_attribute("alt", "Heatmap of blue", timeout=READY)


def test_tab_held_after_a_click_shows_the_photo_and_the_keyboard_is_not_trapped(page: Page) -> None:
    choose(page, SHOES)
    stage = page.locator("#stage")
    page.locator("#divider").fill("0")
    after = stage.screenshot()
    stage.click(position={"x": 3, "y": 3})  # the divider stays at the left edge
    page.keyboard.down("Tab")
    expect(stage).to_be_focused()
    page.wait_for_timeout(100)
    original = stage.screenshot()
    page.keyboard.up("Tab")
    page.wait_for_timeout(100)
    assert original != after
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(stage).not_to_be_focused()


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)], ids=["desktop", "phone"])
def test_axe_finds_nothing_grave_and_the_first_page_is_light(
    browser: Browser, try_address: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page, sizes = context.new_page(), []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(try_address, wait_until="networkidle")
    assert sum(sizes) < 150_000  # bytes, compressed
    assert grave_problems(page) == []
    choose(page, SHOES)
    page.keyboard.press("k")
    assert grave_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("?")
    assert grave_problems(page) == []
    page.keyboard.press("Escape")
    page.locator("#show-table").click()
    assert grave_problems(page) == []
    context.close()


def test_why_is_a_press_away(page: Page) -> None:
    choose(page, SHOES)
    page.get_by_role("button", name="Why").click()
    dialog = page.get_by_role("dialog", name="Why: sneakers.jpg")
    expect(dialog.get_by_role("img").first).to_be_visible(timeout=READY)
    expect(dialog).to_contain_text("Evidence against the cut-out", timeout=READY)
    assert grave_problems(page) == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
