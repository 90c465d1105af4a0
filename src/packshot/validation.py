"""What is wrong with a setting, in plain words: pydantic's messages are for programmers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from packshot.errors import UsageError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_settings import BaseSettings

__all__ = ["first_problem", "read_settings"]

AnySettings = TypeVar("AnySettings", bound="BaseSettings")

_EXPECTED: dict[str, Callable[[Mapping[str, object]], str]] = {
    "list_type": lambda _: "a list, for example [1, 2]",
    "tuple_type": lambda _: "a list, for example [1, 2]",
    "dict_type": lambda _: "a table",
    "int_type": lambda _: "a whole number",
    "int_parsing": lambda _: "a whole number",
    "int_from_float": lambda _: "a whole number",
    "float_type": lambda _: "a number",
    "float_parsing": lambda _: "a number",
    "bool_type": lambda _: "true or false",
    "bool_parsing": lambda _: "true or false",
    "string_type": lambda _: "text",
    "literal_error": lambda context: f"one of {context['expected']}".replace(" or ", ", "),
    "enum": lambda context: f"one of {context['expected']}".replace(" or ", ", "),
    "greater_than": lambda context: f"more than {context['gt']}",
    "greater_than_equal": lambda context: f"at least {context['ge']}",
    "less_than": lambda context: f"less than {context['lt']}",
    "less_than_equal": lambda context: f"at most {context['le']}",
    "too_short": lambda context: f"at least {context['min_length']} in the list",
    "too_long": lambda context: f"at most {context['max_length']} in the list",
    "string_too_short": lambda context: f"at least {context['min_length']} character",
}


def first_problem(error: ValidationError) -> tuple[str, str]:
    """The first thing that is wrong.

    Args:
        error: what pydantic raised.

    Returns:
        The key, dotted where it lies deeper and empty where the whole is meant; and what was expected and what came.
    """
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    kind, came = first["type"], first.get("input")
    if kind == "extra_forbidden":
        return key, "there is no such key"
    if kind == "missing":
        return key, "it is missing"
    if kind in {"value_error", "assertion_error"}:
        return key, first["msg"].partition(", ")[2] or first["msg"]
    if kind in _EXPECTED:
        return key, f"expected {_EXPECTED[kind](first.get('ctx', {}))}, got {came!r}"
    return key, f"{first['msg'][:1].lower()}{first['msg'][1:]}, got {came!r}"


def read_settings(kind: type[AnySettings], given: Mapping[str, object]) -> AnySettings:
    """Settings of the environment, overridden by what was given: what is not None, not False and not empty.

    Raises:
        UsageError: a value is wrong; names it, and its variable.
    """
    from pydantic import ValidationError  # noqa: PLC0415  # heavy, and errors are drawn without it

    used = {name: value for name, value in given.items() if value not in (None, ()) and value is not False}
    try:
        return kind(**used)  # type: ignore[arg-type]  # checked there
    except ValidationError as error:
        name, problem = first_problem(error)
        variable = f"{kind.model_config.get('env_prefix', '')}{name.replace('.', '__').upper()}"
        raise UsageError(
            f"setting {name}: {problem}", remedy=f"correct the option or the variable {variable}"
        ) from error
