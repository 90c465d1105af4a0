"""Recipes found from anywhere, and settings a newcomer types."""

import os
import signal
import tomllib
from multiprocessing import active_children
from pathlib import Path

import pytest
from torch.utils.data import DataLoader

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.data.loading import leave_signals_alone
from packshot.training.recipe_files import load_recipe, recipe_names
from packshot.training.repeats import repeats_note

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.parent.name for path in (ROOT / "recipes").glob("*/recipe.toml"))


@pytest.mark.parametrize("name", ["attribute", "recipes/attribute"])
def test_a_shipped_recipe_is_found_outside_a_checkout(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load_recipe(ROOT / "recipes" / "attribute")
    monkeypatch.chdir(tmp_path)
    assert load_recipe(Path(name)) == expected


def test_the_folder_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "recipes" / "unet").mkdir(parents=True)
    (tmp_path / "recipes" / "unet" / "recipe.toml").write_text(
        'name = "mine"\ntask = "segmentation"\nnetwork = "unet"\n'
    )
    monkeypatch.chdir(tmp_path)
    assert load_recipe(Path("unet")).name == load_recipe(Path("recipes/unet")).name == "mine"


def test_the_wheel_carries_every_recipe() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert build["force-include"] == {
        f"recipes/{name}/recipe.toml": f"packshot/recipes/{name}/recipe.toml" for name in NAMES
    }


def test_a_name_that_is_no_recipe_is_told_which_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"recipes/atribute: no recipe there.*attribute"):
        load_recipe(Path("recipes/atribute"))
    assert list(recipe_names()) == NAMES


@pytest.mark.parametrize(
    ("changes", "sizes", "epochs"),
    [
        ({"epochs": 3}, [192, 224], [1, 2]),
        ({"epochs": 1}, [192, 224], [0, 1]),  # at the size it is used with
        ({"epochs": 18}, [192, 224], [10, 8]),
        ({"sizes": 96}, [96], [5]),
        ({"sizes": 96, "epochs": 4}, [96], [4]),
        ({"sizes": [64, 96, 128], "epochs": 7}, [64, 96, 128], [2, 2, 3]),
        ({"epochs": [2, 1]}, [192, 224], [2, 1]),
    ],
)
def test_a_number_stands_for_a_list(changes: dict[str, object], sizes: list[int], epochs: list[int]) -> None:
    recipe = load_recipe(ROOT / "recipes" / "attribute", changes)
    assert (recipe.sizes, recipe.epochs) == (sizes, epochs)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": "three"}, r"epochs: expected a list, for example \[1, 2\], got 'three': set it with --set epochs"),
        ({"batch": "many"}, "batch: expected a whole number, got 'many'"),
        ({"batch": 1}, "batch: expected at least 2, got 1"),
        ({"bacth": 8}, "bacth: there is no such key.*known keys: .*batch"),
    ],
)
def test_wrong_values_are_told_in_plain_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        load_recipe(ROOT / "recipes" / "attribute", changes)
    assert "Input should" not in str(caught.value)


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        (84, "an epoch draws 1,024 samples from 84 training photos, each about 12 times; for shorter epochs: "
             "--set samples_per_epoch=168"),
        (10, "each about 102 times; for shorter epochs: --set samples_per_epoch=64"),
        (256, ""),
        (0, ""),
    ],
)  # fmt: skip
def test_few_photos_are_worth_a_word(photos: int, words: str, tmp_path: Path) -> None:
    recipe = load_recipe(ROOT / "recipes" / "attribute")
    items = [Item("shop", Split.TRAIN, tmp_path / f"{number}.jpg") for number in range(photos)]
    items += [Item("shop", Split.VALIDATION, tmp_path / "v.jpg")] * 500
    note = repeats_note(recipe, items)
    assert note.endswith(words)
    assert bool(note) == bool(words)


def test_a_loader_outlives_a_signal_to_the_whole_group() -> None:
    loader = DataLoader(list(range(6)), batch_size=1, num_workers=1, worker_init_fn=leave_signals_alone)
    batches = iter(loader)
    seen = [int(next(batches))]
    (worker,) = active_children()
    for each in (signal.SIGTERM, signal.SIGINT):
        os.kill(worker.pid or 0, each)
    assert [*seen, *map(int, batches)] == list(range(6))
