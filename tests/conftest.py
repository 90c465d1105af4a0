"""What all tests share: where torch is missing its tests are not collected, and one Chromium opens every page."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

#: The core is tested in an environment without the training extra.
collect_ignore = [] if find_spec("torch") else ["training"]
# How long an example takes says how busy the machine is.
settings.register_profile("packshot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("packshot")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """``PACKSHOT_CHROMIUM``, or a browser found on the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("PACKSHOT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found: install one, or name it in PACKSHOT_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
