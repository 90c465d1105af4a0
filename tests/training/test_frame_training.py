"""Frame networks: what they learn from, what they are, and the way from photos to a detector."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from packshot_tests.command import exit_code as packshot
from PIL import Image

from packshot.datasets import Item, Split, open_items, write_manifest
from packshot.errors import UsageError
from packshot.evaluation import BinaryAnswers
from packshot.runtime import View, load, shipped_folder
from packshot.runtime.side_strips import band_widths, side_strips
from packshot.training.drawn.light import light
from packshot.training.figures.roc import draw_roc
from packshot.training.frame.augmentation import flips, transposed
from packshot.training.frame.data import FrameData
from packshot.training.frame.module import FrameModule, side_loss, side_targets
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.loop import train
from packshot.training.networks.side_net import SideNet
from packshot.training.recipe_files import load_recipe, parse_recipe
from packshot.training.registry import load_module, plan_for, task_of
from packshot.training.temperature import fit_temperature
from packshot.values import Box

pytestmark = pytest.mark.train
ROOT = Path(__file__).parents[2]
TINY = {"task": "frame", "name": "tiny", "epochs": 1, "batch": 8, "workers": 0, "samples_per_epoch": 16}
TINY |= {"validation_samples": 8, "calibration_samples": 8, "learning_rate": 0.003, "optimiser": "adamw"}
SMALL = ["epochs=1", "workers=0", "samples_per_epoch=16", "validation_samples=8", "calibration_samples=8", "batch=8"]
OPTIONS = [part for value in SMALL for part in ("--set", value)]


def tiny(**changes: object) -> FrameRecipe:
    recipe = parse_recipe({**TINY, **changes}, name="test")
    assert isinstance(recipe, FrameRecipe)
    return recipe


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twenty photos of coloured blobs, without frames."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for index in range(20):
        rng = np.random.default_rng(index)
        small = rng.integers(0, 256, (9, 7, 3)).astype(np.uint8)
        Image.fromarray(small).resize((140, 180), Image.Resampling.BICUBIC).save(folder / f"{index:02}.png")
    return folder


@pytest.fixture
def labelled(photos: Path) -> Path:
    """The same with a black band of 14, 18, 14 and 18 pixels (a tenth) around every second one, in a manifest."""
    items = []
    for index, path in enumerate(sorted(photos.glob("*.png"))):
        box = None
        if index % 2:
            rgb = np.zeros((180, 140, 3), np.uint8)
            box = Box(14, 18, 126, 162)
            rgb[box.slices] = np.asarray(Image.open(path))[box.slices]
            Image.fromarray(rgb).save(path)
        split = Split.VALIDATION if index >= 16 else Split.TRAIN
        items.append(Item("labels", split, path, label="framed" if box else "unframed", box=box))
    write_manifest(photos / "labels.csv", items)
    return photos / "labels.csv"


def test_a_set_that_states_no_licence_does_not_teach(tmp_path: Path) -> None:
    for folder, picture in (("images", np.full((40, 40, 3), 90, np.uint8)), ("masks", np.zeros((40, 40), np.uint8))):
        (tmp_path / "people" / folder).mkdir(parents=True)
        for number in range(12):
            Image.fromarray(picture).save(tmp_path / "people" / folder / f"{number}.png")
    recipe = load_recipe(Path("frame"))
    assert open_items(tmp_path, task="frame")
    assert task_of(recipe).items(recipe, tmp_path) == []


def test_ours_is_small_and_ships() -> None:
    recipe = load_recipe(Path("frame"))
    assert (recipe.task, recipe.view) == ("frame", View.SIDE_STRIPS)
    network = SideNet().eval()
    assert sum(p.numel() for p in network.parameters()) < 150_000
    framed, sides = network(torch.randn(2, 3, 256, 128))
    assert (framed.shape, sides.shape) == ((2,), (2, 4, 65))


def test_sides_share_weights() -> None:
    """Another order of the strips is another order of the answers."""
    torch.manual_seed(1)
    network = SideNet().eval()
    strips = torch.randn(1, 3, 4, 64, 128)
    order = [2, 0, 3, 1]
    framed, sides = network(strips.reshape(1, 3, 256, 128))
    again, turned = network(strips[:, :, order].reshape(1, 3, 256, 128))
    torch.testing.assert_close(turned, sides[:, order])
    torch.testing.assert_close(again, framed)


def test_side_targets_by_hand() -> None:
    targets = side_targets(torch.tensor([[0.0, 16 / 256, 20.5 / 256, 0.3]]))[0]
    torch.testing.assert_close(targets.sum(1), torch.ones(4))
    assert targets[0, 0] == 1
    assert targets[1:, 0].sum() == 0
    assert targets[1].argmax() == 16
    assert targets[2, 20] == pytest.approx(float(targets[2, 21]))
    assert targets[3].argmax() == 64  # deeper than the strip: its last row
    np.testing.assert_allclose(band_widths(targets.numpy())[:3], [0, 16 / 256, 20.5 / 256], atol=1e-4)


def test_unknown_sides_do_not_count() -> None:
    logits = torch.randn(1, 4, 65, requires_grad=True)
    nan = float("nan")
    torch.autograd.backward(side_loss(logits, torch.tensor([[0.0, nan, nan, nan]])))
    assert logits.grad is not None
    assert logits.grad[0, 1:].abs().max() == 0
    assert side_loss(logits, torch.full((1, 4), nan)) == 0
    expected = -logits[0, 0].log_softmax(0)[0]
    torch.testing.assert_close(side_loss(logits, torch.tensor([[0.0, nan, nan, nan]])), expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_undoes_what_made_the_logits_too_sure(temperature: float) -> None:
    """Labels drawn with probability sigmoid(z), logits temperature * z."""
    rng = torch.Generator().manual_seed(3)
    z = 2 * torch.randn(40_000, generator=rng)
    truths = (torch.rand(40_000, generator=rng) < torch.sigmoid(z)).float()
    assert fit_temperature(temperature * z, truths) == pytest.approx(temperature, rel=0.05)


def test_no_temperature_without_both_classes() -> None:
    assert fit_temperature(torch.tensor([1.0, 2.0]), torch.ones(2)) == 1
    assert fit_temperature(torch.zeros(0), torch.zeros(0)) == 1


def test_widths_go_with_the_picture() -> None:
    """Bands of four widths and levels; after any change each side still has its own."""
    rgb = np.full((256, 256, 3), 200, np.uint8)
    rgb[:16], rgb[-24:] = 20, 40
    rgb[:, :8], rgb[:, -32:] = 10, 30
    widths = np.array([8, 16, 32, 24], np.float32) / np.float32(256)
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(120):
        turned, moved = transposed(rng, *flips(rng, rgb, widths))
        rows = side_strips(np.ascontiguousarray(turned))[:, :, 64, 0]
        np.testing.assert_array_equal((rows < 100).sum(axis=1), (moved * 256).round())
        seen.add(tuple(moved))
    assert len(seen) == 8  # the symmetries of a square


def test_light_keeps_the_place_of_everything() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    changed = light(np.random.default_rng(2), rgb)
    assert changed.shape == rgb.shape
    assert changed.dtype == np.uint8
    for channel in range(3):  # a monotone curve each
        order = np.argsort(rgb[..., channel].ravel(), kind="stable")
        assert (np.diff(changed[..., channel].ravel()[order].astype(int)) >= 0).all()


def test_an_epoch_is_a_fresh_draw_that_can_be_repeated(photos: Path) -> None:
    data = FrameData(open_items(photos, task="frame"), tiny())
    first, again, next_epoch = data.samples(0), data.samples(0), data.samples(1)
    assert len(first) == 16
    assert all(torch.equal(a, b) for a, b in zip(first[5], again[5], strict=True))
    assert not torch.equal(first[5][0], next_epoch[5][0])
    targets = torch.stack([first[place][1] for place in range(16)])
    assert targets[:, 0].tolist() == [0, 1] * 8  # pairs
    assert (targets[0::2, 1:] == 0).all()
    assert (targets[1::2, 1:].amax(1) > 0).all()


def test_no_photo_serves_two_purposes(photos: Path) -> None:
    items = open_items(photos, task="frame")
    data = FrameData(items, tiny())
    training = {item.photo for item in data.training}
    calibrating = {item.photo for item in data.calibrating}
    reported = {path for split in (Split.VALIDATION, Split.HOLDOUT) for path in data.report(split).photos}
    assert training
    assert calibrating
    assert reported
    assert not training & calibrating
    assert not reported & (training | calibrating)
    assert (data.report(Split.TRAIN).settings, data.report(Split.HOLDOUT).settings) == ("train", "validation")


def test_labelled_photos_are_mixed_with_drawn_ones(labelled: Path) -> None:
    items = open_items(labelled, task="frame")
    mixed = FrameData(items, tiny())
    source = mixed.report(Split.VALIDATION)
    assert source.length(8) == 8 + 4  # drawn, and each labelled one
    kinds = [source.picture(place, drawn=8).kind for place in range(12)]
    assert sorted(kinds[8:]) == ["labelled framed"] * 2 + ["labelled unframed"] * 2
    assert not any(kind.startswith("labelled") for kind in kinds[:8])
    framed = next(p for p in (source.picture(k, drawn=8) for k in range(8, 12)) if p.framed)
    np.testing.assert_allclose(framed.widths, 0.1, atol=1e-6)
    assert all(item.label == "unframed" for item in items if item.photo in set(source.photos))

    alone = FrameData(items, tiny(draw="never"))
    assert alone.report(Split.VALIDATION).length(8) == 4
    targets = torch.stack([alone.samples(0)[place][1] for place in range(16)])
    assert set(targets[:, 0].tolist()) == {0, 1}
    torch.testing.assert_close(targets[:, 1:], 0.1 * targets[:, :1].expand(-1, 4))


def test_a_framed_photo_without_a_box_teaches_only_that_it_is_framed(labelled: Path, tmp_path: Path) -> None:
    items = [Item(i.source, i.split, i.photo, label=i.label) for i in open_items(labelled, task="frame")]
    source = FrameData(items, tiny(draw="never")).report(Split.VALIDATION)
    widths = [source.picture(k, drawn=8).widths for k in range(4) if source.picture(k, drawn=8).framed]
    assert np.isnan(widths).all()


def test_strange_data_is_refused(labelled: Path, tmp_path: Path) -> None:
    text = labelled.read_text().replace(",unframed,", ",nice,")
    labelled.write_text(text)
    with pytest.raises(UsageError, match="label 'nice', expected framed, unframed or none"):
        open_items(labelled, task="frame")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no pictures"):
        open_items(tmp_path / "empty", task="frame")
    with pytest.raises(UsageError, match="pooling"):
        tiny(size=120)


@pytest.fixture
def trained(photos: Path, tmp_path: Path) -> Callable[[str], Path]:
    def run(network: str) -> Path:
        folder = tmp_path / network
        options = [*OPTIONS, "--set", f"network={network}", "--threads", 1]
        assert packshot("train", "frame", "--data", photos, "-o", folder, *options) == 0
        return folder

    return run


def test_from_photos_to_a_detector(trained: Callable[[str], Path], photos: Path, tmp_path: Path) -> None:
    run = trained("side-net")
    record = json.loads((run / "run.json").read_text())
    assert (record["status"], record["task"], record["headline"]) == ("finished", "frame", "accuracy")
    figures = record["metrics"]["validation"]
    assert {"accuracy", "roc_auc", "ece", "false_alarms", "box_iou", "sides_close"} <= set(figures)
    assert sum(name.startswith("accuracy/") for name in figures) >= 2
    assert record["baselines"] == {"majority_accuracy": 0.5}
    assert {"samples.png", "progress.png", "predictions.png", "curves.png"} <= {path.name for path in run.iterdir()}

    file = tmp_path / "mine.onnx"
    assert packshot("export", run, "-o", file, "--data", photos) == 0
    network = load(file)
    assert (network.card.task, network.card.input.view, network.card.input.size) == ("frame", "side-strips", (128, 256))
    assert network.card.metrics["parity/max"] < 0.01
    rgb = np.random.default_rng(0).integers(0, 256, (90, 120, 3)).astype(np.uint8)
    answer = network.outputs(network.prepare(rgb))
    assert (answer["framed"].shape, answer["sides"].shape) == ((1,), (1, 4, 65))
    np.testing.assert_allclose(answer["sides"].sum(axis=-1), 1, atol=1e-5)
    task = load_module(run / "best.ckpt", load_recipe(ROOT / "recipes" / "frame", {}))
    assert isinstance(task, FrameModule)
    with torch.inference_mode():
        framed = task.network(torch.from_numpy(network.prepare(rgb)))[0]
        expected = torch.sigmoid(framed / task.temperature)  # the temperature is in the file
    np.testing.assert_allclose(answer["framed"], expected.numpy(), atol=0.01)


def test_the_published_grid_as_typed(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grid = tmp_path / "grid.toml"
    grid.write_text('["32_4-4_conv3"]\n["32_4-4_conv5"]\nkernel = 5\nlearning_rate = 0.03\n')
    small = ["--set", "size=32", "--set", "widths=[4,4]", *OPTIONS, "--threads", 1]
    assert packshot("train", "frame-2016", "--data", photos, "-o", tmp_path / "runs", "--grid", grid, *small) == 0
    assert "32_4-4_conv5, 2 of 2" in capsys.readouterr().err
    rows = [json.loads((tmp_path / "runs" / n / "run.json").read_text()) for n in ("32_4-4_conv3", "32_4-4_conv5")]
    assert [(row["name"], row["network"]) for row in rows] == [("32_4-4_conv3",) * 2, ("32_4-4_conv5",) * 2]
    assert "box_iou" not in rows[0]["metrics"]["validation"]
    assert packshot("leaderboard", tmp_path / "runs") == 0
    assert "32_4-4_conv5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a table for each training"),
        ("kernel = 3", "got kernel"),
        ('["a"]\nkernl = 3', "kernl"),
        ("[", "TOML"),
    ],
)
def test_a_wrong_grid_is_named_before_anything_is_trained(
    text: str, words: str, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = tmp_path / "grid.toml"
    grid.write_text(text)
    assert packshot("train", "frame-2016", "--data", photos, "-o", tmp_path / "runs", "--grid", grid) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_a_training_goes_on_from_a_checkpoint_of_the_same_network(photos: Path, tmp_path: Path) -> None:
    items = open_items(photos, task="frame")
    source = FrameModule(tiny().model_dump())
    torch.save({"state_dict": source.state_dict()}, tmp_path / "best.ckpt")
    went_on = plan_for(tiny(start_from=str(tmp_path / "best.ckpt")), items, root=photos).module
    assert all(torch.equal(a, b) for a, b in zip(source.parameters(), went_on.parameters(), strict=True))
    with pytest.raises(UsageError, match="not a checkpoint of 128_32"):
        plan_for(tiny(network="frame-2016", start_from=str(tmp_path / "best.ckpt")), items, root=photos)
    with pytest.raises(UsageError, match="no such file"):
        plan_for(tiny(start_from=str(tmp_path / "gone.ckpt")), items, root=photos)


def test_a_shop_goes_on_from_the_network_that_ships(photos: Path) -> None:
    module = plan_for(
        tiny(network="side-net", start_from="shipped"), open_items(photos, task="frame"), root=photos
    ).module
    sheet = torch.zeros(1, 3, 256, 128)
    session = onnxruntime.InferenceSession(str(shipped_folder() / "frame.onnx"), providers=["CPUExecutionProvider"])
    (expected,) = session.run(["sides"], {session.get_inputs()[0].name: sheet.numpy()})
    with torch.no_grad():
        found = torch.softmax(module.network.eval()(sheet)[1], dim=2)
    assert np.allclose(found, expected, atol=1e-3)


def test_gradients_are_clipped_in_half_precision_too(photos: Path, tmp_path: Path) -> None:
    """Lightning refuses to clip beside a fused optimiser: every task must see to that."""
    record = train(tiny(gradient_clip=0.5), data=photos, run=tmp_path / "run", precision="bf16-mixed", threads=1)
    assert (record.status, record.precision) == ("finished", "bf16-mixed")


def test_roc_curves_of_several_detectors_in_one_picture(tmp_path: Path) -> None:
    photos, truth = ("a", "b", "c", "d"), (True, True, False, False)
    answers = {
        name: BinaryAnswers("framed", photos, scores, truth)
        for name, scores in {"good": (0.9, 0.8, 0.2, 0.1), "bad": (0.1, 0.9, 0.8, 0.2)}.items()
    }
    draw_roc(answers, tmp_path / "roc.png", close=True)
    with Image.open(tmp_path / "roc.png") as picture:
        assert picture.size == (704, 462)  # 6.4 x 4.2 inches at 110 pixels
        assert len(picture.convert("RGB").getcolors(maxcolors=100_000) or ()) > 50
