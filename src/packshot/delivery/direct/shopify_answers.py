"""The shapes of the answers to `shopify_calls`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from packshot.storage.encodable import printable

__all__ = [
    "Answer",
    "FileNode",
    "FilesConnection",
    "FilesPayload",
    "JobNode",
    "JobPayload",
    "MediaNode",
    "ProductNode",
    "StagePayload",
    "UserError",
    "VariantPayload",
    "VariantShown",
    "Variants",
]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


#: Words that a shop answers: they are shown to a person, and drive no terminal.
_Words = Annotated[str, AfterValidator(printable)]


class UserError(_Row):
    """What the shop does not take."""

    message: _Words
    code: str | None = None


class ThrottleStatus(_Row):
    """How much of the allowance is left, in points."""

    currently_available: float
    restore_rate: float = Field(gt=0)


class Cost(_Row):
    """What a call costs, in points."""

    requested_query_cost: float = 0
    throttle_status: ThrottleStatus


class ErrorExtensions(_Row):
    """Of which kind an error is."""

    code: str | None = None


class CallError(_Row):
    """Why a call was not made."""

    message: _Words
    extensions: ErrorExtensions = ErrorExtensions()


class AnswerExtensions(_Row):
    """What is said beside an answer."""

    cost: Cost | None = None


class Answer(_Row):
    """An answer of any call."""

    data: dict[str, JsonValue] | None = None
    errors: list[CallError] = []
    extensions: AnswerExtensions = AnswerExtensions()


class ProductId(_Row):
    """A product by its id, and whether it comes in one variant alone."""

    id: str
    has_only_default_variant: bool


class VariantNode(_Row):
    """A variant of a product."""

    id: str
    sku: str | None
    product: ProductId


class PageInfo(_Row):
    """Whether there is more."""

    has_next_page: bool
    end_cursor: str | None = None


class Variants(_Row):
    """`VARIANTS`."""

    nodes: list[VariantNode]
    page_info: PageInfo


class MediaNode(_Row):
    """What a product shows; also of `PICTURES`."""

    id: str
    alt: str | None = None


class MediaConnection(_Row):
    """All that a product shows, in order."""

    nodes: list[MediaNode]


class ProductNode(_Row):
    """`SHOWN`."""

    id: str
    media: MediaConnection


class VariantShown(_Row):
    """Of `SHOWN_BY_VARIANTS`; empty where there is no such variant."""

    id: str | None = None
    media: MediaConnection = MediaConnection(nodes=[])


class VariantPayload(_Row):
    """`APPEND_TO_VARIANTS`, `DETACH_FROM_VARIANTS`."""

    user_errors: list[UserError] = []


class ImageNode(_Row):
    """Where a picture is published."""

    url: str


class FileNode(_Row):
    """A file; `image` comes once it is ready."""

    id: str
    file_status: str = ""
    alt: str | None = None
    image: ImageNode | None = None
    file_errors: list[UserError] = []


class FilesConnection(_Row):
    """`FILES_NAMED`."""

    nodes: list[FileNode]


class FilesPayload(_Row):
    """`CREATE_FILE`, `UPDATE_FILES`, `DELETE_FILES`."""

    files: list[FileNode] | None = None
    user_errors: list[UserError] = []


class Parameter(_Row):
    """A field that is sent with a file."""

    name: str
    value: str


class StagedTarget(_Row):
    """Where a file may be uploaded."""

    url: str
    resource_url: str
    parameters: list[Parameter]


class StagePayload(_Row):
    """`STAGE`."""

    staged_targets: list[StagedTarget] | None = None
    user_errors: list[UserError] = []


class JobNode(_Row):
    """Something that goes on at the shop."""

    id: str
    done: bool


class JobPayload(_Row):
    """`REORDER`."""

    job: JobNode | None = None
    media_user_errors: list[UserError] = []
