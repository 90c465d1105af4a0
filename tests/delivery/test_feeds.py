"""Feeds against the published specifications, which are kept beside this file with their dates."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packshot_tests.command import Done, run
from packshot_tests.shop import Shop
from packshot_tests.shop_run import run_of

import packshot.delivery.documents as documents
from packshot.delivery import TargetKind

SPECIFICATIONS = json.loads((Path(__file__).parent / "feed_specifications.json").read_text())
BASE, LINK = "https://cdn.example/shop", "https://shop.example/p/{sku}"
PICTURES = {
    **{f"many/{view}": "MANY" for view in range(1, 13)},  # more pictures than Google takes
    "umlaut, größe & <b>": 'Ä "7"',  # what XML, CSV and addresses have to escape
    "longest": "S" * 50,
    "too long": "T" * 51,
}


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    shop = run_of(tmp_path, PICTURES)
    shop.change("in/umlaut, größe & <b>.png", texts={"en": {"title": 'Ä "7"\u0001', "alt": "a"}})
    shop.change("in/longest.png", texts={"en": {"title": "t" * 150, "alt": "a" * 512}})
    return shop


def deliver(made: Shop, to: str, *more: object) -> Done:
    return run("deliver", made.out, "--to", to, "--base-url", BASE, "--json", *more)


def check_google(items: list[list[tuple[str, str]]]) -> None:
    attributes = SPECIFICATIONS["google"]["attributes"]
    for item in items:
        counts = Counter(name for name, _ in item)
        assert set(counts) <= set(attributes)
        assert all(counts[name] == 1 for name, rule in attributes.items() if rule.get("required"))
        assert all(count <= attributes[name].get("times", 1) for name, count in counts.items())
        for name, value in item:
            assert 0 < len(value) <= attributes[name]["max"]
            if attributes[name].get("url"):
                assert value.isascii()
                assert urlsplit(value).scheme == "https"
                assert not set(value) & set(' "<>\\^`{|}')  # RFC 3986


def test_google_xml(made: Shop, tmp_path: Path) -> None:
    done = deliver(made, f"google:{tmp_path / 'feed.xml'}", "--link", LINK)
    assert done.code == 3
    assert "51 characters, Google takes 50" in done.err
    space = f"{{{SPECIFICATIONS['google']['namespace']}}}"
    root = ET.parse(tmp_path / "feed.xml").getroot()  # our own file
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    items = [[(each.tag.removeprefix(space), each.text or "") for each in item] for item in root.iter("item")]
    check_google(items)
    by_id = {dict(item)["id"]: Counter(name for name, _ in item) for item in items}
    assert set(by_id) == {"MANY", 'Ä "7"', "S" * 50}
    assert by_id["MANY"]["additional_image_link"] == 10


def test_google_tsv(made: Shop, tmp_path: Path) -> None:
    deliver(made, f"google:{tmp_path / 'feed.tsv'}", "--link", LINK)
    header, *lines = [line.split("\t") for line in (tmp_path / "feed.tsv").read_text().splitlines()]
    assert all(len(line) == len(header) for line in lines)
    items = []
    for line in lines:
        row = dict(zip(header, line, strict=True))
        further = [url for url in row.pop("additional_image_link").split(",") if url]
        items.append([*((n, v) for n, v in row.items() if v), *(("additional_image_link", url) for url in further)])
    check_google(items)
    assert len(items) == 3


@pytest.mark.parametrize(
    ("texts", "more", "said"),
    [
        ({"title": "t" * 151, "alt": ""}, (), "151 characters, Google takes 150"),
        ({"title": "t", "alt": ""}, ("--link", f"https://shop.example/{'x' * 2000}/{{sku}}"), "2000 characters"),
        ({"title": "t", "alt": ""}, ("--link", "https://größe.example/{sku}"), "ASCII"),
    ],
)
def test_what_google_has_no_room_for_is_held(
    made: Shop, tmp_path: Path, texts: dict[str, str], more: tuple[str, ...], said: str
) -> None:
    made.change("in/longest.png", texts={"en": texts})
    done = deliver(made, f"google:{tmp_path / 'feed.xml'}", *more)
    assert done.code == 3
    (row,) = [row for row in done.lines if row["sku"] == "S" * 50]
    assert (row["status"], said in row["error"]["message"]) == ("held", True)


@pytest.mark.parametrize(
    ("ending", "sku"),
    [("xml", "A\u0001"), ("xml", "A\udcff"), ("xml", "A\r\nB"), ("tsv", "A\u0001"), ("tsv", "A\tB"), ("tsv", "A  B")],
)
def test_a_sku_that_the_feed_would_change_is_held(tmp_path: Path, ending: str, sku: str) -> None:
    made = run_of(tmp_path, {"odd": sku, "plain": "B"})
    done = deliver(made, f"google:{tmp_path / 'feed'}.{ending}")
    assert (done.code, {row["sku"]: row["status"] for row in done.lines}) == (3, {sku: "held", "B": "new"})
    assert "signs that the feed does not carry" in done.err


def test_woocommerce_takes_no_comma_in_an_address(tmp_path: Path) -> None:
    made = run_of(tmp_path, {"a": "A", "b,c": "B"})
    to = f"woocommerce:{tmp_path / 'products.csv'}"
    done = run("deliver", made.out, "--to", to, "--base-url", "https://cdn.example/shop,2026", "--json")
    assert (done.code, {row["status"] for row in done.lines}) == (3, {"held"})
    assert "%2C" in done.err
    done = run("deliver", made.out, "--to", to, "--base-url", "https://cdn.example/shop%2C2026", "--json")
    assert done.code == 0, done.err
    (row, _) = csv.DictReader(io.StringIO((tmp_path / "products.csv").read_text(encoding="utf-8")))
    assert row["Images"].split(",") == ["https://cdn.example/shop%2C2026/amazon/in/a.png"]


def test_shopify(made: Shop, tmp_path: Path) -> None:
    rules = SPECIFICATIONS["shopify"]
    made.change("in/many/1.png", texts={"en": {"title": "Many", "alt": "a" * 513}})
    made.change("in/too long.png", texts={})
    done = deliver(made, f"shopify:{tmp_path / 'products.csv'}")
    assert done.code == 3
    assert {row["sku"] for row in done.lines if row["status"] == "held"} == {"MANY", "T" * 51}
    assert "no title" in done.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "products.csv").read_text(encoding="utf-8"))))
    assert set(rules["required"]) <= set(rows[0]) <= set(rules["columns"])
    assert all(re.fullmatch(rules["handle"], row["URL handle"]) for row in rows)
    assert all(len(row["Image alt text"]) <= rules["alt_max"] for row in rows)
    first = {row["URL handle"]: row for row in reversed(rows)}
    assert all(row["Title"] and row["Image position"] == "1" for row in first.values())


def test_woocommerce(made: Shop, tmp_path: Path) -> None:
    rules = SPECIFICATIONS["woocommerce"]
    assert deliver(made, f"woocommerce:{tmp_path / 'products.csv'}").code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "products.csv").read_text(encoding="utf-8"))))
    assert set(rules["required"]) <= set(rows[0]) <= set(rules["columns"])
    assert [len(row["Images"].split(", ")) for row in rows if row["SKU"] == "MANY"] == [12]
    assert all(row[name] for row in rows for name in rules["required"])


@pytest.mark.parametrize(("kind", "ending"), [(TargetKind.SHOPIFY, "csv"), (TargetKind.GOOGLE, "xml")])
def test_a_feed_too_large_is_refused_and_nothing_is_written(
    made: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: TargetKind, ending: str
) -> None:
    assert documents.MOST_BYTES[kind] == SPECIFICATIONS[kind.value]["max_bytes"]
    monkeypatch.setitem(documents.MOST_BYTES, kind, 1000)
    done = deliver(made, f"{kind}:{tmp_path / 'feed'}.{ending}")
    assert done.code == 2
    assert "fewer photos" in done.err
    assert not (tmp_path / f"feed.{ending}").exists()
