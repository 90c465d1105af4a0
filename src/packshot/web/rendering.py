"""Pages from templates: one environment for all of them; a page is one file that requests nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["asset", "count", "render", "stream", "style"]


def render(template: str, **values: object) -> str:
    """Fill a template; whatever is not `Markup` is escaped.

    Args:
        template: its file name in ``web/templates``.
        values: what it asks for; one that is missing is an error.
    """
    return _environment().get_template(template).render(**values)


def stream(template: str, **values: object) -> Iterator[str]:
    """Fill a template piece by piece, so that memory does not grow with the page; see `render`."""
    pieces = _environment().get_template(template).stream(**values)
    pieces.enable_buffering(64)
    yield from pieces


def asset(name: str) -> bytes:
    """A file of ``web/assets``: a style sheet, a script or a page without a template."""
    return (resources.files("packshot.web") / "assets" / name).read_bytes()


def style(*names: str) -> Markup:
    """Tokens, base and further style sheets of ``web/assets`` as one, for a ``<style>`` element."""
    sheets = (asset(name).decode() for name in ("tokens.css", "base.css", *names))
    return Markup("".join(sheets))  # noqa: S704 - our own files


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    Example:
        >>> count(1, "photo"), count(1200, "photo")
        ('1 photo', '1,200 photos')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("packshot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(style=style, count=count)
    return environment
