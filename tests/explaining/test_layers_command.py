"""``packshot layers`` as a user types it, and what its pictures are by definition."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.photos import discs

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return discs(tmp_path_factory.mktemp("shop"), 3) / "images"


def test_a_grid_of_every_channel(photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, "--layer", "0", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    assert [row["layer"] for row in done.lines] == ["/task/conv_stem/Conv_output_0"] * 3
    assert cv2.imread(done.lines[0]["output"]).shape == (6 * 98 - 2, 6 * 98 - 2, 3), "32 channels, 6 x 6 places"


def test_filters_stand_beside_photos(photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, "--show", "filters", "--layer", "0", "--units", "2", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    (row,) = done.lines
    assert len(row["units"]) == 2
    assert cv2.imread(row["output"]).shape == (2 * 130, (2 + 3) * 130, 3), "two made, three photos"


def test_a_filter_picture_excites_its_unit_more_than_noise_does() -> None:
    from packshot.runtime import load, resolve
    from packshot.settings import Settings
    from packshot.training.explanation import TorchCopy, filter_picture, layer_outputs

    network, copy = load("describe"), TorchCopy(resolve("describe", Settings()).path)
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    for unit in (1, 5):
        made = filter_picture(copy, network.card, "0", unit, steps=24)
        excited, by_noise = (layer_outputs(network, copy, each, "0")[unit].mean() for each in (made, noise))
        assert excited > by_noise + 0.1


def test_a_dream_has_more_of_what_the_layer_looks_for(photos: Path, tmp_path: Path) -> None:
    from packshot.runtime import load, resolve
    from packshot.settings import Settings
    from packshot.training.explanation import TorchCopy, layer_outputs

    done = run("layers", photos / "00.png", "--show", "dream", "--layer", "2", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    network, copy = load("describe"), TorchCopy(resolve("describe", Settings()).path)
    before, after = (cv2.imread(str(p), cv2.IMREAD_COLOR_RGB) for p in (photos / "00.png", done.lines[0]["output"]))
    assert (layer_outputs(network, copy, after, "2") ** 2).mean() > (
        layer_outputs(network, copy, before, "2") ** 2
    ).mean()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layer", "conv_stem"], "/task/conv_stem/Conv_output_0"),
        (["--layer", "999"], "0 to"),
        (["--guide", "flowers.jpg"], "--show dream"),
    ],
)
def test_what_is_wrong_is_said(words: list[str], said: str, photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, *words, "-o", tmp_path)
    assert done.code == 2
    assert said in done.err


def test_without_the_extra_it_says_what_to_install(photos: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "packshot.training.explanation", None)
    done = run("layers", photos, "-o", tmp_path)
    assert done.code == 2
    assert "packshot[train]" in done.err
