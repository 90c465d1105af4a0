"""What ``packshot deliver`` tells a person: what failed is not called new, and a name drives no terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.mock_shop import Disturbance, Said, opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop_run import run_of

#: Sets a terminal's title, and begins a line that looks like another picture's.
SKU = "A\x1b]0;owned\x07\nnew\tamazon/fake.png\tB"


def test_what_did_not_arrive_is_counted_as_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_of(tmp_path, {"p1": "A", "p2": "B", "p3": "C"})
    nowhere = Said(201, json.dumps({"id": 99, "source_url": "http://10.0.0.1/x"}).encode())
    with opened(MockWooCommerce(), monkeypatch) as woo:
        for sku in ("A", "B"):
            woo.add_product(sku)
        woo.disturb = lambda number, asked: Disturbance(before=nowhere) if asked.method == "POST" else None
        done = run("deliver", made.out, "--to", woo.address)
    assert done.code == 3
    assert "delivered: 1 held, 2 failed" in done.err.splitlines()
    assert sorted(line.partition("\t")[0] for line in done.out.splitlines()) == ["failed", "failed", "held"]


def test_a_file_that_was_changed_at_the_target_is_failed_in_a_dry_run_too(tmp_path: Path) -> None:
    made = run_of(tmp_path, {"p1": "A", "p2": "B"})
    (tmp_path / "shop/amazon/in").mkdir(parents=True)
    (tmp_path / "shop/amazon/in/p1.png").write_bytes(b"theirs")
    done = run("deliver", made.out, "--to", f"folder:{tmp_path / 'shop'}", "--dry-run")
    assert (done.code, done.err.splitlines()[-1]) == (3, "would be delivered: 1 new, 1 failed")


@pytest.mark.parametrize("target", ["folder:shop", "zip:shop.zip", "shopify:shop.csv", "woocommerce://shop.example"])
def test_a_delivery_that_never_began_is_told_by_its_error_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("deliver", "nodir", "--to", target)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1), done.err
    assert "nodir holds no manifest.jsonl" in done.err


def test_a_sku_neither_drives_the_terminal_nor_makes_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_of(tmp_path, {"p1": SKU})
    said = [run("deliver", made.out, "--to", f"folder:{tmp_path / 'shop'}")]
    assert said[0].out.splitlines() == ["new\tamazon/in/p1.png\tA\\x1b]0;owned\\x07\\nnew\\tamazon/fake.png\\tB"]
    with opened(MockWooCommerce(), monkeypatch) as woo:
        said.append(run("deliver", made.out, "--to", woo.address))  # "the shop has no product with SKU ..."
        woo.add_product(SKU)
        said.append(run("deliver", made.out, "--to", woo.address))
        (file,) = (made.out / "delivery/roll-back").iterdir()
        said.append(run("deliver", "--roll-back", file))
        woo.products.clear()
        said.append(run("deliver", "--roll-back", file))  # names it before the error
    assert [done.code for done in said] == [0, 3, 0, 0, 3]
    assert all("\x1b" not in text and "\nnew" not in text for done in said for text in done[1:])


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (MockWooCommerce, (400, {"code": "no", "message": "no\x1b[31m\nnew"})),
        (MockShopify, (200, {"errors": [{"message": "no\x1b[31m\nnew"}]})),
    ],
)
def test_what_a_shop_answers_drives_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type, answer: tuple[int, object]
) -> None:
    made = run_of(tmp_path, {"p1": "A"})
    with opened(kind(), monkeypatch) as shop:
        shop.disturb = lambda number, asked: Disturbance(before=Said(answer[0], json.dumps(answer[1]).encode()))
        done = run("deliver", made.out, "--to", shop.address, "--json")
    assert done.code == 1
    assert "no\\x1b[31m\\nnew" in done.err


def test_what_many_pictures_have_in_common_is_said_once(tmp_path: Path) -> None:
    made = run_of(tmp_path, {f"p{number}": "" for number in range(1_200)})
    done = run("deliver", made.out, "--to", f"folder:{tmp_path / 'shop'}")
    assert done.code == 3
    assert len(done.out.splitlines()) == 1_200
    told = done.err.splitlines()
    assert [line for line in told if "--sku" not in line] == ["delivered: 1,200 held"]
    assert len(told) <= 5
    assert "1,197 more: no SKU: repeat `packshot run` with --sku" in told[-2]
