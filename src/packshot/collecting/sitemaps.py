"""The lists of pages that a shop publishes for robots.

Source: www.sitemaps.org/protocol.html (0.90): XML or plain text, also compressed, at most 50,000 addresses and
50 MB each; an index names further sitemaps.
"""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass

from packshot.errors import LimitExceeded

__all__ = ["MAX_SITEMAP_BYTES", "Sitemap", "read_sitemap"]

MAX_SITEMAP_BYTES = 50_000_000
_MAX_ADDRESSES = 50_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names.

    Attributes:
        pages: addresses of pages.
        sitemaps: addresses of further sitemaps.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(data: bytes) -> Sitemap | None:
    """Read a sitemap or an index, compressed or not.

    Args:
        data: the body as it was served.

    Returns:
        None where it is something else, such as a web page.

    Raises:
        LimitExceeded: it unpacks to more than 50 MB.
    """
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"http://", b"https://")):
        return Sitemap(pages=_text(data))
    head = start[:2000].lower()
    if not start.startswith(b"<") or (b"urlset" not in head and b"sitemapindex" not in head):
        return None
    return _xml(start)


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            content = file.read(MAX_SITEMAP_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return b""
    if len(content) > MAX_SITEMAP_BYTES:
        raise LimitExceeded("the sitemap unpacks to more than 50 MB", remedy="name a smaller sitemap, or pages")
    return content


def _text(data: bytes) -> tuple[str, ...]:
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line.startswith(("http://", "https://")))[:_MAX_ADDRESSES]


def _xml(data: bytes) -> Sitemap:
    from lxml import etree  # noqa: PLC0415 - comes with the extra

    pages, sitemaps = [], []
    # No entities, no document types, nothing fetched: a sitemap comes from a stranger.
    events = etree.iterparse(
        io.BytesIO(data), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, element in events:
            parent = element.getparent()
            if _name(element) == "loc" and parent is not None and element.text:
                if _name(parent) == "url":
                    pages.append(element.text.strip())
                elif _name(parent) == "sitemap":
                    sitemaps.append(element.text.strip())
            elif _name(element) in {"url", "sitemap"}:
                element.clear()
            if len(pages) + len(sitemaps) >= _MAX_ADDRESSES:
                break
    except etree.XMLSyntaxError:
        pass  # what was read before counts
    return Sitemap(tuple(pages), tuple(sitemaps))


def _name(element: object) -> str:
    tag = getattr(element, "tag", "")
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
