"""Fitting: every network learns, the optimiser is the published one, samples are reproducible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from packshot.datasets import Split, open_items
from packshot.errors import UsageError
from packshot.runtime.preprocessing import prepare
from packshot.training.classification.module import ClassificationModule, balanced_weights
from packshot.training.data.loading import FitData, of_split
from packshot.training.prediction import Predictor
from packshot.training.recipe import Recipe
from packshot.training.registry import items_for, plan_for
from packshot.training.segmentation.data import MaskedPictures
from packshot.training.segmentation.module import SegmentationModule, picture_iou

pytestmark = pytest.mark.train
Tiny = Callable[..., Any]


# --- learning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"network": "unet", "head": "published"},
        {"network": "unet", "head": "fixed", "loss": "edge"},
        {"network": "tiramisu", "layers": (2, 2), "bottleneck": 2, "dropout": 0.0},
    ],
)
def test_a_network_learns_one_batch_by_heart(changes: dict[str, Any], shop: Path, tiny: Tiny) -> None:
    recipe = tiny(**{"width": 8, "dropout": 0.0, "learning_rate": 0.01, **changes})
    torch.manual_seed(1)
    task = SegmentationModule(recipe.model_dump())
    optimizer = task.configure_optimizers()
    pictures = MaskedPictures(open_items(shop, task="segmentation")[:4], recipe, multiple=task.multiple)
    image, target = (torch.stack(part) for part in zip(*(pictures[i] for i in range(4)), strict=True))
    losses = []
    for _ in range(60):
        logits, _, loss = task.answer((image, target))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.25 * losses[0]
    assert picture_iou(logits >= 0, target >= 0.5).mean() > 0.85


def test_the_classifier_learns_one_batch_by_heart(classes: Path, tiny_classes: Tiny) -> None:
    recipe = tiny_classes(learning_rate=0.01)
    plan = plan_for(recipe, items_for(recipe, classes), root=classes)
    assert isinstance(plan.module, ClassificationModule)
    image, target = next(iter(plan.data.train_dataloader()))
    optimizer = plan.module.configure_optimizers()
    for _ in range(25):
        _, _, loss = plan.module.answer((image, target))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.05


# --- optimiser -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_weight_decay_is_keras_l2(optimiser: str, tiny: Tiny) -> None:
    """One step equals a step on loss + c * sum(w^2) of the kernels; biases do not decay."""
    torch.manual_seed(0)
    recipe = tiny(optimiser=optimiser, weight_decay=0.1, momentum=0.0, dropout=0.0, learning_rate=0.1)
    task, twin = SegmentationModule(recipe.model_dump()), SegmentationModule(recipe.model_dump())
    twin.load_state_dict(task.state_dict())
    batch = torch.randn(2, 3, 32, 32), torch.rand(2, 1, 32, 32).round()
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    by_hand = kinds[optimiser](twin.network.parameters(), lr=0.1)
    for module, optimizer in ((task, task.configure_optimizers()), (twin, by_hand)):
        loss = module.answer(batch)[2]
        if module is twin:
            loss = loss + 0.1 * sum((p**2).sum() for p in twin.network.parameters() if p.ndim > 1)
        loss.backward()
        optimizer.step()
    for mine, hand in zip(task.network.parameters(), twin.network.parameters(), strict=True):
        assert torch.allclose(mine, hand, atol=2e-4)


def test_the_optimiser_is_the_one_asked_for(tiny: Tiny) -> None:
    adam = SegmentationModule(tiny(amsgrad=True, learning_rate=1e-4).model_dump()).configure_optimizers()
    assert isinstance(adam, torch.optim.Adam)
    assert adam.param_groups[0]["amsgrad"]
    assert adam.param_groups[0]["lr"] == 1e-4
    sgd = SegmentationModule(tiny(optimiser="sgd", nesterov=True).model_dump()).configure_optimizers()
    assert sgd.param_groups[0]["nesterov"]
    decoupled = SegmentationModule(tiny(optimiser="adamw", weight_decay=0.3).model_dump()).configure_optimizers()
    assert [group["weight_decay"] for group in decoupled.param_groups] == [0.3, 0.0]


def test_balanced_weights_by_hand() -> None:
    assert balanced_weights(["a", "b"], ["a", "a", "a", "b"]) == pytest.approx([4 / (2 * 3), 4 / (2 * 1)])


# --- data ------------------------------------------------------------------------------------------------------------


def test_training_input_is_serving_input(shop: Path, tiny: Tiny) -> None:
    item = open_items(shop, task="segmentation")[0]
    image, target = MaskedPictures([item], tiny(), multiple=16)[0]
    assert np.array_equal(image.numpy(), prepare(item.rgb(), size=(32, 32)))
    assert abs(float(image.mean())) < 3  # scaled, not 0..255
    assert target.shape == (1, 32, 32)
    assert 0 <= target.min() <= target.max() <= 1


def test_own_sizes_are_padded_to_the_multiple_and_masks_come_back_in_the_photos_size(shop: Path, tiny: Tiny) -> None:
    recipe = tiny(size=0, batch=1, max_side=90)
    item = open_items(shop, task="segmentation")[0]  # 80 x 96: reduced to 75 x 90, padded to 80 x 96
    image, target = MaskedPictures([item], recipe, multiple=16)[0]
    assert image.shape == (3, 96, 80)
    assert target.shape == (1, 96, 80)
    task = SegmentationModule(recipe.model_dump())
    alpha = Predictor(task, recipe, multiple=task.multiple).alpha(item.rgb())
    assert alpha.shape == (96, 80)
    assert task.training  # asking leaves it as it was


def test_a_predicted_mask_lies_where_the_photo_shows_it(shop: Path, tiny: Tiny) -> None:
    """A network that answers with the picture's red: the padded part is cut off, nothing is moved."""

    class Red(nn.Module):
        device = torch.device("cpu")

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return (image[:, :1] > 1.0).float()

    item = open_items(shop, task="segmentation")[0]
    alpha = Predictor(Red(), tiny(size=0, batch=1), multiple=64).alpha(item.rgb())  # type: ignore[arg-type]
    assert np.array_equal(alpha, item.alpha())


def test_an_epochs_samples_are_its_own_and_repeat(shop: Path, tiny: Tiny) -> None:
    recipe, items = tiny(), open_items(shop, task="segmentation")
    first, again, later = (MaskedPictures(items, recipe, multiple=16, epoch=e)[1][0] for e in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, later)


@pytest.mark.parametrize(("asked", "given"), [(0, None), (5, 5), (20, 20)])
def test_an_epoch_has_as_many_samples_as_asked_for(asked: int, given: int | None, shop: Path, tiny: Tiny) -> None:
    items = open_items(shop, task="segmentation")
    there = len(of_split(items, Split.TRAIN))
    given = there if given is None else given
    data = FitData(
        items,
        tiny(samples_per_epoch=asked),
        pictures=lambda some, epoch: MaskedPictures(some, tiny(), multiple=16, epoch=epoch),
    )
    drawn = data.train_dataloader().dataset.items  # type: ignore[attr-defined]
    assert len(drawn) == given
    assert max(drawn.count(item) for item in drawn) <= -(-given // there)


# --- recipes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 40}, "multiple of 16"),
        ({"size": 0}, "batch: expected 1"),
        ({"network": "maskrcnn", "epochs": 3}, "scored as it comes and not trained"),
        ({"learning_rte": 1}, r"learning_rte.*known keys: .*learning_rate"),
        ({"task": "poetry"}, r"no such task 'poetry'.*segmentation"),
        ({"network": "vgg"}, "tiramisu"),
    ],
)
def test_wrong_settings_name_the_key(changes: dict[str, Any], words: str, tiny: Tiny) -> None:
    with pytest.raises(UsageError, match=words):
        tiny(**changes)


def test_a_set_that_is_not_there_is_named(shop: Path, tiny: Tiny) -> None:
    with pytest.raises(UsageError, match=r"no set ccp .*there are shop"):
        items_for(tiny(sources=["ccp"]), shop)


def test_one_class_only_is_refused(classes: Path, tiny_classes: Callable[..., Recipe]) -> None:
    items = [item for item in open_items(classes, task="classification") if item.label == "red"]
    with pytest.raises(UsageError, match=r"one class only \(red\)"):
        plan_for(tiny_classes(), items, root=classes)


def test_a_class_that_is_only_evaluated_is_refused(classes: Path, tiny_classes: Callable[..., Recipe]) -> None:
    items = open_items(classes, task="classification")
    without = [i for i in items if i.label == "red" or i.split is not Split.TRAIN]
    third = [*without, *(i for i in items if i.label == "green" and i.split is Split.TRAIN)][: len(without)]
    blue = type(items[0])("classes", Split.TRAIN, items[0].photo, label="blue")
    with pytest.raises(UsageError, match=r"classes without a training picture: green"):
        plan_for(tiny_classes(), [*third, blue], root=classes)


def test_the_average_warms_up() -> None:
    from packshot.training.callbacks.averaging import decay_at

    assert [decay_at(updates, 0.99) for updates in (0, 8, 10_000)] == [0.1, 0.5, 0.99]
    kept = 1.0  # of the weights a run of 48 updates began with
    for updates in range(48):
        kept *= decay_at(updates, 0.99)
    assert kept < 1e-6
