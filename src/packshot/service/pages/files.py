"""Files that pages load: style sheets and scripts of ``web/assets``, from a list made once, compressed once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache

from packshot.web.rendering import asset, assets

__all__ = ["PageFile", "file_url", "page_files"]

_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_SHARED = ("tokens.css", "base.css")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that pages load.

    Attributes:
        content: as it is.
        compressed: the same by gzip.
        media_type: with its charset.
    """

    content: bytes
    compressed: bytes
    media_type: str


@cache
def page_files() -> dict[str, PageFile]:
    """Name to file; a request can name nothing else."""
    own = (f"service/{name}" for name in assets("service") if name.endswith(tuple(_MEDIA)))
    return {name: _read(name) for name in (*_SHARED, *own)}


def file_url(name: str) -> str:
    """The address of a file. It changes with any of them, so browsers may keep what they have.

    Raises:
        KeyError: it is not in the list.
    """
    if name not in page_files():
        raise KeyError(name)
    return f"/assets/{_version()}/{name}"


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for name, file in page_files().items():
        digest.update(name.encode() + b"\0" + file.content)
    return digest.hexdigest()[:12]


def _read(name: str) -> PageFile:
    content = asset(name)
    suffix = name[name.rindex(".") :]
    return PageFile(content, gzip.compress(content, 9, mtime=0), _MEDIA[suffix])
