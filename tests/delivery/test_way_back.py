"""``packshot deliver --roll-back`` at a shop that persons work in, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import Done, run
from packshot_tests.mock_shop import Asked, Disturbance, Said, opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver, run_of


class Sold:
    """A shoe with two pictures that others put there, and a hat, at one of the shops."""

    def __init__(self, shop: MockShopify | MockWooCommerce) -> None:
        self.shop = shop
        self.library: dict[Any, dict[str, Any]] = shop.files if isinstance(shop, MockShopify) else shop.media
        self.shoe, self.hat = shop.add_product("A1", pictures=2), shop.add_product("B")
        self.theirs = [*self.shown]

    @property
    def shown(self) -> list[Any]:
        """Ids of what the shoe shows."""
        known = self.shop.products[self.shoe]
        return known if isinstance(known, list) else known["images"]

    def add(self) -> Any:
        """A file of somebody else."""
        args = ("by-hand.jpg", "alt", b"theirs") if isinstance(self.shop, MockShopify) else ("by-hand.jpg", b"theirs")
        return (self.shop.add_file if isinstance(self.shop, MockShopify) else self.shop.add_media)(*args)

    def refuse_the_hat(self, number: int, asked: Asked) -> Disturbance | None:
        """Its pictures are not shown: the shop breaks down."""
        if isinstance(self.shop, MockShopify):
            of_hat = b"mutation UpdateFiles" in asked.body and f'"{self.hat}"'.encode() in asked.body
        else:
            of_hat = asked.path.endswith(f"/products/{self.hat}")
        return Disturbance(before=Said(500)) if of_hat else None


@pytest.fixture(params=[MockShopify, MockWooCommerce])
def sold(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sold]:
    monkeypatch.setenv("PACKSHOT_DELIVERY_ATTEMPTS", "2")
    monkeypatch.setenv("PACKSHOT_DELIVERY_AT_ONCE", "1")
    with opened(request.param(), monkeypatch) as shop:
        yield Sold(shop)
        assert getattr(shop, "unlike", []) == []


def files(made: Shop) -> list[Path]:
    return sorted((made.out / "delivery/roll-back").iterdir())


def roll_back(made: Shop, *more: object) -> Done:
    return run("deliver", "--roll-back", files(made)[-1], "--json", *more)


def test_a_picture_that_was_deleted_in_the_shop_is_left_out_and_named(tmp_path: Path, sold: Sold) -> None:
    made = run_of(tmp_path, {"shoe": "A1"})
    deliver(made, sold.shop.address)
    deleted, left = sold.theirs
    sold.shown.remove(deleted)
    del sold.library[deleted]
    shown = [*sold.shown]
    dry = roll_back(made, "--dry-run")
    assert [(row["status"], row["deleted"]) for row in dry.lines] == [("would be rolled back", [str(deleted)])]
    assert sold.shown == shown
    done = roll_back(made)
    assert (done.code, [(row["status"], row["deleted"]) for row in done.lines]) == (
        3,
        [("rolled back", [str(deleted)])],
    )
    assert sold.shown == [left]
    assert {row["status"] for row in deliver(made, sold.shop.address).lines} == {"new"}


def test_alt_texts_that_others_bettered_stay(tmp_path: Path, sold: Sold) -> None:
    made = run_of(tmp_path, {"shoe": "A1"})
    deliver(made, sold.shop.address)
    sold.library[sold.theirs[0]]["alt"] = "bettered by hand"
    sold.library[sold.theirs[1]]["alt"] = "bettered and taken off"
    sold.shown.remove(sold.theirs[1])
    assert roll_back(made).code == 0
    assert sold.shown == sold.theirs
    alts = [sold.library[each]["alt"] for each in sold.theirs]
    assert alts == ["bettered by hand", "bettered and taken off"]


def test_a_delivery_after_the_way_back_of_a_stopped_one_remembers_anew(tmp_path: Path, sold: Sold) -> None:
    made = run_of(tmp_path, {"shoe": "A1", "hat": "B"})
    sold.shop.disturb = sold.refuse_the_hat
    assert deliver(made, sold.shop.address).code == 1
    sold.shop.disturb = lambda number, asked: None
    assert roll_back(made).code == 0
    assert sold.shown == sold.theirs
    arranged = [sold.add(), sold.theirs[1]]
    sold.shown[:] = arranged
    assert deliver(made, sold.shop.address).code == 0
    assert (len(files(made)), sold.shown[1:]) == (2, arranged)
    assert roll_back(made).code == 0
    assert sold.shown == arranged
