"""What the tests of pages share."""

from collections.abc import Callable

import pytest
from packshot_tests.review_page import address, opens, place, shop  # noqa: F401 - fixtures of the review queue's tests
from playwright.sync_api import Page


@pytest.fixture
def contrast() -> Callable[[Page, str, str], float]:
    """WCAG 2.2, "contrast ratio", of two of the page's own colours, by the names of their custom properties."""

    def luminance(page: Page, name: str) -> float:
        script = f"getComputedStyle(document.documentElement).getPropertyValue('--{name}')"
        colour = str(page.evaluate(script)).strip()
        channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def ratio(page: Page, one: str, other: str) -> float:
        dark, light = sorted((luminance(page, one), luminance(page, other)))
        return (light + 0.05) / (dark + 0.05)

    return ratio
