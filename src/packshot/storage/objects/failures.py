"""What a person is told when a store says no."""

from __future__ import annotations

import re

from packshot.errors import (
    AccessDenied,
    BucketNotFound,
    ObjectChanged,
    ObjectExists,
    ObjectNotFound,
    PackshotError,
    StorageUnavailable,
    UsageError,
)
from packshot.storage.objects.uri import ObjectUri

__all__ = ["storage_error"]

_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist")
_METADATA = ("169.254.169.254", "metadata.google.internal")
_DENIED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403 Forbidden", "401 Unauthorized")
_VARIABLES = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


def storage_error(kind: str, said: str, *, uri: ObjectUri, path: str) -> PackshotError:
    """The error of a request.

    Args:
        kind: ``exists``, ``changed``, ``missing``, ``denied``, ``unsupported``, ``path``, ``settings`` or ``failed``.
        said: by the store or the library.
        uri: of the folder.
        path: of the object below it; empty where the folder was asked.
    """
    where, short = uri.child(path), _short(said)
    bucket = f"{uri.scheme}://{uri.bucket}"
    if any(each in said for each in _METADATA):
        return AccessDenied(f"{bucket}: no credentials were found", remedy=f"set {_VARIABLES[uri.scheme]}")
    if any(each in said for each in _NO_BUCKET):
        return BucketNotFound(f"{bucket} is not there", remedy="make the bucket, or check its name and the endpoint")
    if kind == "denied" or any(each in said for each in _DENIED):
        return AccessDenied(
            f"{where}: the store refused ({short})",
            remedy=f"check {_VARIABLES[uri.scheme]}, and that they allow listing, reading and writing there",
        )
    error, message, remedy = _OF_KIND[kind]
    told = {"where": where, "bucket": bucket, "short": short, "variables": _VARIABLES[uri.scheme]}
    return error(message.format(**told), remedy=remedy.format(**told))


_OF_KIND: dict[str, tuple[type[PackshotError], str, str]] = {
    "exists": (ObjectExists, "{where} is there already", "take another name"),
    "changed": (ObjectChanged, "{where} was changed by another process", "read it anew"),
    "missing": (ObjectNotFound, "{where} is not there", "check its name"),
    "path": (
        UsageError,
        "{where}: a key below it cannot be used ({short})",
        "rename that object (no empty part, no . or .., no control characters), or name folders beside it",
    ),
    "unsupported": (
        UsageError,
        "{where}: the store does not know a conditional write ({short})",
        "use a store that does (Amazon S3, Google Cloud Storage, Azure, MinIO), or file://",
    ),
    "settings": (UsageError, "{bucket}: {short}", "check {variables}, and the endpoint in the environment"),
    "failed": (
        StorageUnavailable,
        "{where}: the store does not answer as it should ({short})",
        "check the endpoint and the connection, then repeat the command: what is finished is kept",
    ),
}


def _short(said: str) -> str:
    """The store's own words, without the library's account of itself."""
    code = re.search(r"<Code>([^<]*)</Code>\s*(?:<Message>([^<]*)</Message>)?", said)
    if code:
        # Azure's messages go on with the number and the time of the request, a line each.
        return ": ".join(each.splitlines()[0].strip() for each in code.groups() if each)
    first = said.split("\n", 1)[0].strip().rstrip(":")
    return first if len(first) <= 200 else f"{first[:200]}…"
