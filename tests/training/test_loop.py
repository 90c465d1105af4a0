"""A run: resumable to the bit, never mixed with another, watched as pictures, scored at the end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from packshot.datasets import Split, open_items
from packshot.errors import OutputError, UsageError
from packshot.evaluation.leaderboard import read_row
from packshot.training.callbacks.history import History
from packshot.training.data.loading import of_split
from packshot.training.folds import train_folds
from packshot.training.loop import train
from packshot.training.recipe_files import parse_recipe
from packshot.training.registry import load_module
from packshot.training.run_folder import read_recipe, read_record
from packshot.training.run_lock import run_lock

pytestmark = pytest.mark.train
Tiny = Callable[..., Any]


def weights(run: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(run / "last.ckpt", weights_only=True)["state_dict"]
    return state


def test_a_run_is_scored_and_drawn(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    record = train(tiny(epochs=2), data=shop, run=tmp_path / "run", threads=1)
    written = json.loads((tmp_path / "run" / "run.json").read_text())
    assert written == json.loads(record.model_dump_json())
    assert (written["status"], written["epochs_done"], written["network"]) == ("finished", 2, "unet/fixed")
    items = open_items(shop, task="segmentation")
    assert [written["data"][split] for split in Split] == [len(of_split(items, split)) for split in Split]
    assert written["input_size"] == [32, 32]
    assert written["parameters"] == written["trainable"] == sum(v.numel() for v in weights(tmp_path / "run").values())
    low, high = written["intervals"]["holdout"]
    assert 0 <= low <= written["scores"]["holdout"] <= high <= 1
    assert set(written["metrics"]["validation"]) == {"iou", "boundary_f", "mae", "pixel_accuracy"}
    empty = np.mean([1 - item.alpha().mean() for item in of_split(items, Split.HOLDOUT)])
    assert written["baselines"]["all_background_accuracy"] == pytest.approx(empty)
    assert written["baselines"]["all_background_iou"] == 0
    for name in ("curves", "samples", "balance", "predictions", "progress"):
        with Image.open(tmp_path / "run" / f"{name}.png") as picture:
            assert min(picture.size) > 100
            assert np.asarray(picture.convert("L")).std() > 5
    rows = (tmp_path / "run" / "csv" / "metrics.csv").read_text().splitlines()
    columns = [f"{split}/{name}" for split in ("train", "validation") for name in ("iou", "loss", "pixel_accuracy")]
    assert rows[0].split(",")[:10] == ["epoch", "step", "seconds", "learning_rate", *columns]
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2"]
    assert list((tmp_path / "run" / "tensorboard").glob("events*"))
    task = load_module(tmp_path / "run" / "best.ckpt", read_recipe(tmp_path / "run"))
    assert not task.training


def test_a_resumed_run_equals_an_uninterrupted_one(
    shop: Path, tmp_path: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped by a real SIGTERM in the second epoch of four; plateau schedule, dropout and augmentation included."""
    settings = {"epochs": 4, "schedule": "plateau", "plateau_patience": 0}
    whole = train(tiny(**settings), data=shop, run=tmp_path / "whole", threads=1)
    keep = History.on_train_epoch_end

    def stop_after_the_second(self: History, trainer: Any, module: Any) -> None:
        keep(self, trainer, module)
        if trainer.current_epoch == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(History, "on_train_epoch_end", stop_after_the_second)
        record = train(tiny(**settings), data=shop, run=run, threads=1)
    assert record.status == "interrupted"
    assert (record.epochs_done, record.scores) == (2, {})
    assert read_record(run) == record
    done = train(tiny(**settings), data=shop, run=run, threads=1)
    assert (done.status, done.epochs_done, done.started) == ("finished", 4, record.started)
    mine, theirs = (torch.load(folder / "last.ckpt", weights_only=True) for folder in (run, tmp_path / "whole"))
    assert all(torch.equal(mine["state_dict"][name], weight) for name, weight in theirs["state_dict"].items())
    assert mine["lr_schedulers"] == theirs["lr_schedulers"]
    assert theirs["lr_schedulers"][0]["last_epoch"] == 4
    assert done.scores == whole.scores

    def told(folder: Path) -> list[list[str]]:  # all but the seconds
        lines = [line.split(",") for line in (folder / "csv" / "metrics.csv").read_text().splitlines()]
        return [line[:2] + line[3:] for line in lines]

    assert told(run) == told(tmp_path / "whole")


def test_a_finished_run_is_left_alone_and_goes_on_with_more_epochs(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    run = tmp_path / "run"
    first = train(tiny(), data=shop, run=run, threads=1)
    files = {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file() and path.name != ".lock"}
    assert train(tiny(), data=shop, run=run, threads=1) == first
    assert all(path.stat().st_mtime_ns == time for path, time in files.items())
    more = train(tiny(epochs=2), data=shop, run=run, threads=1)
    assert (more.epochs_done, more.started) == (2, first.started)
    assert more.seconds > first.seconds


def test_a_plateau_lowers_the_learning_rate_and_the_last_epoch_is_kept(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    """Nothing improves at this rate: a tenth after one epoch without progress, and last.ckpt still is of the last."""
    recipe = tiny(epochs=2, schedule="plateau", plateau_patience=0, learning_rate=1e-7)
    train(recipe, data=shop, run=tmp_path / "run", threads=1)
    checkpoint = torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)
    assert checkpoint["epoch"] == 1
    assert checkpoint["lr_schedulers"][0]["_last_lr"][0] == pytest.approx(1e-8)


def test_early_stopping_ends_a_run_that_does_not_improve(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    recipe = tiny(epochs=9, early_stopping=1, learning_rate=1e-9)
    record = train(recipe, data=shop, run=tmp_path / "run", threads=1)
    assert (record.status, record.epochs_done) == ("finished", 2)
    assert train(recipe, data=shop, run=tmp_path / "run", threads=1) == record


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"width": 8}, r"another architecture \(width 4 there, 8 asked for\)"),
        ({"network": "tiramisu"}, r"another architecture \(network unet there, tiramisu asked for\)"),
        ({"task": "cutout"}, r"another architecture"),
        ({"learning_rate": 0.5}, r"other settings \(learning_rate 0.003 there, 0.5 asked for\)"),
    ],
)
def test_another_recipe_is_refused(changes: dict[str, Any], words: str, shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "recipe.json").write_text(tiny().model_dump_json())
    other = parse_recipe({"task": "cutout"}, name="x") if "task" in changes else tiny(**changes)
    with pytest.raises(UsageError, match=words):
        train(other, data=shop, run=run, threads=1)
    assert [path.name for path in run.iterdir() if path.name != ".lock"] == ["recipe.json"]


def test_other_pictures_are_refused(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    train(tiny(), data=shop, run=tmp_path / "run", threads=1)
    for folder in ("images", "masks"):
        (shop / folder / "05.png").unlink()
    with pytest.raises(UsageError, match=r"other pictures or splits \(\d+ \+ \d+ \+ \d+ there"):
        train(tiny(epochs=2), data=shop, run=tmp_path / "run", threads=1)


def test_two_runs_in_one_folder_do_not_mix(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    with run_lock(tmp_path / "run").hold(), pytest.raises(OutputError, match="another training is writing"):
        train(tiny(), data=shop, run=tmp_path / "run", threads=1)


def test_a_damaged_checkpoint_is_named(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    (tmp_path / "best.ckpt").write_bytes(b"junk")
    with pytest.raises(UsageError, match=r"best.ckpt: not a checkpoint of unet/fixed"):
        load_module(tmp_path / "best.ckpt", tiny())
    run = tmp_path / "run"
    train(tiny(), data=shop, run=run, threads=1)
    (run / "last.ckpt").write_bytes(b"junk")
    with pytest.raises(UsageError, match=r"last.ckpt"):
        train(tiny(epochs=2), data=shop, run=run, threads=1)


def test_a_training_that_ends_with_an_error_is_called_failed_and_goes_on_once_mended(
    shop: Path, tmp_path: Path, tiny: Tiny
) -> None:
    run = tmp_path / "run"
    train(tiny(), data=shop, run=run)
    kept = (run / "last.ckpt").read_bytes()
    (run / "last.ckpt").write_bytes(b"junk")
    with pytest.raises(UsageError, match=r"last.ckpt"):
        train(tiny(epochs=2), data=shop, run=run)
    assert read_row(run).status == "failed"
    (run / "last.ckpt").write_bytes(kept)
    record = train(tiny(epochs=2), data=shop, run=run)
    assert (record.status, record.epochs_done) == ("finished", 2)


def test_no_epochs_only_scores(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    record = train(tiny(epochs=0), data=shop, run=tmp_path / "run", threads=1)
    assert (record.status, record.epochs_done) == ("finished", 0)
    assert record.scores["holdout"] is not None
    assert not (tmp_path / "run" / "last.ckpt").exists()


def test_classes_are_learnt_and_scored(classes: Path, tmp_path: Path, tiny_classes: Tiny) -> None:
    recipe = tiny_classes(epochs=6, learning_rate=0.01, class_weights="balanced")
    record = train(recipe, data=classes, run=tmp_path / "run", threads=1)
    assert record.labels == ("green", "red")
    assert record.headline == "accuracy"
    assert record.scores["holdout"] == record.metrics["holdout"]["macro_f1"] == 1
    assert record.baselines == {"majority_accuracy": 0.5}
    assert (tmp_path / "run" / "progress.png").exists()


def test_folds_give_mean_and_deviation(shop: Path, tmp_path: Path, tiny: Tiny) -> None:
    run = tmp_path / "cross"
    result, records = train_folds(tiny(), data=shop, run=run, count=2, threads=1)
    assert result is not None
    a, b = (record.scores["validation"] for record in records)
    assert result.mean == pytest.approx((a + b) / 2)
    assert result.deviation == pytest.approx(abs(a - b) / 2**0.5)
    assert json.loads((run / "folds.json").read_text())["scores"] == [a, b]
    held_back = len(of_split(open_items(shop, task="segmentation"), Split.HOLDOUT))
    assert [record.data.holdout for record in records] == [held_back, held_back]
    assert sum(record.data.validation for record in records) == 12 - held_back
    assert {path.name for path in run.iterdir()} == {"fold-1", "fold-2", "folds.json"}
