"""What the tests of pages share."""

from collections.abc import Callable

import pytest
from packshot_tests.review_page import address, opens, place, shop  # noqa: F401 - fixtures of the review queue's tests
from packshot_tests.try_page import page, try_address  # noqa: F401 - fixtures of the page to try photos on
from playwright.sync_api import Page


@pytest.fixture
def contrast() -> Callable[[Page, str, str], float]:
    """WCAG 2.2, "contrast ratio", of two of the page's own colours, by the names of their custom properties."""

    def luminance(shown: Page, name: str) -> float:
        script = f"getComputedStyle(document.documentElement).getPropertyValue('--{name}')"
        colour = str(shown.evaluate(script)).strip()
        channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def ratio(shown: Page, one: str, other: str) -> float:
        dark, light = sorted((luminance(shown, one), luminance(shown, other)))
        return (light + 0.05) / (dark + 0.05)

    return ratio
