"""A page from its template: one file, no script, no request to anywhere."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["render"]


def render(template: str, **values: object) -> str:
    """Fill a template of this folder; what is no markup is escaped.

    Args:
        template: its file name.
        values: what it asks for; the style sheet is given.
    """
    environment = Environment(
        loader=PackageLoader("packshot.evaluation.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (resources.files("packshot.evaluation.report") / "report.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(style=Markup(style), **values)  # noqa: S704 - our own file
