"""What a page's JSON-LD says, in the shapes shops write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.collecting.products import Product, products_on

PAGE = "https://shop.example/p/shoe"
SHOE: dict[str, Any] = {"@context": "https://schema.org", "@type": "Product", "name": "Shoe", "sku": "S1"}


def read(*blocks: Any) -> list[Product]:
    return products_on(PAGE, [block if isinstance(block, str) else json.dumps(block) for block in blocks])[0]


def only(*blocks: Any) -> Product:
    (product,) = read(*blocks)
    return product


def test_a_plain_product() -> None:
    stated = SHOE | {"brand": {"@type": "Brand", "name": "Runner"}, "gtin13": 4006381333931, "image": "/i/1.jpg"}
    assert only(stated) == Product(
        PAGE, "S1", "Shoe", "Runner", "S1", "4006381333931", "", ("https://shop.example/i/1.jpg",)
    )


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("i.jpg", ["https://shop.example/p/i.jpg"]),
        ("//cdn.example/i.jpg", ["https://cdn.example/i.jpg"]),
        (["/a.jpg", "/b.jpg", "/a.jpg"], ["https://shop.example/a.jpg", "https://shop.example/b.jpg"]),
        ({"@type": "ImageObject", "url": "/a.jpg"}, ["https://shop.example/a.jpg"]),
        ({"@type": "ImageObject", "contentUrl": "/big.jpg", "url": "/page"}, ["https://shop.example/big.jpg"]),
        ([{"url": ["/a.jpg", "/b.jpg"]}, "/c.jpg"], [f"https://shop.example/{x}.jpg" for x in "abc"]),
        ({"@list": ["/a.jpg"]}, ["https://shop.example/a.jpg"]),
        ({"@id": "#main"}, ["https://shop.example/main.jpg"]),
        ([None, 7, "", " ", True, {}], []),
        ("http://[broken/i.jpg", ["http://[broken/i.jpg"]),
        ("data:image/png;base64," + "A" * 10_000, ["data:image/png;base64," + "A" * 78]),
    ],
)
def test_images(image: Any, expected: list[str]) -> None:
    main = {"@type": "ImageObject", "@id": "#main", "url": "/main.jpg"}
    assert list(only(SHOE | {"image": image}, main).images) == expected


@pytest.mark.parametrize("kind", ["Product", "http://schema.org/Product", "schema:Product", ["Thing", "Product"]])
def test_types(kind: Any) -> None:
    assert only(SHOE | {"@type": kind}).name == "Shoe"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda shoe: [shoe],
        lambda shoe: {"@graph": [{"@type": "WebSite", "name": "Shop"}, shoe]},
        lambda shoe: {"@type": "WebPage", "mainEntity": shoe},
        lambda shoe: [{"@type": "WebPage", "mainEntity": {"@id": "#shoe"}}, shoe | {"@id": "#shoe"}],
    ],
)
def test_where_a_product_stands(wrap: Any) -> None:
    assert only(wrap(SHOE)).name == "Shoe"


def test_what_wraps_the_json_is_taken_off() -> None:
    text = json.dumps(SHOE)
    for block in (f"<!-- {text} -->", f"//<![CDATA[\n{text}\n//]]>", f"{text};", f"  {text}\n"):
        assert only(block).name == "Shoe"
    assert only('{"@type": "Product", "name": "line\nbreak", "sku": 1}').name == "line break"


def test_a_broken_block_does_not_hide_the_next() -> None:
    assert only("{not json", "[" * 100_000, SHOE).name == "Shoe"


def test_offers_and_other_products_are_left_out() -> None:
    other = {"@type": "Product", "name": "Sock", "sku": "S2", "image": "/sock.jpg"}
    stated = SHOE | {"offers": {"@type": "Offer", "itemOffered": other, "image": "/o.jpg"}, "isRelatedTo": [other]}
    assert only(stated).images == ()


def test_variants_are_united_with_their_group() -> None:
    variants = [
        {"@type": "Product", "sku": f"S1-{colour}", "image": f"/{colour}.jpg", "category": "Shoes"}
        for colour in ("red", "blue")
    ]
    group = {"@type": "ProductGroup", "productGroupID": "G1", "name": "Shoe", "image": "/all.jpg"}
    names = [f"https://shop.example/{name}.jpg" for name in ("all", "red", "blue")]
    nested = only(group | {"hasVariant": variants})
    assert (nested.group, nested.name, nested.category, list(nested.images)) == ("G1", "Shoe", "Shoes", names)
    beside = only(group, *(variant | {"inProductGroupWithID": "G1", "url": "/other"} for variant in variants))
    assert list(beside.images) == names
    by_reference = [variant | {"isVariantOf": {"@id": "#g"}} for variant in variants]
    assert list(only(group | {"@id": "#g"}, *by_reference).images) == names


def test_a_listing_names_pages_instead_of_products() -> None:
    entries = [{"@type": "Product", "name": f"Shoe {n}", "url": f"/p/{n}", "image": f"/{n}.jpg"} for n in (1, 2)]
    listing = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": entry} for entry in entries]}
    products, pages = products_on(PAGE, [json.dumps(listing)])
    assert products == []
    assert pages == ["https://shop.example/p/1", "https://shop.example/p/2"]
    products, pages = products_on(PAGE, [json.dumps([SHOE | {"url": PAGE + "?colour=red"}, *entries])])
    assert [product.name for product in products] == ["Shoe"]
    assert len(pages) == 2


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("Apparel &gt; Shoes", "Apparel > Shoes"),
        ("Apparel>Shoes", "Apparel > Shoes"),
        ("Bags / Backpacks", "Bags / Backpacks"),
        (["Shoes", "Boots"], "Shoes"),
        ({"@type": "CategoryCode", "name": "Shoes", "codeValue": "17"}, "Shoes"),
        ("  Running\n  shoes ", "Running shoes"),
        ("https://www.google.com/basepages/taxonomy", ""),
    ],
)
def test_category(category: Any, expected: str) -> None:
    assert only(SHOE | {"category": category}).category == expected


def test_breadcrumbs_stand_in_for_a_category() -> None:
    steps = [("Startseite", "/"), ("Apparel", "/apparel"), ("Shoes", "/apparel/shoes"), ("Shoe", PAGE)]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in reversed(list(enumerate(steps)))
        ],
    }
    assert only(SHOE, trail).category == "Apparel > Shoes"
    assert only(SHOE | {"category": "Sneakers"}, trail).category == "Sneakers"
    nested = [{"position": n, "item": {"@id": url, "name": name}} for n, (name, url) in enumerate(steps[:3])]
    assert only(SHOE, trail | {"itemListElement": nested}).category == "Apparel > Shoes"
    bare = [{"position": 1, "name": "Shoes"}, {"position": 2, "name": "Shoe"}]
    assert only(SHOE, trail | {"itemListElement": bare}).category == "Shoes"


def test_without_an_id_the_page_is_the_group() -> None:
    assert only({"@type": "Product", "name": "Shoe"}).group == PAGE


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["Product", "ItemList", "/a.jpg"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@list", "name", "image", "url", "hasVariant", "category", "item"])
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_JSON, _JSON)
def test_no_json_breaks_it(one: Any, other: Any) -> None:
    for product in read({"@type": "Product", "name": "x", "image": one, "category": other, "isVariantOf": one}, other):
        assert product.group
        assert all(isinstance(image, str) and image for image in product.images)
