"""The catalogue's page and that of the runs, in a browser."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from packshot_tests.accessibility import grave_problems
from packshot_tests.command import run
from packshot_tests.networks import write_network
from packshot_tests.photos import save, soft
from packshot_tests.service import QUICK, Inline, listening
from packshot_tests.shop import Shop
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from packshot.service import ServiceSettings
from packshot.service.app import create_app

pytestmark = pytest.mark.browser

SLOW = 240_000  # milliseconds; a process of its own is started, on a machine that may be busy


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue of four photos, one of them twice, and a run of two."""
    root = tmp_path_factory.mktemp("goods")
    for seed in range(3):
        save(root / "photos" / f"{seed}.png", soft(seed, (320, 240)))
    Image.open(root / "photos" / "1.png").resize((160, 120)).save(root / "photos" / "small.png")
    write_network(root / "tiny.onnx")
    model = str(root / "tiny.onnx")
    run("index", str(root / "photos"), "-c", str(root / "goods"), "--describe-model", model, "--jobs", "1")
    shop = Shop(root / "shop")
    shop.add("photos/a.png", tint=1)
    shop.add("photos/b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    settings = QUICK.model_copy(update={"describe_model": model})
    serving = ServiceSettings(catalogues=(str(root / "goods"),), runs=(f"autumn={shop.out}",))
    app = create_app(settings, serving, workers=Inline(serving.narrowed(settings)), log_to=io.StringIO())
    with listening(app) as found:
        yield found


@pytest.fixture(params=[(1400, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened, problems = context.new_page(), []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert not problems


def test_a_photo_finds_its_item(page: Page, address: str) -> None:
    page.goto(f"{address}/catalogue")
    expect(page.locator("#about")).to_have_text("4 items")
    assert page.locator("#camera").get_attribute("capture") == "environment"
    picture = io.BytesIO()
    Image.fromarray(soft(2, (320, 240))).save(picture, "PNG")
    page.set_input_files("#file", {"name": "mine.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    expect(page.locator(".hit").first).to_contain_text("2.png", timeout=SLOW)
    expect(page.locator("#said")).not_to_be_empty()  # a screen reader hears the verdict
    assert grave_problems(page) == []
    page.locator(".hit").first.press("Enter")
    expect(page.locator("#right")).to_have_js_property("naturalWidth", 320)
    assert grave_problems(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".hit").first).to_be_focused()
    empty = {"name": "empty.png", "mimeType": "image/png", "buffer": b""}
    page.set_input_files("#file", empty)
    expect(page.locator("#notices")).to_contain_text("empty.png is empty. Save or copy it again")


@pytest.mark.parametrize("page", [(1400, 900)], indirect=True)
def test_duplicates_stand_side_by_side(page: Page, address: str) -> None:
    page.goto(f"{address}/catalogue")
    page.locator("#tab-duplicates").press("Enter")
    page.locator("#scan").press("Enter")
    group = page.locator(".group")
    expect(group).to_have_count(1, timeout=SLOW)
    expect(group.locator(".match")).to_contain_text("1.png")
    expect(group.locator(".hit:not(.match)")).to_contain_text("resized")
    assert grave_problems(page) == []
    group.locator(".hit:not(.match)").press("Enter")
    expect(page.locator("#differences")).to_have_text("The second one is resized.")


def test_runs_lead_to_what_is_to_be_looked_at(page: Page, address: str) -> None:
    page.goto(f"{address}/runs")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("50 %")
    expect(page.get_by_role("img", name="Results: 1 ready, 1 to look at")).to_be_visible()
    assert grave_problems(page) == []
    page.get_by_role("link", name="Review 1").press("Enter")
    expect(page).to_have_url(f"{address}/review?run=autumn")
