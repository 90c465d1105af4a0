"""A decision of a person on a photo: who, when, what, and what that person had seen."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self, TypedDict

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from packshot.settings import Several, Subject
from packshot.values import Box

if TYPE_CHECKING:
    from packshot.description.taxonomy import Taxonomy

__all__ = [
    "AnswerFields",
    "AttributeValue",
    "CategoryPath",
    "ChosenSubject",
    "Decision",
    "FrameShown",
    "Kind",
    "Node",
    "Seen",
    "Undo",
    "category_path",
]

_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Kind(StrEnum):
    """What was decided."""

    #: All that was shown is right.
    APPROVE = "approve"
    #: The category is another one.
    CATEGORY = "category"
    #: The mask is another one: drawn elsewhere, or the one there was with strokes on it.
    MASK = "mask"
    #: The product is another part of the photo: a garment, a person, all that stands out.
    SUBJECT = "subject"
    #: There is a frame, here; or there is none.
    FRAME = "frame"
    #: One attribute of the product has this value; nothing is said of the rest.
    ATTRIBUTE = "attribute"
    #: The photo is of no use, neither for the catalogue nor to train on.
    REJECT = "reject"


class Node(NamedTuple):
    """A category on the way from the root of a taxonomy."""

    id: str
    name: str


CategoryPath = tuple[Node, ...]
"""From the root down, the category itself last."""


def category_path(tree: Taxonomy, text: str) -> CategoryPath:
    """The way to a category of a tree.

    Args:
        tree: of categories.
        text: an id, a name, or a path such as ``Tops > T-Shirt``.

    Raises:
        UsageError: the tree has no such category, or several.
    """
    found = tree.lookup(text)
    return tuple(Node(category.id, category.name) for category in tree.path(found.id))


def _inside_out(corners: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return Box(*corners).as_tuple()


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrameShown(_Row):
    """Whether a frame is around a photo, and where the picture inside begins.

    Attributes:
        framed: whether there is one.
        box: (x0, y0, x1, y1) of the picture inside, in pixels of the upright photo, end-exclusive; None without one.
        removed: whether the run cut it off: its mask is then in pixels of that box.
    """

    framed: bool
    box: Annotated[tuple[int, int, int, int], AfterValidator(_inside_out)] | None = None
    removed: bool = False

    @property
    def label(self) -> str:
        """The class in a table to train on: ``framed`` or ``unframed``."""
        return "framed" if self.framed else "unframed"

    @property
    def inner_box(self) -> Box | None:
        """The picture inside the frame; None without one."""
        return None if self.box is None else Box(*self.box)

    @model_validator(mode="after")
    def _box_of_a_frame(self) -> Self:
        if self.framed != (self.box is not None) or (self.removed and not self.framed):
            raise ValueError("expected a box if there is a frame, and none without")
        return self


class ChosenSubject(_Row):
    """What of a photo is the product.

    Attributes:
        subject: what is cut out.
        several: of several products, all or the largest.
    """

    subject: Subject = Subject.AUTO
    several: Several = Several.ALL


class AttributeValue(_Row):
    """The value of one attribute.

    Attributes:
        name: of the attribute, such as ``colour``.
        value: of it, such as ``red``.
    """

    name: str = Field(min_length=1, max_length=64)
    value: str = Field(min_length=1, max_length=200)


class Seen(_Row):
    """What lay before the reviewer; a decision is outdated as soon as any of it is another.

    Attributes:
        photo: SHA-256 of the photo's file.
        mask: SHA-256 of the mask's file; None without one.
        packshot: SHA-256 of the finished picture; None without one.
        category: as the run said; None where it said nothing.
        frame: as the run said; None where it did not look.
        corrected: SHA-256 of the whole photo's mask, where the mask shown was one that a person had corrected.
    """

    photo: _Sha256
    mask: _Sha256 | None = None
    packshot: _Sha256 | None = None
    category: CategoryPath | None = None
    frame: FrameShown | None = None
    corrected: _Sha256 | None = None

    @property
    def token(self) -> str:
        """Twelve hexadecimal digits that stand for it. Names of categories do not matter, their ids do."""
        parts = self.model_dump(mode="json", exclude={"category", "corrected"})
        parts["category"] = None if self.category is None else [node.id for node in self.category]
        return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()[:12]


class AnswerFields(TypedDict, total=False):
    """The fields of a `Decision` that say what was decided; which of them, its kind says."""

    category: CategoryPath | None
    mask: str | None
    strokes: str | None
    under: str | None
    subject: ChosenSubject | None
    frame: FrameShown | None
    attribute: AttributeValue | None
    reason: str | None


class Decision(_Row):
    """One line of the log.

    Attributes:
        number: counts decisions and undos from 1, in the order of time.
        kind: what was decided.
        source: the photo, as the manifest named it.
        by: who decided.
        at: when, in UTC.
        seen: what of.
        category: the right one, of `Kind.CATEGORY`.
        mask: SHA-256 of the kept file, of `Kind.MASK`: what came of it when it was decided.
        strokes: SHA-256 of the kept strokes that made it; None where the mask came from elsewhere.
        under: SHA-256 of the kept mask the strokes were drawn on; None where that was the network's.
        subject: the right one, of `Kind.SUBJECT`.
        frame: the right one, of `Kind.FRAME`.
        attribute: the right one, of `Kind.ATTRIBUTE`.
        reason: of `Kind.REJECT`.
        together: number of the first of several decisions that were made at once, its own included; None where the
            photo was decided on alone.
        part: True where only what is said is decided, and other doubts about the photo stay.
    """

    number: int = Field(ge=1)
    kind: Kind
    source: str
    by: str = Field(min_length=1)
    at: AwareDatetime
    seen: Seen
    category: CategoryPath | None = Field(default=None, min_length=1)
    mask: _Sha256 | None = None
    strokes: _Sha256 | None = None
    under: _Sha256 | None = None
    subject: ChosenSubject | None = None
    frame: FrameShown | None = None
    attribute: AttributeValue | None = None
    reason: str | None = Field(default=None, min_length=1)
    together: int | None = Field(default=None, ge=1)
    part: Literal[True] | None = None

    @model_validator(mode="after")
    def _as_its_kind_asks(self) -> Self:
        given: dict[Kind, object] = {
            Kind.CATEGORY: self.category,
            Kind.MASK: self.mask,
            Kind.SUBJECT: self.subject,
            Kind.FRAME: self.frame,
            Kind.ATTRIBUTE: self.attribute,
            Kind.REJECT: self.reason,
        }
        wrong = [kind.value for kind, value in given.items() if (value is not None) != (kind is self.kind)]
        if wrong:
            raise ValueError(f"{self.kind.value}: {', '.join(wrong)} missing, or of another kind")
        if (self.strokes is not None and self.mask is None) or (self.under is not None and self.strokes is None):
            raise ValueError(f"{self.kind.value}: strokes without the mask they made, or a mask under no strokes")
        return self


class Undo(_Row):
    """A line of the log that takes a decision back.

    Attributes:
        number: as of a decision.
        undo: number of the decision.
        by: who takes it back.
        at: when, in UTC.
    """

    number: int = Field(ge=1)
    undo: int = Field(ge=1)
    by: str = Field(min_length=1)
    at: AwareDatetime
