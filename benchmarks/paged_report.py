"""What the report of a run in shards loads, however many photos there are.

python benchmarks/paged_report.py [--photos 1000000]

Photos are names and results without pictures; what is counted is bytes, for those decide how soon a page opens.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from packshot.records import Record
from packshot.sharded.report import PagedReport
from packshot.storage.objects import open_folder


def record(number: int) -> Record:
    """One photo in twenty is to be reviewed, one in a hundred failed."""
    values: dict[str, object] = {
        "source": f"s3://shop/photos/{number // 1000:04}/{number:08}-front.jpg",
        "status": "ok",
    }
    if number % 100 == 0:
        error = {"code": "DamagedPhoto", "message": "the photo ends early", "remedy": "save it anew"}
        values |= {"status": "failed", "error": error}
    elif number % 20 == 1:
        values |= {"status": "review", "review": ["mask"]}
    return Record.model_validate(values)


def sizes(folder: Path, pattern: str) -> list[int]:
    return [path.stat().st_size for path in folder.glob(pattern)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    photos = parser.parse_args().photos
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "scratch").mkdir()
        report, statuses = PagedReport(open_folder(f"file://{name}/out"), Path(name) / "scratch"), Counter[str]()
        spent = time.process_time()
        for number in range(photos):
            each = record(number)
            statuses[each.status.value] += 1
            report.add(f"{number // 1000:04}/{number:08}-front", each, set())
        report.finish(photos, statuses)
        work = time.process_time() - spent
        out, peak = Path(name) / "out", psutil.Process().memory_info().rss / 1e6
        print(f"{photos:,} photos: {work / photos * 1e3:.2f} ms of processor each, {peak:.0f} MB of memory")
        print(f"report.html: {(out / 'report.html').stat().st_size / 1e3:.0f} kB")
        for what, pattern in {
            "pages of photos": "report/0*.html",
            "pages of links": "report/contents-*.html",
            "directory of the search": "report/search/directory.js",
            "blocks of the search": "report/search/[0-9]*.js",
        }.items():
            found = sizes(out, pattern)
            print(f"{what}: {len(found)}, the largest {max(found, default=0) / 1e3:.0f} kB, {sum(found) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
