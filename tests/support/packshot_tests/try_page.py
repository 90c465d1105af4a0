"""The page to try photos on, in a browser: a service of its own, photos that are chosen, files that are saved."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from packshot.service.app import create_app
from packshot.service.settings import ServiceSettings
from packshot.settings import Settings
from packshot_tests.networks import write_classifier
from packshot_tests.service import Inline, listening, opened

SHOES = Path(__file__).parents[3] / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg"  # 400 x 300, public domain
CAP = SHOES.with_name("cap.jpg")
READY = 30_000  # milliseconds that networks may take beside other tests


@pytest.fixture(scope="module")
def try_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    model = write_classifier(tmp_path_factory.mktemp("model") / "colours.onnx")
    settings, serving = Settings(threads=1), ServiceSettings(max_upload_megabytes=0.2, classifier=model)
    app = create_app(settings, serving, workers=Inline(serving.narrowed(settings)), log_to=io.StringIO())
    with listening(app) as found:
        yield found


@pytest.fixture
def page(browser: Browser, try_address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened_page, problems = context.new_page(), []
    opened_page.on("pageerror", lambda error: problems.append(str(error)))
    opened_page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    opened_page.goto(try_address)
    yield opened_page
    context.close()
    assert not problems


def choose(page: Page, *files: Path | dict[str, object]) -> None:
    page.set_input_files("#files", list(files))  # type: ignore[arg-type]
    expect(page.locator("#rules li").first).to_be_attached(timeout=READY)
    expect(page.locator("#rules")).not_to_have_class("rules old", timeout=READY)


def saved(page: Page, act: Callable[[], object]) -> bytes:
    with page.expect_download() as waiting:
        act()
    download: Download = waiting.value
    return Path(download.path()).read_bytes()


def cutout(page: Page) -> np.ndarray:
    return opened(saved(page, page.locator("#download-cutout").click))


def stroke_by_keys(page: Page, *keys: str) -> None:
    for key in ("Enter", *keys, "Enter"):
        page.keyboard.press(key)


def strokes(page: Page, count: int) -> None:
    label = f"sneakers.jpg, erase brush of 8 pixels, {count} stroke{'' if count == 1 else 's'}"
    expect(page.locator("#stage")).to_have_attribute("aria-label", label)
