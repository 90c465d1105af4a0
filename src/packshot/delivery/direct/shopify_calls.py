"""Shopify's GraphQL calls; the shapes of their answers stand in `shopify_answers`.

Source: GraphQL Admin API, version 2026-07, as its schema describes itself (introspection of 2026-07-13); the tests
validate each call against it. Versions are supported for a year: https://shopify.dev/docs/api/usage/versioning.
"""

from __future__ import annotations

__all__ = [
    "API_VERSION",
    "APPEND_TO_VARIANTS",
    "CALLS",
    "CREATE_FILE",
    "DELETE_FILES",
    "DETACH_FROM_VARIANTS",
    "FILES_NAMED",
    "FILE_BY_ID",
    "JOB",
    "PICTURES",
    "REORDER",
    "SHOWN",
    "SHOWN_BY_VARIANTS",
    "STAGE",
    "UPDATE_FILES",
    "VARIANTS",
]

#: The version of the interface that is spoken to.
API_VERSION = "2026-07"

VARIANTS = """
query Variants($query: String!, $after: String) {
  productVariants(first: 100, query: $query, after: $after) {
    nodes { id sku product { id hasOnlyDefaultVariant } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

SHOWN = """
query Shown($id: ID!) {
  product(id: $id) { id media(first: 250) { nodes { id alt } } }
}
"""

PICTURES = """
query Pictures($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Media { alt } }
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

SHOWN_BY_VARIANTS = """
query ShownByVariants($ids: [ID!]!) {
  nodes(ids: $ids) { ... on ProductVariant { id media(first: 10) { nodes { id } } } }
}
"""

APPEND_TO_VARIANTS = """
mutation AppendToVariants($product: ID!, $media: [ProductVariantAppendMediaInput!]!) {
  productVariantAppendMedia(productId: $product, variantMedia: $media) { userErrors { code field message } }
}
"""

DETACH_FROM_VARIANTS = """
mutation DetachFromVariants($product: ID!, $media: [ProductVariantDetachMediaInput!]!) {
  productVariantDetachMedia(productId: $product, variantMedia: $media) { userErrors { code field message } }
}
"""

#: All of them.
CALLS = (
    VARIANTS,
    SHOWN,
    PICTURES,
    STAGE,
    CREATE_FILE,
    FILE_BY_ID,
    FILES_NAMED,
    UPDATE_FILES,
    DELETE_FILES,
    REORDER,
    JOB,
    SHOWN_BY_VARIANTS,
    APPEND_TO_VARIANTS,
    DETACH_FROM_VARIANTS,
)
