"""`packshot train`, as typed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from packshot_tests.command import exit_code as packshot
from packshot_tests.command import line
from PIL import Image

from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.recipe_files import load_recipe
from packshot.training.segmentation.recipe import SegmentationRecipe

pytestmark = pytest.mark.train
ROOT = Path(__file__).parents[2]
SMALL = ["size=32", "width=4", "batch=4", "epochs=1", "workers=0", "learning_rate=0.003"]
OPTIONS = [part for value in SMALL for part in ("--set", value)]


def test_every_recipe_loads_by_its_name() -> None:
    names = sorted(path.parent.name for path in (ROOT / "recipes").glob("*/recipe.toml"))
    assert {"cutout", "maskrcnn", "tiramisu", "unet", "unet-augmented"} <= set(names)
    for name in set(names) - {"grabcut"}:
        assert load_recipe(Path(name)) == load_recipe(ROOT / "recipes" / name)
        assert (ROOT / "recipes" / name / "README.md").is_file()


def test_published_settings() -> None:
    tiramisu, unet, augmented = (load_recipe(Path(name)) for name in ("tiramisu", "unet", "unet-augmented"))
    assert isinstance(tiramisu, SegmentationRecipe)
    assert isinstance(unet, SegmentationRecipe)
    assert isinstance(augmented, SegmentationRecipe)
    assert (tiramisu.layers, tiramisu.bottleneck, tiramisu.dropout) == ((4, 5, 7, 10, 12), 15, 0.2)
    assert (tiramisu.optimiser, tiramisu.amsgrad, tiramisu.learning_rate) == ("adam", True, 1e-4)
    assert (tiramisu.batch, tiramisu.epochs, tiramisu.augmentation) == (4, 100, "flip")
    assert (tiramisu.weight_decay, tiramisu.schedule, tiramisu.plateau_patience) == (1e-4, "plateau", 10)
    assert tiramisu.early_stopping
    assert (unet.head, unet.learning_rate, unet.batch, unet.epochs) == ("published", 1e-4, 15, 100)
    assert (unet.augmentation, augmented.augmentation, augmented.epochs) == ("none", "paired", 200)
    cutout = load_recipe(Path("cutout"))
    assert isinstance(cutout, CutoutRecipe)


def test_train_again_and_go_on(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    assert packshot("train", "unet", "--data", shop, "-o", run, *OPTIONS, "--threads", 1, "--json") == 0
    told = capsys.readouterr()
    record = json.loads(told.out)
    assert (record["status"], record["name"], record["network"]) == ("finished", "unet", "unet/published")
    assert "train" in told.err  # the counts of the check
    assert "Scoring" in told.err  # which may take as long as an epoch
    assert packshot("train", "unet", "--data", shop, "-o", run, *OPTIONS, "--threads", 1) == 0
    again = capsys.readouterr().out
    assert f"{run}: finished, 1 epoch," in again
    assert "--set epochs=MORE" in again
    assert "baseline   all background accuracy" in again
    assert packshot("train", "unet", "--data", shop, "-o", run, *OPTIONS, "--set", "epochs=2", "--threads", 1) == 0
    assert "finished, 2 epochs" in capsys.readouterr().out


def test_folds_as_typed(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "cross"
    assert packshot("train", "unet", "--data", shop, "-o", run, *OPTIONS, "--folds", 2, "--threads", 1) == 0
    told = capsys.readouterr()
    assert "over 2 folds" in told.out
    assert "fold 2 of 2" in told.err
    assert "photos of one product may be in several folds" in told.err
    assert {"fold-1", "fold-2", "folds.json"} <= {path.name for path in run.iterdir()}


def test_folds_by_a_column(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two products make two folds of six photos, and no third."""
    lines = [f"images/{n:02}.png,masks/{n:02}.png,train,{'cup' if n % 2 else 'hat'}" for n in range(12)]
    (shop / "mine.csv").write_text("\n".join(["path,mask,split,sku", *lines]) + "\n")
    typed = ("train", "unet", "--data", shop / "mine.csv", *OPTIONS, "--set", "epochs=0", "--threads", 1)
    run = tmp_path / "cross"
    assert packshot(*typed, "-o", run, "--folds", 2, "--group", "sku") == 0
    assert "several folds" not in capsys.readouterr().err
    records = [json.loads((run / f"fold-{n}" / "run.json").read_text())["data"] for n in (1, 2)]
    assert [(data["train"], data["validation"]) for data in records] == [(6, 6), (6, 6)]
    assert packshot(*typed, "-o", tmp_path / "3", "--folds", 3, "--group", "sku") == 2
    assert "3 folds of 2 groups" in capsys.readouterr().err
    assert packshot(*typed, "-o", tmp_path / "no", "--folds", 2, "--group", "product") == 2
    assert "no column `product` to group by, only path, mask, split, sku" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--set", "learning_rte=1"], "learning_rte"),
        (["--set", "epochs"], "KEY=VALUE"),
        (["--devices", "many"], "--devices many"),
        (["--set", "network=vgg"], "tiramisu"),
    ],
)
def test_wrong_options_are_named(
    args: list[str], words: str, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packshot("train", "unet", "--data", shop, "-o", tmp_path / "run", *args) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_classical_recipe_is_scored_not_trained(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packshot("train", "grabcut", "--data", shop, "-o", tmp_path / "run") == 2
    error = capsys.readouterr().err
    assert "nothing is trained" in error
    assert "packshot evaluate cutout --model grabcut" in error


def test_a_recipe_that_is_not_there(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert packshot("train", "vgg17", "--data", shop, "-o", tmp_path / "run") == 2
    assert "no recipe there" in capsys.readouterr().err


def test_bad_pictures_stop_the_command_before_it_trains(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(words: str) -> None:
        assert packshot("train", "unet", "--data", shop, "-o", tmp_path / "run", *OPTIONS) == 2
        error = capsys.readouterr().err
        assert words in error
        assert "Traceback" not in error
        assert not (tmp_path / "run" / "run.json").exists()

    mask = shop / "masks" / "03.png"
    kept = mask.read_bytes()
    Image.new("L", (10, 10), 255).save(mask)
    refused("03.png")  # of another size
    mask.write_bytes(kept)
    (shop / "images" / "04.png").write_bytes(b"not a picture")
    refused("04.png")
    (shop / "masks" / "05.png").unlink()
    refused("05")


def test_a_classifier_needs_two_classes(classes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('name = "mine"\ntask = "classification"\nsize = 32\nepochs = 1\nworkers = 0\n')
    for file in (classes / "red").iterdir():
        file.unlink()
    (classes / "red").rmdir()
    assert packshot("train", recipe, "--data", classes, "-o", tmp_path / "run") == 2
    assert "class" in capsys.readouterr().err


def test_maskrcnn_without_weights_names_the_remedy(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = f"weights={tmp_path / 'none.pth'}"
    assert packshot("train", "maskrcnn", "--data", shop, "-o", tmp_path / "run", "--set", wrong) == 2
    assert "--set weights=FILE" in capsys.readouterr().err


def test_a_signal_ends_the_command_politely_and_it_goes_on(shop: Path, tmp_path: Path) -> None:
    """Ctrl-C in a real process, sent when the first epoch is over."""
    import signal
    import time

    run = tmp_path / "run"
    options = [*OPTIONS, "--set", "epochs=500", "--threads", "1"]
    command = line("train", "unet", "--data", shop, "-o", run, *options)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 200
    while not (run / "last.ckpt").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "interrupted after" in error
    assert "Traceback" not in error
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "interrupted"
    assert record["epochs_done"] >= 1
