"""SKUs at a live shop: which product one means, and that each has files of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.mock_shop import opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop_run import deliver, picture, run_of, statuses

from packshot.delivery.direct.shop import file_name

COMPOSED, APART = (unicodedata.normalize(form, "Café") for form in ("NFC", "NFD"))


@pytest.fixture(params=[MockShopify, MockWooCommerce])
def shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("PACKSHOT_DELIVERY_AT_ONCE", "1")  # else two uploads of one name may cross
    with opened(request.param(), monkeypatch) as started:
        yield started
        assert getattr(started, "unlike", []) == []


@pytest.mark.parametrize(("ours", "theirs"), [(COMPOSED, APART), (APART, COMPOSED)])
def test_accents_composed_or_apart_are_one_sku(tmp_path: Path, shop: Any, ours: str, theirs: str) -> None:
    product = shop.add_product(theirs)
    made = run_of(tmp_path, {"cup": ours})
    done = deliver(made, shop.address)
    assert (done.code, len(shop.names(product))) == (0, 1), done.err
    assert set(statuses(deliver(made, shop.address)).values()) == {"same"}


def test_two_products_whose_skus_look_the_same_are_told(tmp_path: Path, shop: Any) -> None:
    for sku in (COMPOSED, APART):
        shop.add_product(sku)
    done = deliver(run_of(tmp_path, {"cup": COMPOSED}), shop.address)
    assert (done.code, "2 products with SKU Café" in done.err) == (3, True)


def test_products_with_the_same_picture_have_a_file_each(tmp_path: Path, shop: Any) -> None:
    products = [shop.add_product(sku) for sku in ("A 1", "a-1")]
    made = run_of(tmp_path, {"p1": "A 1", "p2": "a-1"})
    made.redraw("packshots/in/p2.png", picture(0))  # as that of p1
    assert deliver(made, shop.address).code == 0
    library = shop.files if isinstance(shop, MockShopify) else shop.media
    shown = [shop.names(each)[0] for each in products]
    assert len(set(shown)) == 2
    alts = {known["name"]: known["alt"] for known in library.values()}
    assert [alts[name] for name in shown] == ["p1 of A 1", "p2 of a-1"]


def test_names_of_files_are_as_many_as_skus() -> None:
    skus = ["A1", "a1", "A 1", "A-1", "a-1", "Ä1", "A1!", "1", "01", "日本", "本", "PICTURE", "X" * 60, "X" * 61]
    assert len({file_name(sku, "0" * 64, "a.png") for sku in skus}) == len(skus)
    assert file_name(COMPOSED, "0" * 64, "a.png") == file_name(APART, "0" * 64, "a.png")
    assert file_name("AB-42", "0" * 64, "a.png") == f"ab-42-{'0' * 32}.png"
