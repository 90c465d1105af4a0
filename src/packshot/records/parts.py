"""The objects within a line of the manifest."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from packshot.records.numeric import BoxCorners, Measured, Number
from packshot.records.times import Day, Moment
from packshot.values import Status

__all__ = [
    "AttributeRecord",
    "CategoryRecord",
    "ChoiceRecord",
    "ColourRecord",
    "CorrectedRecord",
    "DecisionRecord",
    "EmbeddingRecord",
    "ErrorRecord",
    "EvidenceRecord",
    "FindingsRecord",
    "FrameRecord",
    "OverlaysRecord",
    "PackshotRecord",
    "Part",
    "PathRecord",
    "ProductRecord",
    "RuleRecord",
    "TagRecord",
    "TextRecord",
    "ThingRecord",
    "UpcomingRuleRecord",
]


class Part(BaseModel):
    """Frozen; a key that is not known here is kept."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ErrorRecord(Part):
    """Why a photo failed."""

    code: str = Field(description="name of the error, stable across versions")
    message: str = Field(description="what was expected and what came")
    remedy: str = Field(description="the way out")
    stage: str | None = Field(
        default=None,
        description="of the pipeline that could not go on; null where none says so: a worker ended",
    )
    attempts: int = Field(default=1, ge=1, description="how often the photo was tried")


class ColourRecord(Part):
    """One of the product's colours, measured within its mask."""

    name: str = Field(description="black, white, grey, red, orange, yellow, green, blue, purple, pink, brown or beige")
    share: Number = Field(default=None, description="of the product's pixels, 0..1")
    rgb: tuple[int, int, int] = Field(description="the mean of those pixels, 0..255 each")


class EvidenceRecord(Part):
    """What stands behind some words of a text."""

    field: str = Field(description="category, colours, things, cut_off, view, or an attribute's name")
    words: str = Field(description="as the text says it")
    says: tuple[str, ...] = Field(description="what was answered or measured: a category's id, colours, a value")
    score: Number = Field(default=None, description="calibrated probability, or the share of the colours, 0..1")


class TextRecord(Part):
    """What a shop may write of the product, in one language; every word has evidence."""

    title: str | None = Field(default=None, description="of the product; null without evidence")
    alt: str | None = Field(default=None, description="what its picture shows; null without evidence")
    caption: str | None = Field(
        default=None, description="one sentence on the photo, with what else is in it and where; null without evidence"
    )
    evidence: tuple[EvidenceRecord, ...] = Field(default=(), description="what stands behind the words")


class FindingsRecord(Part):
    """What was measured on the photo without its frame; `packshot.values.Findings` says what each number means."""

    width: int | None = Field(default=None, description="pixels")
    height: int | None = Field(default=None, description="pixels")
    sharpness: Number = Field(default=None, description="0 (flat) .. 1 (crisp) within the subject")
    exposure: Number = Field(default=None, description="mean luma of the subject, 0 (black) .. 1 (white)")
    clipped_highlights: Number = Field(default=None, description="share of the subject with a blown-out channel, 0..1")
    clipped_shadows: Number = Field(default=None, description="share of the subject that is black, 0..1")
    background_white: Number = Field(
        default=None, description="share of the background that is exactly 255, 255, 255, 0..1"
    )
    background_luma: Number = Field(default=None, description="mean luma of the background, 0..1")
    fill_side: Number = Field(default=None, description="the subject's longer relative side, 0..1")
    fill_box: Number = Field(default=None, description="share of the picture in the subject's box, 0..1")
    fill_area: Number = Field(default=None, description="share of the picture the subject covers, 0..1")
    offset: Number = Field(
        default=None, description="distance of the subject's centre from the picture's, as share of the diagonal"
    )
    touches: tuple[str, ...] = Field(default=(), description="edges the subject touches: left, top, right, bottom")
    advice: tuple[str, ...] = Field(default=(), description="what a person should fix, in words")
    colours: tuple[ColourRecord, ...] = Field(
        default=(), description="of the product, the largest first; empty where no word can be stood by"
    )


class FrameRecord(Part):
    """What frame detection says."""

    framed: bool = Field(default=False, description="whether a frame, bar or banner surrounds the picture")
    score: Number = Field(default=None, description="calibrated probability of a frame, 0..1")
    inner_box: BoxCorners | None = Field(
        default=None, description="the picture inside; the whole photo if there is no frame"
    )
    removed: bool = Field(default=False, description="whether the frame was cut off")


class OverlaysRecord(Part):
    """What was laid over the photo: text, logos, badges, watermarks; print on the product is none."""

    found: bool = Field(default=False, description="whether there is any")
    score: Number = Field(default=None, description="calibrated probability of overlays, 0..1")
    boxes: tuple[BoxCorners, ...] = Field(default=(), description="where, roughly, the largest first")
    fields: int = Field(default=0, description="of the 10 x 10 fields of the photo without its frame, those touched")
    on_product: Number = Field(default=None, description="share of their area that lies on the product, 0..1")


class RuleRecord(Part):
    """One marketplace rule, measured on the finished picture."""

    id: str
    ok: bool
    measured: Measured = None
    required: str = Field(default="", description="what the rule asks for, in words")
    severity: Literal["must", "should"] = "must"


class UpcomingRuleRecord(RuleRecord):
    """A rule that holds from a later day on, measured already."""

    since: Day = Field(description="the first day on which it holds")


class PackshotRecord(Part):
    """The picture made for one marketplace profile."""

    file: str | None = Field(description="path below the output folder; null where there is no picture")
    rules: tuple[RuleRecord, ...] = Field(default=(), description="the profile's rules, measured on it")
    upcoming: tuple[UpcomingRuleRecord, ...] = Field(default=(), description="rules that hold later, measured too")
    status: Status = Field(description="ok, review where a rule that must hold does not or it is enlarged, or failed")
    enlarged: bool = Field(default=False, description="beyond what the photo holds, to reach the least size")
    upscale: Number = Field(default=None, description="pixels of the picture a pixel of the photo; above 1: enlarged")
    error: ErrorRecord | None = Field(default=None, description="why there is no picture")
    advice: tuple[str, ...] = Field(default=(), description="what could not be made as asked, in words")


class PathRecord(Part):
    """A category on the way from the top of the tree."""

    id: str
    name: str = Field(default="", description="to show a person")
    score: Number = Field(default=None, description="calibrated probability, 0..1")


class ChoiceRecord(Part):
    """One of the likeliest labels."""

    label: str
    score: Number = Field(default=None, description="calibrated probability, 0..1")
    name: str


class CategoryRecord(Part):
    """What kind of product it is."""

    path: tuple[PathRecord, ...] = Field(default=(), description="from the top down; empty: nothing was recognised")
    score: Number = Field(default=None, description="of the end of the path, 0..1")
    sure: bool = Field(default=False, description="whether the path goes down to a leaf")
    uncertainty: Number = Field(default=None, description="0 (sure) .. 1 (hopeless)")
    top: tuple[ChoiceRecord, ...] = Field(default=(), description="the likeliest leaves, sure or not")
    seen: ChoiceRecord | None = Field(
        default=None,
        description="what is sure in the network's own words, where the category was mapped onto your tree",
    )


class AttributeRecord(Part):
    """The one value of an attribute."""

    value: str
    score: Number = Field(default=None, description="calibrated probability, 0..1")
    sure: bool = True


class TagRecord(Part):
    """One of several tags."""

    value: str
    score: Number = Field(default=None, description="calibrated probability, 0..1")


class ProductRecord(Part):
    """One thing in the photo."""

    label: str
    score: Number = Field(default=None, description="calibrated probability, 0..1")
    box: BoxCorners = Field(description="in pixels of the upright photo as it came")
    name: str
    heatmap: str | None = Field(default=None, description="picture of where it was seen, below the output folder")


class ThingRecord(Part):
    """One product of a scene, told on its own crop."""

    path: tuple[PathRecord, ...] = Field(description="from the top of the category tree down, as deep as is sure")
    score: Number = Field(default=None, description="calibrated probability of the last of them, 0..1")
    box: BoxCorners = Field(description="in pixels of the upright photo as it came")


class EmbeddingRecord(Part):
    """The photo as a vector."""

    file: str = Field(description="float32 (d,) of length 1, for numpy.load; below the output folder")
    model: str = Field(description="name and hash of the network; vectors are comparable within it")


class DecisionRecord(Part):
    """What a person decided of the photo; `packshot review` keeps them all in ``review/journal.jsonl``."""

    number: int
    kind: str = Field(description="approve, category, mask, subject, frame, attribute or reject")
    by: str
    at: Moment
    words: str = Field(default="", description="what was decided, by whom and when, in words")


class CorrectedRecord(Part):
    """What persons' decisions changed about the pictures."""

    key: str = Field(description="of the corrections that the pictures were made with")
    mask: str | None = Field(
        default=None, description="SHA-256 of the corrected mask of the whole upright photo; null where none was"
    )
    found: str | None = Field(
        default=None, description="the mask as it was found, 8-bit grey PNG, below the output folder; null without one"
    )
    found_with: str | None = Field(
        default=None, description="key of the frame and the subject it was found with; null where nobody chose them"
    )
