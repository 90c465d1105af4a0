"""A recipe: a flat TOML file that says how a model is trained; unknown keys are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.errors import UsageError

__all__ = ["CutoutRecipe", "load_recipe"]


class CutoutRecipe(BaseModel):
    """Settings of the ``cutout`` recipe.

    The picture's side grows during training (`sizes`, `epochs`): small pictures teach what a product is,
    large ones where its edge runs, and most of the time is spent where a step is cheap.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "cutout"
    task: str = "cutout"
    seed: int = 7
    sizes: list[int] = Field(default=[192, 256, 352], min_length=1)
    epochs: list[int] = Field(default=[4, 4, 3], min_length=1)
    samples_per_epoch: int = Field(default=4096, ge=1)
    batch: int = Field(default=16, ge=2)
    learning_rate: float = Field(default=1e-3, gt=0)
    encoder_rate: float = Field(default=0.4, ge=0, le=1)
    weight_decay: float = Field(default=1e-4, ge=0)
    warmup_steps: int = Field(default=100, ge=1)
    ema_decay: float = Field(default=0.99, ge=0, lt=1)
    workers: int = Field(default=2, ge=0)
    share_ccp: float = Field(default=0.28, ge=0)
    share_people: float = Field(default=0.10, ge=0)
    share_clothing: float = Field(default=0.22, ge=0)
    share_pseudo: float = Field(default=0.0, ge=0)
    share_composite: float = Field(default=0.40, ge=0)
    max_uncertain: float = Field(default=0.06, ge=0, le=1)
    pseudo_masks: str = ""
    start_from: str = ""
    pretrained: bool = True

    @model_validator(mode="after")
    def _stages_match(self) -> CutoutRecipe:
        if len(self.sizes) != len(self.epochs):
            raise ValueError(f"sizes and epochs: expected equally many, got {self.sizes} and {self.epochs}")
        if any(size % 32 for size in self.sizes):
            raise ValueError(f"sizes: expected multiples of 32, got {self.sizes}")
        return self

    def size_at(self, epoch: int) -> int:
        """Side of the training pictures in an epoch (counted from 0), in pixels."""
        for size, epochs in zip(self.sizes, self.epochs, strict=True):
            if epoch < epochs:
                return size
            epoch -= epochs
        return self.sizes[-1]

    @property
    def total_epochs(self) -> int:
        """Epochs of all stages."""
        return sum(self.epochs)

    def shares_for(self, sources: set[str]) -> dict[str, float]:
        """How often each of the data's own sources is drawn, and ``composite``.

        A source the recipe does not name (a shop's own folder) shares evenly in what the named ones leave.
        """
        named = {"ccp": self.share_ccp, "people": self.share_people, "clothing": self.share_clothing}
        named["pseudo"] = self.share_pseudo
        drawn = {name: share for name, share in named.items() if name in sources}
        others = sorted(sources - {*named, "studio"})
        rest = max(0.0, 1.0 - self.share_composite - sum(drawn.values()))
        return {**drawn, **{name: rest / len(others) for name in others}, "composite": self.share_composite}


def load_recipe(path: Path, overrides: dict[str, Any] | None = None) -> CutoutRecipe:
    """Read ``recipe.toml`` (or the folder that holds it) and apply ``--set`` overrides.

    Raises:
        UsageError: no such recipe, broken TOML, unknown key or wrong value; names the key.
    """
    file = path / "recipe.toml" if path.is_dir() else path
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: no recipe there", remedy="name a folder under recipes/") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: not valid TOML ({error})", remedy="mend the line it names") from error
    try:
        return CutoutRecipe.model_validate({**values, **(overrides or {})})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "recipe"
        raise UsageError(
            f"{file}: {key}: {first['msg']}", remedy=f"known keys: {', '.join(CutoutRecipe.model_fields)}"
        ) from error
