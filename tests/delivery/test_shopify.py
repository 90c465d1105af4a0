"""``packshot deliver --to shopify://``: against a server that validates each call by Shopify's own schema."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from packshot_tests.command import run
from packshot_tests.mock_shop import Asked, Disturbance, Said, opened
from packshot_tests.mock_shopify import SCHEMA, TOKEN, MockShopify
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver, picture, run_of, statuses
from PIL import Image, ImageDraw

from packshot.delivery.direct.shopify_calls import API_VERSION, CALLS

PICTURES = {"shoe/1": "A1", "shoe/2": "A1", "hat": "B 2"}


@pytest.fixture
def shopify(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockShopify]:
    with opened(MockShopify(), monkeypatch) as shop:
        yield shop


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return run_of(tmp_path, PICTURES)


def test_calls_are_those_of_the_published_schema() -> None:
    schema = build_schema(SCHEMA.read_text())
    assert API_VERSION in SCHEMA.read_text().splitlines()[0]
    assert [validate(schema, parse(call)) for call in CALLS] == [[]] * len(CALLS)


def test_a_product_shows_ours_first_and_what_others_put_there_after_them(made: Shop, shopify: MockShopify) -> None:
    shoe = shopify.add_product("A1", "A10", pictures=2)
    hat = shopify.add_product("B 2")
    theirs = shopify.names(shoe)
    dry = deliver(made, shopify.address, "--dry-run")
    assert dry.code == 0, dry.err
    assert set(statuses(dry).values()) == {"new"}
    assert (shopify.names(shoe), shopify.names(hat)) == (theirs, [])
    assert not (made.out / "delivery").exists()

    done = deliver(made, shopify.address)
    assert done.code == 0, done.err
    assert statuses(done) == statuses(dry)
    ours = shopify.names(shoe)[:2]
    assert shopify.names(shoe)[2:] == theirs
    assert [shopify.published[f"/cdn/{name}"] for name in ours] == [
        (made.out / f"packshots/in/shoe/{view}.png").read_bytes() for view in (1, 2)
    ]
    assert [shopify.files[file]["alt"] for file in shopify.products[shoe][:2]] == ["shoe/1 of A1", "shoe/2 of A1"]
    assert len(shopify.names(hat)) == 1
    assert all(row["url"].startswith(shopify.url) for row in done.lines)

    calls = len(shopify.calls)
    again = deliver(made, shopify.address)
    assert set(statuses(again).values()) == {"same"}
    assert set(shopify.calls[calls:]) <= {"Variants", "Shown", "ShownByVariants"}


def test_what_changed_is_replaced_and_what_was_rejected_is_taken_away(made: Shop, shopify: MockShopify) -> None:
    shoe, hat = shopify.add_product("A1", pictures=1), shopify.add_product("B 2")
    deliver(made, shopify.address)
    first, second, theirs = shopify.products[shoe]
    made.redraw("packshots/in/shoe/1.png", picture(77))
    made.review().reject("hat.png", "blurred", by="anna")
    shopify.products[shoe].remove(second)  # somebody took it off
    assert statuses(deliver(made, shopify.address, "--dry-run")) == (
        expected := {
            "in/shoe/1.png": "changed",
            "in/shoe/2.png": "new",
            "in/hat.png": "gone",
        }
    )
    done = deliver(made, shopify.address)
    assert (done.code, statuses(done)) == (0, expected)
    assert shopify.products[hat] == []
    assert shopify.products[shoe][1:] == [second, theirs]
    assert shopify.products[shoe][0] not in {first, second}
    assert set(statuses(deliver(made, shopify.address)).values()) == {"same", "held"}


def test_a_roll_back_shows_what_was_shown_before(made: Shop, shopify: MockShopify) -> None:
    shoe, hat = shopify.add_product("A1", pictures=2), shopify.add_product("B 2")
    before = list(shopify.products[shoe])
    deliver(made, shopify.address)
    after = list(shopify.products[shoe])
    made.redraw("packshots/in/shoe/1.png", picture(77))
    done = deliver(made, shopify.address)
    first, second = sorted((made.out / "delivery/roll-back").iterdir())
    assert str(second) in done.err
    dry = run("deliver", "--roll-back", second, "--dry-run", "--json")
    assert [row["status"] for row in dry.lines] == ["would be rolled back"]
    assert shopify.products[shoe] != after

    assert run("deliver", "--roll-back", second).code == 0
    assert shopify.products[shoe] == after
    new = shopify.add_file("later.jpg", "theirs")
    shopify.products[shoe].append(new)
    assert run("deliver", "--roll-back", first).code == 0
    assert shopify.products[shoe] == [*before, new]
    assert shopify.products[hat] == []
    again = run("deliver", "--roll-back", first, "--json")
    assert [row["status"] for row in again.lines] == ["same", "same"]

    assert set(statuses(deliver(made, shopify.address)).values()) == {"new"}
    assert len(set(shopify.names(shoe))) == 5
    assert sum("a1-" in known["name"] for known in shopify.files.values()) == 3  # nothing was uploaded once more


def test_unknown_and_ambiguous_skus_are_findings(made: Shop, shopify: MockShopify) -> None:
    shopify.add_product("a1")
    shopify.add_product("B 2")
    shopify.add_product("B 2")
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert set(statuses(done).values()) == {"held"}
    assert "no product with SKU A1" in done.err
    assert "2 products with SKU B 2" in done.err


def test_a_shop_that_refuses_a_picture_is_quoted(made: Shop, shopify: MockShopify) -> None:
    shoe = shopify.add_product("A1", pictures=1)
    shopify.add_product("B 2")
    shopify.refuse = "Image exceeds 20 megapixels"
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert "exceeds 20 megapixels" in done.err
    assert len(shopify.products[shoe]) == 1
    shopify.refuse = None
    assert (deliver(made, shopify.address).code, len(shopify.products[shoe])) == (0, 3)


def test_a_picture_that_the_shop_cannot_use_does_not_keep_its_name(made: Shop, shopify: MockShopify) -> None:
    shoe, _ = shopify.add_product("A1"), shopify.add_product("B 2")
    shopify.fails = True
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert "too many pixels" in done.err
    assert (shopify.products[shoe], shopify.files) == ([], {})
    shopify.fails = False
    assert (deliver(made, shopify.address).code, len(shopify.products[shoe])) == (0, 2)


def test_a_token_that_expires_in_the_middle_stops_and_the_next_one_goes_on(
    made: Shop, shopify: MockShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoe, hat = shopify.add_product("A1"), shopify.add_product("B 2")
    monkeypatch.setenv("PACKSHOT_DELIVERY_AT_ONCE", "1")

    def expire(number: int, asked: Asked) -> None:
        if b"fileUpdate" in asked.body:
            shopify.token = "another"

    shopify.disturb = expire
    done = deliver(made, shopify.address)
    assert done.code == 1
    assert "set a new one" in done.err
    shopify.disturb = lambda number, asked: None
    monkeypatch.setenv("PACKSHOT_SHOPIFY_TOKEN", "another")
    assert deliver(made, shopify.address).code == 0
    assert (len(shopify.products[shoe]), len(shopify.products[hat])) == (2, 1)
    assert len(shopify.files) == 3


def test_busy_slow_and_lost_answers_are_asked_again(made: Shop, shopify: MockShopify) -> None:
    shoe, hat = shopify.add_product("A1", pictures=1), shopify.add_product("B 2")
    shopify.throttle = 2
    troubles = [
        Disturbance(before=Said(429, headers={"Retry-After": "0"})),
        Disturbance(before=Said(503)),
        Disturbance(lost=True),
        Disturbance(status=502),
        None,
    ]
    shopify.disturb = lambda number, asked: dict(enumerate(troubles)).get(number % 10)
    done = deliver(made, shopify.address)
    assert done.code == 0, done.err
    assert (len(shopify.products[shoe]), len(shopify.products[hat])) == (3, 1)
    assert len(shopify.files) == 4


def test_a_shop_that_asks_to_wait_too_long_ends_the_delivery(made: Shop, shopify: MockShopify) -> None:
    shopify.add_product("A1")
    shopify.disturb = lambda number, asked: Disturbance(before=Said(429, headers={"Retry-After": "3600"}))
    done = deliver(made, shopify.address)
    assert done.code == 1
    assert "3600 seconds" in done.err


def test_what_the_shop_does_to_pictures_is_found(made: Shop, shopify: MockShopify) -> None:
    shoe, _ = shopify.add_product("A1", pictures=1), shopify.add_product("B 2")
    shopify.quality = 90
    done = deliver(made, shopify.address, "--channel", "amazon")
    # Saved anew, and no rule of Amazon's is broken that was not before.
    assert (done.code, {row["status"] for row in done.lines}) == (0, {"new"}), done.err
    assert all("published re-encoded, 96 x 96" in row["reasons"][-1] for row in done.lines)

    made.redraw("packshots/in/shoe/1.png", picture(5, 1600))
    shopify.shrink = 400
    shown = list(shopify.products[shoe])
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert "400 x 400" in done.err
    assert "breaks amazon's rules" in done.err
    assert shopify.products[shoe] == shown  # the old one stays


def test_a_watermark_that_the_shop_lays_over_is_found(made: Shop, shopify: MockShopify) -> None:
    shoe, _ = shopify.add_product("A1"), shopify.add_product("B 2")
    publish = shopify.publish

    def marked(name: str, content: bytes) -> str:
        image = Image.open(io.BytesIO(content)).convert("RGB")
        ImageDraw.Draw(image).rectangle((30, 44, 62, 52), fill=(160, 160, 160))
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return publish(name, buffer.getvalue())

    shopify.publish = marked
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert done.err.count("not what was sent") == 3
    assert shopify.products[shoe] == []


def test_another_picture_in_its_place_is_found(made: Shop, shopify: MockShopify) -> None:
    shoe, _ = shopify.add_product("A1"), shopify.add_product("B 2")
    publish = shopify.publish
    shopify.publish = lambda name, content: publish(name, (made.out / "packshots/in/hat.png").read_bytes())
    done = deliver(made, shopify.address)
    assert done.code == 3
    assert "not what was sent" in done.err
    assert shopify.products[shoe] == []


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("shopify://my-shop.example", "myshopify.com"),
        (f"shopify://{TOKEN}@x.myshopify.com", "environment"),
        ("etsy://x.example", "no such shop"),
        ("shopify://[", "no address"),
    ],
)
def test_shops_that_are_none(made: Shop, shopify: MockShopify, to: str, said: str) -> None:
    done = run("deliver", made.out, "--to", to)
    assert done.code == 2
    assert said in done.err
    assert TOKEN not in done.err


def test_no_key_ever_is_written_or_said(
    made: Shop, shopify: MockShopify, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shopify.add_product("A1")
    said = [deliver(made, shopify.address, "--dry-run"), deliver(made, shopify.address)]
    shopify.token = "another"
    said.append(deliver(made, shopify.address))
    shopify.token = TOKEN
    shopify.disturb = lambda number, asked: Disturbance(lost=True)
    monkeypatch.setenv("PACKSHOT_DELIVERY_ATTEMPTS", "2")
    said.append(deliver(made, shopify.address))
    assert [done.code for done in said] == [3, 3, 1, 1]
    assert not any(TOKEN in text for done in said for text in (done.out, done.err))
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "shops.jsonl" for path in written)
    assert not any(TOKEN.encode() in path.read_bytes() for path in written)
    # It went to the interface, and nowhere else.
    keyed = {asked.path for asked in shopify.asked if TOKEN in json.dumps(dict(asked.headers))}
    assert keyed == {f"/admin/api/{API_VERSION}/graphql.json"}
    monkeypatch.delenv("PACKSHOT_SHOPIFY_TOKEN")
    done = deliver(made, shopify.address)
    assert (done.code, "PACKSHOT_SHOPIFY_TOKEN" in done.err) == (2, True)
