"""The page to try photos on, in a real Chromium: how light it is, when it can be used, how soon a stroke is refined.

    python benchmarks/page.py                 # a table

The photo is the shipped one of shoes, enlarged to 1 megapixel; strokes are drawn with the mouse along the shoes' edge,
each on what the ones before gave. The time of a stroke is measured in the page, from the end of the stroke to the
moment the refined mask is there to be drawn. Other work on the machine counts in; processor time of the service is
given beside it.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from packshot.cutout import Stroke
from packshot.service.kept.drawing import StrokesJob
from packshot.service.kept.opening import OpenJob
from packshot.service.tools import Tools
from packshot.settings import Settings, Subject

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from ensure_browser import chromium

SHOES = Path(__file__).parents[1] / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg"
STROKES = 20
PORT = 8191


def main() -> None:
    """Measure and print."""
    with served() as process, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        page.goto(f"http://127.0.0.1:{PORT}/", wait_until="networkidle")
        usable = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        print("| what | figure |\n|---|---|")
        print(f"| first page, all its files, compressed | {sum(sizes) / 1000:.1f} kB in {len(sizes)} requests |")
        print(f"| first page, until its scripts have run | {usable:.0f} ms |")
        page.set_input_files("#files", [{"name": "shoes.jpg", "mimeType": "image/jpeg", "buffer": megapixel()}])
        page.locator("#rules li").first.wait_for(state="attached", timeout=120_000)
        before = spent(process.pid)
        waits = strokes(page)
        cpu = (spent(process.pid) - before) / STROKES * 1000
        quarters = statistics.quantiles(waits, n=20)
        print(f"| stroke's end to refined mask, 1 MP, {STROKES} strokes: median | {statistics.median(waits):.0f} ms |")
        print(f"| the same, 19 of 20 below | {quarters[-1]:.0f} ms |")
        print(f"| processor time of the service a stroke, cut-out and picture made anew too | {cpu:.0f} ms |")
        browser.close()
    print(f"| processor time of a stroke alone, median of {STROKES} | {statistics.median(alone()):.0f} ms |")


def alone() -> list[float]:
    """Milliseconds of processor time of each stroke's job, in this process, with one thread."""
    tools, found = Tools(Settings(threads=1)), []
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        OpenJob(megapixel(), Path(folder)).do(tools)
        drawn: tuple[Stroke, ...] = ()
        for number in range(STROKES):
            points = tuple((400.0 + 20 * number + step, 400.0 + 10 * (number % 7) + step) for step in range(0, 60, 4))
            drawn = (*drawn, Stroke(kind="keep" if number < STROKES // 2 else "erase", points=points, radius=23))
            before = time.process_time()
            StrokesJob(Path(folder), Subject.AUTO, drawn).do(tools)
            found.append((time.process_time() - before) * 1000)
    return found


def strokes(page: Page) -> list[float]:
    """Draw, and give the milliseconds of each."""
    page.keyboard.press("k")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    for number in range(STROKES):
        if number == STROKES // 2:
            page.keyboard.press("e")
        x, y = box["x"] + box["width"] * (0.25 + 0.02 * number), box["y"] + box["height"] * (0.45 + 0.01 * (number % 7))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y + 15, steps=8)
        page.mouse.up()
        page.locator(f"#stage[aria-label*=', {number + 1} stroke']").wait_for()
        page.wait_for_timeout(1500)  # a person looks
    found: list[float] = page.evaluate("performance.getEntriesByName('packshot-mask').map((each) => each.duration)")
    return found


def megapixel() -> bytes:
    """The photo at 1,000,000 pixels."""
    photo = Image.open(SHOES)
    scale = (1e6 / (photo.width * photo.height)) ** 0.5
    file = io.BytesIO()
    photo.resize((round(photo.width * scale), round(photo.height * scale)), Image.Resampling.LANCZOS).save(file, "JPEG")
    return file.getvalue()


def spent(pid: int) -> float:
    """Seconds of processor time of a process and its children that live."""
    total = 0.0
    for each in [pid, *children(pid)]:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / 100
    return total


def children(pid: int) -> list[int]:
    """Of a process, on Linux."""
    text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(each) for each in text.split()]


@contextlib.contextmanager
def served() -> Iterator[subprocess.Popen[Any]]:
    """The service with one worker."""
    command = [sys.executable, "-m", "packshot", "serve", "--port", str(PORT), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_ready()
            yield process
        finally:
            process.terminate()


def wait_until_ready() -> None:
    """Wait for the networks."""
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ready"):
            return
        time.sleep(0.2)
    sys.exit("the service did not become ready")


if __name__ == "__main__":
    main()
