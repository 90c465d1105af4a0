"""Templates of a text: Jinja's expressions in its sandbox, of which only fields and filters are let in.

A text is a list of pieces. A piece is left out where a field in it has no evidence; conditions, loops, calls and tests
are refused when the template is read. So no template can say a thing that nothing stands behind, or never end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from packshot.errors import UsageError

__all__ = ["FILTERS", "fields_of", "fill"]

#: What may follow a field: ``{{ category | capitalize }}``.
FILTERS = ("capitalize", "lower", "title", "upper")

_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Filter)
_LONGEST = 500  # characters of a piece


def fields_of(piece: str, *, known: Iterable[str], where: str) -> tuple[str, ...]:
    """The fields a piece needs.

    Args:
        piece: such as ``for {{ sex }}``.
        known: fields there are.
        where: the piece stands, for messages.

    Raises:
        UsageError: it is no template, holds more than fields and filters, names a field that is not known, or none.
    """
    return _fields_of(piece, tuple(sorted(known)), where)


@cache
def _fields_of(piece: str, names: tuple[str, ...], where: str) -> tuple[str, ...]:
    remedy = f"write fields such as {{{{ category }}}}, with the filters {', '.join(FILTERS)}"
    if len(piece) > _LONGEST:
        raise UsageError(f"{where}: a piece of {len(piece)} characters, at most {_LONGEST}", remedy="make it shorter")
    try:
        tree = _environment().parse(piece)
    except (TemplateSyntaxError, RecursionError) as error:
        raise UsageError(f"{where}: {piece!r} is no template ({error})", remedy=remedy) from error
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Filter) and not _plain(node)):
            what = f"the filter {node.name}" if isinstance(node, nodes.Filter) else type(node).__name__
            raise UsageError(f"{where}: {piece!r} holds {what}, which is not let in", remedy=remedy)
    found = tuple(dict.fromkeys(node.name for node in tree.find_all(nodes.Name)))
    if not found:
        raise UsageError(
            f"{where}: {piece!r} names no field: it would be said of every product, with nothing behind it",
            remedy="put the words into a piece with the field they belong to",
        )
    strange = [name for name in found if name not in names]
    if strange:
        raise UsageError(f"{where}: no field {strange[0]!r}", remedy=f"fields are {', '.join(names)}")
    return found


def fill(piece: str, values: Mapping[str, str]) -> str | None:
    """A piece with its fields filled in; None where one of them has no value.

    Args:
        piece: that `fields_of` has let in.
        values: of the fields that have evidence.
    """
    template, fields = _template(piece)
    # Asked first: an undefined field costs Jinja many times the text.
    return str(template.render(values)) if all(name in values for name in fields) else None


def _plain(node: nodes.Filter) -> bool:
    return node.name in FILTERS and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=False, undefined=StrictUndefined)
    environment.globals.clear()
    return environment


@cache
def _template(piece: str) -> tuple[Template, frozenset[str]]:
    """A piece to fill in, and the fields it names."""
    return _environment().from_string(piece), frozenset(meta.find_undeclared_variables(_environment().parse(piece)))
