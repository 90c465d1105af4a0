"""The report as a person meets it: in a real browser, on a desktop and on a phone."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.accessibility import grave_problems
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from packshot.batch.outputs import thumbnail_path
from packshot.batch.report import write_report
from packshot.batch.thumbnails import thumbnail
from packshot.errors import EmptyFile, PackshotError, UnsupportedFormat
from packshot.records import Record

pytestmark = pytest.mark.browser

HOSTILE = "\"><img src=x onerror=alert(1)><script>document.title='stolen'<&.jpg"
LONG = "Sommerkleid_mit_sehr_langem_Namen_" * 6 + "final.jpg"


def record(source: str, status: str, uncertainty: float, *advice: str, broken: bool = False) -> Record:
    rules = [
        {"id": "background-white", "ok": not broken, "measured": 0.31, "required": ">= 0.99", "severity": "must"},
        {"id": "zoom", "ok": False, "measured": [640, 480], "required": "long " * 20, "severity": "should"},
    ]
    values = {
        "source": source,
        "status": status,
        "sha256": "0" * 64,
        "review": ["rules" if broken else "mask"] if status == "review" else [],
        "uncertainty": uncertainty,
        "findings": {"advice": list(advice)},
        "packshots": {"plain": {"file": f"packshots/{Path(source).stem}.jpg", "rules": rules, "status": status}},
        "cutout": f"cutouts/{Path(source).stem}.png",
        "mask": f"masks/{Path(source).stem}.png",
        "timings_ms": {"photo": 2.0, "mask": 80.0 + 100 * uncertainty, "composition": 20.0},
    }
    return Record.model_validate(values)


def described(values: Record, *path: str, sure: bool) -> Record:
    """With a category, a tag, an attribute, two products, one of them twice, and a thing of the scene."""
    nodes = [{"id": name.lower(), "name": name, "score": 0.9} for name in path]
    top = [{"label": "shirt", "name": "Apparel > Tops > Shirt", "score": 0.4}]
    boxes = [[16, 20, 128, 180], [128, 20, 240, 180], [100, 90, 160, 110]]
    names = ["Tops", "Tops", HOSTILE]
    said = {
        "size": [256, 200],
        "category": {"path": nodes, "score": 0.9 if path else 0.0, "sure": sure, "uncertainty": 0.6, "top": top},
        "attributes": {"kids": {"value": "no", "score": 0.97, "sure": True}, "tags": [{"value": "silk", "score": 0.9}]},
        "products": [
            {"label": name, "name": name, "score": 0.9, "box": box, "heatmap": f"heatmaps/{name[:4]}.jpg"}
            for name, box in zip(names, boxes, strict=True)
        ]
        if path
        else [],
        "scene": [{"path": [*nodes, {"id": "coat", "name": "Coat", "score": 0.97}], "score": 0.97,
                   "box": [32, 40, 96, 140]}] if path else [],
    }  # fmt: skip
    return Record.model_validate(values.row() | said)


def failed(source: str, error: PackshotError) -> Record:
    return Record.failed(source, error)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    records = [
        described(record("in/shoe.jpg", "ok", 0.02), "Apparel", "Shoes", sure=True),
        described(
            record("in/dress.jpg", "review", 0.2, "the product is dark: use more light"), "Apparel", "Tops", sure=False
        ),
        described(record("in/bag.jpg", "review", 0.6), sure=False),
        record(f"in/{HOSTILE}", "ok", 0.11, "the product is dark: use more light"),
        record(f"in/{LONG}", "review", 0.05, broken=True),
        failed("in/empty.jpg", EmptyFile("in/empty.jpg is empty (0 bytes)", remedy="upload it again")),
        failed(f"in/{HOSTILE}", UnsupportedFormat(f"in/{HOSTILE} holds text", remedy="export it as JPEG")),
        record("in/hat.jpg", "ok", 0.3),
    ]
    photos = [(f"p{index}", each) for index, each in enumerate(records)]
    gradient = np.dstack([np.tile(np.arange(256, dtype=np.uint8), (200, 1))] * 3)
    for stem, each in photos:
        for which in ("before", "packshots") if each.status != "failed" else ():
            path = out / thumbnail_path(stem, which)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(thumbnail(gradient))
    # Of two photos the files themselves are at hand, larger than the page's pictures of them.
    for path in (out.parent / "in" / "hat.jpg", out / "packshots" / "hat.jpg"):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.tile(gradient, (3, 3, 1))).save(path)
    with contextlib.chdir(out.parent):
        write_report(out / "report.html", photos, total=len(photos), profiles={"amazon <b>": "packshots"})
    return out / "report.html"


class Visit:
    def __init__(self, browser: Browser, report: Path, *, width: int, script: bool = True) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(report.as_uri())

    def names(self) -> list[str]:
        # Not the inner text: a card far below is not laid out yet, and has none.
        return [name.strip() for name in self.page.locator(".card:visible h3").all_text_contents()]


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Visit]:
    visit = Visit(browser, report, width=1280)
    yield visit
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in visit.requests if url.startswith("file:")]) == 1, "the page and nothing else"
    visit.context.close()


def test_it_leads_with_what_matters(visit: Visit) -> None:
    assert visit.page.inner_text("h1") == "3 of 8 photos are ready."
    assert visit.page.locator(".counts li").all_inner_texts() == [
        "3 ready", "3 to look at", "2 could not be finished",
    ]  # fmt: skip
    assert visit.page.locator(".group h2").all_inner_texts() == [
        "Could not be finished 2", "Please look at these 3", "Ready 3",
    ]  # fmt: skip
    assert visit.names() == ["empty.jpg", HOSTILE, "bag.jpg", "dress.jpg", LONG, "shoe.jpg", HOSTILE, "hat.jpg"]


def test_a_failure_says_why_and_what_to_do(visit: Visit) -> None:
    text = visit.page.locator(".card.failed").first.inner_text()
    assert "The file is empty" in text
    assert "empty.jpg is empty (0 bytes)" in text
    assert "What to do: Upload it again" in text


def test_names_are_text_and_never_markup(visit: Visit) -> None:
    assert HOSTILE in visit.names()
    assert visit.page.title() == "3 of 8 photos ready · packshot"
    assert visit.page.locator("main script, main img[onerror]").count() == 0
    assert visit.page.inner_text(".wordmark") == "packshot · amazon <b>"


def test_photos_are_filtered_by_status(visit: Visit) -> None:
    visit.page.get_by_role("button", name="To look at 3").click()
    assert visit.names() == ["bag.jpg", "dress.jpg", LONG]
    assert visit.page.inner_text("#shown") == "3 of 8 shown"
    assert visit.page.locator(".group:visible").count() == 1
    visit.page.get_by_role("button", name="All", exact=True).click()
    assert len(visit.names()) == 8


def test_photos_are_found_by_name_and_note(visit: Visit) -> None:
    visit.page.get_by_role("searchbox").fill("DRESS")
    assert visit.names() == ["dress.jpg"]
    visit.page.get_by_role("searchbox").fill("more light")
    assert visit.names() == ["dress.jpg", HOSTILE]
    visit.page.get_by_role("searchbox").fill("no such photo")
    assert visit.names() == []
    visit.page.get_by_role("button", name="Show all").click()
    assert len(visit.names()) == 8


def test_a_frequent_fix_shows_its_photos(visit: Visit) -> None:
    button = visit.page.get_by_role("button", name="The product is dark")
    assert button.inner_text().endswith("2")
    button.click()
    assert visit.names() == ["dress.jpg", HOSTILE]
    button.click()
    assert len(visit.names()) == 8


def test_the_category_is_told_with_how_sure_it_is(visit: Visit) -> None:
    words = {
        name: visit.page.locator(".card", has_text=name).locator(".category").first for name in ("shoe", "dress", "bag")
    }
    assert words["shoe"].inner_text() == "Apparel > Shoes 90 % sure"
    assert words["dress"].inner_text() == "Apparel > Tops, not sure which · perhaps Shirt, 40 %"
    assert words["bag"].inner_text() == "Category not recognised · perhaps Apparel > Tops > Shirt, 40 %"
    chips = visit.page.locator(".card", has_text="dress.jpg").locator(".chips li")
    assert chips.all_inner_texts() == ["kids: no", "silk"]


def test_photos_are_filtered_by_category(visit: Visit) -> None:
    category = visit.page.get_by_role("combobox", name="Category")
    options = [text.strip() for text in category.locator("option").all_inner_texts()]
    assert options == [
        "All categories", "Apparel (2)", "Shoes (1)", "Tops (1)", "Not sure which (1)", "Not recognised (1)",
    ]  # fmt: skip
    for label, names in (
        ("Apparel (2)", ["dress.jpg", "shoe.jpg"]),
        ("Not sure which (1)", ["dress.jpg"]),
        ("Not recognised (1)", ["bag.jpg"]),
    ):
        category.select_option(index=options.index(label))
        assert visit.names() == names
    category.select_option(index=1)
    visit.page.get_by_role("button", name="Ready 3").click()
    assert visit.names() == ["shoe.jpg"]
    visit.page.get_by_role("searchbox").fill("no such photo")
    visit.page.get_by_role("button", name="Show all").click()
    assert len(visit.names()) == 8
    visit.page.get_by_role("searchbox").fill("silk")
    assert visit.names() == ["bag.jpg", "dress.jpg", "shoe.jpg"]


def test_a_press_draws_boxes_where_they_belong_and_another_takes_them_away(visit: Visit) -> None:
    card = visit.page.locator(".card", has_text="dress.jpg")
    card.scroll_into_view_if_needed()
    tops, hostile = card.get_by_role("button", name="Tops 90 %, 2 places"), card.get_by_role("button", name=HOSTILE)
    boxes = card.locator(".boxes g:visible rect:not(.edge)")
    assert boxes.count() == 0
    tops.click()
    assert tops.get_attribute("aria-pressed") == "true"
    assert boxes.count() == 2
    # The photo of 256 x 200 pixels lies in a square figure, as wide as that and in its middle.
    figure = card.locator("figure").first.bounding_box()
    drawn = boxes.first.bounding_box()
    assert figure is not None
    assert drawn is not None
    scale = figure["width"] / 256
    top = figure["y"] + (figure["height"] - 200 * scale) / 2
    expected = (figure["x"] + 16 * scale, top + 20 * scale, 112 * scale, 160 * scale)
    found = (drawn["x"], drawn["y"], drawn["width"], drawn["height"])
    assert found == pytest.approx(expected, abs=4), "but for the width of the line"
    hostile.click()
    assert boxes.count() == 3
    card.get_by_label("In the scene").get_by_role("button", name="Coat 97 %").click()
    assert boxes.count() == 4
    shown = boxes.last.bounding_box()
    assert shown is not None
    assert (shown["width"], shown["height"]) == pytest.approx((64 * scale, 100 * scale), abs=4)
    assert "told surely" in visit.page.locator(".card", has_text="bag.jpg").locator(".scene").inner_text()
    tops.click()
    assert boxes.count() == 2
    assert card.get_by_role("link", name="Heatmap of Tops").get_attribute("href") == "heatmaps/Tops.jpg"


def test_photos_are_put_in_another_order(visit: Visit) -> None:
    sort = visit.page.get_by_role("combobox", name="Order")
    sort.select_option("uncertain")
    assert visit.names()[-3:] == ["hat.jpg", HOSTILE, "shoe.jpg"]
    sort.select_option("order")
    assert visit.names()[2:5] == ["dress.jpg", "bag.jpg", LONG]
    sort.select_option("suggested")
    assert visit.names()[2:5] == ["bag.jpg", "dress.jpg", LONG]


def test_rules_show_measured_and_required(visit: Visit) -> None:
    card = visit.page.locator(".card", has_text="Sommerkleid")
    card.scroll_into_view_if_needed()
    assert "The background is not pure white" in card.inner_text()
    card.locator("summary").click()
    rows = card.locator("tbody tr")
    assert rows.nth(0).locator("td").all_inner_texts() == ["0.31", "≥ 0.99"]
    assert "fail" in (rows.nth(0).get_attribute("class") or "")
    assert rows.nth(1).locator("td").first.inner_text() == "640 × 480"


def test_pictures_are_there_with_words_for_those_who_cannot_see_them(visit: Visit) -> None:
    pictures = visit.page.locator("img")
    assert pictures.count() == 12
    for index in range(12):
        pictures.nth(index).scroll_into_view_if_needed()
        assert pictures.nth(index).get_attribute("alt")
        visit.page.wait_for_function(
            "image => image.complete && image.naturalWidth > 0", arg=pictures.nth(index).element_handle()
        )


def large(page: Page) -> Locator:
    return page.get_by_role("dialog").locator("img")


def has_width(page: Page, width: int) -> None:
    page.wait_for_function("wide => document.querySelector('#large img').naturalWidth === wide", arg=width)


def test_every_picture_enlarges_by_mouse(browser: Browser, report: Path) -> None:
    visit = Visit(browser, report, width=1280)
    page = visit.page
    for place in range(page.locator("main img").count()):
        picture = page.locator("main img").nth(place)
        picture.scroll_into_view_if_needed()
        small = picture.bounding_box()
        picture.click()
        shown = large(page).bounding_box()
        assert small is not None
        assert shown is not None
        assert shown["width"] > 2 * small["width"]
        assert page.get_by_role("dialog").get_by_text(picture.get_attribute("alt") or "none", exact=True).is_visible()
        page.mouse.click(3, 3)  # beside the dialog
        assert page.get_by_role("dialog").count() == 0
    visit.context.close()


def test_pictures_enlarge_by_keyboard_to_the_files_themselves(browser: Browser, report: Path) -> None:
    page = Visit(browser, report, width=1280).page
    before = page.get_by_role("link", name="hat.jpg as uploaded")
    assert before.get_attribute("href") == "../in/hat.jpg"
    before.focus()
    page.keyboard.press("Enter")
    has_width(page, 768)
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("dialog").locator("p").inner_text() == "hat.jpg after packshot"
    has_width(page, 768)
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    # The browser gives the focus back to what opened the dialog; the page's own answer to its closing comes after that.
    page.wait_for_function("document.activeElement.getAttribute('href') === 'packshots/hat.jpg'")
    # A photo that is not there any more enlarges as the page holds it.
    gone = page.get_by_role("button", name="bag.jpg as uploaded")
    for key in ("Enter", " "):
        gone.focus()
        page.keyboard.press(key)
        has_width(page, 256)
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.alt") == "bag.jpg as uploaded"
    page.context.close()


def test_axe_finds_nothing_grave_on_the_page_and_on_an_enlarged_picture(visit: Visit) -> None:
    assert grave_problems(visit.page) == []
    visit.page.get_by_role("button", name="bag.jpg as uploaded").click()
    assert grave_problems(visit.page) == []


def test_everything_is_reached_with_the_keyboard(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        seen.add(visit.page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"find", "sort", "BUTTON", "SUMMARY", "A"} <= seen


def test_text_stands_out_enough(visit: Visit, contrast: Callable[[Page, str, str], float]) -> None:
    """WCAG 2.2 AA: 4.5 to 1, for the colours of the page in light and dark."""
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for front in ("ink", "soft", "ok", "review", "failed"):
            for back in ("paper", "sheet"):
                assert contrast(visit.page, front, back) >= 4.5, (scheme, front, back)


def test_of_many_photos_the_first_are_there_and_all_are_found(browser: Browser, tmp_path: Path) -> None:
    """300 photos: 120 of a group at once, and those that were not there are searched, ordered and printed."""
    photos = [
        (
            f"{number:03}",
            Record.model_validate({"source": f"{number:03}.jpg", "status": "ok", "uncertainty": number / 1e3}),
        )
        for number in range(300)
    ]
    write_report(tmp_path / "report.html", photos, total=300)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    cards, more = page.locator(".card"), page.locator(".more")
    expect(cards).to_have_count(120)
    expect(page.locator("#shown")).to_have_text("300 shown")
    more.press("Enter")
    expect(cards).to_have_count(240)
    expect(cards.nth(120)).to_be_focused()
    expect(more).to_have_text("Show 60 more of 300")
    more.press("Enter")
    expect(cards).to_have_count(300)
    expect(more).to_be_hidden()
    page.select_option("#sort", "uncertain")
    expect(cards).to_have_count(120)
    expect(cards.first.locator("h3")).to_have_text("299.jpg")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(cards).to_have_count(300)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(cards).to_have_count(120)
    page.emulate_media(media="screen")
    page.locator("#find").fill("007")
    expect(cards).to_have_count(1)
    expect(cards.locator("h3")).to_have_text("007.jpg")
    assert grave_problems(page) == []
    page.close()
