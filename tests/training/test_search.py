"""Searches that learn: drawn where earlier trainings scored well, from what lies in their folders alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.command import run as packshot

from packshot.errors import OutputError, UsageError
from packshot.evaluation.leaderboard import read_row
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.recipe_files import load_grid, load_recipes
from packshot.training.run_folder import Data, RunRecord
from packshot.training.search.trainings import Trainings

GRID = """
[search]
trials = {trials}
seed = {seed}
sampler = "{sampler}"
learning_rate = {{ from = {low}, to = 1e-1, scale = "log" }}
kernel = {{ one_of = [3, 5, 7] }}
batch = {{ from = 4, to = 64 }}
"""


def searched(
    folder: Path,
    *,
    trials: int = 14,
    seed: int = 0,
    sampler: str = "tpe",
    low: float = 1e-5,
    overrides: dict[str, object] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Trainings:
    folder.mkdir(exist_ok=True)
    (folder / "grid.toml").write_text(GRID.format(trials=trials, seed=seed, sampler=sampler, low=low))
    return load_recipes(Path("frame-2016"), overrides or {}, run=folder, grid=folder / "grid.toml", tell=tell)


def quality(recipe: FrameRecipe) -> float:
    """A known function: 1 at a learning rate of 0.002, kernel 5 and batch 21, less everywhere else."""
    rate = (math.log10(recipe.learning_rate) - math.log10(0.002)) ** 2
    return 1 - 0.2 * rate - 0.1 * (recipe.kernel != 5) - ((recipe.batch - 21) / 60) ** 2


def begin(run: Path, recipe: FrameRecipe) -> None:
    run.mkdir(exist_ok=True)
    (run / "recipe.json").write_text(recipe.model_dump_json())


def finish(run: Path, recipe: FrameRecipe, score: float | None = None) -> None:
    """Leaves what a training does, without one."""
    begin(run, recipe)
    RunRecord(
        name=recipe.name,
        task=recipe.task,
        network=recipe.network_name,
        packshot_version="0",
        started="2026-12-01T00:00:00+00:00",
        status="finished",
        parameters=1,
        trainable=1,
        input_size=recipe.fixed_size,
        hardware="none",
        devices=1,
        precision="32-true",
        data=Data(root="shop", sha256="0", train=1, validation=1, holdout=1),
        headline="accuracy",
        scores={"validation": quality(recipe) if score is None else score},
    ).write(run)


def train_all(search: Trainings, *, stop_after: int = 1000) -> dict[str, str]:
    """Go through a search, or through the first of it; name of each training to its recipe."""
    seen = {}
    for run, recipe in search:
        assert isinstance(recipe, FrameRecipe)
        if len(seen) == stop_after:
            begin(run, recipe)
            break
        finish(run, recipe)
        seen[run.name] = recipe.model_dump_json()
    return seen


def train_each(search: Trainings) -> list[tuple[str, FrameRecipe]]:
    """Go through a search; name and recipe of each."""
    seen = []
    for run, recipe in search:
        assert isinstance(recipe, FrameRecipe)
        finish(run, recipe)
        seen.append((run.name, recipe))
    return seen


def best(folder: Path, *, sampler: str, seed: int) -> float:
    place = folder / f"{sampler}-{seed}"
    train_all(searched(place, trials=20, seed=seed, sampler=sampler))
    return max(read_row(run.parent).validation or 0 for run in place.glob("*/run.json"))


def test_the_best_of_twenty_that_learn_is_better_than_of_twenty_that_do_not(tmp_path: Path) -> None:
    won = sum(best(tmp_path, sampler="tpe", seed=s) > best(tmp_path, sampler="even", seed=s) for s in range(8))
    assert won >= 6, "by chance alone 4 of 8"


def test_a_search_that_was_stopped_anywhere_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    whole = train_all(searched(tmp_path / "whole"))
    assert list(whole) == [f"trial-{number:03}" for number in range(1, 15)]
    for stop in (0, 5, 11, 13):
        train_all(searched(tmp_path / "torn"), stop_after=stop)
    assert train_all(searched(tmp_path / "torn")) == whole


def test_more_trials_go_on_and_learn_from_the_others(tmp_path: Path) -> None:
    few = train_all(searched(tmp_path / "more", trials=11))
    more = train_all(searched(tmp_path / "more", trials=14))
    assert list(more.items())[:11] == list(few.items())
    assert more == train_all(searched(tmp_path / "whole", trials=14))
    assert train_all(searched(tmp_path / "other", seed=1)) != more


def test_the_first_ten_are_those_of_an_even_search(tmp_path: Path) -> None:
    drawn = train_all(searched(tmp_path / "tpe", trials=12))
    even = train_all(searched(tmp_path / "even", trials=12, sampler="even"))
    assert list(drawn.items())[:10] == list(even.items())[:10]
    assert drawn != even


def test_a_training_that_failed_counts_as_one_and_is_not_trained_again(tmp_path: Path) -> None:
    told: list[str] = []
    search = searched(tmp_path / "s", trials=4, tell=told.append)
    for run, recipe in search:
        assert isinstance(recipe, FrameRecipe)
        if run.name == "trial-002":
            search.failed(run, RuntimeError("CUDA out of memory"))
        else:
            finish(run, recipe)
    assert search.failures == 1
    assert told == ["trial-002 failed, and counts as worse than the others: RuntimeError: CUDA out of memory"]
    again = searched(tmp_path / "s", trials=5, tell=told.append)
    assert list(train_all(again)) == ["trial-001", "trial-003", "trial-004", "trial-005"]
    assert again.failures == 1
    assert told[1:] == told[:1]


def test_where_trainings_fail_fewer_are_drawn(tmp_path: Path) -> None:
    """Large learning rates fail: of the ten evenly spread ones half are large, of the twenty that learn fewer."""
    search = searched(tmp_path / "s", trials=30)
    large = []
    for run, recipe in search:
        assert isinstance(recipe, FrameRecipe)
        large.append(recipe.learning_rate > 1e-3)
        if large[-1]:
            search.failed(run, ArithmeticError("loss is no number"))
        else:
            finish(run, recipe, score=0.5)
    assert sum(large[:10]) >= 4
    assert sum(large[10:]) <= 5


def test_a_score_that_is_no_number_counts_as_the_worst_and_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    for run, recipe in searched(tmp_path / "s", trials=2, tell=told.append):
        assert isinstance(recipe, FrameRecipe)
        finish(run, recipe, score=math.nan if run.name == "trial-001" else 0.5)
    assert told == ["trial-001 has no validation score: it counts as worse than the others"]


def test_a_search_of_which_nothing_trains_ends_soon(tmp_path: Path) -> None:
    search = searched(tmp_path / "s", trials=20)

    def fail_each() -> None:
        for run, _ in search:
            search.failed(run, ValueError("no such layer"))

    with pytest.raises(UsageError, match=r"the first 3 trainings of the search failed.*no such layer"):
        fail_each()
    assert search.failures == 3


@pytest.mark.parametrize("error", [OutputError("disk full", remedy="make room"), OSError(28, "No space left")])
def test_what_has_nothing_to_do_with_the_values_ends_the_search(error: Exception, tmp_path: Path) -> None:
    search = searched(tmp_path / "s")
    run, _ = next(iter(search))
    with pytest.raises(type(error)):
        search.failed(run, error)
    assert next(iter(searched(tmp_path / "s")))[0] == run, "it is trained when the command is repeated"


def test_values_the_recipe_refuses_together_count_as_a_failure(tmp_path: Path) -> None:
    """Six poolings take a side of 64 or 128, not of 96; four take each of them."""
    (tmp_path / "grid.toml").write_text(
        "[search]\ntrials = 12\nsize = { one_of = [64, 96, 128] }\n"
        "widths = { one_of = [[8, 8, 8, 8], [8, 8, 8, 8, 8, 8]] }\n"
    )
    told: list[str] = []
    search = load_recipes(Path("frame-2016"), {}, run=tmp_path, grid=tmp_path / "grid.toml", tell=told.append)
    for run, recipe in search:
        assert isinstance(recipe, FrameRecipe)
        assert recipe.size % 2 ** len(recipe.widths) == 0
        finish(run, recipe, score=0.5)
    assert search.failures > 0
    assert all("size: expected a multiple of 64" in words for words in told)


def test_an_end_that_the_recipe_refuses_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    for values, words in [
        ("kernel = { from = 3, to = 6 }", "kernel: expected an odd number, got 6"),
        ("batch = { from = 0, to = 8 }", "batch: .*at least 1"),
        ("kernl = { one_of = [3, 5] }", "kernl"),
    ]:
        (tmp_path / "grid.toml").write_text(f"[search]\ntrials = 20\n{values}\n")
        with pytest.raises(UsageError, match=words):
            load_recipes(Path("frame-2016"), {}, run=tmp_path / "runs", grid=tmp_path / "grid.toml")
    assert not (tmp_path / "runs").exists()


def test_trainings_of_other_ranges_are_kept(tmp_path: Path) -> None:
    """Those that are done stay as they are; one that had not begun is drawn from the new range."""
    before = train_all(searched(tmp_path / "s", trials=12))
    iterator = iter(searched(tmp_path / "s", trials=13))
    for _ in range(13):
        next(iterator)  # the thirteenth is drawn and not begun
    after = searched(tmp_path / "s", trials=16, low=1e-2)
    drawn = dict(train_each(after))
    assert {name: drawn[name].model_dump_json() for name in before} == before
    assert all(drawn[f"trial-{number:03}"].learning_rate >= 1e-2 for number in range(13, 17))


def test_a_key_that_is_set_is_not_searched(tmp_path: Path) -> None:
    search = searched(tmp_path / "s", trials=12, overrides={"batch": 2})
    assert {recipe.batch for _, recipe in train_each(search)} == {2}
    with pytest.raises(UsageError, match="nothing is left to search"):
        searched(tmp_path / "t", overrides={"batch": 2, "kernel": 3, "learning_rate": 0.1})


def test_tables_beside_the_ranges_are_trained_after_them(tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text("[search]\ntrials = 2\nkernel = { one_of = [3, 5] }\n[wide]\nkernel = 7\n")
    search = load_recipes(Path("frame-2016"), {}, run=tmp_path, grid=tmp_path / "grid.toml")
    assert len(search) == 3
    assert list(train_all(search)) == ["trial-001", "trial-002", "wide"]
    with pytest.raises(RuntimeError):
        search.failed(tmp_path / "wide", RuntimeError("not drawn"))


def test_a_table_called_search_may_be_a_training(tmp_path: Path) -> None:
    (tmp_path / "grid.toml").write_text("[search]\nkernel = 7\n")
    assert load_grid(tmp_path / "grid.toml").space is None


@pytest.mark.train
def test_a_search_as_typed(classes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve trainings of an epoch, one of which fails; repeated, only what is missing is trained."""
    from packshot.training import loop

    recipe, grid = tmp_path / "recipe.toml", tmp_path / "grid.toml"
    recipe.write_text('name = "t"\ntask = "classification"\nsize = 32\nbatch = 8\nepochs = 0\nworkers = 0\nwidth = 4\n')
    grid.write_text('[search]\ntrials = 12\nlearning_rate = { from = 1e-4, to = 1e-1, scale = "log" }\n')
    typed = ("train", recipe, "--data", classes, "-o", tmp_path / "runs", "--grid", grid, "--threads", 1)
    really, asked = loop.train, []

    def train(*args: object, run: Path, **options: object) -> RunRecord:
        asked.append(run.name)
        if run.name == "trial-003":
            raise RuntimeError("CUDA out of memory")
        return really(*args, run=run, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "train", train)
    done = packshot(*typed)
    assert done.code == 3, done.err
    assert "trial-003 failed, and counts as worse than the others: RuntimeError: CUDA out of memory" in done.err
    assert "Traceback" not in done.err
    assert len(asked) == 12
    assert done.out.count(": finished") == 11
    grid.write_text(grid.read_text().replace("12", "13"))
    assert packshot(*typed).code == 3
    assert asked[12:] == [name for name in asked[:12] if name != "trial-003"] + ["trial-013"]
    refused = packshot(*typed, "--seeds", 2)
    assert refused.code == 2
    assert 'sampler = "even"' in refused.err
