"""What a request says of photos: one type for each kind of decision, and which photos are meant."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from packshot.decisions import ChosenSubject
from packshot.settings import Several, Subject

__all__ = [
    "Approve",
    "ManyBody",
    "OneBody",
    "PositionBody",
    "Reject",
    "Said",
    "SetAttribute",
    "SetCategory",
    "SetFrame",
    "SetSubject",
    "UndoBody",
    "Where",
]

_Id = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Said(_Strict):
    @property
    def part(self) -> bool:
        """Whether only this is decided, and other doubts about the photo stay."""
        return bool(getattr(self, "only", False))


class Approve(_Said):
    """All that is shown is right."""

    kind: Literal["approve"]


class Reject(_Said):
    """The photo is of no use."""

    kind: Literal["reject"]
    reason: str = Field(min_length=1, max_length=500, description="in words; statistics count equal ones")


class SetCategory(_Said):
    """The category is another one."""

    kind: Literal["category"]
    category: str = Field(min_length=1, max_length=300, description="an id, a name, or a path such as Tops > T-Shirt")
    only: bool = Field(default=False, description="other doubts about the photo stay to be looked at")


class SetAttribute(_Said):
    """An attribute has this value; nothing is said of the rest."""

    kind: Literal["attribute"]
    only: Literal[True] = True
    name: str = Field(min_length=1, max_length=64, description="of the attribute, such as colour")
    value: str = Field(min_length=1, max_length=200)


class SetFrame(_Said):
    """There is a frame around the photo, or there is none."""

    kind: Literal["frame"]
    box: tuple[int, int, int, int] | None = Field(
        default=None, description="x0, y0, x1, y1 of the picture inside, in pixels of the upright photo; null: no frame"
    )
    only: bool = Field(default=False, description="other doubts about the photo stay to be looked at")


class SetSubject(_Said):
    """The product is another part of the photo."""

    kind: Literal["subject"]
    subject: Subject = Subject.AUTO
    several: Several = Several.ALL

    @property
    def chosen(self) -> ChosenSubject:
        """As a decision keeps it."""
        return ChosenSubject(subject=self.subject, several=self.several)


Said = Annotated[Approve | Reject | SetCategory | SetAttribute | SetFrame | SetSubject, Field(discriminator="kind")]
"""What is said of a photo."""


class OneBody(_Strict):
    """A decision on one photo."""

    decision: Said
    seen: str | None = Field(
        default=None, pattern="^[0-9a-f]{12}$", description="token of what was looked at: 409 if it is another by now"
    )
    known: int | None = Field(
        default=None,
        ge=0,
        description="number of the last line of the log that was seen: 409 if another person decided otherwise since",
    )


class Where(_Strict):
    """Which photos are meant: all that is given must hold."""

    names: tuple[Annotated[str, Field(max_length=500)], ...] = Field(default=(), max_length=100)
    category: str | None = Field(default=None, max_length=200)
    why: tuple[Annotated[str, Field(max_length=64)], ...] = Field(default=(), max_length=32)
    uncertainty: tuple[float, float] | None = None
    profile: str | None = Field(default=None, max_length=64)


class ManyBody(_Strict):
    """The same said of many photos: those of `photos`, or those that `where` selects and nobody decided."""

    decision: Annotated[Approve | Reject | SetCategory, Field(discriminator="kind")]
    photos: tuple[_Id, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    where: Where | None = None
    expected: int | None = Field(
        default=None, ge=0, description="how many there were when they were looked at: 409 if there are others by now"
    )


class UndoBody(_Strict):
    """Which decision is taken back: the last on a photo, or without one the last of all, with those made at once."""

    photo: _Id | None = None
    mine: bool = Field(default=False, description="only what the asking person decided")


class PositionBody(_Strict):
    """Where a reviewer is."""

    photo: _Id | None
