"""Pictures to a shop on loopback, 5 % of the requests failing, slow or rate limited, the sender killed on the way.

python benchmarks/delivery.py                        1,000 pictures of 500 products
python benchmarks/delivery.py --pictures 100 --kills 2

The shop validates each call by its schema (tests/support/packshot_tests/mock_shopify.py). Baseline: a plain sender
that notes what it has finished, makes a request again when it fails, and goes on there after a kill.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))

from packshot_tests.mock_shop import Asked, Disturbance, Said  # noqa: E402
from packshot_tests.mock_shopify import TOKEN, MockShopify  # noqa: E402
from packshot_tests.shop_run import run_of  # noqa: E402

SLOW_S = 1.5
TIMEOUT_S = 1.0


class Trouble:
    """A share of the requests fails, each in a way of its own."""

    def __init__(self, share: float, seed: int) -> None:
        self.share, self.counts = share, Counter[str]()
        self._random, self._lock = random.Random(seed), threading.Lock()

    def __call__(self, number: int, asked: Asked) -> Disturbance | None:
        """What goes wrong with a request."""
        with self._lock:
            if self._random.random() >= self.share:
                return None
            how = self._random.choice(("429", "503", "slow", "lost", "502 though done"))
            self.counts[how] += 1
        if how == "slow":  # the sender has given it up, and it is done all the same
            time.sleep(SLOW_S)
            return None
        return {
            "429": Disturbance(before=Said(429, headers={"Retry-After": "1"})),
            "503": Disturbance(before=Said(503)),
            "lost": Disturbance(lost=True),
            "502 though done": Disturbance(status=502),
        }[how]


def send(words: Sequence[str], shop: MockShopify, kills: Sequence[int]) -> tuple[int, float]:
    """Start a sender, kill it each time the shop has seen so many more requests; how often it died, and seconds."""
    environment = os.environ | {
        "PACKSHOT_SHOPIFY_TOKEN": TOKEN,
        "PACKSHOT_DELIVERY_TIMEOUT_S": str(TIMEOUT_S),
        "PACKSHOT_DELIVERY_FIRST_PAUSE_S": "0.1",
    }
    started, killed = time.monotonic(), 0
    for kill in [*kills, None]:
        target = None if kill is None else len(shop.asked) + kill
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while process.poll() is None:
            if target is not None and len(shop.asked) >= target:
                process.kill()
                break
            time.sleep(0.002)
        said = process.communicate()[1]
        killed += process.returncode == -9
        if process.returncode not in {0, -9}:
            print(said[-2000:], file=sys.stderr)
    return killed, time.monotonic() - started


def figures(name: str, words: Sequence[str], out: Path, pictures: int, share: float, kills: Sequence[int]) -> None:
    skus = {sku: [] for sku in _skus(pictures)}
    with MockShopify() as shop:
        products = {sku: shop.add_product(sku, pictures=1) for sku in skus}
        trouble = Trouble(share, 19)
        shop.disturb = trouble
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        died, seconds = send([word.replace("HOST", shop.host) for word in words], shop, kills)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        sent = {path.read_bytes() for path in (out / "packshots").rglob("*.png")}
        shown: Counter[bytes] = Counter()
        for product in products.values():
            names = shop.names(product)
            shown.update(shop.published[f"/cdn/{each}"] for each in names if not each.startswith("theirs"))
        once = sum(shown[content] == 1 for content in sent)
        uploaded = len(shop.files) - len(products)
        row = (name, once, sum(shown[content] == 0 for content in sent), sum(shown[c] > 1 for c in sent), uploaded)
        print(*row, len(shop.asked), sum(trouble.counts.values()), died, f"{cpu:.1f}", f"{seconds:.0f}", sep=" | ")
        if trouble.counts:
            print("   disturbed:", json.dumps(trouble.counts), file=sys.stderr)


def _skus(pictures: int) -> list[str]:
    return [f"SKU-{number:04d}" for number in range(pictures // 2)]


def plain_sender(out: Path, host: str) -> None:
    """The baseline."""
    import httpx2

    note, client = out / "finished.txt", httpx2.Client(timeout=TIMEOUT_S)

    def again(method: str, url: str, **more: object) -> httpx2.Response:
        while True:
            try:
                answer = client.request(method, url, **more)
                if answer.status_code < 400:
                    return answer
            except httpx2.RequestError:
                pass
            time.sleep(0.1)

    def call(document: str, /, **variables: object) -> dict:
        url, key = f"http://{host}/admin/api/2026-07/graphql.json", {"X-Shopify-Access-Token": TOKEN}
        return again("POST", url, headers=key, json={"query": document, "variables": variables}).json()["data"]

    from packshot.delivery.direct.shopify_calls import CREATE_FILE, FILE_BY_ID, STAGE, UPDATE_FILES, VARIANTS

    finished = note.read_text().split() if note.exists() else []
    for path in sorted((out / "packshots").rglob("*.png")):
        if path.stem in finished:
            continue
        sku = path.parent.name
        nodes = call(VARIANTS, query=f'sku:"{sku}"')["productVariants"]["nodes"]
        wanted = {"resource": "IMAGE", "filename": f"{os.urandom(4).hex()}.png", "mimeType": "image/png"}
        target = call(STAGE, input=[wanted])["stagedUploadsCreate"]["stagedTargets"][0]
        fields = {each["name"]: each["value"] for each in target["parameters"]}
        again("POST", target["url"], data=fields, files={"file": path.read_bytes()})
        made = {"originalSource": target["resourceUrl"], "alt": "", "filename": f"{os.urandom(8).hex()}.png"}
        file = call(CREATE_FILE, files=[made])["fileCreate"]["files"][0]
        while file["fileStatus"] != "READY":
            file = call(FILE_BY_ID, id=file["id"])["node"]
        call(UPDATE_FILES, files=[{"id": file["id"], "referencesToAdd": [nodes[0]["product"]["id"]]}])
        with note.open("a") as lines:
            lines.write(f"{path.stem}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--share", type=float, default=0.05, help="of the requests that are disturbed")
    parser.add_argument("--only", default="", help="the sender whose name begins like this")
    parser.add_argument("--plain", nargs=2, metavar=("OUT", "HOST"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        plain_sender(Path(options.plain[0]), options.plain[1])
        return
    chance = random.Random(7)
    kills = [chance.randint(50, max(51, options.pictures)) for _ in range(options.kills)]
    print(
        "sender | shown once | never | more than once | files made | requests | disturbed | killed | "
        "processor s | seconds"
    )
    packshot = [sys.executable, "-m", "packshot", "deliver", "OUT", "--to", "shopify://HOST", "--json"]
    plain = [sys.executable, __file__, "--plain", "OUT", "HOST"]
    for name, words, share, deaths in (
        ("packshot, nothing amiss", packshot, 0.0, []),
        ("packshot", packshot, options.share, kills),
        ("plain sender", plain, options.share, kills),
    ):
        if not name.startswith(options.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            pictures = {f"{sku}/{sku}-{view}": sku for sku in _skus(options.pictures) for view in (1, 2)}
            out = run_of(Path(folder), pictures, side=64).out
            figures(name, [word.replace("OUT", str(out)) for word in words], out, options.pictures, share, deaths)


if __name__ == "__main__":
    main()
