"""A sender that is killed again and again: each picture is shown once, uploaded once, and the way back is whole."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.mock_shop import Asked, Disturbance, Said, opened
from packshot_tests.mock_shopify import MockShopify
from packshot_tests.mock_woocommerce import MockWooCommerce
from packshot_tests.shop_run import deliver, run_of

PICTURES = {f"p{number}/{view}": f"S{number}" for number in range(3) for view in (1, 2)}

#: Steps are what is synced (the logs), and each request before it is sent and after its answer came.
_KILLED = """
import os, sys, threading
import httpx2
from packshot.cli.main import main
import packshot.delivery.direct.delivery, packshot.delivery.direct.shopify, packshot.delivery.direct.woocommerce
out, to, *kills = sys.argv[1:]
fsync, send, lock = os.fsync, httpx2.Client.send, threading.Lock()
for at in map(int, kills):
    child = os.fork()
    if not child:
        left = at
        def step():
            global left
            with lock:
                left -= 1
                if not left:
                    os.kill(os.getpid(), 9)
        def asked(self, request, **more):
            step()
            answer = send(self, request, **more)
            step()
            return answer
        os.fsync = lambda handle: (step(), fsync(handle))
        httpx2.Client.send = asked
        main(["deliver", out, "--to", to, "--json"])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def killed(out: Path, to: str, seed: int) -> list[str]:
    """Deliver, and be killed at random steps; the exit codes."""
    kills = [str(random.Random(seed + each).randint(1, 30)) for each in range(5)]
    words = [sys.executable, "-c", _KILLED, str(out), to, *kills]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=200).stdout.split()


def busy(number: int, asked: Asked) -> Disturbance | None:
    """Every tenth request fails, each in another way."""
    troubles = (
        Disturbance(before=Said(429, headers={"Retry-After": "0"})),
        Disturbance(lost=True),
        Disturbance(before=Said(503)),
        Disturbance(status=502),
    )
    return troubles[number // 10 % 4] if number % 10 == 0 else None


@pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL")
def test_shopify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_of(tmp_path, PICTURES)
    with opened(MockShopify(), monkeypatch) as shop:
        products = [shop.add_product(f"S{number}", pictures=1) for number in range(3)]
        before = {product: list(shown) for product, shown in shop.products.items()}
        shop.disturb = busy
        assert "-9" in killed(made.out, shop.address, 1)
        done = deliver(made, shop.address)
        assert done.code == 0, done.err
        assert [len(set(shop.products[product])) for product in products] == [3] * 3
        assert [len(shop.products[product]) for product in products] == [3] * 3
        assert len(shop.files) == len(PICTURES) + 3
        for path in sorted((made.out / "delivery/roll-back").iterdir(), reverse=True):
            assert run("deliver", "--roll-back", path).code == 0
        assert shop.products == before


@pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL")
def test_woocommerce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run_of(tmp_path, PICTURES)
    with opened(MockWooCommerce(), monkeypatch) as shop:
        products = [shop.add_product(f"S{number}", pictures=1) for number in range(3)]
        before = [list(shop.products[product]["images"]) for product in products]
        shop.disturb = busy
        assert "-9" in killed(made.out, shop.address, 3)
        done = deliver(made, shop.address)
        assert done.code == 0, done.err
        shown = [shop.products[product]["images"] for product in products]
        assert [len(set(each)) for each in shown] == [len(each) for each in shown] == [3] * 3
        assert len(shop.media) == len(PICTURES) + 3
        assert shop.unlike == []
        for path in sorted((made.out / "delivery/roll-back").iterdir(), reverse=True):
            assert run("deliver", "--roll-back", path).code == 0
        assert [shop.products[product]["images"] for product in products] == before
