"""What a recipe amounts to on given pictures: task, loaders, predictor, scores, figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import lightning

from packshot.datasets import Described, Item, Split, described_items, open_items, with_cutouts
from packshot.errors import UsageError
from packshot.training.callbacks.averaging import Averaging
from packshot.training.callbacks.heatmaps import Heatmaps
from packshot.training.data.cutout_data import CutoutData
from packshot.training.data.cutout_items import cutout_items
from packshot.training.data.dealing import deal_tenths
from packshot.training.data.describe_data import DescribeData
from packshot.training.data.frame_data import FrameData
from packshot.training.data.loading import FitData, of_split
from packshot.training.data.pictures import ClassifiedPictures, spread
from packshot.training.judges import ClassJudge, DescriptionJudge, FrameJudge, Judge, MaskJudge
from packshot.training.networks.published import Pretrained, load_published
from packshot.training.recipe import (
    ClassificationRecipe,
    CutoutRecipe,
    DescribeRecipe,
    FrameRecipe,
    PictureRecipe,
    Recipe,
    SegmentationRecipe,
)
from packshot.training.start import start_from, start_from_checkpoint
from packshot.training.tasks import Classification, Cutout, Describe, FrameTask, Segmentation, Task
from packshot.training.tasks.classification import balanced_weights
from packshot.training.vocabulary import heads_for

__all__ = ["Plan", "items_for", "plan_for"]

# Sets whose masks were not drawn by a person: made from their own white ground, by a teacher, or rendered.
_NOT_SCORED = frozenset({"studio", "objects", "renders"})


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `packshot.training.loop.train` needs to know of a task.

    Attributes:
        task: with fresh weights.
        data: loaders.
        samples: the first epoch's training samples.
        judge: scores and draws the answers.
        labels: the classes in the order of their numbers; empty for other tasks.
        gradient_clip: largest norm; 0 does not clip.
        callbacks: of this task alone.
    """

    task: Task
    data: lightning.LightningDataModule
    samples: Callable[[], Any]
    judge: Judge
    labels: tuple[str, ...] = ()
    gradient_clip: float = 0.0
    callbacks: tuple[lightning.Callback, ...] = ()


def items_for(recipe: Recipe, data: Path) -> list[Item]:
    """The pictures a recipe asks for.

    Raises:
        UsageError: there are none, or not of that kind; or a set the recipe names is not there.
    """
    task: Literal["segmentation", "classification"] = "segmentation"
    if isinstance(recipe, ClassificationRecipe):
        task = "classification"
    if isinstance(recipe, CutoutRecipe):
        return cutout_items(recipe, data)
    if isinstance(recipe, FrameRecipe):
        return open_items(data, task="frame")
    if isinstance(recipe, DescribeRecipe):
        return list(_described(recipe, data))
    assert isinstance(recipe, PictureRecipe)  # noqa: S101 - there are no others
    items = open_items(data, task=task, max_uncertain=recipe.max_uncertain)
    there = {item.source for item in items}
    missing = sorted(set(recipe.sources) - there)
    if missing:
        raise UsageError(
            f"sources: no set {', '.join(missing)} in {data}", remedy=f"there are {', '.join(sorted(there))}"
        )
    items = [item for item in items if not recipe.sources or item.source in recipe.sources]
    tenths = recipe.validation_tenths if isinstance(recipe, ClassificationRecipe) else 0
    return deal_tenths(items, tenths, seed=recipe.seed)


def plan_for(recipe: Recipe, items: Sequence[Item], *, root: Path) -> Plan:
    """Build the task and its loaders.

    Raises:
        UsageError: too few pictures, one class only, weights that cannot be had.
    """
    splits = {split: of_split(items, split) for split in Split}
    if isinstance(recipe, CutoutRecipe):
        return _cutout(recipe, items, splits, root)
    if isinstance(recipe, ClassificationRecipe):
        return _classification(recipe, items, splits)
    if isinstance(recipe, FrameRecipe):
        return _frame(recipe, items)
    if isinstance(recipe, DescribeRecipe):
        return _describe(recipe, cast(Sequence[Described], items), root)
    assert isinstance(recipe, SegmentationRecipe)  # noqa: S101 - there are no others
    task = Segmentation(recipe.model_dump())
    data = FitData(items, recipe, labels=(), multiple=task.multiple)
    return Plan(task, data, _first(data), MaskJudge(splits), gradient_clip=recipe.gradient_clip)


def _cutout(recipe: CutoutRecipe, items: Sequence[Item], splits: dict[Split, list[Item]], root: Path) -> Plan:
    data = CutoutData(root, items, recipe)
    task = Cutout(
        learning_rate=recipe.learning_rate,
        encoder_rate=recipe.encoder_rate,
        weight_decay=recipe.weight_decay,
        total_steps=recipe.total_steps,
        decay_steps=recipe.decay_epochs * (recipe.samples_per_epoch // recipe.batch),
        warmup_steps=recipe.warmup_steps,
        pretrained=recipe.pretrained,
        encoder=recipe.encoder,
        compiled=recipe.compiled,
    )
    if recipe.start_from:
        start_from(task, recipe.start_from, samples=lambda: data.mix(0), name=recipe.network_name)
    # Studio pictures on white are for compositing: their masks come from their own white ground.
    scored = {
        split: [item for item in mine if not (item.published and item.source in _NOT_SCORED)]
        for split, mine in splits.items()
    }
    return Plan(task, data, lambda: data.mix(0), MaskJudge(scored), (), 1.0, (Averaging(recipe.ema_decay),))


def _classification(recipe: ClassificationRecipe, items: Sequence[Item], splits: dict[Split, list[Item]]) -> Plan:
    seen = [item.label for item in splits[Split.TRAIN] if item.label]
    labels = tuple(sorted(set(seen)))
    if len(labels) < 2:
        there = labels[0] if labels else "none"
        raise UsageError(f"the training pictures have one class only ({there})", remedy="give at least two classes")
    strangers = sorted({item.label or "no label" for item in items} - set(labels))
    if strangers:
        raise UsageError(
            f"classes without a training picture: {', '.join(strangers[:5])}",
            remedy="give each class at least one picture in the training split, or leave it out",
        )
    weights = balanced_weights(labels, seen) if recipe.class_weights == "balanced" else ()
    task = Classification(recipe.model_dump(), labels, weights)
    if recipe.weights != "none":
        load_published(cast(Pretrained, task.network), recipe.weights)
    data = FitData(items, recipe, labels=labels, multiple=task.multiple)
    callbacks: tuple[lightning.Callback, ...] = ()
    if recipe.heatmap_photos:
        shown = spread(splits[Split.VALIDATION], recipe.heatmap_photos)
        callbacks = (Heatmaps(ClassifiedPictures(shown, recipe, labels=labels, multiple=1), labels),)
    return Plan(task, data, _first(data), ClassJudge(splits, labels), labels, recipe.gradient_clip, callbacks)


def _frame(recipe: FrameRecipe, items: Sequence[Item]) -> Plan:
    data = FrameData(items, recipe)
    task = FrameTask(recipe.model_dump())
    if recipe.start_from:
        start_from_checkpoint(task, recipe.start_from, name=recipe.network_name)
    return Plan(task, data, lambda: data.samples(0), FrameJudge(data), gradient_clip=recipe.gradient_clip)


def _described(recipe: DescribeRecipe, data: Path) -> Sequence[Described]:
    items = described_items(data, attributes=recipe.attributes)
    if not (recipe.taxonomy or recipe.tags or recipe.embedding):  # a set without the attribute teaches nothing
        items = [item for item in items if item.attributes]
    products = sorted({item.product for item in items if item.product})
    kept_out = (
        set(products[:: max(1, len(products) // recipe.keep_out)][: recipe.keep_out]) if recipe.keep_out else set()
    )
    items = [item for item in items if item.product not in kept_out]
    return with_cutouts(items, Path(recipe.cutouts)) if recipe.cutouts else items


def _describe(recipe: DescribeRecipe, items: Sequence[Described], root: Path) -> Plan:
    vocabulary = heads_for(recipe, items)
    data = DescribeData(root, items, recipe, vocabulary)
    task = Describe(
        recipe.model_dump(),
        [head.model_dump(mode="json") for head in vocabulary.heads],
        products=len(data.products),
        total_steps=recipe.total_steps,
        pretrained=recipe.pretrained and not recipe.start_from,
    )
    if recipe.start_from:
        start_from_checkpoint(task, recipe.start_from, name=recipe.network_name)
    splits = {split: [item for item in items if item.split is split] for split in Split}
    judge = DescriptionJudge(splits, vocabulary)
    return Plan(task, data, lambda: data.pairs(0), judge, (), 1.0, (Averaging(recipe.ema_decay),))


def _first(data: FitData) -> Callable[[], Any]:
    return lambda: data.pictures(spread(data.train_items, 32), 0)
