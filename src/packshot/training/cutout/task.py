"""The task ``cutout``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import Item, Split
from packshot.runtime import Dataset
from packshot.training.callbacks.averaging import Averaging
from packshot.training.cutout.data import CutoutData
from packshot.training.cutout.items import cutout_items
from packshot.training.cutout.module import CutoutModule
from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.cutout.shapes import shapes_for
from packshot.training.data.loading import of_split
from packshot.training.evaluators.masks import MaskEvaluator
from packshot.training.plan import Plan
from packshot.training.provenance import imagenet_encoder
from packshot.training.start import start_from, start_origins
from packshot.training.task import LoadOptions, TrainingTask

__all__ = ["CUTOUT"]

# Sets whose masks were not drawn by a person: made from their own white background, by a teacher, or rendered.
_NOT_SCORED = frozenset({"studio", "objects", "renders"})
_GRADIENT_CLIP = 1.0

_TEACHER = Dataset(
    name="U2-Net and u2netp",
    licence="Apache-2.0",
    note="masks of the sets above; the networks were trained on DUTS, which states no licence",
)


class _Cutout(TrainingTask[CutoutRecipe]):
    recipe = CutoutRecipe
    module = CutoutModule
    card_task = "segmentation"
    ships = "cutout"
    any_size = True
    load_options = LoadOptions(pretrained=False)

    def items(self, recipe: CutoutRecipe, data: Path) -> list[Item]:
        return cutout_items(recipe, data)

    def plan(self, recipe: CutoutRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = CutoutData(root, items, recipe)
        module = CutoutModule(
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
            start_from(
                module, recipe.start_from, ships=self.ships, samples=lambda: data.mix(0), name=recipe.network_name
            )
        scored = {
            split: [item for item in of_split(items, split) if not (item.published and item.source in _NOT_SCORED)]
            for split in Split
        }
        return Plan(
            module,
            data,
            lambda: data.mix(0),
            MaskEvaluator(scored),
            gradient_clip=_GRADIENT_CLIP,
            callbacks=(Averaging(recipe.ema_decay),),
        )

    def input_shapes(self, recipe: CutoutRecipe, size: tuple[int, int]) -> tuple[tuple[int, int], ...]:
        return tuple((w, h) for h, w in shapes_for(size[0])[1:])

    def origins(self, recipe: CutoutRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        start = (imagenet_encoder(recipe.encoder),) if recipe.pretrained else ()
        return (*start, *start_origins(recipe.start_from, ships=self.ships)), (_TEACHER,) if recipe.taught else ()


#: Cutting products out.
CUTOUT = _Cutout()
