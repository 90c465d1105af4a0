"""From a TOML file to the recipe of its task; unknown keys are refused."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from packshot.errors import UsageError
from packshot.training.recipe import Recipe
from packshot.training.recipe_types import RECIPE_TYPES
from packshot.training.search.even import even_values
from packshot.training.search.space import SEARCH, SearchSpace, is_search, search_space, trial_name
from packshot.training.search.trainings import Fixed, Searched, Trainings
from packshot.validation import first_problem

__all__ = [
    "Grid",
    "load_grid",
    "load_recipe",
    "load_recipes",
    "parse_override",
    "parse_recipe",
    "recipe_names",
    "typed_devices",
]


@dataclass(frozen=True)
class Grid:
    """A grid as its file says it.

    Attributes:
        entries: name of a training to what it changes in the recipe, in the file's order.
        space: of a search that learns, whose trainings come before; None where there is none.
    """

    entries: Mapping[str, Mapping[str, object]]
    space: SearchSpace | None = None


def load_recipe(path: Path, overrides: Mapping[str, object] | None = None) -> Recipe:
    """Read ``recipe.toml`` (or the folder that holds it, or a bare name under ``recipes/``), apply ``--set`` overrides.

    Raises:
        UsageError: no such recipe, broken TOML, unknown key or wrong value; names the key.
    """
    file = _find(path)
    return parse_recipe({**_read(file, "recipe"), **(overrides or {})}, name=str(file))


def load_grid(file: Path) -> Grid:
    """Read a grid: what each of several trainings changes in a recipe.

    Args:
        file: TOML, with a table for each training, named like its folder; or one table ``search`` of ranges, from which
            trainings are drawn (see `packshot.training.search`).

    Raises:
        UsageError: no such file, broken TOML, no tables, a wrong range, or a name that is no folder's.
    """
    entries = _read(file, "grid")
    tables: dict[str, Mapping[str, object]] = {n: entry for n, entry in entries.items() if isinstance(entry, dict)}
    wrong = [n for n in entries if n not in tables or n in {"", ".", ".."} or "/" in n]
    if wrong or not entries:
        raise UsageError(
            f"{file}: expected a table for each training, got {wrong[0] if wrong else 'nothing'}",
            remedy='write ["NAME"] and below it the keys that differ from the recipe',
        )
    if not is_search(tables.get(SEARCH, {})):
        return Grid(tables)
    space = search_space(tables.pop(SEARCH), name=str(file))
    if space.sampler == "even":
        drawn = {trial_name(number): even_values(space, number) for number in range(1, space.trials + 1)}
        return Grid({**drawn, **tables})
    return Grid(tables, space)


def load_recipes(
    path: Path,
    overrides: Mapping[str, object],
    *,
    run: Path,
    grid: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Trainings:
    """The trainings that are asked for: the recipe itself, or those of a grid.

    Args:
        path: of the recipe, as `load_recipe` takes it.
        overrides: of its keys; they win over a grid's.
        run: folder of the training, or of the grid's trainings.
        grid: as `load_grid` takes it.
        tell: called with a line for a person while they are gone through.

    Returns:
        Run folders and recipes, in the order of the grid.

    Raises:
        UsageError: a recipe, or the grid, is wrong; names the key.
    """
    if grid is None:
        return Fixed({run: load_recipe(path, overrides)})
    asked = load_grid(grid)

    def recipe(name: str, changes: Mapping[str, object]) -> Recipe:
        return load_recipe(path, {"name": name, **changes, **overrides})

    known = {run / name: recipe(name, changes) for name, changes in asked.entries.items()}
    if asked.space is None:
        return Fixed(known)
    return Searched(asked.space.without(overrides), recipe, run=run, others=known, tell=tell)


def parse_override(text: str) -> tuple[str, object]:
    """``KEY=VALUE``, the value as JSON where it is some, as text otherwise.

    Raises:
        UsageError: there is no ``=``.

    Example:
        >>> parse_override("batch=8"), parse_override("network=unet")
        (('batch', 8), ('network', 'unet'))
    """
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"--set {text}: expected KEY=VALUE", remedy="for example --set batch=8")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value


def typed_devices(text: str) -> Literal["auto"] | int:
    """How many devices a training takes, as a person types it: a number from 1 up, or ``auto``.

    Raises:
        UsageError: it is neither.

    Example:
        >>> typed_devices("auto"), typed_devices("2")
        ('auto', 2)
    """
    if text == "auto":
        return "auto"
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--devices {text}: expected a number from 1 up, or auto", remedy="for example --devices 2")
    return int(text)


def parse_recipe(values: Mapping[str, object], *, name: str) -> Recipe:
    """The recipe of its task.

    Args:
        values: its keys; a missing task means ``cutout``.
        name: of the file, for messages.

    Raises:
        UsageError: unknown task, unknown key or wrong value; names the key.
    """
    task = values.get("task", "cutout")
    if task == "classical":
        raise UsageError(
            f"{values.get('name', name)} is classical: nothing is trained",
            remedy="score it: packshot evaluate cutout --model grabcut --data DIR (or --model grabcut-box)",
        )
    if str(task) not in RECIPE_TYPES:
        raise UsageError(f"{name}: task: no such task {task!r}", remedy=f"known tasks: {', '.join(RECIPE_TYPES)}")
    kind = RECIPE_TYPES[str(task)]
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        key, problem = first_problem(error)
        # A key that stands wrong is known; of one that is not there, the others are shown.
        known = key in kind.model_fields or not key
        remedy = f"set it with --set {key or 'KEY'}=VALUE" if known else f"known keys: {', '.join(kind.model_fields)}"
        raise UsageError(f"{name}: {key or 'recipe'}: {problem}", remedy=remedy) from error


def recipe_names() -> tuple[str, ...]:
    """The recipes that ship, in the order of their names."""
    return tuple(sorted({file.parent.name for folder in _shipped() for file in folder.glob("*/recipe.toml")}))


def _read(file: Path, what: str) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        known = f"name a folder with a recipe.toml, or one of {', '.join(recipe_names())}"
        raise UsageError(f"{file}: no {what} there", remedy=known if what == "recipe" else "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not valid TOML ({error})", remedy="mend the line it names") from error


def _find(path: Path) -> Path:
    """A file, a folder with a recipe.toml, or the name of a shipped recipe, with or without ``recipes/`` before it."""
    if path.is_file():
        return path
    folders = [path]
    if len(path.parts) == 1:
        folders.append("recipes" / path)
    if len(path.parts) == 1 or (len(path.parts) == 2 and path.parts[0] == "recipes"):
        folders += [folder / path.name for folder in _shipped()]
    return next((folder / "recipe.toml" for folder in folders if (folder / "recipe.toml").is_file()), path)


def _shipped() -> list[Path]:
    """Where recipes lie: in the checkout, or in the installed package."""
    package = Path(__file__).parents[1]
    return [folder for folder in (package.parents[1] / "recipes", package / "recipes") if folder.is_dir()]
