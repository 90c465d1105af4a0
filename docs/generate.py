"""Writes the reference pages that come from the code: command line, settings, profiles, Python, the manifest.

python docs/generate.py           write them
python docs/generate.py --check   exit 1 if a page is not what the code says
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from packshot.marketplace import Profile, Rule

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made from the code by `make reference`; edit the code, not this page. -->\n"


def manifest_schema() -> str:
    """The JSON schema of the manifest's lines."""
    from packshot.records import record_schema

    return json.dumps(record_schema(), indent=2) + "\n"


def command_line() -> str:
    """Every command with its arguments, options and examples."""
    from packshot.cli.main import program

    context = click.Context(program, info_name="packshot", color=False, **program.context_settings)
    lines = [MADE, "# Command line\n", _prose(program), "\n| command | does |\n|---|---|"]
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        lines.append(f"| [`packshot {name}`](#packshot-{name}) | {_cell(command.get_short_help_str(limit=300))} |")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=name, parent=context), level=2)
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context, *, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {context.command_path}\n"
    usage = context.command_path + " " + " ".join(command.collect_usage_pieces(context))
    yield f"```\n{usage}\n```\n"
    yield _prose(command)
    records = [param.get_help_record(context) for param in command.params if not _is_help(param)]
    rows = [record for record in records if record and record[1]]
    if rows:
        yield "\n| option | |\n|---|---|"
        yield from (f"| `{_declared(declared)}` | {_cell(text)} |" for declared, text in rows)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=context), level=level + 1)


def _declared(text: str) -> str:
    return _cell(text.replace("FLOAT RANGE", "NUMBER").replace("INTEGER RANGE", "N").replace("INTEGER", "N"))


def _is_help(param: click.Parameter) -> bool:
    return "--help" in param.opts or "--version" in param.opts


def _prose(command: click.Command) -> str:
    """Help as Markdown: what click prints verbatim (after its mark) becomes a code block."""
    parts = []
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        if part.startswith("\b"):
            parts.append("```\n" + part.removeprefix("\b").strip("\n") + "\n```")
        else:
            parts.append(" ".join(part.split()))
    return "\n\n".join(parts)


def settings() -> str:
    """Every setting with its variable, default and meaning."""
    from packshot.delivery.direct.settings import DeliverySettings
    from packshot.service import ServiceSettings
    from packshot.settings import Settings

    lines = [
        MADE,
        "# Settings\n",
        "A setting is read from its environment variable; an option of a command goes before it.\n",
    ]
    lines += ["| variable | values | default | meaning |", "|---|---|---|---|"]
    lines += _fields(Settings, "PACKSHOT_")
    lines += [
        "\nNumbers of cores and the user's folder are taken from the machine. From Python: "
        "`packshot.Settings(threads=1, limits=packshot.Limits(max_megapixels=100))`.",
        "\n## The service\n",
        "Of `packshot serve` alone; [how it is run](../how-to/serving.md).\n",
        "| variable | values | default | meaning |",
        "|---|---|---|---|",
        *_fields(ServiceSettings, "PACKSHOT_SERVE_"),
        "\n## Deliveries\n",
        "Of `packshot deliver` to a live shop, a server or a bucket; [how it is done](../how-to/shops.md).\n",
        "| variable | values | default | meaning |",
        "|---|---|---|---|",
        *_fields(DeliverySettings, "PACKSHOT_DELIVERY_"),
    ]
    return "\n".join(lines) + "\n"


def _fields(model: type[BaseModel], prefix: str, *, upper: bool = True) -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind, shown = field.annotation, prefix + (name.upper() if upper else name)
        inner = next((part for part in get_args(kind) if isinstance(part, type) and issubclass(part, BaseModel)), kind)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, f"{shown}__" if upper else f"{shown}.", upper=upper)
        else:
            yield f"| `{shown}` | {_values(field)} | {_default(field)} | {_cell(field.description)} |"


def _values(field: FieldInfo) -> str:
    kind = field.annotation
    if isinstance(kind, type) and hasattr(kind, "__members__"):
        return ", ".join(f"`{member.value}`" for member in kind)  # type: ignore[attr-defined]
    bounds = {type(bound).__name__.lower(): next(iter(vars_of(bound).values())) for bound in field.metadata}
    signs = {"gt": "above", "ge": "from", "lt": "below", "le": "to"}
    words = " ".join(f"{signs[key]} {bounds[key]:g}" for key in signs if key in bounds)
    names = {int: "whole number", float: "number", bool: "`true`, `false`", str: "text", Path: "path"}
    parts = [part for part in get_args(kind) or (kind,) if part is not type(None)]
    if get_origin(kind) is tuple:
        return "a list, as JSON" if Ellipsis in get_args(kind) else "two numbers"
    inner = [get_args(part)[0] if get_origin(part) is Annotated else part for part in parts]
    if any(get_origin(part) is tuple for part in inner):
        return "two numbers"
    named = " or ".join(f"`{get_args(part)[0]}`" if get_origin(part) is Literal else names[part] for part in inner)
    return f"{named} {words}".strip()


def vars_of(bound: Any) -> dict[str, Any]:
    """The fields of a bound, which has slots and no ``__dict__``."""
    return {name: getattr(bound, name) for name in bound.__dataclass_fields__}


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the machine's"
    value = getattr(field.default, "value", field.default)
    if isinstance(value, tuple):
        return f"`{json.dumps(value, default=str)}`"
    return "none" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def profiles() -> str:
    """Every marketplace's composition and rules, with their sources."""
    from packshot.marketplace import load_profile, profile_names, rule_kinds
    from packshot.specs import Composition

    lines = [MADE, "# Marketplace profiles\n"]
    lines += [
        "Each rule carries its source. `page`: the marketplace's own page was read; `secondary`: a description of it; "
        "`notes`: "
        "neither, only our design notes. The date is that of the source, or else the day on which it was read. Rules "
        "change: check before you rely on one. "
        "[Write your own](../how-to/profile.md).\n"
    ]
    lines += _matrix([load_profile(name) for name in profile_names()])
    for name in profile_names():
        profile = load_profile(name)
        lines += [f"## {name}\n", f"{profile.title}. {profile.note}".strip() + "\n"]
        made = profile.composition.model_dump(exclude_unset=True, mode="json")
        lines += [", ".join(f"`{key} = {json.dumps(value)}`" for key, value in made.items()) + "\n"]
        if profile.rules:
            lines += ["| rule | holds | says | source |", "|---|---|---|---|"]
        for rule in profile.rules:
            dated = f", {rule.dated}" if rule.dated else f", read {rule.read}" if rule.read else ""
            source = f"[{rule.evidence}]({rule.source}){dated}" if str(rule.source).startswith("http") else rule.source
            holds = f"{rule.severity}, from {rule.since}" if rule.since else rule.severity
            lines.append(f"| `{rule.id}` | {holds} | {_cell(rule.wording)} | {source} |")
        lines.append("")
    lines += [
        "## What a profile file may say\n",
        "In `[composition]`:\n",
        "| key | values | default | meaning |",
        "|---|---|---|---|",
    ]
    lines += _fields(Composition, "", upper=False)
    lines += [
        "\nKinds of rules: "
        + ", ".join(f"`{kind}`" for kind in rule_kinds())
        + ". A wrong parameter is refused with those there are.\n"
    ]
    return "\n".join(lines).rstrip() + "\n"


def _matrix(profiles: Sequence[Profile]) -> list[str]:
    """Marketplaces by rules: where a marketplace has a rule of a kind, its source and date."""
    kinds = sorted({rule.kind for profile in profiles for rule in profile.rules})
    lines = ["## All rules at a glance\n", "| | " + " | ".join(f"`{kind}`" for kind in kinds) + " |"]
    lines.append("|---|" + "---|" * len(kinds))
    for profile in profiles:
        cells = []
        for kind in kinds:
            cells.append("<br>".join(_at_a_glance(rule) for rule in profile.rules if rule.kind == kind))
        lines.append(f"| [{profile.name}](#{profile.name}) | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _at_a_glance(rule: Rule) -> str:
    if not rule.source.startswith("http"):
        return f"{rule.severity}, {rule.source}"
    return f"{rule.severity}, [{rule.evidence}]({rule.source}) {rule.dated or rule.read or 'undated'}"


def python() -> str:
    """Every public name of every room, with the first sentence of its docstring."""
    lines = [MADE, "# Python\n"]
    lines += [
        "Every public name, with the first line of its docstring; `help(packshot.process)` gives the whole. "
        "How to use them: [from Python](../how-to/python.md).\n"
    ]
    for room in rooms():
        module = import_module(room)
        lines += [f"## {room}\n", _first(module) + "\n"]
        rows = [(name, _first(getattr(module, name))) for name in module.__all__]
        if rows:
            lines += ["| name | |", "|---|---|", *(f"| `{name}` | {_cell(text)} |" for name, text in rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def rooms() -> list[str]:
    """The public rooms, as tests/public_names.json has them on record; what needs an extra is left to its guide."""
    recorded = json.loads((ROOT / "tests" / "public_names.json").read_text())
    return [name for name in recorded if not name.startswith(("packshot.training", "packshot.collecting"))]


def _first(thing: Any) -> str:
    """The first paragraph of a docstring; of a constant what it is."""
    if not (inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)):
        return "text" if isinstance(thing, str) else f"a {type(thing).__name__}"
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`")


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


#: What is written where.
GENERATED: dict[str, Callable[[], str]] = {
    "manifest.schema.json": manifest_schema,
    "cli.md": command_line,
    "settings.md": settings,
    "profiles.md": profiles,
    "python.md": python,
}


def main() -> int:
    """Write or check; the exit code is 1 if a page was out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, make in GENERATED.items():
        text, path = make(), PAGES / name
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if not check:
                path.write_text(text)
    print("out of date: " + ", ".join(stale) if stale else "all pages are current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
