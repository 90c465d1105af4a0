"""A downloaded photo becomes a file: checked as a picture, named by its product and its content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from packshot.batch.naming import clean_part
from packshot.limits import Limits
from packshot.photo import decode
from packshot.storage.atomic import write_atomic

__all__ = ["FOLDER", "keep_photo"]

FOLDER = "photos"

_SUFFIX = {"AVIF": "avif", "BMP": "bmp", "GIF": "gif", "HEIF": "heic", "JPEG": "jpg", "PNG": "png", "TIFF": "tif"}
_SUFFIX |= {"WEBP": "webp"}


def keep_photo(data: bytes, *, url: str, group: str, out: Path, limits: Limits, kept: Mapping[str, str]) -> str:
    """Write a photo as it was served, unless the same bytes lie there already.

    The name is the product's folder and the first 64 bits of the content's SHA-256, so that another photo never takes
    its place, and the suffix is that of the content, whatever the address says.

    Args:
        data: the body.
        url: where it came from, for messages.
        group: `Product.group`.
        out: the output folder.
        limits: what is opened at all; mislabelled content is.
        kept: the first 64 bits of the SHA-256 of each photo that lies there, to its path.

    Returns:
        The path below `out`, with ``/``.

    Raises:
        PhotoError: it is no picture within the limits.
        OutputError: it could not be written.
    """
    digest = hashlib.sha256(data).hexdigest()[:16]
    if digest in kept:
        return kept[digest]
    photo = decode(data, name=url, limits=limits.model_copy(update={"refuse_mislabelled": False}))
    folder = clean_part(re.sub(r"^https?://|/+$", "", group).replace("/", "_"))
    path = f"{FOLDER}/{folder}/{digest}.{_SUFFIX[photo.format]}"
    write_atomic(out / path, data)
    return path
