"""How options are declared: several as one, several as one argument, and values of kinds of our own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from packshot.errors import UsageError

__all__ = ["Command", "Decorator", "Shadow", "gathered", "once", "options"]

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


def options(*declared: Decorator) -> Decorator:
    """Several options as one, in the order that ``--help`` shows them in."""

    def decorate(command: Command) -> Command:
        return functools.reduce(lambda made, option: option(made), reversed(declared), command)

    return decorate


def gathered(name: str, make: Callable[..., object], *declared: Decorator) -> Decorator:
    """Several options that reach a command as one argument.

    Args:
        name: of the argument.
        make: makes its value of the options' values, which it takes by name.
        declared: the options.
    """
    together = options(*declared)
    names = [option.name for option in together(lambda: None).__click_params__]  # type: ignore[attr-defined]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def called(**given: Any) -> object:
            value = make(**{each: given.pop(each) for each in names})
            return command(**{name: value}, **given)

        return together(called)

    return decorate


class Shadow(click.ParamType[float | str]):
    """A strength in 0..1, or ``photo``."""

    name = "0..1|photo"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """A number or the word; anything else is refused."""
        if value == "photo":
            return "photo"
        try:
            strength = float(str(value))
        except ValueError:
            strength = -1.0
        if not 0 <= strength <= 1:
            self.fail(f"expected a number in 0..1 or photo, got {value!r}", param, ctx)
        return strength


def once(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> str | None:
    """The one value of an option that may be given once: click itself would take the last and say nothing.

    Raises:
        UsageError: it was given several times.
    """
    if len(value) > 1:
        raise UsageError(
            f"{param.opts[0]}: expected one, got {' and '.join(value)}", remedy="run the command once for each"
        )
    return value[0] if value else None
