"""What a task adds to what all trainings share: loop, run folder, callbacks, figures and export."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypedDict, TypeVar

from torch import nn

from packshot.datasets import Item, Task
from packshot.errors import UsageError
from packshot.heads import Head
from packshot.runtime import Dataset
from packshot.training.module import TrainedModule
from packshot.training.plan import Plan
from packshot.training.recipe import Recipe

__all__ = ["TrainingTask"]

AnyRecipe = TypeVar("AnyRecipe", bound=Recipe)


class LoadOptions(TypedDict, total=False):
    """Arguments that those in a checkpoint are overridden with: nothing is fetched for weights that are there."""

    pretrained: bool


class TrainingTask(ABC, Generic[AnyRecipe]):
    """One task: its recipe, its pictures, its plan, and how its networks are exported.

    A folder under ``training/`` holds a task; `packshot.training.registry` lists them.

    Attributes:
        recipe: type of its recipes.
        module: type of its networks.
        checked_as: how its pictures are checked before training.
        card_task: task in the card of an exported network.
        ships: name of the network in the package that a training can go on from; empty where none does.
        any_size: whether an exported network takes pictures of any height and width.
        load_options: how a checkpoint is loaded.
    """

    recipe: type[AnyRecipe]
    module: type[TrainedModule]
    checked_as: ClassVar[Task] = "segmentation"
    card_task: ClassVar[str]
    ships: ClassVar[str] = ""
    any_size: ClassVar[bool] = False
    load_options: ClassVar[LoadOptions] = {}

    @abstractmethod
    def items(self, recipe: AnyRecipe, data: Path) -> list[Item]:
        """The pictures a recipe asks for.

        Raises:
            UsageError: there are none, or not of that kind; or a set the recipe names is not there.
        """

    @abstractmethod
    def plan(self, recipe: AnyRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        """The network with fresh weights, its loaders and its evaluator.

        Args:
            recipe: the settings.
            items: of all splits.
            root: folder of the data.

        Raises:
            UsageError: too few pictures, one class only, weights that cannot be had.
        """

    def load(self, checkpoint: Path, recipe: AnyRecipe) -> TrainedModule:
        """A trained network, on the CPU and in evaluation mode; nothing is unpickled.

        Args:
            checkpoint: ``best.ckpt`` or ``last.ckpt`` of a run folder.
            recipe: that the run was started with.

        Raises:
            UsageError: the file is damaged, or a checkpoint of another architecture.
        """
        try:
            module = self.module.load_from_checkpoint(
                checkpoint, map_location="cpu", weights_only=True, **self.load_options
            )
        except Exception as error:  # a foreign or damaged file fails in many ways, none of them the reader's to decode
            first = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
            raise UsageError(
                f"{checkpoint}: not a checkpoint of {recipe.network_name}, or damaged ({first})",
                remedy="name a run folder of this recipe",
            ) from error
        return module.eval()

    def refuse_export(self, recipe: AnyRecipe) -> None:
        """Raise where a recipe's network cannot be exported.

        Raises:
            UsageError: it cannot.
        """

    def input_shapes(self, recipe: AnyRecipe, size: tuple[int, int]) -> tuple[tuple[int, int], ...]:
        """Further (width, height) in pixels, beside `size`, that a network was trained for."""
        return ()

    def exported(
        self, module: TrainedModule, learnt: Sequence[Item], *, side: int
    ) -> tuple[nn.Module, tuple[str, ...]]:
        """The network to export and the names of its outputs, by default the module itself.

        Args:
            module: with its best weights.
            learnt: training pictures.
            side: of the input it will be served with, in pixels.
        """
        return module, module.outputs

    def heads(self, module: TrainedModule, validation: Sequence[Item], *, side: int) -> tuple[Head, ...]:
        """The calibrated heads for the card, of networks that have some.

        Args:
            module: with its best weights.
            validation: pictures it did not learn from.
            side: of the input it will be served with, in pixels.
        """
        return ()

    def origins(self, recipe: AnyRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        """What a network was made from beside its pictures: weights it started from, and teachers of its labels."""
        return (), ()
