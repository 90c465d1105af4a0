"""The labelling page as a person uses it: keys, the mouse, a box set right, undo, and going on after a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packshot_tests.label_page import HOSTILE, ROUGH, TRUE, Sitting, draw_photos
from playwright.sync_api import Browser, Page, Route, expect

from packshot.values import Box

pytestmark = pytest.mark.browser

Start = Callable[[], Sitting]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    draw_photos(tmp_path / "photos")
    return tmp_path


@pytest.fixture
def start(browser: Browser, shop: Path) -> Iterator[Start]:
    sittings: list[Sitting] = []

    def start() -> Sitting:
        sittings.append(Sitting(browser, shop))
        return sittings[-1]

    yield start
    for sitting in sittings:
        sitting.stop()
        own = [words for words in sitting.complaints if "Failed to load resource" not in words or not sitting.refused]
        assert own == []
        host = sitting.opened[0].address.split("/")[2]
        strangers = [url for url in sitting.requests if not url.startswith((f"http://{host}/", "data:"))]
        assert strangers == [], "nothing is asked of anybody else"


def test_photos_are_decided_with_keys_alone(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    expect(sitting.page.locator("#verdict")).to_contain_text("Proposed: framed")
    expect(sitting.page.locator("#verdict")).to_contain_text("55 %")
    expect(sitting.page.locator("#counts")).to_have_text("0 of 4 photos decided")
    sitting.press("f")
    sitting.says("cup.png: framed. 3 photos left.")
    sitting.shows("suit.png")
    sitting.press("Enter")  # the proposal: not framed
    sitting.shows(HOSTILE)
    expect(sitting.page.locator("#verdict")).to_contain_text("Proposed: framed")
    sitting.press("u")
    sitting.shows("cat.png")
    sitting.press("n")
    sitting.says("All photos are decided.")
    expect(sitting.page.locator("#counts")).to_have_text("All 4 photos decided")
    expect(sitting.page.locator("#done")).to_be_visible()
    assert sitting.manifest() == {
        "cup.png": ("framed", ROUGH),
        "suit.png": ("unframed", None),
        HOSTILE: ("unframed", None),
        "cat.png": ("unframed", None),
    }


def test_a_box_is_set_right_with_keys(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    assert sitting.sides() == [20, 16, 20, 20]
    expect(sitting.page.locator("#loupe")).to_be_hidden()
    sitting.press("a", *["ArrowLeft"] * 8)
    expect(sitting.page.locator("#loupe")).to_be_visible()
    sitting.press("w", *["ArrowUp"] * 4, "ArrowLeft")  # not its direction
    sitting.press("d", "Shift+ArrowRight", "ArrowLeft", "ArrowLeft")
    assert sitting.sides() == [12, 12, 12, 20]
    sitting.press("s")
    sitting.page.keyboard.type("12")
    assert sitting.sides() == [12, 12, 12, 12]
    sitting.press("Escape")
    expect(sitting.page.locator("#loupe")).to_be_hidden()
    sitting.press("Enter")
    sitting.shows("suit.png")
    assert sitting.manifest() == {"cup.png": ("framed", TRUE)}


def test_a_side_stops_at_the_photos_edge_and_before_the_other_side(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    sitting.press("a", *["Shift+ArrowLeft"] * 4)
    assert sitting.sides()[0] == 0
    sitting.press(*["Shift+ArrowRight"] * 25)
    assert sitting.sides()[0] == 179, "one pixel of picture is left"


def test_a_box_is_dragged_drawn_snapped_and_put_back(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    frame = sitting.page.locator("#sheet").bounding_box()
    assert frame is not None
    scale = frame["width"] / 200

    def drag(from_: tuple[float, float], to: tuple[float, float]) -> None:
        mouse = sitting.page.mouse
        mouse.move(frame["x"] + from_[0] * scale, frame["y"] + from_[1] * scale)
        mouse.down()
        mouse.move(frame["x"] + to[0] * scale, frame["y"] + to[1] * scale, steps=3)
        mouse.up()

    drag((20, 80), (12, 60))  # the left side
    assert sitting.sides() == [12, 16, 20, 20]
    drag((180, 130), (188, 138))  # the corner below right
    assert sitting.sides() == [12, 16, 12, 12]
    drag((100, 16), (100, -50))  # out of the photo
    assert sitting.sides() == [12, 0, 12, 12]
    drag((60, 50), (150, 110))  # anew, from inside
    assert sitting.sides() == [60, 50, 50, 40]
    sitting.press("p")
    assert sitting.sides() == [20, 16, 20, 20]
    sitting.press("r")
    sitting.says("Snapped.")
    assert sitting.sides() == [12, 12, 12, 12]
    sitting.press("y")
    sitting.shows("suit.png")
    assert sitting.manifest() == {"cup.png": ("framed", TRUE)}


def test_framed_asks_for_a_box_where_none_was_proposed(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    sitting.press("n")
    sitting.shows("suit.png")
    sitting.press("f")
    expect(sitting.page.get_by_role("alert")).to_contain_text("Where does the picture inside begin?")
    assert sitting.sides() == [10, 8, 10, 8]
    assert sitting.manifest() == {"cup.png": ("unframed", None)}
    sitting.press("f")
    sitting.shows(HOSTILE)
    expect(sitting.page.get_by_role("alert")).to_be_hidden()
    assert sitting.manifest()["suit.png"] == ("framed", Box(10, 8, 190, 142))


def test_decisions_are_taken_back_also_after_a_restart(start: Start) -> None:
    sitting = start()
    for name, key in (("cup.png", "f"), ("suit.png", "n"), (HOSTILE, "n")):
        sitting.shows(name)
        sitting.press(key)
    sitting.shows("cat.png")
    sitting.press("z")
    sitting.says("taken back")
    sitting.shows(HOSTILE)
    sitting.stop()
    again = start()
    assert (again.opened[0].photos, again.opened[0].waiting) == (4, 2)
    again.shows(HOSTILE)
    expect(again.page.locator("#counts")).to_have_text("2 of 4 photos decided")
    again.press("ArrowLeft", "ArrowLeft")
    again.shows("cup.png")
    expect(again.page.locator("#verdict")).to_contain_text("Decided: framed")
    expect(again.page.locator("#framed")).to_have_attribute("aria-pressed", "true")
    again.press("Backspace")  # this one, though it was not the last
    again.says("cup.png: taken back.")
    expect(again.page.locator("#verdict")).to_contain_text("Proposed: framed")
    assert again.manifest() == {"suit.png": ("unframed", None)}
    again.press("z")
    again.shows("suit.png")
    again.press("z")
    again.says("Nothing to take back.")
    again.press("g")
    again.shows(HOSTILE)


def test_a_held_key_decides_one_photo(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    for _ in range(5):  # without its release: repeats
        sitting.page.keyboard.down("n")
    sitting.shows("suit.png")
    sitting.page.keyboard.up("n")
    expect(sitting.page.locator("#counts")).to_have_text("1 of 4 photos decided")


def test_nothing_is_decided_unseen(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    held: list[Route] = []
    sitting.page.route("**/photo/3", lambda route: held.append(route))
    sitting.press("ArrowRight")
    sitting.shows("suit.png")
    sitting.press("ArrowRight")
    sitting.shows(HOSTILE)
    sitting.press("ArrowRight")
    expect(sitting.page.locator("#name")).to_have_text("cat.png")
    expect(sitting.page.locator("#waiting")).to_be_visible()
    sitting.press("f", "n", "Enter", "a", "ArrowRight")
    assert not sitting.table.exists()
    for route in held:
        route.continue_()
    sitting.shows("cat.png")
    sitting.press("Escape", "n")
    sitting.says("cat.png: not framed.")
    assert sitting.manifest() == {"cat.png": ("unframed", None)}


def test_buttons_do_what_keys_do(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    page = sitting.page
    page.get_by_role("button", name="Not framed").click()
    sitting.shows("suit.png")
    page.get_by_role("button", name="Next photo").click()
    sitting.shows(HOSTILE)
    page.get_by_role("button", name="Accept").click()
    sitting.shows("cat.png")
    page.get_by_role("button", name="Undo").click()
    sitting.shows(HOSTILE)
    page.keyboard.press("Enter")  # accepts, and does not press the button that was clicked once more
    sitting.shows("cat.png")
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("n")  # is read, not decided
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#waiting")).to_have_text("Finished. This page can be closed.")
    sitting.thread.join(30)
    (result,) = sitting.result
    assert result.decided_now == 2
    frames = [one.decision and one.decision.frame for one in result.seen]
    assert [frame and frame.framed for frame in frames] == [False, None, True, None]
    assert [Path(one.source).name for one in result.skipped] == ["torn.png"]


def test_what_could_not_be_read_is_listed(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    sitting.page.get_by_text("1 photo could not be read").click()
    expect(sitting.page.locator("#skipped li")).to_contain_text("torn.png is damaged")


def test_a_command_that_has_ended_is_told_and_loses_nothing(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    sitting.press("n")
    sitting.shows("suit.png")
    sitting.end()
    sitting.press("n")
    expect(sitting.page.get_by_role("alert")).to_contain_text("all that was decided is kept")
    expect(sitting.page.locator("#counts")).to_have_text("1 of 4 photos decided")
    sitting.refused = True
    assert sitting.manifest() == {"cup.png": ("unframed", None)}


def test_the_box_lies_on_the_photos_own_pixels(start: Start) -> None:
    sitting = start()
    sitting.shows("cup.png")
    sitting.press("r")
    sitting.says("Snapped.")
    photo = sitting.page.locator("#sheet img").bounding_box()
    line = sitting.page.locator("#line").bounding_box()
    assert photo is not None
    assert line is not None
    scale = photo["width"] / 200
    # The box of a stroke 2 px wide reaches 1 px beyond the line; half a pixel of rounding.
    for got, place in ((line["x"] - photo["x"], 12), (line["x"] + line["width"] - photo["x"], 188)):
        assert abs(got - place * scale) <= 1.5
    for got, place in ((line["y"] - photo["y"], 12), (line["y"] + line["height"] - photo["y"], 138)):
        assert abs(got - place * scale) <= 1.5


def test_it_can_be_used_by_those_who_see_little_or_use_no_mouse(
    start: Start, contrast: Callable[[Page, str, str], float]
) -> None:
    sitting = start()
    sitting.shows("cup.png")
    page = sitting.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for front, back in (
            ("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("paper", "ink"),
            ("failed", "failed-wash"), ("ok", "sheet"), ("ink", "stage"),
        ):  # fmt: skip
            assert contrast(page, front, back) >= 4.5, (scheme, front, back)
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id"))
    assert {"help-button", "finish", "accept", "framed", "unframed", "left", "top", "right", "bottom", "snap"} <= seen
    assert {"next", "undo"} <= seen
    assert page.locator("#said").get_attribute("aria-live") == "polite"
    assert page.locator("#sheet img").get_attribute("alt") == "Photo cup.png"
    for control in page.locator("button, input").all():
        assert control.evaluate("e => e.textContent.trim() || e.ariaLabel || e.labels?.length"), "it has a name"
    for width in (320, 768):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for target in page.locator("button:visible, input:visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 24, "WCAG 2.2 target size"
