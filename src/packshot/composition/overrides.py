"""A profile's composition with some of its values replaced."""

from __future__ import annotations

from pydantic import ValidationError

from packshot.errors import UsageError
from packshot.specs import Composition
from packshot.validation import first_problem

__all__ = ["override_composition", "parse_size"]

# What an exact canvas makes meaningless, and what another size of the product does.
_OF_CANVAS = frozenset({"aspect", "longest_side", "keep_frame", "min_longest", "max_longest", "min_shortest"})
_OF_PRODUCT = frozenset({"fill", "margin", "margin_pixels", "keep_frame"})


def override_composition(base: Composition, **changes: object) -> Composition:
    """Replace values of a composition, and drop what they make meaningless.

    An exact `size` drops the limits on the canvas; `fill` and `margin` drop each other. A transparent background
    without a `format` becomes PNG.

    Args:
        base: such as a marketplace profile's.
        changes: fields of `Composition`; those that are None change nothing.

    Raises:
        UsageError: a value is out of range, or two of them contradict each other; names it.

    Example:
        >>> override_composition(Composition(margin=0.1), fill=0.9, background="transparent").format.value
        'PNG'
    """
    given = {name: value for name, value in changes.items() if value is not None}
    if given.get("background") == "transparent":
        given.setdefault("format", "png")
    dropped = (_OF_CANVAS if "size" in given else frozenset()) | (
        _OF_PRODUCT if given.keys() & {"fill", "margin"} else frozenset()
    )
    kept = {name: value for name, value in base.model_dump(exclude_unset=True).items() if name not in dropped}
    try:
        return Composition.model_validate({**kept, **given})
    except ValidationError as error:
        name, problem = first_problem(error)
        named = problem if problem.startswith(f"{name}:") else f"{name or 'composition'}: {problem}"
        raise UsageError(named, remedy="see `packshot run --help`") from error


def parse_size(text: str) -> tuple[int, int]:
    """``WIDTHxHEIGHT`` in pixels.

    Raises:
        UsageError: it is something else.

    Example:
        >>> parse_size("2000x1500")
        (2000, 1500)
    """
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise UsageError(f"--size: expected WIDTHxHEIGHT in pixels, got {text!r}", remedy="for example 2000x2000")
    return int(width), int(height)
