"""``packshot deliver --to woocommerce://``: against a server that validates requests by the published description."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.mock_shop import Asked, Disturbance, opened
from packshot_tests.mock_woocommerce import PASSWORD, USER, MockWooCommerce
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver, picture, run_of, statuses

PICTURES = {"shoe/1": "A1", "shoe/2": "A1", "hat": "B,2"}


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockWooCommerce]:
    with opened(MockWooCommerce(), monkeypatch) as shop:
        yield shop
        assert shop.unlike == []


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return run_of(tmp_path, PICTURES)


def test_a_product_shows_ours_first_and_the_way_back_leads_there(made: Shop, woo: MockWooCommerce) -> None:
    shoe = woo.add_product("A1", pictures=2)
    parent = woo.add_product("", pictures=1)
    woo.add_product("B,2", parent=parent)  # a variation
    theirs = [list(woo.products[each]["images"]) for each in (shoe, parent)]
    assert set(statuses(deliver(made, woo.address, "--dry-run")).values()) == {"new"}
    assert len(woo.media) == 3
    done = deliver(made, woo.address)
    assert done.code == 0, done.err
    assert woo.products[shoe]["images"][2:] == theirs[0]
    assert woo.products[parent]["images"][1:] == theirs[1]
    first = woo.media[woo.products[shoe]["images"][0]]
    assert first["alt"] == "shoe/1 of A1"
    assert woo.published[f"/cdn/{first['name']}"] == (made.out / "packshots/in/shoe/1.png").read_bytes()
    assert set(statuses(deliver(made, woo.address)).values()) == {"same"}

    made.redraw("packshots/in/shoe/1.png", picture(77))
    made.review().reject("hat.png", "blurred", by="anna")
    done = deliver(made, woo.address)
    assert statuses(done) == {"in/shoe/1.png": "changed", "in/shoe/2.png": "same", "in/hat.png": "gone"}
    assert woo.products[parent]["images"] == theirs[1]
    for path in sorted((made.out / "delivery/roll-back").iterdir(), reverse=True):
        assert run("deliver", "--roll-back", path).code == 0
    assert [woo.products[each]["images"] for each in (shoe, parent)] == theirs


def test_a_lost_answer_leaves_no_second_file(made: Shop, woo: MockWooCommerce) -> None:
    shoe = woo.add_product("A1")
    woo.add_product("B,2")
    lost: set[bytes] = set()

    def lose(number: int, asked: Asked) -> Disturbance | None:
        # The first answer to each upload is lost, each in another way.
        if asked.method == "POST" and asked.body not in lost:
            lost.add(asked.body)
            return Disturbance(lost=True) if len(lost) % 2 else Disturbance(status=504)
        return None

    woo.disturb = lose
    done = deliver(made, woo.address)
    assert done.code == 0, done.err
    assert len(lost) == len(woo.media) == 3
    assert len(woo.names(shoe)) == 2


def test_a_file_that_came_twice_is_cleared_away(made: Shop, woo: MockWooCommerce) -> None:
    shoe = woo.add_product("A1")
    woo.add_product("B,2")
    deliver(made, woo.address)
    (name, _), before = woo.names(shoe), set(woo.media)
    woo.add_media(name, woo.published[f"/cdn/{name}"])  # a request that arrived late
    log = made.out / "delivery/shops.jsonl"
    # What a sender that was killed while it uploaded leaves behind.
    log.write_text(
        "".join(line for line in log.read_text().splitlines(True) if '"uploaded"' not in line and '"shown"' not in line)
    )
    assert log.read_text().count('"sending"') == 3
    done = deliver(made, woo.address)
    assert done.code == 0, done.err
    assert set(woo.media) == before
    assert woo.names(shoe)[0] == name


def deletions(woo: MockWooCommerce) -> list[str]:
    return [asked.path for asked in woo.asked if asked.method == "DELETE"]


def test_a_product_whose_sku_ends_like_another_one_keeps_the_same_picture(tmp_path: Path, woo: MockWooCommerce) -> None:
    one, eleven = woo.add_product("1"), woo.add_product("11")
    made = run_of(tmp_path / "both", {"p1": "1", "p11": "11"})
    made.redraw("packshots/in/p11.png", picture(0))  # as that of p1
    assert deliver(made, woo.address).code == 0
    shown = [woo.names(one), woo.names(eleven)]
    assert [len(each) for each in shown] == [1, 1]
    assert deliver(run_of(tmp_path / "one", {"p1": "1"}), woo.address).code == 0
    assert [woo.names(one), woo.names(eleven)] == shown
    assert deletions(woo) == []


def test_copies_that_no_upload_of_ours_has_made_are_left(tmp_path: Path, woo: MockWooCommerce) -> None:
    shoe, other = woo.add_product("A1"), woo.add_product("Z")
    deliver(run_of(tmp_path / "first", {"p1": "A1"}), woo.address)
    (name,) = woo.names(shoe)
    # The merchant's own: a crop called after it, and the same file once more, which WordPress counts.
    theirs = [woo.add_media(each, woo.published[f"/cdn/{name}"]) for each in (f"banner-{name}", name)]
    woo.products[other]["images"] = list(theirs)
    again = run_of(tmp_path / "second", {"p1": "A1"})
    assert deliver(again, woo.address).code == 0
    assert (woo.names(shoe), woo.products[other]["images"]) == ([name], theirs)
    assert deletions(woo) == []


def test_a_file_that_is_only_called_after_it_is_not_taken_for_it(tmp_path: Path, woo: MockWooCommerce) -> None:
    shoe, other = woo.add_product("A1"), woo.add_product("Z")
    made = run_of(tmp_path / "first", {"p1": "A1"})
    deliver(made, woo.address)
    (name,), (ours,) = woo.names(shoe), woo.products[shoe]["images"]
    del woo.media[ours]
    theirs = woo.add_media(f"banner-{name}", b"theirs, with words on it")
    woo.products[shoe]["images"], woo.products[other]["images"] = [], [theirs]
    (made.out / "delivery/shops.jsonl").unlink()
    assert deliver(made, woo.address).code == 0
    assert (woo.names(shoe), woo.products[other]["images"]) == ([name], [theirs])


def test_an_unknown_sku_a_refused_key_and_no_shop_at_all(
    made: Shop, woo: MockWooCommerce, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    woo.add_product("A1")
    done = deliver(made, woo.address)
    assert done.code == 3
    assert "no product with SKU B,2" in done.err
    done = run("deliver", made.out, "--to", f"{woo.address}/blog", "--json")
    assert (done.code, "--to" in done.err) == (1, True)
    woo.password = "another"
    said = deliver(made, woo.address)
    assert (said.code, "does not take the key" in said.err) == (1, True)
    key = base64.b64encode(f"{USER}:{PASSWORD}".encode())
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    written += "".join((said.out, said.err, done.out, done.err)).encode()
    assert key not in written
    assert PASSWORD.encode() not in written
    monkeypatch.delenv("PACKSHOT_WOOCOMMERCE_PASSWORD")
    done = deliver(made, woo.address)
    assert (done.code, "PACKSHOT_WOOCOMMERCE_PASSWORD" in done.err) == (2, True)


def test_a_key_from_the_keyring(made: Shop, woo: MockWooCommerce, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    class Kept(Keyring):
        def get_password(self, service: str, username: str) -> str | None:
            kept = {("packshot", woo.address): PASSWORD}
            return kept.get((service, username))

    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    try:
        monkeypatch.delenv("PACKSHOT_WOOCOMMERCE_PASSWORD")
        woo.add_product("A1")
        assert deliver(made, woo.address, "--dry-run").code == 3
    finally:
        keyring.set_keyring(before)
