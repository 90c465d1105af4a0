"""Folders and catalogues that the service knows, each under a name that requests use in place of its path."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packshot.errors import UsageError

__all__ = ["named_places"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def named_places(texts: Iterable[str]) -> dict[str, str]:
    """Names to places, from ``NAME=PLACE`` or a place alone, which is then called like its last part.

    Raises:
        UsageError: a name has other characters than letters, digits, ``.``, ``_`` and ``-``, or stands twice.

    Example:
        >>> named_places(["shop=/data/out", "runs/autumn/"])
        {'shop': '/data/out', 'autumn': 'runs/autumn/'}
    """
    found: dict[str, str] = {}
    for text in texts:
        name, sign, place = text.partition("=")
        if not sign or not _NAME.fullmatch(name):
            name, place = text.rstrip("/").rpartition("/")[2], text
        if not _NAME.fullmatch(name):
            raise UsageError(f"{text}: {name!r} is no name", remedy="give it one of letters and digits: NAME=PLACE")
        if name in found:
            raise UsageError(f"two places are called {name}", remedy="name them apart: NAME=PLACE")
        found[name] = place
    return found
