"""Shares of the training pictures and several seeds: what is drawn, what is refused, what is written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from packshot_tests.command import run

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.learning_curve import thinned

pytestmark = pytest.mark.train
SMALL = ["size=32", "width=4", "network=tiny", "epochs=1", "workers=0", "weights=none", "batch=4", "heatmap_photos=0"]
OPTIONS = [part for value in SMALL for part in ("--set", value)]


def items(count: int, label: str, *, groups: int | None = None) -> list[Item]:
    def group(index: int) -> str | None:
        return None if groups is None else f"{label}-{index % groups}"

    return [Item("s", Split.TRAIN, Path(f"{label}/{i}.png"), label=label, group=group(i)) for i in range(count)]


def held_back(label: str) -> list[Item]:
    return [Item("s", split, Path(f"{label}/{split}.png"), label=label) for split in (Split.VALIDATION, Split.HOLDOUT)]


def test_each_class_keeps_its_share_and_what_is_held_back_stays() -> None:
    every = [*items(100, "a"), *items(20, "b"), *held_back("a"), *held_back("b")]
    thin = thinned(every, 0.25, seed=1)
    assert Counter(item.label for item in thin if item.split is Split.TRAIN) == {"a": 25, "b": 5}
    assert [item for item in thin if item.split is not Split.TRAIN] == [*held_back("a"), *held_back("b")]


def test_a_larger_share_holds_the_smaller_one_and_seeds_differ() -> None:
    every = [*items(50, "a"), *items(50, "b")]
    small, large = (set(thinned(every, fraction, seed=1)) for fraction in (0.2, 0.6))
    assert small < large
    assert set(thinned(every, 0.2, seed=2)) != small
    assert thinned(every, 1.0, seed=1) == every


def test_groups_are_not_torn_apart() -> None:
    thin = thinned([*items(60, "a", groups=6), *items(60, "b", groups=6)], 0.5, seed=3)
    counts = Counter(item.group for item in thin)
    assert set(counts.values()) == {10}
    assert len(counts) == 6


def test_a_fraction_that_leaves_a_class_empty_names_it_and_the_least_fraction() -> None:
    every = [*items(100, "a"), *items(4, "rare")]
    with pytest.raises(UsageError, match="leaves 'rare' without a training picture: it has 4 groups") as caught:
        thinned(every, 0.1, seed=1)
    least = float(caught.value.remedy.split("from ")[1].split(" on")[0])
    assert {item.label for item in thinned(every, least, seed=1)} == {"a", "rare"}


def test_the_command_writes_the_curve_and_a_leaderboard_reads_its_runs(classes: Path, tmp_path: Path) -> None:
    command = ("train", "efficientnet-lite0", "--data", classes, "-o", tmp_path / "r", *OPTIONS, "--threads", 1)
    done = run(*command, "--fractions", "0.5,1", "--seeds", 2, "--json")
    assert done.code == 0, done.err
    curve = json.loads((tmp_path / "r" / "learning-curve.json").read_text())
    assert done.lines == [curve]
    assert (curve["seeds"], [each["fraction"] for each in curve["shares"]]) == ([7, 8], [0.5, 1.0])
    assert curve["shares"][0]["pictures"] == curve["shares"][1]["pictures"] / 2
    assert all(len(each["scores"]) == 2 for each in curve["shares"])
    assert (tmp_path / "r" / "learning-curve.png").is_file()
    assert len(run("leaderboard", tmp_path / "r", "--json").lines) == 4
    again = run(*command, "--fractions", "0.5,1", "--seeds", 2, "--json")  # nothing is trained twice
    assert again.lines == done.lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fractions", "0,1"), "expected numbers above 0, up to 1"),
        (("--fractions", "1.5"), "expected numbers above 0, up to 1"),
        (("--fractions", "few"), "expected numbers"),
        (("--fractions", "0.01"), "without a training picture"),
        (("--seeds", "0"), "expected a number from 1 up"),
        (("--seeds", "many"), "expected a number from 1 up"),
        (("--seeds", "2", "--folds", "3"), "cannot be had with"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_trained(
    classes: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run("train", "efficientnet-lite0", "--data", classes, "-o", tmp_path / "r", *OPTIONS, *arguments)
    assert done.code == 2
    assert words in done.err
    assert not list(tmp_path.rglob("*.ckpt"))
