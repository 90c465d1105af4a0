"""``packshot deliver`` to products with variants: each has the first picture of its SKU as its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.command import Done, run
from packshot_tests.mock_shop import Asked, Disturbance, Said, opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver, picture, run_of, statuses

PICTURES = {"red/1": "RED", "red/2": "RED", "blue": "BLUE", "hat": "HAT"}


class OnShopify:
    """A shirt in red and blue, of which blue has a picture of its own, and a hat that comes in one variant."""

    def __init__(self, shop: MockShopify) -> None:
        self.shop, self.library = shop, shop.files
        self.shirt, self.hat = shop.add_product("RED", "BLUE", pictures=2), shop.add_product("HAT")
        self.theirs = [*shop.products[self.shirt]]
        self.show("BLUE", self.theirs[1])

    def shown(self) -> list[str]:
        return self.shop.products[self.shirt]

    def own(self, sku: str) -> list[str]:
        return [media for variant in self.shop.with_sku(sku) for media in variant["media"]]

    def show(self, sku: str, media: str) -> None:
        for variant in self.shop.with_sku(sku):
            variant["media"] = [media]

    def add(self, sku: str) -> None:
        self.shop.add_variant(self.shirt, sku)

    @staticmethod
    def is_change(asked: Asked) -> bool:
        return b"productVariantAppendMedia" in asked.body or b"productVariantDetachMedia" in asked.body


class OnWooCommerce:
    """The same."""

    def __init__(self, shop: MockWooCommerce) -> None:
        self.shop, self.library = shop, shop.media
        self.shirt, self.hat = shop.add_product("SHIRT", pictures=2), shop.add_product("HAT")
        for sku in ("RED", "BLUE"):
            shop.add_product(sku, parent=self.shirt)
        self.theirs = [*shop.products[self.shirt]["images"]]
        self.show("BLUE", self.theirs[1])

    def shown(self) -> list[int]:
        return self.shop.products[self.shirt]["images"]

    def own(self, sku: str) -> list[int]:
        return [media for known in self.shop.products.values() if known["sku"] == sku for media in known["images"]]

    def show(self, sku: str, media: int) -> None:
        for known in self.shop.products.values():
            known["images"] = [media] if known["sku"] == sku else known["images"]

    def add(self, sku: str) -> None:
        self.shop.add_product(sku, parent=self.shirt)

    @staticmethod
    def is_change(asked: Asked) -> bool:
        return asked.method == "PUT" and "/variations/" in asked.path


Sold = OnShopify | OnWooCommerce


@pytest.fixture(params=[MockShopify, MockWooCommerce])
def sold(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sold]:
    with opened(request.param(), monkeypatch) as shop:
        yield OnShopify(shop) if isinstance(shop, MockShopify) else OnWooCommerce(shop)
        assert getattr(shop, "unlike", []) == []


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return run_of(tmp_path, PICTURES)


def names(sold: Sold) -> list[str]:
    """Of what the shirt shows: the words that files begin with."""
    return [sold.library[each]["name"].partition("-")[0] for each in sold.shown()]


def with_variants(done: Done) -> set[str]:
    return {row["file"] for row in done.lines if row["variants"]}


def roll_backs(made: Shop) -> list[Path]:
    return sorted((made.out / "delivery/roll-back").iterdir())


def test_each_variant_has_the_first_picture_of_its_sku_and_the_way_back_leads_there(made: Shop, sold: Sold) -> None:
    blue = [*sold.own("BLUE")]
    dry = deliver(made, sold.shop.address, "--dry-run")
    assert with_variants(dry) == {"in/red/1.png", "in/blue.png"}
    assert (sold.own("RED"), sold.own("BLUE"), sold.shown()) == ([], blue, sold.theirs)

    done = deliver(made, sold.shop.address)
    assert (done.code, with_variants(done)) == (0, with_variants(dry)), done.err
    assert names(sold) == ["blue", "red", "red", "theirs", "theirs"]
    assert (sold.own("BLUE"), sold.own("RED")) == (sold.shown()[:1], sold.shown()[1:2])
    assert sold.shown()[3:] == sold.theirs
    red, shown = [*sold.own("RED")], [*sold.shown()]

    asked = len(sold.shop.asked)
    assert set(statuses(deliver(made, sold.shop.address)).values()) == {"same"}
    assert not any(sold.is_change(each) for each in sold.shop.asked[asked:])

    made.redraw("packshots/in/red/1.png", picture(77))
    made.review().reject("in/blue.png", "blurred", by="anna")
    done = deliver(made, sold.shop.address)
    assert statuses(done)["in/blue.png"] == "gone"
    assert sold.own("BLUE") == []
    assert sold.own("RED") == [each for each in sold.shown() if each not in shown]

    first, second = roll_backs(made)
    dry = run("deliver", "--roll-back", second, "--dry-run", "--json")
    assert [row["status"] for row in dry.lines] == ["would be rolled back"]
    assert run("deliver", "--roll-back", second).code == 0
    assert (sold.own("RED"), sold.own("BLUE"), sold.shown()) == (red, shown[:1], shown)
    assert run("deliver", "--roll-back", first).code == 0
    assert (sold.own("RED"), sold.own("BLUE"), sold.shown()) == ([], blue, sold.theirs)
    again = run("deliver", "--roll-back", first, "--json")
    assert {row["status"] for row in again.lines} == {"same"}
    assert statuses(deliver(made, sold.shop.address))["in/red/1.png"] == "new"


def test_a_person_sees_whose_own_picture_it_is(made: Shop, sold: Sold) -> None:
    done = run("deliver", made.out, "--to", sold.shop.address, "--dry-run")
    (line,) = (each for each in done.out.splitlines() if "red/1" in each)
    assert "picture of variant" in line
    assert "picture of variant" not in next(each for each in done.out.splitlines() if "hat" in each)


def test_what_somebody_gives_a_variant_later_stays(made: Shop, sold: Sold) -> None:
    deliver(made, sold.shop.address)
    sold.show("RED", sold.theirs[0])
    assert set(statuses(deliver(made, sold.shop.address)).values()) == {"same"}
    assert sold.own("RED") == [sold.theirs[0]]
    assert run("deliver", "--roll-back", roll_backs(made)[0]).code == 0
    assert sold.own("RED") == [sold.theirs[0]]


def test_a_variant_that_was_made_after_the_delivery_gets_its_picture(made: Shop, sold: Sold) -> None:
    """As do those of deliveries that knew no variants; the way back takes nothing else away."""
    deliver(made, sold.shop.address)
    red, shown = sold.own("RED"), [*sold.shown()]
    sold.library[red[0]]["alt"] = "a better one"
    sold.add("RED")
    done = deliver(made, sold.shop.address)
    assert (statuses(done)["in/red/1.png"], statuses(done)["in/red/2.png"]) == ("changed", "same")
    assert (sold.own("RED"), sold.shown()) == (red + red, shown)
    assert sold.library[red[0]]["alt"] == "a better one"
    assert run("deliver", "--roll-back", roll_backs(made)[1]).code == 0
    assert (sold.own("RED"), sold.shown()) == (red, shown)
    assert statuses(deliver(made, sold.shop.address))["in/red/1.png"] == "changed"
    assert (sold.own("RED"), sold.shown()) == (red + red, shown)


def test_lost_answers_are_looked_up(made: Shop, sold: Sold) -> None:
    lost: list[bytes] = []

    def lose(number: int, asked: Asked) -> Disturbance | None:
        if sold.is_change(asked) and asked.body not in lost:
            lost.append(asked.body)
            return Disturbance(lost=True)
        return None

    sold.shop.disturb = lose
    done = deliver(made, sold.shop.address)
    assert (done.code, len(lost) >= 2) == (0, True), done.err
    assert [len(sold.own(sku)) for sku in ("RED", "BLUE")] == [1, 1]
    assert len(sold.shown()) == 5


def test_variants_that_do_not_take_it_are_told_and_tried_again(made: Shop, sold: Sold) -> None:
    def forget(number: int, asked: Asked) -> Disturbance | None:
        if not sold.is_change(asked):
            return None
        answer = b'{"data": {"productVariantAppendMedia": {"userErrors": []}, "productVariantDetachMedia": {}}}'
        return Disturbance(before=Said(200, answer if isinstance(sold, OnShopify) else b'{"id": 1, "image": null}'))

    sold.shop.disturb = forget
    done = deliver(made, sold.shop.address)
    assert done.code == 3
    assert "the variants were read back" in done.err
    sold.shop.disturb = lambda number, asked: None
    assert deliver(made, sold.shop.address).code == 0
    assert [len(sold.own(sku)) for sku in ("RED", "BLUE")] == [1, 1]
    assert run("deliver", "--roll-back", roll_backs(made)[0]).code == 0
    assert (sold.own("RED"), sold.own("BLUE")) == ([], [sold.theirs[1]])
