"""Commands declared once, by their own signatures: a parameter's annotation is its type, its default its option.

``size: int = option("--size", help="Pixels.", default=64)`` is an option, ``argument("SRC...")`` an argument.
What has neither a default nor an empty value (None, False, no elements) must be typed. A parameter whose type is a
dataclass of such fields is a group of options that reach the command as one value.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import click

from packshot.errors import UsageError

__all__ = ["argument", "declared", "option", "packshot_command"]

Callback = Callable[..., "int | None"]
AnyCommand = TypeVar("AnyCommand", bound=click.Command)


@dataclasses.dataclass(frozen=True, eq=False)
class _Declared:
    """How a parameter is typed; `names` are an option's, none are an argument's."""

    names: tuple[str, ...]
    once: bool
    stdout: bool
    address: bool
    more: Mapping[str, Any]


def option(
    *names: str,
    help: str | None = None,  # noqa: A002  # click's word
    once: bool = False,
    stdout: bool = False,
    address: bool = False,
    **more: Any,
) -> Any:
    """An option.

    Args:
        names: ``-o``, ``--out``.
        help: its line in ``--help``. A default is shown behind it, unless it says one itself.
        once: whether it is refused a second time; click itself would take the last and say nothing.
        stdout: of ``-o``: whether ``-`` may be typed for it. Elsewhere it is refused, lest a folder be called so.
        address: of ``-o``: whether a URI (``s3://``) may be typed for it. Elsewhere it is refused, for the same reason.
        more: of `click.Option`: ``default``, ``metavar``, or a ``type`` that the annotation does not say.
    """
    return _Declared(names, once, stdout, address, {"help": help, **more})


def argument(metavar: str, *, required: bool | None = None) -> Any:
    """An argument, called `metavar` in the usage."""
    return _Declared(
        (), False, False, False, {"metavar": metavar} | ({} if required is None else {"required": required})
    )


def packshot_command(name: str) -> Callable[[Callback], click.Command]:
    """Make a command of a function; its docstring is the help, what it returns the exit code."""
    return lambda function: declared(function, click.command(name=name))


def declared(function: Callback, make: Callable[[Callback], AnyCommand]) -> AnyCommand:
    """The command that `make` makes of a function, with the options of its signature."""
    plans = list(
        _plans(function, {name: each.default for name, each in inspect.signature(function).parameters.items()})
    )

    def call(**typed: Any) -> int | None:
        return function(**{plan.name: plan.value(typed) for plan in plans})

    call.__doc__ = function.__doc__
    made = make(call)
    made.params = [parameter for plan in plans for parameter in plan.parameters()]
    return made


def _plans(owner: Any, defaults: Mapping[str, Any]) -> Iterator[_Plan]:
    hints = get_type_hints(owner)
    for name, default in defaults.items():
        yield _Plan(name, hints[name], default)


class _Plan:
    """One parameter of a command, or a group of them."""

    def __init__(self, name: str, hint: Any, how: Any) -> None:
        self.name, self._hint, self._how = name, hint, how
        fields = dataclasses.fields(hint) if dataclasses.is_dataclass(hint) else ()
        self._parts = list(_plans(hint, {each.name: each.default for each in fields})) if fields else []

    def value(self, typed: Mapping[str, Any]) -> Any:
        """What the command gets, of what click parsed."""
        if not self._parts:
            return typed[self.name]
        return self._hint(**{part.name: part.value(typed) for part in self._parts})

    def parameters(self) -> Iterator[click.Parameter]:
        """What click parses."""
        for part in self._parts:
            yield from part.parameters()
        if self._parts:
            return
        many, optional, kind = _kind(self._hint)
        names, more = self._how.names, dict(self._how.more)
        may_be_empty = "default" in more or optional or (bool(names) and (many or kind is bool))
        more = {"type": kind, "required": not may_be_empty} | more
        if "default" in more:
            more["show_default"] = "[default:" not in more["help"]
        if not names:
            yield click.Argument([self.name], nargs=-1 if many else 1, **more)
        elif kind is bool:
            yield click.Option([*names, self.name], is_flag=True, **(more | {"type": None}))
        else:
            callback: Callable[..., object] | None = _once if self._how.once else None
            if "-o" in names:
                callback = functools.partial(_output, stdout=self._how.stdout, address=self._how.address)
            yield click.Option([*names, self.name], multiple=many or self._how.once, callback=callback, **more)


def _kind(given: Any) -> tuple[bool, bool, Any]:
    """Of a type: whether it is a tuple of any length, whether it may be None, and click's type of one value."""
    optional = get_origin(given) in {Union, types.UnionType}
    if optional:
        given = next(each for each in get_args(given) if each is not type(None))
    if get_origin(given) is tuple:
        parts = get_args(given)
        return (True, optional, _kind(parts[0])[2]) if parts[-1] is Ellipsis else (False, optional, parts)
    if given in _NOT_EMPTY:
        return False, optional, _NOT_EMPTY[given]
    return False, optional, click.Choice(get_args(given)) if get_origin(given) is Literal else given


class _Text(click.types.StringParamType):
    """Text that is not empty: an empty path is the current folder, which nobody meant whose variable is unset."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(_not_empty(self, value, param, ctx), param, ctx)


class _PathText(click.Path):
    """A path that is not empty, and no address: as a path ``s3://shop`` is a folder ``s3:`` here."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and _is_address(value):
            self.fail(f"{value} is an address; a path on this machine's disks is needed here", param, ctx)
        return super().convert(_not_empty(self, value, param, ctx), param, ctx)


_NOT_EMPTY: Mapping[Any, click.ParamType[Any]] = {str: _Text(), Path: _PathText(path_type=Path)}


def _is_address(value: str) -> bool:
    if "://" not in value:
        return False
    from packshot.storage.objects import is_object_uri  # brings what reads buckets, seldom needed

    return is_object_uri(value)


def _not_empty(kind: click.ParamType[Any], value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
    if value == "":
        kind.fail("it is empty (a variable that is not set?)", param, ctx)
    return value


def _once(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> str | None:
    if len(value) > 1:
        raise UsageError(
            f"{param.opts[0]}: expected one, got {' and '.join(value)}", remedy="run the command once for each"
        )
    return value[0] if value else None


def _output(
    ctx: click.Context, param: click.Parameter, value: str | Path | None, *, stdout: bool, address: bool
) -> str | Path | None:
    if isinstance(value, str) and not address and _is_address(value):
        raise UsageError(
            f"{param.opts[0]} {value}: this command writes to this machine's disks alone",
            remedy="name a path here; `packshot run` and `packshot deliver` write to buckets",
        )
    if value is not None and str(value) == "-" and not stdout:
        raise UsageError(
            f"{param.opts[0]} -: this command writes no picture to stdout", remedy="name a file or a folder"
        )
    return value
