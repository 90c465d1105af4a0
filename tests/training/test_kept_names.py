"""Runs that were begun before go on: names in checkpoints are kept, whatever becomes of the code around them."""

import hashlib
import inspect

from packshot.training.callbacks.averaging import Averaging
from packshot.training.callbacks.history import History
from packshot.training.callbacks.progress import Progress
from packshot.training.cutout.module import CutoutModule
from packshot.training.recipe_types import RECIPE_TYPES
from packshot.training.registry import TASKS

#: Of the file best.ckpt that version 39670ef wrote for the recipe cutout with efficientnet_lite2.
TENSORS = 454, "7a06d3f9ea9368c04baa8bec307883e76cf7b64a4087917b863289754cd3507d"
SETTINGS = {
    "compiled", "decay_steps", "encoder", "encoder_rate", "learning_rate", "pretrained", "total_steps", "warmup_steps",
    "weight_decay",
}  # fmt: skip


def test_the_cutouts_tensors_have_the_names_and_shapes_of_older_checkpoints() -> None:
    module = CutoutModule(pretrained=False, encoder="efficientnet_lite2")
    lines = sorted(f"{name} {tuple(tensor.shape)}" for name, tensor in module.state_dict().items())
    assert (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()) == TENSORS
    assert set(inspect.signature(CutoutModule).parameters) == SETTINGS


def test_callbacks_find_their_state_by_the_names_they_had() -> None:
    assert [each.__qualname__ for each in (Progress, Averaging, History)] == ["Progress", "Averaging", "History"]


def test_a_recipe_names_its_task_as_before() -> None:
    assert set(TASKS) >= {"cutout", "segmentation", "classification", "frame", "describe"}
    assert {name: task.recipe for name, task in TASKS.items()} == RECIPE_TYPES
    assert all(task.recipe.model_fields["task"].default == name for name, task in TASKS.items())
