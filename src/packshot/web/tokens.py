"""The colours of ``tokens.css`` for what is drawn without a style sheet: pictures, and charts that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from packshot.web.rendering import asset

__all__ = ["declarations", "rgb"]


def rgb(name: str) -> tuple[int, int, int]:
    """A colour of the light scheme, 0..255 each.

    Raises:
        KeyError: there is no colour of that name.

    Example:
        >>> rgb("paper")
        (246, 245, 242)
    """
    value = _colours()[0][name]
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def declarations(names: Iterable[str], *, dark: bool) -> str:
    """Colours as custom properties of a style sheet.

    Raises:
        KeyError: there is no colour of that name.

    Example:
        >>> declarations(["ink", "missed"], dark=True)
        '--ink: #eceae5; --missed: #1c74de;'
    """
    light, night = _colours()
    scheme = {**light, **night} if dark else light
    return " ".join(f"--{name}: {scheme[name]};" for name in names)


@cache
def _colours() -> tuple[dict[str, str], dict[str, str]]:
    """Light, and what is different in dark."""
    light, dark = asset("tokens.css").decode().split("@media", 1)
    return _found(light), _found(dark)


def _found(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))
