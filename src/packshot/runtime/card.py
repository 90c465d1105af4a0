"""The model card: what has to be known of an ONNX file before it may be run, kept as JSON beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from packshot.errors import ModelMismatch
from packshot.heads import Head
from packshot.resizing import downscaled_size
from packshot.runtime.card_rules import FrameRule, KnownRule, MatchRule, ReadyRule, SanityCheck

__all__ = [
    "Activation",
    "Dataset",
    "InputSpec",
    "ModelCard",
    "OutputSpec",
    "Rescale",
    "View",
    "read_card",
]

_STRICT = ConfigDict(frozen=True, extra="forbid")


class Activation(StrEnum):
    """What still has to be applied to the network's numbers to make them probabilities."""

    NONE = "none"
    SIGMOID = "sigmoid"


class Rescale(StrEnum):
    """Whether each picture's output is stretched to 0..1 afterwards, as U2-Net's authors do."""

    NONE = "none"
    MINMAX = "minmax"


class View(StrEnum):
    """What of a photo a network sees."""

    #: The whole photo, resized.
    PHOTO = "photo"
    #: The outermost quarter of each side, one above the other: see `packshot.runtime.side_strips`.
    SIDE_STRIPS = "side-strips"


class InputSpec(BaseModel):
    """How a photo becomes the network's input.

    Attributes:
        size: (width, height) in pixels of the input; the photo is resized to it, or its strips lie on a sheet of it.
        shapes: further sizes of about its area that the network takes; a photo is resized to that whose ratio is
            nearest to its own, so that little is squashed.
        longest: the network takes any height and width, and a photo keeps its own; one whose longer side has more
            pixels is reduced to so many. None where `size` and `shapes` are all there is.
        view: what of the photo it shows.
        mean: subtracted from each channel, on the 0..1 scale.
        std: divides each channel, on the 0..1 scale.
        channels: order of the colour channels, ``rgb`` or ``bgr``.
        layout: order of the axes, ``nchw`` or ``nhwc``.
    """

    model_config = _STRICT

    size: tuple[int, int]
    shapes: tuple[tuple[int, int], ...] = ()
    longest: int | None = Field(default=None, ge=8, le=8192)
    view: View = View.PHOTO
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    channels: str = Field(default="rgb", pattern="^(rgb|bgr)$")
    layout: str = Field(default="nchw", pattern="^(nchw|nhwc)$")

    @model_validator(mode="after")
    def _sane(self) -> Self:
        for size in (self.size, *self.shapes):
            if not all(8 <= side <= 8192 for side in size):
                raise ValueError(f"size: expected (width, height) of 8..8192 pixels, got {size}")
        if min(self.std) <= 0:
            raise ValueError(f"std: expected three numbers above 0, got {self.std}")
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Without `longest` where it says nothing: an older packshot reads such cards, and fingerprints stay."""
        found: dict[str, object] = handler(self)
        if self.longest is None:
            found.pop("longest", None)
        return found

    def size_for(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The (width, height) in pixels that squashes a photo least: its own, where the network takes any.

        Args:
            shape: (h, w, ...) of the photo.

        Example:
            >>> InputSpec(size=(352, 352), shapes=((416, 288), (288, 416))).size_for((300, 400, 3))
            (416, 288)
        """
        if self.longest is not None:
            return downscaled_size((shape[1], shape[0]), self.longest)
        ratio = math.log(shape[1] / shape[0])
        return min((self.size, *self.shapes), key=lambda size: abs(math.log(size[0] / size[1]) - ratio))


class OutputSpec(BaseModel):
    """Which output is read, and how it becomes 0..1.

    Attributes:
        name: the output's name in the graph; None takes `index`.
        index: the output's place, used when `name` is None.
        activation: applied first.
        rescale: applied last, to each picture alone.
    """

    model_config = _STRICT

    name: str | None = None
    index: int = Field(default=0, ge=0)
    activation: Activation = Activation.NONE
    rescale: Rescale = Rescale.NONE


class Dataset(BaseModel):
    """One source of a network's weights: its name, its licence, and where it lies.

    Attributes:
        name: of the data set or the network.
        licence: SPDX identifier, ``LicenseRef-...``, or what is known in words.
        url: where it lies, or where its terms stand.
        note: what its terms say, or what was taken of it.
        commercial_use: whether its terms permit commercial use; None if nobody looked or they do not say.
    """

    model_config = _STRICT

    name: str
    licence: str
    url: str | None = None
    note: str | None = None
    commercial_use: bool | None = None


class ModelCard(BaseModel):
    """What must be known of an ONNX file: how to feed it, how to trust it, and whether it may be used.

    Attributes:
        name: short name, shown in every mask it makes.
        task: what it does: ``segmentation``, ``classification``, ``frame``, ``overlay``, ``description``.
        version: the author's version.
        input: how a photo becomes its input.
        output: which output is read, and how.
        labels: names of the output's classes, in order; empty for other tasks.
        heads: of a network that describes photos: its outputs are ``logits`` (n, all labels of the heads in order),
            ``embedding`` (n, d) of length 1, ``features`` (n, c, h, w), and ``weights`` (all labels, c), whose product
            with the features gives class-activation maps. A classifier has one, and may have these outputs beside its
            probabilities, or not.
        match: of a network that embeds: when the nearest embedding is a match; benchmarks/retrieval.py fits it.
        known: of a network that describes: whether a photo shows anything it was taught; benchmarks/unknown.py fits it.
        ready: of a network that cuts out: when a mask is ready; benchmarks/readiness.py fits it.
        frame: of a network that finds frames: how pixels are weighed with its answer; benchmarks/frame_rule.py fits it.
        threshold: of a network that answers yes or no: the probability from which on the answer is yes; None: one half.
        sanity: by question and method of `packshot explain`, as in ``category/cam``: whether the maps show what the
            network has learnt. Cards of an older packshot have the method alone.
        sha256: of the ONNX file. Checked at load when given; a shipped model must give it.
        licence: SPDX identifier of the weights, or ``LicenseRef-...``.
        licence_note: what the authors say of it, and where, if that is less than the identifier says.
        commercial_use: whether that licence, and the terms of all data in `provenance`, permit commercial use.
        provenance: the data sets and networks the weights came from.
        start: what the weights were before training: ``scratch``, ``ImageNet``, or a file's name; None if unknown.
        metrics: measured figures, ``{"ccp/iou": 0.95}``.
        created: ISO date.

    Example:
        >>> card = ModelCard(
        ...     name="mine",
        ...     task="segmentation",
        ...     input={"size": (320, 320)},
        ...     licence="Apache-2.0",
        ...     commercial_use=True,
        ... )
        >>> card.input.std
        (0.229, 0.224, 0.225)
    """

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=80)
    task: str
    version: str = "1"
    input: InputSpec
    output: OutputSpec = OutputSpec()
    labels: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    match: MatchRule | None = None
    known: KnownRule | None = None
    ready: ReadyRule | None = None
    frame: FrameRule | None = None
    threshold: float | None = Field(default=None, ge=0, le=1)
    sanity: dict[str, SanityCheck] = Field(default_factory=dict)
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    licence: str = Field(min_length=1)
    licence_note: str | None = None
    commercial_use: bool
    provenance: tuple[Dataset, ...] = ()
    start: str | None = None
    metrics: dict[str, float] = Field(default_factory=dict)
    created: str | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Without `frame` where there is none: an older packshot reads such cards, and fingerprints stay."""
        found: dict[str, object] = handler(self)
        if self.frame is None:
            found.pop("frame", None)
        return found

    @model_validator(mode="after")
    def _licence_agrees(self) -> Self:
        if self.commercial_use and "-NC" in self.licence.upper():
            raise ValueError(f"commercial_use: expected false for a licence like {self.licence}, got true")
        if self.commercial_use and self.forbidding:
            names = ", ".join(source.name for source in self.forbidding)
            raise ValueError(f"commercial_use: expected false, as the terms of {names} forbid it, got true")
        return self

    @field_validator("sanity")
    @classmethod
    def _by_question(cls, found: dict[str, SanityCheck]) -> dict[str, SanityCheck]:
        """The question is named by each check: of older cards, too, it becomes part of the key."""
        return {f"{check.head}/{key.rpartition('/')[2]}": check for key, check in found.items()}

    def checks_of(self, head: str) -> dict[str, SanityCheck]:
        """The sanity checks of the maps of one answer, by method.

        Args:
            head: the question, as ``category``.
        """
        return {key.rpartition("/")[2]: check for key, check in self.sanity.items() if check.head == head}

    def with_checks(self, checks: Mapping[str, SanityCheck]) -> Self:
        """The card with further sanity checks; those of other methods and other questions stay.

        Args:
            checks: by method.
        """
        new = {f"{check.head}/{method}": check for method, check in checks.items()}
        return self.model_copy(update={"sanity": {**self.sanity, **new}})

    @property
    def forbidding(self) -> tuple[Dataset, ...]:
        """The sources of the weights whose terms forbid commercial use."""
        return tuple(source for source in self.provenance if source.commercial_use is False)

    def to_json(self) -> str:
        """The card as indented JSON with a final newline, as kept beside the ONNX file."""
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def read_card(path: Path) -> ModelCard:
    """Read a card.

    Args:
        path: of the JSON file.

    Raises:
        ModelMismatch: it cannot be read, is not JSON, or a field is missing or wrong; each is named.
    """
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelMismatch(f"{path}: the model card cannot be read ({error})", remedy="check it") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        newer = any(fault["type"] == "extra_forbidden" for fault in error.errors())
        remedy = "upgrade packshot if a newer one exported it, else remove these fields" if newer else None
        raise ModelMismatch(
            f"{path}: not a valid model card ({faults})", remedy=remedy or "correct these fields"
        ) from error
