"""``packshot collect`` as a user types it, against a shop on localhost."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.command import Done, run
from PIL import Image

from packshot.datasets import read_manifest
from packshot.storage.lock import folder_lock

from .conftest import FAST, Reply, Site, packshot, picture, rows, table

pytest.importorskip("scrapy", reason="the extra `collect` is not installed")


def open_shop(site: Site) -> None:
    site.pages |= {
        "/": b"<a href='/about'>about</a> <a href='/secret'>secret</a> <a href='/cv.pdf'>cv</a>",
        "/robots.txt": b"User-agent: *\nDisallow: /secret\nDisallow: /i/forbidden\nSitemap: /sitemap.xml\n",
        "/about": b"<a href='mailto:x@y.example'>mail</a> <a href='/p/linked'>shoe</a>",
        "/sitemap.xml": b"<sitemapindex><sitemap><loc>%s/products.xml.gz</loc></sitemap></sitemapindex>"
        % site.url.encode(),
        "/i/a.jpg": picture(1),
        "/i/same.jpg": picture(1),
        "/i/b.png": picture(2, "PNG"),
        "/i/webp.jpg": picture(3, "WEBP"),
        "/i/linked": picture(4),
        "/i/forbidden.jpg": picture(5),
        "/i/broken.jpg": picture(6)[:600],
        "/i/page.jpg": b"<html>please log in</html>",
        "/i/slow.jpg": Reply(picture(7), trickle=True),
        "/i/moved.jpg": Reply(status=302, headers={"Location": "/i/b.png"}),
        "/i/inside.jpg": Reply(status=302, headers={"Location": f"{site.foreign}/i/a.jpg"}),
        "/i/metadata.jpg": Reply(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
        "/p/moved": Reply(status=301, headers={"Location": "/p/strings"}),
    }
    huge = io.BytesIO()
    Image.new("1", (11_000, 11_000)).save(huge, "PNG")
    site.pages["/i/huge.png"] = huge.getvalue()
    site.pages["/i/heavy.jpg"] = picture(8) + b"\0" * 2_000_000
    site.sell("strings", image=["/i/a.jpg", "/i/same.jpg", "/i/b.png"], category="Apparel &gt; Shoes", brand="B")
    site.sell(
        "linked", image=[{"@type": "ImageObject", "url": "/i/linked"}, "/i/webp.jpg", "/i/moved.jpg"], category="=1+1"
    )
    bad = ["broken.jpg", "page.jpg", "huge.png", "heavy.jpg", "slow.jpg", "inside.jpg", "metadata.jpg", "gone.jpg"]
    images = [*(f"/i/{name}" for name in bad), "/i/forbidden.jpg", f"{site.foreign}/i/a.jpg", "file:///etc/passwd"]
    site.sell("bad", image=[*images, "data:image/png;base64,AAAA"])
    listed = ["/p/strings", "/p/bad", "/p/moved", "/secret"]
    urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in listed)
    urls += "<url><loc>https://elsewhere.example/p/1</loc></url>"
    site.pages["/products.xml.gz"] = Reply(gzip.compress(f"<urlset>{urls}</urlset>".encode()), kind="application/gzip")


@pytest.fixture(scope="module")
def shop(serve: Callable[[], Site]) -> Site:
    site = serve()
    open_shop(site)
    return site


@pytest.fixture(scope="module")
def collected(shop: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The whole shop, collected once."""
    out = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PACKSHOT_LIMITS__MAX_FILE_MEGABYTES", "1")
        done = run("collect", f"{shop.url}/", "-o", out, "--timeout", 6, *FAST, "--contact", "me@shop.example")
    return out, done


Whole = tuple[Path, Done]


def test_products_of_sitemaps_and_links(collected: Whole) -> None:
    out, done = collected
    assert done.code == 3, done.err
    assert "Traceback" not in done.err
    found = {row["name"]: row for row in rows(out)}
    assert found.keys() == {"strings", "linked", "bad"}
    row = found["strings"]
    assert (row["group"], row["brand"], row["category"]) == ("strings", "B", "Apparel > Shoes")
    assert row["collected"].endswith("+00:00")
    assert [image["error"] for image in row["images"]] == [None, None, None]
    assert done.out.startswith("3 products, 4 photos (6 new) from 6 pages;")
    assert "requests: localhost " in done.out


def test_photos_are_named_by_content_and_kept_once(collected: Whole, shop: Site) -> None:
    out, _ = collected
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in (out / "photos").rglob("*.*")}
    assert len(files) == 4
    for name, content in files.items():
        assert Path(name).stem == hashlib.sha256(content).hexdigest()[:16]
    assert {Path(name).suffix for name in files} == {".jpg", ".png", ".webp"}
    assert {row["path"] for row in table(out)} == files.keys()
    one, same = (image["path"] for image in rows(out)[-1]["images"][:2])
    assert one == same


def test_the_manifest_is_what_training_takes(collected: Whole) -> None:
    out, _ = collected
    items = read_manifest(out / "manifest.csv")
    assert len(items) == 4
    assert {item.group for item in items} == {"strings", "linked"}
    assert next(item.label for item in items if item.group == "strings") == "Apparel > Shoes"
    assert {item.label for item in items if item.group == "linked"} <= {"=1+1", None}
    assert "'=1+1" in (out / "manifest.csv").read_text()  # a stranger's page wrote it, and a spreadsheet would run it
    assert all(item.rgb().shape == (60, 80, 3) for item in items)


def test_what_is_refused_is_named_with_its_reason(collected: Whole) -> None:
    out, done = collected
    errors = {Path(image["url"]).name: image["error"] for image in rows(out)[0]["images"]}
    reasons = {
        "broken.jpg": "is damaged",
        "page.jpg": "a web page",
        "huge.png": "121.0 megapixels",
        "heavy.jpg": "1 MB",
        "slow.jpg": "more than 6 seconds",
        "inside.jpg": "private address 127.0.0.1",
        "metadata.jpg": "another host",
        "gone.jpg": "answers 404",
        "forbidden.jpg": "robots.txt",
        "a.jpg": "private address 127.0.0.1",
        "passwd": "only http and https",
        "png;base64,AAAA": "only http and https",
    }
    assert errors.keys() == reasons.keys()
    for name, reason in reasons.items():
        assert reason in errors[name], name
        assert reason in done.err, name


def test_robots_txt_and_hosts_are_obeyed(collected: Whole, shop: Site) -> None:
    paths = shop.paths()
    assert paths[0] == "/robots.txt"
    assert paths.count("/robots.txt") == 1
    assert "/secret" not in paths
    assert "/i/forbidden.jpg" not in paths
    assert "/cv.pdf" not in paths
    assert paths.count("/i/a.jpg") == 1
    assert {agent for _, _, agent in shop.asked} == {next(iter({agent for _, _, agent in shop.asked}))}
    assert "packshot/" in shop.asked[0][2]
    assert "me@shop.example" in shop.asked[0][2]


def test_nothing_else_is_written(collected: Whole) -> None:
    out, _ = collected
    assert {path.name for path in out.iterdir()} == {".packshot", "photos", "manifest.csv", "products.jsonl"}


def test_a_second_run_asks_for_no_page_or_kept_photo_again(
    collected: Whole, shop: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = collected
    monkeypatch.setenv("PACKSHOT_LIMITS__MAX_FILE_MEGABYTES", "1")
    shop.pages["/i/slow.jpg"] = picture(7)  # the server has recovered
    before, asked = (out / "manifest.csv").read_text(), len(shop.asked)
    code, text, _ = packshot(f"{shop.url}/", "-o", out, "--json", *FAST)
    again = set(shop.paths()[asked:])
    assert code == 3  # what is broken is still broken
    assert again.isdisjoint({"/", "/p/strings", "/p/bad", "/i/a.jpg", "/i/broken.jpg", "/i/heavy.jpg"})
    assert "/i/slow.jpg" in again
    assert before in (out / "manifest.csv").read_text() or len(table(out)) == 5
    assert [json.loads(line)["name"] for line in text.splitlines()] == [row["name"] for row in rows(out)]


def test_the_rate_is_kept_and_a_shop_without_products_is_told(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = b"".join(b"<a href='/%d'>x</a>" % index for index in range(8))
    site.pages |= {f"/{index}": b"<p>no product</p>" for index in range(8)}
    code, out, err = packshot(f"{site.url}/", "-o", tmp_path, "--allow-private", "--rate", 4)
    assert code == 3
    assert out.startswith("0 products, 0 photos (0 new) from 9 pages")
    assert "no products found on 9 pages: name a product page" in err
    times = [at for at, _, _ in site.asked]
    assert len(times) == 10
    assert times[-1] - times[0] >= 0.9 * 9 / 4


def test_crawl_delay_is_heeded(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = b"User-agent: packshot\nCrawl-delay: 0.7\n"
    site.sell("a", image="/i.jpg")
    site.pages |= {"/": b"<a href='/p/a'>x</a>", "/i.jpg": picture()}
    assert packshot(f"{site.url}/", "-o", tmp_path, *FAST)[0] == 0
    times = [at for at, _, _ in site.asked]
    assert len(times) == 4
    assert times[-1] - times[1] >= 0.9 * 2 * 0.7


def test_limits_and_depth(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = b"".join(b"<a href='/p/s%d'>x</a>" % index for index in range(9))
    for index in range(9):
        site.sell(f"s{index}", image=[f"/i/{index}{side}.jpg" for side in "ab"])
        site.pages |= {f"/i/{index}{side}.jpg": picture(2 * index + (side == "b")) for side in "ab"}
    code, _, err = packshot(f"{site.url}/", "-o", tmp_path / "p", "--max-pages", 3, *FAST)
    assert (code, len(rows(tmp_path / "p"))) == (0, 2)
    assert "--max-pages" in err
    code, _, err = packshot(f"{site.url}/", "-o", tmp_path / "p", "--max-photos", 5, *FAST)
    assert (code, len(table(tmp_path / "p"))) == (0, 5)
    assert "--max-photos" in err
    code, _, _ = packshot(f"{site.url}/p/s1", "-o", tmp_path / "one", "--depth", 0, *FAST)
    assert (code, len(table(tmp_path / "one"))) == (0, 2)


def test_private_addresses_are_refused_by_default(site: Site, tmp_path: Path) -> None:
    starts = [f"{host}:{site.port}/" for host in ("http://localhost", "http://127.0.0.1", "http://2130706433")]
    code, _, err = packshot(*starts, "-o", tmp_path, "--rate", 50)
    assert code == 3
    assert site.asked == []
    for host in ("localhost", "127.0.0.1", "2130706433"):
        assert f"{host} has the private address" in err
    assert "pass --allow-private where that is meant" in err


def test_what_is_no_address_costs_nothing_else(site: Site, tmp_path: Path) -> None:
    """In a page's base, its links, its product, the selectors' pictures, robots.txt, a sitemap and a redirect."""
    listed = "".join(f"<url><loc>{address}</loc></url>" for address in (f"{site.url}/p/a", "http://[x/"))
    site.pages |= {
        "/": b"<base href='http://[bad/'><a href='/p/never'>x</a>",
        "/robots.txt": f"Sitemap: http://[bad/sitemap.xml\nSitemap: {site.url}/sitemap.xml\n".encode(),
        "/sitemap.xml": f"<urlset>{listed}</urlset>".encode(),
        "/p/b": b"<h1>b</h1><img src='//[bad/b.jpg'><img src='/i/b.jpg'><a href='http://[bad/'>x</a>",
        "/p/moved": Reply(status=302, headers={"Location": "http://[bad/"}),
        "/i/a.jpg": picture(1),
        "/i/b.jpg": picture(2),
    }
    site.sell("a", image=["//[bad/a.jpg", "http://localhost:port/a.jpg", "/i/a.jpg"])
    places = tmp_path / "places.toml"
    places.write_text('[product]\nname = "h1"\nimage = "img"\n')
    starts = [f"{site.url}{path}" for path in ("/", "/p/b", "/p/moved")]
    code, _, err = packshot(*starts, "--selectors", places, "-o", tmp_path / "out", *FAST)
    assert code == 3, err  # the redirect
    kept = {image["url"] for row in rows(tmp_path / "out") for image in row["images"] if image["path"]}
    assert kept == {f"{site.url}/i/a.jpg", f"{site.url}/i/b.jpg"}


def test_robots_txt_that_forbids_all(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /\n", "/": b"<a href='/p/a'>x</a>"}
    code, out, err = packshot(f"{site.url}/", "-o", tmp_path, "--json", *FAST)
    assert code == 3
    assert site.paths() == ["/robots.txt"]
    assert "robots.txt forbids all of it: ask the shop" in err
    assert json.loads(out) == {"page": f"{site.url}/", "error": "robots.txt of localhost forbids it"}


def test_hosts_that_do_not_answer(site: Site, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    site.pages["/robots.txt"] = Reply(status=503)
    starts = (f"{site.url}/", f"http://127.0.0.1:{port}/", "http://no-such-shop.invalid/")
    code, _, err = packshot(*starts, "-o", tmp_path, *FAST)
    assert code == 3
    assert set(site.paths()) == {"/robots.txt"}
    assert "robots.txt answers 503, so nothing may be asked there: try again later" in err
    assert "127.0.0.1 refuses the connection" in err
    assert "no host is called no-such-shop.invalid" in err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["shop.example"], "https://shop.example"),
        (["ftp://shop.example/"], "https://shop.example/"),
        (["file:///etc/passwd"], "expected an address that starts with https://"),
        (["https://"], "no web address"),
        (["https://shop.example:port/"], "no web address"),
        (["https://me:secret@shop.example/"], "shop.example: the address carries a user name"),
        (["https://shop.example/", "--allow-host", "https://cdn.example/"], "--allow-host"),
        (["https://shop.example/", "--rate", "0"], "--rate"),
        (["https://shop.example/", "--contact", "a\nb"], "control character"),
    ],
)
def test_wrong_usage(args: list[str], told: str, tmp_path: Path) -> None:
    code, out, err = packshot(*args, "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert told in err
    assert "secret" not in err
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_or_unwritable(tmp_path: Path) -> None:
    with folder_lock(tmp_path).hold():
        code, _, err = packshot("https://shop.invalid/", "-o", tmp_path)
    assert code == 1
    assert "another run is writing" in err


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("packshot.collecting.process.find_spec", lambda name: None if name == "scrapy" else find(name))
    code, _, err = packshot("https://shop.example/", "-o", tmp_path)
    assert code == 2
    assert "pip install 'packshot[collect]'" in err
