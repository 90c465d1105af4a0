"""Pages from templates: one environment for all of them; a page is one file that requests nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from packshot.counting import counted
from packshot.storage.encodable import encodable

__all__ = ["asset", "assets", "render", "script", "script_source", "stream", "style"]


def render(template: str, **values: object) -> str:
    """Fill a template; whatever is not `Markup` is escaped, and the page can be encoded whatever names it shows.

    Args:
        template: its file name in ``web/templates``.
        values: what it asks for; one that is missing is an error.
    """
    return encodable(_environment().get_template(template).render(**values))


def stream(template: str, **values: object) -> Iterator[str]:
    """Fill a template piece by piece, so that memory does not grow with the page; see `render`."""
    pieces = _environment().get_template(template).stream(**values)
    pieces.enable_buffering(64)
    yield from map(encodable, pieces)


def asset(name: str) -> bytes:
    """A file of ``web/assets``: a style sheet, a script or a page without a template."""
    return (resources.files("packshot.web") / "assets" / name).read_bytes()


def assets(folder: str) -> list[str]:
    """Names of the files in a folder of ``web/assets``, sorted."""
    return sorted(each.name for each in (resources.files("packshot.web") / "assets" / folder).iterdir())


def style(*names: str) -> Markup:
    """Tokens, base and further style sheets of ``web/assets`` as one, for a ``<style>`` element."""
    sheets = (asset(name).decode() for name in ("tokens.css", "base.css", "enlarge.css", *names))
    return Markup("".join(sheets))  # noqa: S704 - our own files


def script(name: str) -> Markup:
    """A script of ``web/assets``, for a ``<script>`` element."""
    return Markup(asset(name).decode())  # noqa: S704 - our own file


def script_source(*names: str) -> Markup:
    """What a content security policy says to let these scripts run and no others."""
    digests = (base64.b64encode(hashlib.sha256(asset(name)).digest()).decode() for name in names)
    return Markup(" ".join(f"'sha256-{digest}'" for digest in digests))  # noqa: S704 - our own letters


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("packshot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(style=style, script=script, script_source=script_source, count=counted)
    return environment
