"""Products of plain pages by CSS selectors, and labels by a rule: a made-up site that rents cars out."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.command import run

pytest.importorskip("scrapy", reason="the extra `collect` is not installed")

from parsel import Selector

from packshot.collecting.selector_file import LabelRule, Places, read_selectors, selected_products
from packshot.errors import UsageError

from .conftest import Site, picture
from .test_collect_command import FAST, rows, table

PAGE = "https://cars.example/fleet"
CARS = """
[product]
each = "li.car"
name = "h3"
brand = ".make"
category = "span.class"
sku = "@data-id"
image = "img"

[label]
by = "brand"
values = { premium = ["BMW", "Mercedes-Benz"], basic = ["Dacia", "Fiat"] }
"""


def car(number: int, make: str, model: str, picture: str) -> str:
    return (
        f"<li class='car' data-id='C{number}'><h3>{make} {model} <small>or similar</small></h3>"
        f"<span class='make'>{make}</span>"
        f"<span class='class'>Class {number}</span><img data-src='{picture}'><b>from 29 a day</b></li>"
    )


def products(text: str, **places: str):
    return selected_products(PAGE, Selector(text), Places(**places))


def test_a_fleet_of_plain_html() -> None:
    page = f"<ul>{car(1, 'BMW', '320', '/i/1.jpg')}{car(2, 'Fiat', '500', '/i/2.jpg')}<li class='car'>soon</li></ul>"
    one, other = products(page, each="li.car", name="h3", brand=".make", sku="@data-id", image="img")
    assert (one.group, one.name, one.brand, one.images) == (
        "C1",
        "BMW 320 or similar",
        "BMW",
        ("https://cars.example/i/1.jpg",),
    )
    assert (other.sku, other.brand) == ("C2", "Fiat")


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("img", ["/a.jpg"]),
        ("img@data-large", ["/large.jpg"]),
        ("img::attr(src)", ["/a.jpg"]),
        ("a[href*='@2x']@href", ["/b@2x.jpg"]),
        ("a.big", ["/b@2x.jpg"]),
        ("video", []),
    ],
)
def test_where_a_photo_is_named(image: str, expected: list[str]) -> None:
    page = "<img src='/a.jpg' data-large='/large.jpg'><img src='data:image/gif;base64,R0'>"
    page += "<a class='big' href='/b@2x.jpg'>x</a>"
    found = [address for product in products(page, image=image) for address in product.images]
    assert found == [f"https://cars.example{path}" for path in expected]


def test_cards_without_a_number_are_told_apart_by_name() -> None:
    page = "".join(
        f"<p><b>{name}</b><img src='{n}.jpg'></p>" for n, name in enumerate(["Fiat 500", "BMW 320", "Fiat 500"])
    )
    one, other = products(page, each="p", name="b", image="img")
    assert one.group != other.group
    assert [len(each.images) for each in (one, other)] == [2, 1]


@pytest.mark.parametrize(
    ("stated", "contains", "label"),
    [
        ("bmw", False, "premium"),
        (" BMW ", False, "premium"),
        ("BMW 320", False, "else"),
        ("BMW 320", True, "premium"),
        ("Mini by BMW", True, "mini"),
        ("Fiat", True, "else"),
        ("", True, "else"),
    ],
)
def test_a_rule_for_labels(stated: str, contains: bool, label: str) -> None:
    values = {"premium": ("BMW", "Audi"), "mini": ("Mini by BMW",)}
    rule = LabelRule(by="brand", values=values, contains=contains, other="else")
    (product,) = products(f"<b>{stated}</b><img src='a.jpg'>", brand="b", image="img")
    assert rule.label(product) == label


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "says nothing"),
        ("[product]\nname = 'h3'", "product.image"),
        ("[product]\nimage = 'img'\nprice = 'b'", "product.price"),
        ("[product]\nimage = 'img['", "no CSS selector"),
        ("[label]\nby = 'price'\nvalues = {a = ['b']}", "label.by"),
        ("[label]\nby = 'brand'\nvalues = {a = ['Fiat'], b = ['fiat']}", "two labels"),
        ("[label\n", "no TOML"),
    ],
)
def test_a_bad_file_is_told_by_its_key(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "cars.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_selectors(file)


def test_a_rental_of_cars_from_its_site_to_a_table_with_labels(site: Site, tmp_path: Path) -> None:
    """One page of plain cards, one with a schema.org Car, one with an offered car in microdata."""
    schema = (
        '<script type="application/ld+json">{"@type": "Car", "name": "Dacia Duster", "manufacturer": "Dacia",'
        ' "sku": "C3", "bodyType": "SUV", "image": "/i/3.jpg", "offers": {"@type": "Offer", "price": 31}}</script>'
    )
    offered = (
        '<div itemscope itemtype="https://schema.org/AutoRental"><div itemprop="makesOffer" itemscope itemtype='
        '"https://schema.org/Offer"><div itemprop="itemOffered" itemscope itemtype="https://schema.org/Vehicle">'
        '<b itemprop="name">Lada Niva</b><b itemprop="brand">Lada</b><meta itemprop="sku" content="C4">'
        '<img itemprop="image" src="/i/4.jpg"></div></div></div>'
    )
    cards = car(1, "BMW", "320", "/i/1.jpg") + car(2, "Fiat", "500", "/i/2.jpg")
    site.pages |= {
        "/fleet": f"<ul>{cards}</ul><a href='/duster'>more</a><a href='/niva'>more</a>".encode(),
        "/duster": schema.encode(),
        "/niva": offered.encode(),
        **{f"/i/{number}.jpg": picture(number) for number in range(1, 5)},
    }
    file = tmp_path / "cars.toml"
    file.write_text(CARS)
    done = run("collect", f"{site.url}/fleet", "-o", tmp_path / "cars", "--selectors", file, *FAST)
    assert done.code == 0, done.err
    assert {row["sku"]: (row["brand"], row["category"], row["label"]) for row in rows(tmp_path / "cars")} == {
        "C1": ("BMW", "Class 1", "premium"),
        "C2": ("Fiat", "Class 2", "basic"),
        "C3": ("Dacia", "SUV", "basic"),
        "C4": ("Lada", "", ""),
    }
    assert sorted((row["group"], row["label"]) for row in table(tmp_path / "cars")) == [
        ("C1", "premium"),
        ("C2", "basic"),
        ("C3", "basic"),
        ("C4", ""),
    ]
