"""What every recipe says."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from packshot.datasets.manifest import GROUP
from packshot.runtime import View
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD

__all__ = ["Precision", "Recipe"]

Triple = tuple[float, float, float]
Precision = Literal["32-true", "bf16-mixed", "16-mixed"]


class Recipe(BaseModel):
    """What every recipe says.

    Attributes:
        ARCHITECTURE: keys that decide which checkpoints fit.
        FREE: keys that may change when a run goes on.
        group: the column of a table of pictures whose equal values stay in one split and one fold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ARCHITECTURE: ClassVar[tuple[str, ...]] = ()
    FREE: ClassVar[frozenset[str]] = frozenset({"name", "workers", "epochs", "early_stopping", "precision"})

    name: str
    task: str
    seed: int = 7
    group: str = GROUP
    workers: int = Field(default=2, ge=0)
    precision: Precision = "32-true"

    @property
    @abstractmethod
    def total_epochs(self) -> int:
        """How many epochs the recipe asks for."""

    @property
    def drawn_per_epoch(self) -> int:
        """Samples drawn from the training pictures in an epoch; 0 where each is taken once."""
        return 0

    @property
    def patience(self) -> int:
        """Training stops after so many epochs without a better validation score; 0 never stops."""
        return 0

    @property
    def start(self) -> str:
        """What the weights begin as, for the run's record: a file's name, ``ImageNet`` or ``scratch``.

        Of the two keys that say so, a task may have both, one or none.
        """
        file = Path(getattr(self, "start_from", "")).name
        return file or ("ImageNet" if getattr(self, "pretrained", False) else "scratch")

    @property
    def one_size(self) -> bool:
        """Whether the network takes pictures of `fixed_size` alone."""
        return False

    @property
    def normalisation(self) -> tuple[Triple, Triple]:
        """Mean and deviation of the network's input on the 0..1 scale, one number a channel."""
        return IMAGENET_MEAN, IMAGENET_STD

    @property
    def view(self) -> View:
        """What of a photo the network sees."""
        return View.PHOTO

    @property
    @abstractmethod
    def fixed_size(self) -> tuple[int, int] | None:
        """(width, height) of the network's input in pixels; None where each photo keeps its own."""

    @property
    def longest_side(self) -> int:
        """Of a photo that keeps its own size, in pixels; longer ones are reduced to it."""
        return max(self.fixed_size or (0, 0))

    @abstractmethod
    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """What a photo is resized to, before it is padded to the network's multiple.

        Args:
            shape: (h, w, ...) of the photo.

        Returns:
            (width, height) in pixels.
        """

    @property
    @abstractmethod
    def network_name(self) -> str:
        """For tables."""
