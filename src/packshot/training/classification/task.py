"""The task ``classification``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import lightning
from torch import nn

from packshot.datasets import Item, Split
from packshot.datasets.described import LABEL, described_items
from packshot.errors import UsageError
from packshot.heads import Head
from packshot.runtime import Dataset
from packshot.training.classification.data import ClassifiedPictures
from packshot.training.classification.dealing import deal_tenths
from packshot.training.classification.evaluator import ClassEvaluator
from packshot.training.classification.exported import ExportedClassifier, calibrated_head
from packshot.training.classification.heatmaps import Heatmaps, watched_photos
from packshot.training.classification.kept_features import FrozenNetwork, KeptFeatures, Shelf
from packshot.training.classification.module import ClassificationModule, balanced_weights
from packshot.training.classification.published import Pretrained, load_published
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.data.loading import FitData, of_sources, of_split, picture_items
from packshot.training.module import TrainedModule
from packshot.training.networks.lite_classifier import LiteClassifier
from packshot.training.plan import Plan
from packshot.training.task import TrainingTask
from packshot.values import CATEGORY

__all__ = ["CLASSIFICATION"]


class _Classification(TrainingTask[ClassificationRecipe]):
    recipe = ClassificationRecipe
    module = ClassificationModule
    checked_as = "classification"
    card_task = "classification"

    def items(self, recipe: ClassificationRecipe, data: Path) -> list[Item]:
        name = recipe.attribute
        if name in {LABEL, CATEGORY}:
            items = picture_items(recipe, data, task="classification")
        else:
            described = described_items(data, attributes=(name,), group=recipe.group)
            known = [item for item in described if name in item.attributes]
            items = of_sources([replace(item, label=item.attributes[name]) for item in known], recipe, data)
        return deal_tenths(items, recipe.validation_tenths, seed=recipe.seed)

    def plan(self, recipe: ClassificationRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        splits = {split: of_split(items, split) for split in Split}
        seen = [item.label for item in splits[Split.TRAIN] if item.label]
        labels = tuple(sorted(set(seen)))
        _check_labels(labels, items)
        weights = balanced_weights(labels, seen) if recipe.class_weights == "balanced" else ()
        module = ClassificationModule(recipe.model_dump(), labels, weights)
        if recipe.weights == "imagenet" and isinstance(module.network, LiteClassifier):
            module.network.begin()
        elif recipe.weights != "none":
            load_published(cast(Pretrained, module.network), recipe.weights)

        def pictures(some: Sequence[Item], epoch: int | None) -> ClassifiedPictures:
            return ClassifiedPictures(some, recipe, labels=labels, multiple=module.multiple, epoch=epoch)

        learnt = None
        if recipe.keeps_features:
            shelf = Shelf(cast(FrozenNetwork, module.network))

            def learnt(some: Sequence[Item], epoch: int | None) -> KeptFeatures:
                return KeptFeatures(pictures(some, epoch), shelf)

        data = FitData(items, recipe, pictures=pictures, learnt=learnt)
        callbacks: tuple[lightning.Callback, ...] = ()
        if recipe.heatmap_photos or recipe.heatmap_names:
            shown = watched_photos(splits[Split.VALIDATION], recipe.heatmap_names, recipe.heatmap_photos)
            callbacks = (Heatmaps(ClassifiedPictures(shown, recipe, labels=labels, multiple=1), labels),)
        evaluator = ClassEvaluator(splits, labels, normalisation=recipe.normalisation)
        return Plan(
            module,
            data,
            data.first_samples,
            evaluator,
            labels,
            recipe.gradient_clip,
            callbacks,
            originals=data.originals,
        )

    def exported(
        self, module: TrainedModule, learnt: Sequence[Item], *, side: int
    ) -> tuple[nn.Module, tuple[str, ...]]:
        network = ExportedClassifier(module.network)
        return network, network.outputs

    def heads(self, module: TrainedModule, validation: Sequence[Item], *, side: int) -> tuple[Head, ...]:
        return (calibrated_head(cast(ClassificationModule, module), validation, side=side),)

    def origins(self, recipe: ClassificationRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        if recipe.weights == "none":
            return (), ()
        where = "torchvision" if recipe.weights == "imagenet" else f"given as {recipe.start}"
        start = Dataset(name=f"{recipe.network}, published weights", licence="see source", note=where)
        return (start,), ()


def _check_labels(labels: Sequence[str], items: Sequence[Item]) -> None:
    if len(labels) < 2:
        there = labels[0] if labels else "none"
        raise UsageError(f"the training pictures have one class only ({there})", remedy="give at least two classes")
    unlearnt = sorted({item.label or "no label" for item in items} - set(labels))
    if unlearnt:
        raise UsageError(
            f"classes without a training picture: {', '.join(unlearnt[:5])}",
            remedy="give each class at least one picture in the training split, or leave it out",
        )


#: Assigns one of several classes.
CLASSIFICATION = _Classification()
