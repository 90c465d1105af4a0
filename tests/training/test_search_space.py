"""Grids whose trainings are drawn from ranges: spread evenly, the same again, and refused where a range is wrong."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from packshot.errors import UsageError
from packshot.training.recipe_files import load_grid, load_recipes

SPACE = """
[search]
trials = {trials}
sampler = "even"
seed = {seed}
learning_rate = {{ from = 1e-4, to = 1e-2, scale = "log" }}
kernel = {{ one_of = [3, 5, 7] }}
batch = {{ from = 4, to = 7 }}
"""


def grid(folder: Path, *, trials: int = 12, seed: int = 0) -> Path:
    file = folder / "grid.toml"
    file.write_text(SPACE.format(trials=trials, seed=seed))
    return file


def test_each_quarter_of_a_range_is_tried_equally_often(tmp_path: Path) -> None:
    """Of 64 points of a Halton sequence in base 2 each quarter of the axis has 16, wherever the axis begins (+- 1)."""
    drawn = load_grid(grid(tmp_path, trials=64)).entries
    assert list(drawn) == [f"trial-{number:03}" for number in range(1, 65)]
    rates = [math.log10(float(str(each["learning_rate"]))) for each in drawn.values()]
    assert len(set(rates)) == 64
    quarters = [sum(-4 + q / 2 <= rate < -3.5 + q / 2 for rate in rates) for q in range(4)]
    assert sum(quarters) == 64
    assert all(abs(count - 16) <= 1 for count in quarters)
    assert {each["kernel"] for each in drawn.values()} == {3, 5, 7}
    assert {each["batch"] for each in drawn.values()} == {4, 5, 6, 7}


def test_more_trials_go_on_and_another_seed_draws_others(tmp_path: Path) -> None:
    few, many = load_grid(grid(tmp_path, trials=5)).entries, load_grid(grid(tmp_path, trials=9)).entries
    assert list(many.items())[:5] == list(few.items())
    assert load_grid(grid(tmp_path, trials=5, seed=1)).entries != few


def test_drawn_trainings_are_recipes_in_folders_of_their_own(tmp_path: Path) -> None:
    grid_file = grid(tmp_path, trials=3)
    recipes = dict(load_recipes(Path("frame-2016"), {"batch": 2}, run=tmp_path / "runs", grid=grid_file))
    assert [folder.name for folder in recipes] == ["trial-001", "trial-002", "trial-003"]
    assert {recipe.batch for recipe in recipes.values()} == {2}, "--set wins over what was drawn"
    assert len({recipe.learning_rate for recipe in recipes.values()}) == 3


def test_a_value_that_is_rounded_stays_in_its_range(tmp_path: Path) -> None:
    """Rounded to four digits, values near the ends would lie outside of this range."""
    (tmp_path / "grid.toml").write_text(
        '[search]\ntrials = 40\nsampler = "even"\nlearning_rate = { from = 0.123456, to = 0.123457 }\n'
    )
    drawn = load_grid(tmp_path / "grid.toml").entries.values()
    assert all(0.123456 <= float(str(each["learning_rate"])) <= 0.123457 for each in drawn)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("learning_rate = { from = 1e-2, to = 1e-4 }\ntrials = 3", "learning_rate: .*not below"),
        ("learning_rate = { from = 0.0, to = 1.0, scale = 'log' }\ntrials = 3", "log scale begins above 0"),
        ("learning_rate = { from = 1e-4 }\ntrials = 3", "expected from and to, or one_of"),
        ("learning_rate = { from = 1e-4, to = 1e-2 }", "search.trials"),
        ("trials = 3", "search.keys"),
        ("trials = 0\nkernel = { one_of = [3] }", "trials: .*at least 1"),
        ("trials = 3\nkernel = 3", "search.kernel"),
        ("trials = 3\nkernel = { from = 1, to = inf }", "search.kernel: .*expected two numbers"),
        ("trials = 3\nsampler = 'bayes'\nkernel = { one_of = [3] }", "search.sampler: .*'tpe', 'even'"),
    ],
)
def test_a_wrong_range_is_told_with_its_key(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text(f"[search]\n{text}\n")
    with pytest.raises(UsageError, match=told):
        load_grid(tmp_path / "grid.toml")


def test_a_key_that_the_recipe_has_not_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text("[search]\ntrials = 2\nkernl = { one_of = [3] }\n")
    with pytest.raises(UsageError, match="kernl"):
        load_recipes(Path("frame-2016"), {}, run=tmp_path / "runs", grid=tmp_path / "grid.toml")
