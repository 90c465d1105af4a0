"""Shopify's GraphQL calls, and the shapes of their answers.

Source: GraphQL Admin API, version 2026-07, as its schema describes itself (introspection of 2026-07-13); the tests
validate each call against it. Versions are supported for a year: https://shopify.dev/docs/api/usage/versioning.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

__all__ = [
    "API_VERSION",
    "CALLS",
    "CREATE_FILE",
    "DELETE_FILES",
    "FILES_NAMED",
    "FILE_BY_ID",
    "JOB",
    "REORDER",
    "SHOWN",
    "STAGE",
    "UPDATE_FILES",
    "VARIANTS",
    "Answer",
    "FileNode",
    "FilesConnection",
    "FilesPayload",
    "JobPayload",
    "ProductNode",
    "StagePayload",
    "StagedTarget",
    "Variants",
]

#: The version of the interface that is spoken to.
API_VERSION = "2026-07"

VARIANTS = """
query Variants($query: String!, $after: String) {
  productVariants(first: 100, query: $query, after: $after) {
    nodes { sku product { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

SHOWN = """
query Shown($id: ID!) {
  product(id: $id) { id media(first: 250) { nodes { id alt } } }
}
"""

STAGE = """
mutation Stage($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}
"""

_FILE = "id fileStatus ... on MediaImage { alt image { url } fileErrors { code message } }"

CREATE_FILE = f"""
mutation CreateFile($files: [FileCreateInput!]!) {{
  fileCreate(files: $files) {{ files {{ {_FILE} }} userErrors {{ code field message }} }}
}}
"""

FILE_BY_ID = f"""
query FileById($id: ID!) {{
  node(id: $id) {{ id ... on MediaImage {{ {_FILE} }} }}
}}
"""

FILES_NAMED = f"""
query FilesNamed($query: String!) {{
  files(first: 10, query: $query) {{ nodes {{ {_FILE} }} }}
}}
"""

UPDATE_FILES = """
mutation UpdateFiles($files: [FileUpdateInput!]!) {
  fileUpdate(files: $files) { files { id } userErrors { code field message } }
}
"""

DELETE_FILES = """
mutation DeleteFiles($ids: [ID!]!) {
  fileDelete(fileIds: $ids) { deletedFileIds userErrors { code field message } }
}
"""

REORDER = """
mutation Reorder($id: ID!, $moves: [MoveInput!]!) {
  productReorderMedia(id: $id, moves: $moves) { job { id done } mediaUserErrors { code field message } }
}
"""

JOB = """
query JobById($id: ID!) {
  job(id: $id) { id done }
}
"""

#: All of them.
CALLS = (VARIANTS, SHOWN, STAGE, CREATE_FILE, FILE_BY_ID, FILES_NAMED, UPDATE_FILES, DELETE_FILES, REORDER, JOB)


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class UserError(_Row):
    """What the shop does not take."""

    message: str
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

    message: str
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
    """A product by its id."""

    id: str


class VariantNode(_Row):
    """A variant of a product."""

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
    """What a product shows."""

    id: str
    alt: str | None = None


class MediaConnection(_Row):
    """All that a product shows, in order."""

    nodes: list[MediaNode]


class ProductNode(_Row):
    """`SHOWN`."""

    id: str
    media: MediaConnection


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
