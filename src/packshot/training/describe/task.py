"""The task ``describe``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from torch import nn

from packshot.datasets import Described, Item, Split
from packshot.heads import Head
from packshot.runtime import Dataset
from packshot.training.callbacks.averaging import Averaging
from packshot.training.describe.data import DescribeData
from packshot.training.describe.evaluator import DescriptionEvaluator
from packshot.training.describe.exported_heads import calibrated_heads
from packshot.training.describe.exported_places import with_places
from packshot.training.describe.items import describe_items
from packshot.training.describe.module import DescribeModule
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.start import start_description_from
from packshot.training.describe.vocabulary import heads_for
from packshot.training.module import TrainedModule
from packshot.training.plan import Plan
from packshot.training.provenance import imagenet_encoder
from packshot.training.start import start_origins
from packshot.training.task import LoadOptions, TrainingTask

__all__ = ["DESCRIBE"]

_GRADIENT_CLIP = 1.0
_MASKS = Dataset(
    name="masks by packshot cutout",
    licence="as of the network that made them",
    note="the recipe's folder cutouts: products on white and on other grounds",
)


class _Describe(TrainingTask[DescribeRecipe]):
    recipe = DescribeRecipe
    module = DescribeModule
    checked_as = "frame"  # neither mask nor label is needed: the vocabulary checks what is said of a picture
    card_task = "description"
    ships = "describe"
    load_options = LoadOptions(pretrained=False)

    def items(self, recipe: DescribeRecipe, data: Path) -> list[Item]:
        return list(describe_items(recipe, data))

    def plan(self, recipe: DescribeRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        described = cast(Sequence[Described], items)
        vocabulary = heads_for(recipe, described)
        data = DescribeData(root, described, recipe, vocabulary)
        module = DescribeModule(
            recipe.model_dump(),
            [head.model_dump(mode="json") for head in vocabulary.heads],
            products=len(data.products),
            total_steps=recipe.total_steps,
            pretrained=recipe.pretrained and not recipe.start_from,
        )
        if recipe.start_from:
            start_description_from(
                module, recipe.start_from, ships=self.ships, samples=lambda: data.pairs(0), name=recipe.network_name
            )
        splits = {split: [item for item in described if item.split is split] for split in Split}
        return Plan(
            module,
            data,
            lambda: data.pairs(0),
            DescriptionEvaluator(splits, vocabulary),
            gradient_clip=_GRADIENT_CLIP,
            callbacks=(Averaging(recipe.ema_decay),),
        )

    def exported(
        self, module: TrainedModule, learnt: Sequence[Item], *, side: int
    ) -> tuple[nn.Module, tuple[str, ...]]:
        network = with_places(cast(DescribeModule, module), learnt, side=side)
        return network, network.outputs

    def heads(self, module: TrainedModule, validation: Sequence[Item], *, side: int) -> tuple[Head, ...]:
        return calibrated_heads(cast(DescribeModule, module), validation, side=side)

    def origins(self, recipe: DescribeRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        start = (imagenet_encoder(recipe.encoder),) if recipe.pretrained else ()
        return (*start, *start_origins(recipe.start_from, ships=self.ships)), (_MASKS,) if recipe.cutouts else ()


#: Saying what is in a photo.
DESCRIBE = _Describe()
