"""Addresses in a shop's answers that are none, or that must not be asked: a finding, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packshot_tests.mock_shop import Asked, Disturbance, Said, opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop_run import deliver, run_of

BROKEN = ["https://[bad/x.jpg", "https://a\nb/x.jpg", "https://"]
NOT_ASKED = ["http://10.0.0.1/x.jpg"]


@pytest.mark.parametrize("url", BROKEN + NOT_ASKED)
def test_a_picture_that_woocommerce_publishes_nowhere(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(201, json.dumps({"id": 99, "source_url": url}).encode())

    def disturb(number: int, asked: Asked) -> Disturbance | None:
        return Disturbance(before=said) if asked.method == "POST" else None

    with opened(MockWooCommerce(), monkeypatch) as woo:
        product = woo.add_product("A1", pictures=1)
        shown = list(woo.products[product]["images"])
        made = run_of(tmp_path, {"hat": "A1"})
        woo.disturb = disturb
        done = deliver(made, woo.address)
        assert (done.code, [row["error"]["code"] for row in done.lines]) == (3, ["DeliveryError"])
        assert woo.products[product]["images"] == shown
        woo.disturb = lambda number, asked: None
        assert deliver(made, woo.address).code == 0
        assert len(woo.products[product]["images"]) == 2


@pytest.mark.parametrize("url", BROKEN + NOT_ASKED)
def test_a_place_for_uploads_that_shopify_names(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = {"url": url, "resourceUrl": "https://x/", "parameters": []}
    answer = {"data": {"stagedUploadsCreate": {"stagedTargets": [target], "userErrors": []}}}

    def disturb(number: int, asked: Asked) -> Disturbance | None:
        return Disturbance(before=Said(200, json.dumps(answer).encode())) if b"mutation Stage" in asked.body else None

    with opened(MockShopify(), monkeypatch) as shop:
        product = shop.add_product("A1", pictures=1)
        made = run_of(tmp_path, {"hat": "A1"})
        shop.disturb = disturb
        done = deliver(made, shop.address)
        assert (done.code, [row["error"]["code"] for row in done.lines]) == (3, ["DeliveryError"])
        assert len(shop.products[product]) == 1


def test_a_file_of_somebody_else_with_a_broken_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(MockWooCommerce(), monkeypatch) as woo:
        product = woo.add_product("A1")
        made = run_of(tmp_path, {"hat": "A1"})
        deliver(made, woo.address)
        woo.media[woo.products[product]["images"].pop()]["url"] = "https://[bad/x.jpg"
        (made.out / "delivery/shops.jsonl").unlink()
        assert deliver(made, woo.address).code == 0
        assert len(woo.products[product]["images"]) == 1
