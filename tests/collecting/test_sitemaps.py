"""Sitemaps as sitemaps.org defines them, and as strangers break them."""

from __future__ import annotations

import gzip

import pytest

from packshot.collecting.sitemaps import MAX_SITEMAP_BYTES, Sitemap, read_sitemap
from packshot.errors import LimitExceeded

pytest.importorskip("scrapy", reason="lxml comes with the extra `collect`")

NAMESPACE = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLS = (
    b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset %s xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://s.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://s.example/i.jpg</image:loc></image:image></url>
  <url><loc><![CDATA[https://s.example/b]]></loc><lastmod>2026-01-01</lastmod></url>
</urlset>"""
    % NAMESPACE
)
PAGES = ("https://s.example/a?x=1&y=2", "https://s.example/b")


def test_pages_but_not_their_pictures() -> None:
    assert read_sitemap(URLS) == Sitemap(pages=PAGES)
    assert read_sitemap(gzip.compress(URLS)) == Sitemap(pages=PAGES)
    assert read_sitemap(b"\xef\xbb\xbf\n" + URLS.replace(NAMESPACE, b"")) == Sitemap(pages=PAGES)


def test_an_index() -> None:
    index = b"<sitemapindex %s><sitemap><loc>https://s.example/1.xml.gz</loc></sitemap></sitemapindex>" % NAMESPACE
    assert read_sitemap(index) == Sitemap(sitemaps=("https://s.example/1.xml.gz",))


def test_plain_text() -> None:
    assert read_sitemap(b"https://s.example/a\r\nhttps://s.example/b\nnonsense\n") == Sitemap(
        pages=("https://s.example/a", "https://s.example/b")
    )


@pytest.mark.parametrize("body", [b"", b"<html><body>urls</body></html>", b"\x1f\x8bbroken", b"{}", b"\xff\xd8\xff"])
def test_anything_else_is_none(body: bytes) -> None:
    assert read_sitemap(body) is None


def test_what_stands_before_a_break_counts() -> None:
    found = read_sitemap(URLS[: URLS.index(b"<lastmod")])
    assert found is not None
    assert found.pages[0] == PAGES[0]


def test_entities_are_neither_expanded_nor_fetched() -> None:
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">'
        b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b"<urlset><url><loc>&e;</loc></url><url><loc>https://s.example/&b;</loc></url></urlset>"
    )
    found = read_sitemap(hostile)
    assert found is not None
    assert not any("root" in page or "aaa" in page for page in found.pages)


def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (MAX_SITEMAP_BYTES + 1))
    assert len(bomb) < 100_000
    with pytest.raises(LimitExceeded, match="50 MB"):
        read_sitemap(bomb)
