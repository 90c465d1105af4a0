"""What a study asks, from one TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.errors import UsageError
from packshot.explaining.hidden import DrawnRegion, Region
from packshot.explaining.interventions import Intervention, intervention_named
from packshot.validation import first_problem
from packshot.values import CATEGORY

__all__ = ["StudyPlan", "read_plan"]

_Share = Annotated[float, Field(ge=0, le=1)]


class _Hidden(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    box: tuple[_Share, _Share, _Share, _Share] | None = None
    regions: Path | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.box is None) == (self.regions is None):
            raise ValueError(f"{self.name}: expected either a box, or a table of regions")
        return self

    def intervention(self) -> Intervention:
        """The part hidden.

        Raises:
            UsageError: there can be no such part.
        """
        return DrawnRegion(self.name).intervention() if self.box is None else Region(self.name, self.box).intervention()


class StudyPlan(BaseModel):
    """A study: one question, asked of many photos and of what is made of each.

    Attributes:
        name: as it is shown.
        head: of the describing network: ``category`` or an attribute.
        photos: how many, spread evenly over the split; none for all.
        seed: of whatever is drawn at random.
        interventions: as they are written: ``saturation 0.5``.
        hidden: regions of the product, each hidden beside a control: a box in shares of the product's, or a table of
            what a person drew in each photo.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "What an answer hangs on"
    head: str = CATEGORY
    photos: int | None = Field(default=300, ge=1)
    seed: int = 7
    interventions: tuple[str, ...] = ()
    hidden: tuple[_Hidden, ...] = ()

    def changes(self) -> list[Intervention]:
        """The interventions in the order of the file, hidden regions last.

        Raises:
            UsageError: one is unknown or has a wrong dose, one stands there twice, or there are none.
        """
        found = [intervention_named(text) for text in self.interventions]
        found += [each.intervention() for each in self.hidden]
        names = [each.name for each in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise UsageError(f"the study has {twice!r} twice", remedy="leave one of them out")
        if not found:
            raise UsageError("the study changes nothing", remedy='name some: interventions = ["grey", "silhouette"]')
        return found

    @property
    def fingerprint(self) -> str:
        """Changes whenever the answers of the study could; not with the number of photos, so that more can be added.

        Nor with what is drawn in each photo: that is known of each answer.
        """
        asked = self.model_dump_json(exclude={"name": True, "photos": True, "hidden": {"__all__": {"regions"}}})
        return hashlib.sha256(asked.encode()).hexdigest()


def read_plan(path: Path) -> StudyPlan:
    """Read a study's file.

    Raises:
        UsageError: it cannot be read, or something in it is wrong; names what.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: not a study ({error})", remedy="docs/how-to/explaining.md shows one") from error
    try:
        plan = StudyPlan(**values)
    except ValidationError as error:
        key, problem = first_problem(error)
        raise UsageError(f"{path}: {key}: {problem}", remedy="docs/how-to/explaining.md shows a study") from error
    plan.changes()
    # A table lies beside the study that names it.
    hidden = [
        each if each.regions is None else each.model_copy(update={"regions": path.parent / each.regions})
        for each in plan.hidden
    ]
    return plan.model_copy(update={"hidden": tuple(hidden)})
