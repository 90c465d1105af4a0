"""The report of a run in shards as a person meets it: opened from a disk, photos are found among many."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from packshot_tests.accessibility import grave_problems
from playwright.sync_api import Browser, expect

from packshot.records import Record
from packshot.sharded.report import PagedReport
from packshot.storage.objects import open_folder

pytestmark = pytest.mark.browser
HOSTILE = "s3://shop/zz/<img src=x onerror=document.title='stolen'>.jpg"


def records() -> list[Record]:
    """1,200 photos of 3 shelves, each with an SKU; one of them damaged, seven for a review, one with a hostile name."""
    values: list[dict[str, object]] = [
        {"source": f"s3://shop/shelf{number % 3}/{number:05}-front.jpg", "status": "ok", "sku": f"SKU-{9000 + number}"}
        for number in range(1200)
    ]
    values[77] |= {"status": "failed", "error": {"code": "DamagedPhoto", "message": "ends early", "remedy": "again"}}
    for number in range(100, 107):
        values[number] |= {"status": "review", "review": ["mask"]}
    return [Record.model_validate(each) for each in [*values, {"source": HOSTILE, "status": "ok"}]]


def test_photos_are_found_by_name_sku_reason_and_status(browser: Browser, tmp_path: Path) -> None:
    report = PagedReport(open_folder(f"file://{tmp_path}/out"), tmp_path)
    for record in records():
        report.add(Path(record.source).stem, record, set())
    report.finish(1201, Counter({"ok": 1193, "review": 7, "failed": 1}))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "out" / "report.html").as_uri())
    assert len(asked) == 1  # the tables are read when somebody searches
    find, said = page.get_by_role("searchbox"), page.locator("#said")
    found = page.locator("#found li")
    for words, told, names in (
        ("00345", "1 photo", ["00345"]),
        ("shelf0 00345", "1 photo", ["00345"]),
        ("shelf1 00345", "No photo", []),
        ("0034", "10 photos", [f"{number:05}" for number in range(340, 350)]),
        ("SKU-9077", "1 photo", ["00077"]),
        ("DAMAGED", "1 photo", ["00077"]),
        ("mask", "7 photos", [f"{number:05}" for number in range(100, 107)]),
        ("front", "1,200 photos, the first 100 here", [f"{number:05}" for number in range(100)]),
        ("onerror", "1 photo", ["<img"]),
        ("", "", []),
    ):
        find.fill(words)
        expect(said).to_have_text(told)
        expect(found).to_have_count(len(names))
        assert all(name in text for name, text in zip(names, found.all_inner_texts(), strict=True))
    assert page.title() != "stolen"
    assert grave_problems(page) == []
    find.fill("01199")
    page.get_by_role("link", name="01199-front.jpg", exact=False).first.click()
    expect(page.locator(":target")).to_contain_text("s3://shop/shelf2/01199-front.jpg")
    page.close()
