"""The jobs of packshot's own addresses: each is what one command does with one photo."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from packshot.batch.record import record_of
from packshot.cutout import picture_of
from packshot.errors import UsageError
from packshot.frame import frame_row, unframe
from packshot.marketplace import check_on, load_profile
from packshot.photo import encode, given_mask
from packshot.records.described import attributes_record, category_record, products_record
from packshot.result import Result
from packshot.service.job import Answer
from packshot.service.tools import Tools
from packshot.settings import Matte, Several, Subject
from packshot.specs import FileFormat
from packshot.values import CATEGORY, Description, Mask, ProfileResult, Rgb

__all__ = ["CheckJob", "ClassifyJob", "CutoutJob", "FrameJob", "ProcessJob", "result_row"]


@dataclass(frozen=True, slots=True)
class CutoutJob:
    """``packshot cutout``: the product, or its mask, of the photo's size.

    Attributes:
        photo: the file.
        model: the network.
        mask: whether the 8-bit mask is wanted.
        subject: what is cut out.
        several: of several products, all or the largest.
        matte: how soft edges are found.
        format: PNG or WEBP.
    """

    photo: bytes
    model: str
    mask: bool = False
    subject: Subject = Subject.AUTO
    several: Several = Several.ALL
    matte: Matte = Matte.FAST
    format: str = "PNG"

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        photo = tools.decode(self.photo)
        found = tools.segment(photo, model=self.model, subject=self.subject, several=self.several, matte=self.matte)
        with tools.at("compose"):
            pixels = picture_of(photo, found, grey=self.mask)
            if self.mask and self.format != "PNG":
                pixels = np.repeat(pixels[..., None], 3, axis=2)
        with tools.at("encode"):
            encoded = encode(pixels, format=self.format)
        return Answer(encoded.data, FileFormat(encoded.format).media_type, _mask_headers(found))


@dataclass(frozen=True, slots=True)
class ProcessJob:
    """``packshot run``: all stages, a picture for each profile.

    Attributes:
        photo: the file.
        profiles: names.
        pictures: whether JSON holds the pictures too, as base64.
        classifier: ONNX file of the service's own classifier, whose answer JSON holds too.
    """

    photo: bytes
    profiles: tuple[str, ...]
    pictures: bool = False
    classifier: Path | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        result = tools.pipeline(self.profiles).run(self.photo, name="the photo").raise_for_status()
        tools.spent(result.timings_ms)
        assert result.mask is not None  # noqa: S101 - a result without an error has one
        first = result.packshots[self.profiles[0]]
        packshot = first.packshot
        headers = _mask_headers(result.mask) | {"X-Status": str(result.status), "X-Review": ", ".join(result.review)}
        data = result_row(result, pictures=self.pictures)
        if self.classifier is not None and result.picture is not None:
            said = _own_answer(tools, self.classifier, result.picture.rgb)
            data |= {"answer": said} | ({"category": said["category"]} if said["head"] == CATEGORY else {})
        if packshot is None:
            return Answer(headers=headers, data=data)
        return Answer(packshot.data, FileFormat(packshot.format).media_type, headers, data)


@dataclass(frozen=True, slots=True)
class FrameJob:
    """``packshot frame``: whether there is a frame, and the picture without it where that is sure.

    Attributes:
        photo: the file.
        crop: whether the picture is wanted.
    """

    photo: bytes
    crop: bool = False

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        photo = tools.decode(self.photo)
        with tools.at("frame"):
            inside = unframe(photo, tools.find_frame)
        frame, row = inside.frame, inside.row()
        if not self.crop:
            return Answer(data=row)
        with tools.at("encode"):
            content = encode(inside.picture.rgb, format="PNG").data
        headers = {"X-Framed": str(frame.framed).lower(), "X-Frame-Score": f"{frame.score:.4f}"}
        return Answer(content, "image/png", headers, row)


@dataclass(frozen=True, slots=True)
class CheckJob:
    """``packshot check``: a finished picture by the rules of a profile.

    Attributes:
        picture: the file.
        profile: name.
        on: the day whose rules hold.
    """

    picture: bytes
    profile: str
    on: date

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        photo = tools.decode(self.picture, "the picture")
        with tools.at("check"):
            profile = load_profile(self.profile)
            found = check_on(
                self.on,
                self.picture,
                profile,
                photo=photo,
                find_frame=tools.find_frame,
                find_overlays=tools.overlay.find,
            )
        return Answer(data=found.row())


@dataclass(frozen=True, slots=True)
class ClassifyJob:
    """``packshot classify``: what is in a photo, where, and how sure that is.

    Attributes:
        photo: the file.
        head: the question; None is that of the service's own classifier, or else the category.
        classifier: ONNX file of the service's own classifier, which answers its own question.
    """

    photo: bytes
    head: str | None = None
    classifier: Path | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        photo = tools.decode(self.photo)
        own = None if self.classifier is None else tools.classifier(self.classifier)
        asked = own is not None and (self.head is None or self.head == own.heads[0].name)
        describe = own if asked else tools.describe
        if describe is None:
            raise UsageError("this service describes nothing", remedy="start it with a describing network")
        head = describe.head_named(self.head or None)
        with tools.at("classify" if asked else "describe"):
            description = describe(photo.rgb, given_mask(photo))
        row = _description_row(description, head)
        return Answer(headers={"X-Uncertainty": f"{row['uncertainty']:.4f}"}, data=row)


def _own_answer(tools: Tools, model: Path, rgb: Rgb) -> dict[str, object]:
    """What the service's own classifier says of a picture: its question, and the answer as that of a category."""
    own = tools.classifier(model)
    with tools.at("classify"):
        description = own(rgb)
    head = own.heads[0].name
    said = description.answer(head)
    assert said is not None  # noqa: S101 - a classifier answers its own question
    return {"head": head, "category": category_record(said).model_dump(mode="json"), "model": description.model}


def _mask_headers(mask: Mask) -> dict[str, str]:
    headers = {"X-Uncertainty": f"{mask.uncertainty:.4f}", "X-Doubts": ", ".join(map(str, mask.doubts))}
    if mask.ready is not None:
        headers["X-Ready"] = f"{mask.ready:.4f}"
    return headers


def _description_row(description: Description, head: str) -> dict[str, object]:
    said = description.answer(head)
    assert said is not None  # noqa: S101 - the head was looked up before
    return {
        "head": head,
        **category_record(said).model_dump(mode="json"),
        **_seen(description, (0, 0)),
        "known": description.known,
        "familiar": description.familiar,
        "model": description.model,
    }


def _seen(description: Description, offset: tuple[int, int]) -> dict[str, object]:
    products = products_record(description.products, offset=offset, heatmaps={})
    attributes = attributes_record(description.attributes)
    return {
        "products": [each.model_dump(mode="json") for each in products],
        "attributes": {
            name: [tag.model_dump(mode="json") for tag in each]
            if isinstance(each, tuple)
            else each.model_dump(mode="json")
            for name, each in attributes.items()
        },
    }


#: Of the manifest's line, what a service says of a photo as well: it names no files.
_SAID = {
    "sha256", "status", "review", "uncertainty", "ready", "doubts", "overlays", "findings", "category", "products",
    "attributes",
}  # fmt: skip


def result_row(result: Result, *, pictures: bool) -> dict[str, object]:
    """What the manifest says of a photo, as far as it names no files; its scene where settings ask for that."""
    said = _SAID | ({"scene"} if result.scene is not None else set())
    return {
        **record_of("the photo", result, files={}).model_dump(mode="json", include=said),
        "frame": None if result.frame is None else {**frame_row(result.frame), "removable": result.frame_removed},
        "packshots": {name: _packshot_row(each, pictures=pictures) for name, each in result.packshots.items()},
        "timings_ms": dict(result.timings_ms),
    }


def _packshot_row(made: ProfileResult, *, pictures: bool) -> Mapping[str, Any]:
    packshot = made.packshot
    row: dict[str, object] = {
        "status": str(made.status),
        "rules": [rule.row() for rule in made.rules],
        "upcoming": [rule.row() for rule in made.upcoming],
        "error": None if made.error is None else made.error.to_dict(),
        "advice": [] if packshot is None else list(packshot.advice),
    }
    if packshot is not None:
        row |= {
            "width": packshot.width,
            "height": packshot.height,
            "media_type": FileFormat(packshot.format).media_type,
        }
        if pictures:
            row["picture_b64"] = base64.b64encode(packshot.data).decode("ascii")
    return row
