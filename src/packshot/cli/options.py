"""Options that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from packshot.errors import UsageError

__all__ = ["Shadow", "json_option", "model_options", "once", "own_tree_options", "settings_from", "sources_argument"]

Command = TypeVar("Command", bound=Callable[..., Any])

sources_argument = click.argument("sources", nargs=-1, required=True, metavar="SRC...")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


class Shadow(click.ParamType[Any]):
    """A strength in 0..1, or ``photo``."""

    name = "0..1|photo"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """A number or the word; anything else is refused."""
        if value == "photo":
            return "photo"
        try:
            strength = float(value)
        except ValueError:
            strength = -1.0
        if not 0 <= strength <= 1:
            self.fail(f"expected a number in 0..1 or photo, got {value!r}", param, ctx)
        return strength


def model_options(command: Command) -> Command:
    """``--model``, ``--matte``, ``--subject``, ``--several``, ``--provider``, ``--threads``, the licence."""
    for option in (
        click.option(
            "--allow-non-commercial",
            is_flag=True,
            help="Load a model whose licence or training data forbid commercial use.",
        ),
        click.option("--threads", type=click.IntRange(1, 1024), help="Threads of one network. [default: all cores]"),
        click.option(
            "--provider",
            type=click.Choice(["cpu", "cuda", "openvino", "coreml"]),
            help="Where the network runs; one that is not there is an error. [default: cpu]",
        ),
        click.option(
            "--several",
            type=click.Choice(["all", "largest"]),
            help="Of several products in one photo, all or the largest. [default: all]",
        ),
        click.option(
            "--subject",
            type=click.Choice(["auto", "product", "person", "garment"]),
            help="What is cut out: all that stands out (a product alone where somebody holds it), what is no person, "
            "people, or what they wear. [default: auto]",
        ),
        click.option(
            "--matte",
            type=click.Choice(["fast", "fine", "closed-form"]),
            help="How soft edges are found: fast enlarges along the photo's edges, fine fits them once more at the "
            "photo's own size, closed-form is for hair and fur (extra: matting). [default: fast]",
        ),
        click.option(
            "--model",
            metavar="NAME|FILE",
            multiple=True,
            callback=once,
            help="A name `packshot models` shows, an ONNX file, grabcut or grabcut-box. [default: cutout]",
        ),
    ):
        command = option(command)
    return command


def own_tree_options(command: Command) -> Command:
    """``--taxonomy`` and ``--mapping``."""
    for option in (
        click.option(
            "--mapping", metavar="CSV", help="Where the network's categories belong in it: columns category and node."
        ),
        click.option(
            "--taxonomy",
            metavar="FILE",
            help="Answer categories in your own tree: a .toml, one path a line, or what `taxonomy learn` made.",
        ),
    ):
        command = option(command)
    return command


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


def settings_from(**given: Any) -> Any:
    """Settings of the environment, overridden by the options that were given.

    Raises:
        UsageError: a value in the environment or an option is wrong; names it.
    """
    from pydantic import ValidationError

    from packshot.settings import Settings
    from packshot.validation import first_problem

    try:
        return Settings(**{key: value for key, value in given.items() if value not in (None, False)})
    except ValidationError as error:
        key, problem = first_problem(error)
        name = key.replace(".", "_")
        raise UsageError(
            f"setting {name}: {problem}",
            remedy=f"correct the option or the variable PACKSHOT_{name.upper()}",
        ) from error


def existing_file(value: str | None) -> Path | None:
    """A path that must exist.

    Raises:
        UsageError: it does not.
    """
    if value is None:
        return None
    path = Path(value)
    if not path.is_file():
        raise UsageError(f"{value}: no such file", remedy="check the path")
    return path
