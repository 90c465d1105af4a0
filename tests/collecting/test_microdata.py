"""What a page's microdata says, after the standard's own rules and as shops write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

html = pytest.importorskip("lxml.html", reason="the extra `collect` is not installed")

from packshot.collecting.microdata import microdata  # noqa: E402
from packshot.collecting.products import Product, products_on  # noqa: E402

PAGE = "https://shop.example/p/shoe"


def read(text: str) -> list:
    return microdata(html.document_fromstring(text))


def test_the_standards_own_example() -> None:
    """html.spec.whatwg.org, 5.2.1.2: two items whose properties lie elsewhere, named by itemref."""
    page = """<div itemscope id="amanda" itemref="a b"></div>
        <p id="a">Name: <span itemprop="name">Amanda</span></p>
        <div id="b" itemprop="band" itemscope itemref="c"></div>
        <div id="c"><p>Band: <span itemprop="name">Jazz Band</span></p>
        <p>Size: <span itemprop="size">12</span></p></div>"""
    assert read(page) == [{"name": "Amanda", "band": {"name": "Jazz Band", "size": "12"}}]


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("<span itemprop='x'> a <b>b</b>\n c </span>", "a b c"),
        ("<meta itemprop='x' content='c'>", "c"),
        ("<img itemprop='x' src='/i.jpg'>", "/i.jpg"),
        ("<img itemprop='x' data-src='/i.jpg'>", "/i.jpg"),
        ("<a itemprop='x' href='/p'>text</a>", "/p"),
        ("<time itemprop='x' datetime='2026-11-28'>yesterday</time>", "2026-11-28"),
        ("<time itemprop='x'>yesterday</time>", "yesterday"),
        ("<data itemprop='x' value='7'>seven</data>", "7"),
        ("<span itemprop='x' content='7'>seven</span>", "7"),
        ("<b itemprop='x'>1</b><b itemprop='x'>2</b>", ["1", "2"]),
        ("<div><div><i itemprop='x y'>1</i></div></div>", "1"),
    ],
)
def test_values(element: str, value: object) -> None:
    (item,) = read(f"<div itemscope>{element}</div>")
    assert item["x"] == value


def test_a_product_with_breadcrumbs_and_an_offer() -> None:
    page = """<ol itemscope itemtype="https://schema.org/BreadcrumbList">
        <li itemprop="itemListElement" itemscope><a itemprop="item" href="/"><span itemprop="name">Shop</span></a></li>
        <li itemprop="itemListElement" itemscope><a itemprop="item" href="/shoes"><b itemprop="name">Shoes</b></a></li>
        </ol>
        <div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Red shoe</h1>
        <div itemprop="brand" itemscope itemtype="http://schema.org/Brand"><b itemprop="name">Runner</b></div>
        <img itemprop="image" src="/i/1.jpg"><img itemprop="image" src="/i/2.jpg">
        <meta itemprop="sku" content="S1">
        <p itemprop="offers" itemscope itemtype="http://schema.org/Offer"><b itemprop="price">9</b></p></div>"""
    products, listed = products_on(PAGE, [], items=read(page))
    images = ("https://shop.example/i/1.jpg", "https://shop.example/i/2.jpg")
    assert (products, listed) == ([Product(PAGE, "S1", "Red shoe", "Runner", "S1", "", "Shoes", images)], [])


def test_an_item_within_itself_has_an_end() -> None:
    (item,) = read("<div itemscope id='a' itemref='b'></div><div id='b' itemprop='x' itemscope itemref='b'>1</div>")
    assert item == {"x": {}}
    deep = "<div itemscope itemprop='x'>" * 400
    assert len(read(f"<div itemscope>{deep}")) == 1
    assert len(read("<div itemscope></div>" * 3000)) == 2000


pieces = st.sampled_from(
    [
        *("<div itemscope>", "<div itemscope itemprop='a'>", "</div>", "<p itemprop='a b'>", "</p>", "x"),
        *("<div id='r' itemprop='c' itemscope itemref='r s'>", "<div itemscope itemref='r'>", "<b id='s' itemprop>"),
        "<img itemprop=a>",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=30))
def test_no_page_breaks_it(parts: list[str]) -> None:
    items = read("<html><body>" + "".join(parts))
    assert len(items) <= sum("itemscope" in part for part in parts)
    assert products_on(PAGE, [], items=items) == ([], []), "nothing on the page says that it is a product"
