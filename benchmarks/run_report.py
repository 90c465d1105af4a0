"""The report of a large run in a real Chromium: its size, how soon it can be used, searched and ordered, its memory.

    python benchmarks/run_report.py OUT [--photos 3300]

OUT is the folder of a run; where it has fewer photos they are repeated under further names. The page is written beside
links to its small pictures, so that OUT stays as it is. Times are what a person waits for, from the input to the frame
after it; memory is that of the browser's processes beyond an empty page (proportional set size).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
from playwright.sync_api import Page, sync_playwright

from packshot.batch.outputs import thumbnail_path
from packshot.batch.profile_folders import profile_folders
from packshot.records import MANIFEST, Record, read_manifest
from packshot.web.run_report import write_run_report

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from ensure_browser import chromium  # type: ignore[import-not-found, unused-ignore]

WORDS = ["a", "apparel", "apparel shoes", "nothing is called so", ""]
FRAME = "new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photos", type=int, default=3300)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "report.html"
        spent = time.process_time()
        write(told.out.resolve(), report, told.photos)
        spent = time.process_time() - spent
        print("| what | figure |\n|---|---|")
        size = f"{report.stat().st_size / 1e6:.1f} MB"
        print(f"| report.html, {told.photos:,} photos | {size}, written in {spent:.1f} s of processor time |")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            before = memory()
            measure(page, report, before)
            browser.close()


def write(out: Path, report: Path, photos: int) -> None:
    """The report of so many photos, whose small pictures are those of a run."""
    (report.parent / ".packshot").symlink_to(out / ".packshot")
    found = [
        (Path(record.packshot or record.source).with_suffix(""), record) for record in read_manifest(out / MANIFEST)
    ]
    repeated: list[tuple[str, Record]] = []
    for number in range(photos):
        path, record = found[number % len(found)]
        stem = "/".join(path.parts[1:]) if record.packshot else path.name
        row = record.row() | {"source": f"{number // len(found)}/{record.source}"}
        repeated.append((stem, Record.model_validate(row)))
    profiles = dict(profile_folders(out))
    write_run_report(report, repeated, total=photos, thumbnail_path=thumbnail_path, profiles=profiles)


def measure(page: Page, report: Path, before: float) -> None:
    """Open, search, filter, order, go to the end."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    started = time.perf_counter()
    page.goto(report.as_uri(), wait_until="commit")
    page.locator(".card img").first.wait_for()
    page.evaluate(FRAME)
    first = time.perf_counter() - started
    page.locator("#shown", has_text="shown").wait_for()
    page.evaluate(FRAME)
    whole = time.perf_counter() - started
    print(f"| until the first photos are seen; until it can be searched | {first:.1f} s; {whole:.1f} s |")
    page.wait_for_timeout(2000)
    print(f"| pictures loaded by then | {len([each for each in asked if each.endswith('.webp')])} |")
    print(f"| memory of the browser beyond an empty page | {memory() - before:.0f} MB |")

    def timed(act: Callable[[], object]) -> float:
        since = time.perf_counter()
        act()
        page.evaluate(FRAME)
        return (time.perf_counter() - since) * 1000

    searches = [timed(partial(page.fill, "#find", words)) for words in WORDS * 3]
    print(f"| a search: median, most | {statistics.median(searches):.0f} ms, {max(searches):.0f} ms |")
    buttons = page.locator("#tools [data-status]")
    filters = [timed(buttons.nth(each).click) for each in range(buttons.count())]
    buttons.first.click()
    print(f"| a filter by status: median, most | {statistics.median(filters):.0f} ms, {max(filters):.0f} ms |")
    orders = [timed(partial(page.select_option, "#sort", chosen)) for chosen in ("order", "suggested")]
    print(f"| another order | {orders[0]:.0f} ms, and back {orders[1]:.0f} ms |")
    end = timed(lambda: page.keyboard.press("End"))
    page.wait_for_timeout(3000)
    print(f"| to the end of the page | {end:.0f} ms |")
    print(f"| memory by then | {memory() - before:.0f} MB |")


def memory() -> float:
    """Proportional set size of the browser's processes, in 10^6 bytes."""
    found = [each for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]
    return float(sum(each.memory_full_info().pss for each in found)) / 1e6


if __name__ == "__main__":
    main()
