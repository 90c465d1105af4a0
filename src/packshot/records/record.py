"""One line of the manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator, model_validator

from packshot.errors import PackshotError
from packshot.records.numeric import Number
from packshot.records.parts import (
    AttributeRecord,
    CategoryRecord,
    CorrectedRecord,
    DecisionRecord,
    EmbeddingRecord,
    ErrorRecord,
    FindingsRecord,
    FrameRecord,
    OverlaysRecord,
    PackshotRecord,
    ProductRecord,
    RuleRecord,
    TagRecord,
    TextRecord,
    ThingRecord,
)
from packshot.values import ReviewReason, SourceType, Status

__all__ = ["Record", "record_schema"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Record(BaseModel):
    """What a run found out and made of one photo; what it did not make is null or empty.

    Boxes are in pixels of the upright photo as it came, also where a frame was cut off.

    Example:
        >>> record = Record(source="front.jpg", status="ok", packshots={"plain": {"file": "a.jpg", "status": "ok"}})
        >>> record.packshot
        'a.jpg'
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    schema_version: Literal[2] = Field(default=2, description="of this format; a line without it is of version 1")
    source: str = Field(description="the photo as it was named")
    sku: str | None = Field(default=None, description="of the product, where `--sku` says how to tell it")
    view: int | None = Field(default=None, ge=1, description="number of the photo among those of its product")
    sha256: str | None = Field(default=None, description="of the file's bytes; null where they could not be read")
    pixel_hash: str | None = Field(
        default=None, description="of the decoded pixels: the same for every lossless copy of the photo"
    )
    status: Status
    review: tuple[str, ...] = Field(default=(), description=f"why a person should look: {', '.join(ReviewReason)}")
    error: ErrorRecord | None = None
    size: tuple[int, int] | None = Field(default=None, description="width and height of the upright photo, pixels")
    notes: tuple[str, ...] = Field(default=(), description="what the decoder assumed or repaired, in words")
    damage: str | None = Field(default=None, description="why the photo may be partly destroyed, in words")
    source_type: SourceType | None = Field(
        default=None, description="how the photo says that it came about (IPTC Digital Source Type); null: a photo"
    )
    findings: FindingsRecord | None = None
    frame: FrameRecord | None = None
    overlays: OverlaysRecord | None = Field(default=None, description="null where nobody looked for them")
    mask: str | None = Field(default=None, description="8-bit grey PNG, below the output folder")
    cutout: str | None = Field(default=None, description="PNG with alpha, below the output folder")
    packshots: dict[str, PackshotRecord] = Field(
        default_factory=dict, description="name of a marketplace profile to the picture made for it"
    )
    heatmaps: tuple[str, ...] = Field(default=(), description="pictures of where labels were seen")
    fingerprint: str | None = Field(
        default=None, description="what tells the photo from others without its pixels (.npz), below the output folder"
    )
    advice: tuple[str, ...] = Field(default=(), description="what could not be made as asked, in words")
    category: CategoryRecord | None = None
    known: Number = Field(
        default=None, description="chance that the photo shows a kind of product the network was taught, 0..1"
    )
    familiar: bool | None = Field(default=None, description="whether that chance is enough to say anything")
    attributes: dict[str, AttributeRecord | tuple[TagRecord, ...]] = Field(
        default_factory=dict, description="name to its value; to a list where it may have several"
    )
    texts: dict[str, TextRecord] = Field(
        default_factory=dict, description="language to title and alt text; empty where there is no evidence for any"
    )
    products: tuple[ProductRecord, ...] = ()
    scene: tuple[ThingRecord, ...] | None = Field(
        default=None, description="several products, each told on its own crop; null where nobody looked (`--scene`)"
    )
    embedding: EmbeddingRecord | None = None
    mask_model: str | None = Field(default=None, description="name and hash of the network that found the mask")
    uncertainty: Number = Field(default=None, description="of the mask, 0 (sure) .. 1 (hopeless)")
    ready: Number = Field(default=None, description="chance that a person would publish the mask, 0..1")
    doubts: tuple[str, ...] = Field(default=(), description="why the mask is not ready")
    parts: int | None = Field(default=None, description="separate products the mask shows")
    decisions: tuple[DecisionRecord, ...] = Field(default=(), description="what persons decided, in the order of time")
    corrected: CorrectedRecord | None = Field(
        default=None, description="what these changed about the pictures; null where they are as they were found"
    )
    timings_ms: dict[str, float] = Field(default_factory=dict, description="milliseconds each stage took")

    @model_validator(mode="before")
    @classmethod
    def _without_derived(cls, value: object) -> object:
        # They are written for readers, and follow from `packshots`.
        return (
            {k: v for k, v in value.items() if k not in {"packshot", "rules"}} if isinstance(value, Mapping) else value
        )

    @field_validator("source")
    @classmethod
    def _named(cls, value: str) -> str:
        # Not by a length in the type, which asks for valid Unicode; a file's name need not be.
        if not value.strip("/\\"):
            raise ValueError(f"expected the name of a photo, got {value!r}")
        return value

    @field_validator("sha256", "pixel_hash")
    @classmethod
    def _hexadecimal(cls, value: str | None) -> str | None:
        if value is not None and not _SHA256.fullmatch(value):
            raise ValueError(f"expected 64 lower-case hexadecimal digits, got {value!r}")
        return value

    @computed_field(description="the picture of the first profile, below the output folder")  # type: ignore[prop-decorator]
    @property
    def packshot(self) -> str | None:
        """Path of the first profile's picture below the output folder; None if there is none."""
        first = next(iter(self.packshots.values()), None)
        return None if first is None else first.file

    @computed_field(description="of the first profile")  # type: ignore[prop-decorator]
    @property
    def rules(self) -> tuple[RuleRecord, ...]:
        """The first profile's rules."""
        first = next(iter(self.packshots.values()), None)
        return () if first is None else first.rules

    @property
    def rules_of_all(self) -> tuple[tuple[str, RuleRecord], ...]:
        """The rules of every profile, each with the profile's name."""
        return tuple((name, rule) for name, picture in self.packshots.items() for rule in picture.rules)

    @classmethod
    def failed(cls, source: str, error: PackshotError, *, attempts: int = 1) -> Self:
        """What the manifest says of a photo there is no result for.

        Args:
            source: the photo as it was named.
            error: why.
            attempts: how often it was tried.
        """
        return cls(source=source, status=Status.FAILED, error=ErrorRecord(**error.to_dict(), attempts=attempts))

    def row(self) -> dict[str, object]:
        """The line as plain JSON values, keys in the order of this class."""
        return self.model_dump()

    def to_json(self) -> str:
        r"""The line without its end, in ASCII: a name that is not UTF-8 comes back from its ``\udcXX`` escapes."""
        return json.dumps(self.row(), allow_nan=False)


def record_schema() -> dict[str, object]:
    """The JSON schema of a line, as a run writes it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(mode="serialization"),
    }
