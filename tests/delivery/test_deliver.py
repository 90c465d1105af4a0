"""``packshot deliver`` as it is typed, on a run that was drawn by hand: what arrives, what stays behind, and why."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import Done, run
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver

from packshot.batch import find_sources
from packshot.review import Node
from packshot.storage import RESULT_LIST

TEXT = {"en": {"title": "=Shoe, red", "alt": "A red shoe"}}
SHOES = {"path": [{"id": "apparel", "name": "Apparel"}, {"id": "shoes", "name": "Shoes"}], "score": 0.9, "sure": True}
BASE = "https://cdn.example/shop"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shoe in two views, a hat that a person should look at, and a bag that breaks a rule of eBay's."""
    made = Shop(tmp_path)
    for source, sku, view, status in (
        ("in/shoe/1.png", "A1", 1, "ok"),
        ("in/shoe/2.png", "A1", 2, "ok"),
        ("in/hat.png", "-B2", 1, "review"),
        ("in/bag.png", "C3", 1, "review"),
    ):
        made.add(source, tint=len(made.records), sku=sku, view=view, status=status, schema_version=2)
        stem = source.removesuffix(".png")
        bag = sku == "C3"
        rule = {"id": "longest-side", "ok": not bag, "measured": 60, "required": "at least 500", "severity": "must"}
        pictures = {
            "amazon": {"file": f"packshots/{stem}.png", "status": "ok", "rules": [rule | {"ok": True}]},
            "ebay": {"file": f"channels/ebay/{stem}.png", "status": "review" if bag else "ok", "rules": [rule]},
        }
        made.redraw(f"channels/ebay/{stem}.png", np.full((8, 8, 3), len(made.records), np.uint8))
        review = {"hat": ["mask"], "bag": ["rules"]}.get(Path(source).stem, [])
        made.change(source, packshots=pictures, review=review, category=SHOES, texts=TEXT)
    state = made.out / ".packshot"
    state.mkdir()
    (state / "profiles.json").write_text('{"amazon": "packshots", "ebay": "channels/ebay"}')
    return made


def _is_shown(path: Path) -> bool:
    return path.is_file() and path.name != RESULT_LIST


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if _is_shown(path)}


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def statuses(done: Done) -> dict[str, str]:
    return {f"{row['channel']}/{row['file']}": row["status"] for row in done.lines}


def test_why_a_picture_stays_behind_is_told_in_words(shop: Shop, tmp_path: Path) -> None:
    said = run("deliver", shop.out, "--to", f"folder:{tmp_path / 'there'}", "--include-undecided").out
    (bag,) = [line for line in said.splitlines() if line.startswith("new\tebay/in/bag.png")]
    assert bag.endswith("\tC3\ta rule that must hold does not, the picture has too few or too many pixels")
    said = run("deliver", shop.out, "--to", f"folder:{tmp_path / 'other'}").out
    (hat,) = [line for line in said.splitlines() if line.startswith("held\tamazon/in/hat.png")]
    assert hat.endswith("\tcheck the cut-out")


def test_a_folder_holds_what_is_settled_with_a_table_for_each_channel(shop: Shop, tmp_path: Path) -> None:
    shop.review().reject("shoe/2.png", "blurred", by="anna")
    there = tmp_path / "there"
    done = deliver(shop, f"folder:{there}", "--base-url", BASE)
    assert done.code == 0, done.err
    assert "2 undecided photos: packshot review list" in done.err, "of them one is held in both channels"
    held = {"in/shoe/2.png": ["rejected"], "in/hat.png": ["mask"], "in/bag.png": ["rules"]}
    rows = done.lines
    assert {row["source"]: row["reasons"] for row in rows if row["status"] == "held"} == held
    (bag,) = [row for row in rows if row["sku"] == "C3" and row["channel"] == "amazon"]
    assert (bag["status"], bag["url"], bag["rules_ok"]) == ("new", f"{BASE}/amazon/in/bag.png", True)
    found = files(there)
    tables = {name: table(there / name / "listing.csv") for name in ("amazon", "ebay")}
    found = {name: data for name, data in found.items() if not name.endswith("listing.csv")}
    assert {name: (shop.out / path).read_bytes() for name, path in PLACES.items()} == found
    assert [(row["sku"], row["file"], row["status"]) for row in tables["amazon"]] == [
        ("A1", "in/shoe/1.png", "ok"),
        ("C3", "in/bag.png", "ok"),
    ]
    shoe = tables["ebay"][0]
    assert (shoe["title"], shoe["alt text"], shoe["category"]) == ("'=Shoe, red", "A red shoe", "Apparel > Shoes")

    more = deliver(shop, f"folder:{there}", "--include-undecided")
    assert {row["sku"] for row in more.lines if row["status"] == "new"} == {"-B2", "C3"}
    broken = [row for row in table(there / "ebay/listing.csv") if row["sku"] == "C3"]
    assert [(row["status"], row["reasons"]) for row in broken] == [("review", "rules; longest-side")]
    assert "'-B2" in (there / "amazon/listing.csv").read_text()


PLACES = {
    "amazon/in/shoe/1.png": "packshots/in/shoe/1.png",
    "amazon/in/bag.png": "packshots/in/bag.png",
    "ebay/in/shoe/1.png": "channels/ebay/in/shoe/1.png",
}


@pytest.mark.parametrize("to", ["folder:there", "zip:there.zip"])
def test_a_second_delivery_brings_only_what_changed(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.chdir(tmp_path)
    where = Path(to.partition(":")[2])
    before = files(tmp_path)
    dry = deliver(shop, to, "--channel", "amazon", "--dry-run")
    assert files(tmp_path) == before
    assert statuses(deliver(shop, to, "--channel", "amazon")) == statuses(dry)
    shoe, side, bag = (f"amazon/in/{name}.png" for name in ("shoe/1", "shoe/2", "bag"))
    written = {path: path.stat().st_mtime_ns for path in (where, *where.rglob("*"))}
    again = statuses(deliver(shop, to, "--channel", "amazon"))
    assert [again[name] for name in (shoe, side, bag)] == ["same"] * 3
    assert {path: path.stat().st_mtime_ns for path in written} == written

    old = (shop.out / "packshots/in/shoe/2.png").read_bytes()
    shop.redraw("packshots/in/shoe/1.png", np.zeros((9, 9, 3), np.uint8))
    shop.change("in/bag.png", texts={})
    shop.review().reject("shoe/2.png", "blurred", by="anna")
    dry = deliver(shop, to, "--channel", "amazon", "--dry-run")
    third = deliver(shop, to, "--channel", "amazon")
    assert third.lines == dry.lines
    assert [row["status"] for row in third.lines if row["source"] == "in/shoe/2.png"] == ["held", "gone"]
    assert (statuses(third)[shoe], statuses(third)[bag]) == ("changed", "changed")
    if where.is_dir():
        there = files(where)
        assert [path.read_bytes() for path in (shop.out / "delivery/gone").iterdir()] == [old]
        # Neither what was delivered nor what was kept is a photo for the next run.
        assert {source.relative for source in find_sources([tmp_path])} == set(shop.records)
    else:
        with zipfile.ZipFile(where) as archive:
            assert archive.testzip() is None
            there = {name: archive.read(name) for name in archive.namelist()}
    assert set(there) == {shoe, bag, "amazon/listing.csv"}
    assert there[shoe] == (shop.out / "packshots/in/shoe/1.png").read_bytes()
    assert set(statuses(deliver(shop, to, "--channel", "amazon")).values()) == {"same", "held"}


#: Steps are what is synced (the log, then each file before it is renamed) and each file after it was renamed.
KILLS = (1, 2, 3, 6, 7, 14, 15)
_KILLED = (
    f"KILLS = {KILLS}"
    + """
import os, sys
from packshot.cli.main import main
import packshot.delivery
out, folder = sys.argv[1:]
fsync, replace = os.fsync, os.replace
for at in KILLS:
    child = os.fork()
    if not child:
        left = at
        def step():
            global left
            left -= 1
            if not left:
                os.kill(os.getpid(), 9)
        os.fsync = lambda handle: (step(), fsync(handle))
        os.replace = lambda *names: (replace(*names), step())
        main(["deliver", out, "--to", f"folder:{folder}/{at}", "--json"])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL")
def test_a_delivery_killed_at_any_write_is_finished_by_the_next(shop: Shop, tmp_path: Path) -> None:
    words = [sys.executable, "-c", _KILLED, str(shop.out), str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert ended.count("-9") == len(KILLS)
    whole = tmp_path / "whole"
    deliver(shop, f"folder:{whole}")
    shop.review().reject("shoe/1.png", "blurred", by="anna")
    deliver(shop, f"folder:{tmp_path / '3'}")  # written, and never acknowledged
    assert not (tmp_path / "3" / "amazon/in/shoe/1.png").exists()
    shop.review().undo("shoe/1.png", by="anna")
    for at in KILLS:
        done = deliver(shop, f"folder:{tmp_path / str(at)}")
        assert done.code == 0, done.err
        assert files(tmp_path / str(at)) == files(whole)
        assert set(statuses(deliver(shop, f"folder:{tmp_path / str(at)}")).values()) == {"same", "held"}


def test_what_somebody_changed_at_the_target_is_left_and_named(shop: Shop, tmp_path: Path) -> None:
    there = tmp_path / "there"
    deliver(shop, f"folder:{there}")
    picture, table = there / "amazon/in/bag.png", there / "amazon/listing.csv"
    picture.write_bytes(b"edited")
    done = deliver(shop, f"folder:{there}")
    assert done.code == 3
    assert "in/bag.png" in done.err
    assert "move it away" in done.err
    assert picture.read_bytes() == b"edited"
    picture.unlink()
    assert statuses(deliver(shop, f"folder:{there}"))["amazon/in/bag.png"] == "new"
    table.write_bytes(b"edited")
    assert deliver(shop, f"folder:{there}").code == 2
    assert table.read_bytes() == b"edited"


def test_what_is_read_back_as_something_else_is_named_and_not_taken_as_delivered(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def broken_disk(source: Path, target: Path) -> None:
        real(source, target)
        if Path(target).name == "bag.png":
            Path(target).write_bytes(b"torn")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", broken_disk)
        done = deliver(shop, f"folder:{tmp_path / 'there'}", "--channel", "amazon")
    assert done.code == 3
    assert [row["file"] for row in done.lines if row["error"]] == ["in/bag.png"]
    assert "read back" in done.err
    (tmp_path / "there/amazon/in/bag.png").unlink()
    done = deliver(shop, f"folder:{tmp_path / 'there'}", "--channel", "amazon")
    assert (done.code, statuses(done)["amazon/in/bag.png"]) == (0, "new")


def test_what_was_decided_but_not_made_anew_waits(shop: Shop, tmp_path: Path) -> None:
    review = shop.review()
    review.approve("hat.png", by="anna")
    review.correct_category("shoe/1.png", (Node("apparel", "Apparel"), Node("hats", "Hats")), by="anna")
    done = deliver(shop, f"folder:{tmp_path / 'there'}", "--channel", "amazon")
    assert done.code == 3
    assert statuses(done)["amazon/in/hat.png"] == "new"
    assert statuses(done)["amazon/in/shoe/1.png"] == "held"
    assert "packshot review apply" in done.err


def test_feeds_name_products_with_their_pictures_in_order(shop: Shop, tmp_path: Path) -> None:
    shop.change("in/hat.png", status="ok", review=[])
    urls = [f"{BASE}/amazon/in/shoe/{view}.png" for view in (1, 2)]
    options = ("--channel", "amazon", "--base-url", f"{BASE}/")
    feed = tmp_path / "feed.xml"
    assert deliver(shop, f"google:{feed}", *options, "--link", "https://shop.example/p/{sku}").code == 0
    g = "{http://base.google.com/ns/1.0}"
    items = {item.findtext(f"{g}id"): item for item in ET.parse(feed).iter("item")}  # our own file
    assert set(items) == {"A1", "-B2", "C3"}
    assert [(e.tag.removeprefix(g), e.text) for e in items["A1"]] == [
        ("id", "A1"),
        ("title", "=Shoe, red"),
        ("link", "https://shop.example/p/A1"),
        ("image_link", urls[0]),
        ("additional_image_link", urls[1]),
    ]
    written = feed.stat().st_mtime_ns
    again = deliver(shop, f"google:{feed}", *options, "--link", "https://shop.example/p/{sku}")
    assert {row["status"] for row in again.lines if row["sku"] != "-B2"} == {"same"}
    assert feed.stat().st_mtime_ns == written

    tabs = deliver(shop, f"google:{tmp_path / 'feed.tsv'}", *options)
    assert tabs.code == 3  # a spreadsheet would run these cells, and Google would show an apostrophe
    assert {row["status"] for row in tabs.lines} == {"held"}
    shop.change("in/shoe/1.png", texts={"en": {"title": "Shoe,\tred", "alt": "A shoe"}})
    deliver(shop, f"google:{tmp_path / 'feed.tsv'}", *options)
    assert (tmp_path / "feed.tsv").read_text().splitlines()[1] == "\t".join(("A1", "Shoe, red", *urls))

    deliver(shop, f"shopify:{tmp_path / 'shopify.csv'}", *options)
    rows = list(csv.reader(io.StringIO((tmp_path / "shopify.csv").read_bytes().decode(), newline="")))
    assert rows[0] == ["URL handle", "Title", "Product image URL", "Image position", "Image alt text"]
    assert rows[2:4] == [["a1", "Shoe,\tred", urls[0], "1", "A shoe"], ["a1", "", urls[1], "2", "A red shoe"]]
    deliver(shop, f"woocommerce:{tmp_path / 'woo.csv'}", *options)
    hat, shoe, _ = table(tmp_path / "woo.csv")
    assert shoe == {"SKU": "A1", "Name": "Shoe,\tred", "Images": ", ".join(urls)}
    assert hat["SKU"] == "'-B2"  # WooCommerce takes the apostrophe off again


@pytest.mark.parametrize(
    ("to", "more", "said"),
    [
        ("folder:there", ("--channel", "otto"), "amazon, ebay"),
        ("ftp:there", (), "folder:PATH"),
        ("google:feed.csv", (), ".xml or .tsv"),
        ("google:feed.xml", ("--base-url", BASE), "--channel amazon"),
        ("google:feed.xml", ("--channel", "amazon"), "--base-url"),
        ("google:feed.xml", ("--channel", "amazon", "--base-url", "cdn.example"), "https://"),
        ("folder:out/packshots", (), "outside"),
        ("zip:notes.zip", (), "move it away"),
        ("zip:other.zip", (), "move it away"),
        ("folder:there", ("--language", "fr"), "--language fr"),
        ("folder:notes.zip/there", (), "no folder"),
    ],
)
def test_bad_wishes_are_refused_with_the_way_out(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str, more: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.zip").write_text("no ZIP")
    with zipfile.ZipFile("other.zip", "w") as archive:
        archive.writestr("holiday.txt", "sun")
    before = {name: data for name, data in files(tmp_path).items() if not name.endswith(".lock")}
    done = run("deliver", "out", "--to", to, *more)
    assert done.code == (1 if "notes.zip/" in to else 2)
    assert said in done.err
    assert {name: data for name, data in files(tmp_path).items() if not name.endswith(".lock")} == before


def test_no_run_and_no_sku(shop: Shop, tmp_path: Path) -> None:
    done = run("deliver", tmp_path / "nowhere", "--to", f"folder:{tmp_path / 'there'}")
    assert done.code == 2
    assert "packshot run" in done.err
    shop.change("in/bag.png", sku=None)
    done = deliver(shop, f"folder:{tmp_path / 'there'}", "--channel", "amazon")
    assert done.code == 3
    assert "in/bag.png: no SKU" in done.err
    assert "--sku" in done.err
    own = shop.out.rename(tmp_path / "amazon")
    done = run("deliver", own, "--to", f"folder:{tmp_path}")
    assert done.code == 2
    assert "outside" in done.err
