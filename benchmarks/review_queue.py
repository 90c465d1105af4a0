"""How long a key takes from its press to the next photo, in a queue of 3,000 drawn photos and a real Chromium.

    python benchmarks/review_queue.py [--photos 3000] [--keys 200] [--keep FOLDER]

Photos are drawn (no data set is needed), each with its own bytes; masks and results are shared by hard links. The
service runs as `packshot serve` does, on this machine, with one worker. A key is pressed once a photo is seen and some
time has passed; its time runs from the browser's own time stamp of the key to the first frame after both pictures are
another photo's, decoded and complete. `--pause 0` presses as soon as a photo is there, faster than any can be loaded.
`page` is the processor time of the page's main thread for each key, which other work on the machine does not change.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import CDPSession, Page, sync_playwright

from packshot.records import MANIFEST, read_record, write_manifest

_SIZE = (1600, 1200)
_KINDS = 24
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WATCH = """
window.keyTimes = [];
addEventListener("keydown", (event) => {
  const pressed = event.timeStamp;
  const picture = (id) => document.querySelector(`#${id} img`);
  const before = [picture("before"), picture("after")];
  const look = () => {
    const now = [picture("before"), picture("after")];
    if (now.every((one, index) => one && one !== before[index] && one.complete && one.naturalWidth))
      requestAnimationFrame(() => window.keyTimes.push(performance.now() - pressed));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}, true);
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=3000)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--pause", type=float, nargs="+", default=[0.5, 0.0], help="seconds between keys")
    parser.add_argument("--keep", type=Path, help="draw here, or use what was drawn here")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="packshot-queue-")))
        draw(folder, asked.photos)
        shutil.rmtree(folder / "out" / "review", ignore_errors=True)
        address = stack.enter_context(served(folder))
        print(f"| keys, {asked.photos} photos | p50 | p95 | slowest | under 100 ms | page |\n|---|---|---|---|---|---|")
        for pause in asked.pause:
            measure(address, asked.keys, pause)


def measure(address: str, keys: int, pause: float) -> None:
    """Press keys in a browser of its own, and print a line of the table."""
    with sync_playwright() as playwright:
        path = os.environ.get("PACKSHOT_CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)))
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.add_init_script(_WATCH)
        started = time.perf_counter()
        page.goto(f"{address}/review")
        page.wait_for_selector("#before img")
        first = time.perf_counter() - started
        page.wait_for_timeout(3000)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = busy(devtools)
        for index in range(keys):
            page.keyboard.press("a" if index % 3 else "s")  # two decisions, then one left for later
            page.wait_for_function("count => window.keyTimes.length > count", arg=index, timeout=60_000)
            page.wait_for_timeout(1000 * pause)
        spent = 1000 * (busy(devtools) - before) / keys
        times = np.array(page.evaluate("window.keyTimes"))
        require_decided(page, keys)
        browser.close()
    under = float((times < 100).mean())
    p50, p95 = np.percentile(times, [50, 95])
    what = f"{keys}, {pause:g} s apart" if pause else f"{keys}, each as soon as a photo is seen"
    print(f"| {what} | {p50:.0f} ms | {p95:.0f} ms | {times.max():.0f} ms | {under:.1%} | {spent:.1f} ms |")
    print(f"first photo after {first:.2f} s", file=sys.stderr)


def busy(devtools: CDPSession) -> float:
    """Processor seconds of the page's main thread: what other work on the machine does not change."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def require_decided(page: Page, keys: int) -> None:
    """Every decision reached the disk: a fast page that loses some is worth nothing."""
    page.wait_for_timeout(2000)
    rows: list[dict[str, Any]] = page.evaluate(
        "fetch('/v1/reviews/out/log?limit=10000').then((answer) => answer.json())"
    )
    expected = keys - len(range(0, keys, 3))
    if len(rows) % expected:
        raise SystemExit(f"{len(rows)} decisions are in the log, expected a multiple of {expected}")


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """`packshot serve` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "packshot", "serve", "--port", str(port), "--workers", "1", "--run", "out"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/ready", timeout=2)
                    break
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def draw(folder: Path, photos: int) -> None:
    """A run's folder: photos, masks, results and manifest."""
    out = folder / "out"
    if (out / MANIFEST).is_file():
        return
    for name in ("photos", "out/masks", "out/packshots"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    kinds = [_drawn(folder, kind) for kind in range(_KINDS)]
    rows = []
    for number in range(photos):
        photo, mask, packshot = kinds[number % _KINDS]
        name = f"{number:05d}"
        # A comment segment behind the first marker: other bytes, the same picture.
        content = photo[:2] + b"\xff\xfe\x00\x07" + name.encode() + photo[2:]
        (folder / "photos" / f"{name}.jpg").write_bytes(content)
        os.link(mask, out / "masks" / f"{name}.png")
        os.link(packshot, out / "packshots" / f"{name}.jpg")
        rows.append(_row(name, hashlib.sha256(content).hexdigest(), number, photos))
    write_manifest(out / MANIFEST, map(read_record, rows))


def _drawn(folder: Path, kind: int) -> tuple[bytes, Path, Path]:
    random = np.random.default_rng(kind)
    width, height = _SIZE
    background = np.linspace(*random.integers(90, 230, (2, 3)), height)[:, None].repeat(width, 1)
    grain = random.normal(0, 6, (height, width, 1))
    picture = Image.fromarray(np.clip(background + grain, 0, 255).astype(np.uint8))
    mask = Image.new("L", _SIZE)
    box = (350 + 20 * (kind % 5), 250, 1250, 950 + 10 * (kind % 7))
    shape = "ellipse" if kind % 2 else "rectangle"
    getattr(ImageDraw.Draw(picture), shape)(box, fill=tuple(random.integers(20, 220, 3).tolist()))
    getattr(ImageDraw.Draw(mask), shape)(box, fill=255)
    ImageDraw.Draw(mask).ellipse((1380, 300, 1450, 370), fill=255)  # a loose piece
    result = Image.composite(picture, Image.new("RGB", _SIZE, "white"), mask)
    paths = [folder / f"kind-{kind}.{name}" for name in ("photo.jpg", "mask.png", "result.jpg")]
    picture.save(paths[0], quality=85)
    mask.save(paths[1])
    result.resize((1600, 1600)).save(paths[2], quality=90)
    return paths[0].read_bytes(), paths[1], paths[2]


def _row(name: str, sha256: str, number: int, photos: int) -> dict[str, Any]:
    rule = {"id": "fill", "ok": number % 5 != 0, "measured": 0.7, "required": "at least 0.85", "severity": "must"}
    file = f"packshots/{name}.jpg"
    return {
        "source": f"photos/{name}.jpg",
        "sha256": sha256,
        "status": "review",
        "review": ["mask"],
        "doubts": ["pieces"],
        "error": None,
        "size": _SIZE,
        "mask": f"masks/{name}.png",
        "packshots": {"amazon": {"file": file, "status": "review", "rules": [rule]}},
        "category": {
            "path": [{"id": "shoes", "name": "Shoes", "score": 0.8}],
            "score": 0.8,
            "top": [{"label": label, "score": 0.1, "name": label} for label in ("hat", "dress", "pants")],
        },
        "uncertainty": 0.02 + 0.1 * number / photos,
    }


if __name__ == "__main__":
    main()
