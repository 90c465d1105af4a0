"""``packshot index``, ``search`` and ``catalogue`` as a user types them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.networks import write_classifier, write_network
from PIL import Image

from packshot.catalogue.store import open_store

pytest.importorskip("lancedb")


@pytest.fixture
def shop(packshot, photos, network, tmp_path):
    """A catalogue of the six pictures."""
    folder = tmp_path / "shop"
    assert packshot("index", photos, "-c", folder, "--describe-model", network, "--jobs", 1)[0] == 0
    return folder


@pytest.fixture
def search(packshot, shop, network):
    """A function: search in it, the photos as they are, with further options."""

    def run(*args, background="photo"):
        return packshot("search", *args, "-c", shop, "--ground", background, "--describe-model", network)

    return run


def test_indexing_tells_of_each_photo(packshot, photos, network, tmp_path):
    (photos / "empty.jpg").touch()
    code, rows, err = packshot(
        "index", photos, "-c", tmp_path / "c", "--describe-model", network, "--jobs", 1, "--json"
    )
    assert code == 3
    assert {row["status"] for row in rows} == {"indexed", "failed"}
    (bad,) = [row for row in rows if row["error"]]
    assert (bad["source"], bad["error"]["code"]) == (str(photos / "empty.jpg"), "EmptyFile")
    assert "empty.jpg is empty" in err
    code, rows, _ = packshot("index", photos, "-c", tmp_path / "c", "--describe-model", network, "--jobs", 1)
    assert code == 3
    assert "0 added, 0 updated, 6 known, 1 failed" in rows[0]
    assert rows[1] == f"{tmp_path / 'c'}: 6 items"


def test_rows_have_the_keys_of_the_contract(search, photos):
    code, rows, _ = search(photos, "--top", 3, "--json")
    assert code == 0
    assert [row["query"] for row in rows] == sorted(str(path) for path in photos.rglob("*.png"))
    for row in rows:
        assert len(row["hits"]) == 3
        assert set(row["hits"][0]) == {"id", "source", "score", "sku", "views"}
        assert row["hits"][0]["sku"] is None
        assert row["hits"][0]["source"] == row["query"]
        assert 0.99 < row["hits"][0]["score"] <= 1  # the same photo, of the category it was added with
        scores = [hit["score"] for hit in row["hits"]]
        assert scores == sorted(scores, reverse=True)
        # Nobody fitted a threshold, and these pixels need none.
        assert (row["match"], row["threshold"], row["ground"], row["error"]) == (True, None, "photo", None)


def test_several_photos_of_one_product_are_one_hit(search, shop, photos):
    sku = {"0.png": "shirt-red", "1.png": "shirt-red", "2.png": "shirt-red", "3.png": "shirt-blue"}
    with open_store(str(shop)) as store:
        store.upsert(
            [
                replace(item, attributes={**item.attributes, "sku": sku[Path(item.source).name]})
                for item in store.items()
                if Path(item.source).name in sku
            ]
        )
    for view in ("0.png", "1.png", "2.png"):  # found by any of its views
        code, (row,), _ = search(photos / view, "--top", 4, "--json")
        assert code == 0
        best = row["hits"][0]
        assert (best["sku"], best["source"]) == ("shirt-red", str(photos / view))
        assert {each["source"] for each in best["views"]} == {
            str(photos / name) for name in ("0.png", "1.png", "2.png")
        }
        assert best["views"][0]["source"] == str(photos / view)
        # Six photos are four products: as many as were asked for, each once, the variant by itself.
        assert sorted(hit["sku"] or "" for hit in row["hits"]) == ["", "", "shirt-blue", "shirt-red"]
    _, lines, _ = search(photos / "0.png", "--top", 1)
    assert "shirt-red: " in "".join(lines)
    assert "and 2 more views" in "".join(lines)
    _, (row,), _ = search(photos / "0.png", "--top", 6, "--each-view", "--json")
    assert len(row["hits"]) == 6


def test_a_runs_skus_come_into_the_catalogue(packshot, photos, network, tmp_path):
    out, catalogue = tmp_path / "out", tmp_path / "c"
    code, _, err = packshot(
        "run", photos / "0.png", photos / "1.png", "-o", out, "--sku", "name", "--model", "grabcut-box", "--jobs", 1,
        "--describe-model", network,
    )  # fmt: skip
    assert code == 0, err
    assert packshot("index", out, "-c", catalogue, "--describe-model", network, "--jobs", 1)[0] == 0
    with open_store(str(catalogue)) as store:
        assert {Path(item.source).name: item.attributes["sku"] for item in store.items()} == {
            "0.png": "0",
            "1.png": "1",
        }


def test_filters(search, packshot, shop, network, tmp_path, draw):
    Image.fromarray(draw(50, tint=(1, 0.05, 0.05))).save(tmp_path / "red.png")
    Image.fromarray(draw(51, tint=(0.05, 0.05, 1))).save(tmp_path / "blue.png")
    packshot("index", tmp_path / "red.png", tmp_path / "blue.png", "-c", shop, "--describe-model", network, "--jobs", 1)

    def sources(*args):
        _, (row,), err = search(tmp_path / "blue.png", "--top", 100, "--json", *args)
        return [hit["source"].split("/")[-1] for hit in row["hits"]], err

    assert sources()[0][0] == "blue.png"
    assert "red.png" in sources("--category", "shoes")[0]
    assert "blue.png" not in sources("--category", "shoes")[0]
    assert {"red.png", "blue.png"} <= set(sources("--category", "apparel")[0])
    assert "blue.png" in sources("--attribute", "kids=yes", "--category", "hats")[0]
    assert "red.png" not in sources("--attribute", "kids=yes")[0]
    nothing, err = sources("--since", "2999-01-01")
    assert nothing == []
    assert "no item of the catalogue meets these conditions\n" in err
    assert len(sources("--since", "2020-01-01", "--until", "2999-01-01T10:00+02:00")[0]) == 8
    _, lines, _ = search(tmp_path / "blue.png", "--until", "2020-01-01")
    assert "nothing to compare with" in lines[0]


def test_a_threshold_makes_an_honest_no_match(search, photos, tmp_path, draw):
    Image.fromarray(draw(1000)).save(tmp_path / "stranger.png")
    _, rows, _ = search(photos / "0.png", tmp_path / "stranger.png", "--threshold", 0.99, "--json")
    assert [row["match"] for row in sorted(rows, key=lambda row: row["query"])] == [True, False]
    _, lines, _ = search(tmp_path / "stranger.png", "--threshold", 0.99)
    assert lines[0] == f"{tmp_path / 'stranger.png'}\tno match"
    assert lines[1].startswith("\t0.")


def test_a_query_that_cannot_be_asked_is_named_and_the_others_are(search, photos, tmp_path):
    (tmp_path / "note.txt").write_text("no photo")
    code, rows, err = search(photos / "0.png", photos / "gone.png", tmp_path / "note.txt", "--json")
    assert code == 3
    assert sorted((row["error"] or {}).get("code", "") for row in rows) == ["", "UnreadablePhoto", "UnsupportedFormat"]
    assert [row["hits"] for row in rows].count(None) == 2
    assert "note.txt" in err


def test_a_query_without_a_product_names_the_way_out(search, tmp_path):
    Image.fromarray(np.full((200, 200, 3), 235, np.uint8)).save(tmp_path / "wall.png")
    code, (row,), err = search(tmp_path / "wall.png", "--json", background="white")
    assert (code, row["error"]["code"]) == (3, "NothingToCutOut")
    assert "--ground photo" in err


@pytest.mark.parametrize("name", ["found.html", "found.PNG"])
def test_a_contact_sheet_is_written(search, photos, tmp_path, name):
    (photos / "3.png").unlink()
    code, _, _ = search(photos / "0.png", photos / "gone.png", "--top", 6, "--sheet", tmp_path / name)
    assert code == 3
    if name.endswith("html"):
        page = (tmp_path / name).read_text()
        assert page.count("<img ") == 1 + 5, "the query and the hits that are at hand"
        assert page.count("no picture here") == 2
    else:
        with Image.open(tmp_path / name) as sheet:
            assert sheet.width > 7 * 200
            assert sheet.height > 2 * 200


def test_wrong_usage_is_said(search, packshot, shop, photos, tmp_path, network):
    query = photos / "0.png"
    for args, words in {
        ("--attribute", "kids"): "NAME=VALUE",
        ("--since", "yesterday"): "a date or an ISO time",
        ("--sheet", "found.jpg"): "a name ending in .html, .png",
    }.items():
        code, _, err = search(query, *args)
        assert (code, words in err) == (2, True), err
    for catalogue, words in {tmp_path / "none": "there is no catalogue", photos: "there is no catalogue"}.items():
        code, _, err = packshot("search", query, "-c", catalogue, "--describe-model", network)
        assert (code, words in err, "packshot index" in err) == (2, True, True), err
    code, _, err = packshot("index", query, "-c", photos, "--describe-model", network)
    assert (code, "is no catalogue" in err) == (2, True), err
    code, _, err = packshot("search", query, "-c", shop, "--describe-model", "none")
    assert (code, "--describe-model" in err) == (2, True), err


def test_another_network_is_refused(packshot, search, shop, photos, tmp_path):
    other = write_network(tmp_path / "other.onnx", brightness=2.0)
    for command in (("search", photos, "--ground", "photo"), ("index", photos, "--again", "--jobs", 1)):
        code, _, err = packshot(*command, "-c", shop, "--describe-model", other)
        assert (code, "tiny@" in err and "other@" in err) == (2, True), err


@pytest.mark.parametrize("command", ["index", "search", "calibrate", "run"])
def test_another_network_is_refused_before_it_is_loaded(packshot, shop, photos, tmp_path, command):
    other = write_network(tmp_path / "other.onnx")
    other.write_bytes(b"nothing that could be loaded")
    (tmp_path / "queries.csv").write_text("photo,item\nphotos/0.png,\nphotos/1.png,\n")
    words = {
        "index": ("index", photos),
        "search": ("search", photos),
        "calibrate": ("catalogue", "calibrate", tmp_path / "queries.csv"),
        "run": ("run", photos, "-o", tmp_path / "out"),
    }[command]
    code, said, err = packshot(*words, "--catalogue", shop, "--describe-model", other)
    assert (code, said) == (2, []), err
    assert f"the catalogue {shop} holds embeddings of tiny@" in err
    assert "not of other@" in err
    assert "--describe-model" in err
    assert "--ground" not in err, "it is the same"


def test_another_background_is_refused_before_photos_are_looked_at(packshot, shop, photos, network):
    with open_store(shop) as store:
        model = store.model
    code, said, err = packshot("index", photos, "-c", shop, "--describe-model", network, "--ground", "white")
    assert (code, said, len(err.splitlines())) == (2, [], 1), err  # no bar, which is drawn before photos are looked at
    assert f"not of {model.replace('@', '+white@')}: use that background (--ground photo), or" in err


def test_a_classifier_without_an_embedding_is_refused_as_such(packshot, shop, photos, tmp_path):
    labels = write_classifier(tmp_path / "labels.onnx")
    code, _, err = packshot("index", photos, "-c", shop, "--describe-model", labels)
    assert (code, "gives probabilities alone, no embedding" in err) == (2, True), err


def test_a_missing_extra_names_the_way_to_install_it(search, photos, monkeypatch):
    monkeypatch.setattr("packshot.catalogue.store.opening.find_spec", lambda _: None)
    code, _, err = search(photos)
    assert (code, "pip install 'packshot[catalogue]'" in err) == (2, True)


def test_one_of_a_thing_is_told_as_one(packshot, photos, network, tmp_path):
    catalogue = tmp_path / "one"
    lines = packshot("index", photos / "0.png", "-c", catalogue, "--describe-model", network, "--jobs", 1)[1]
    assert lines[0].startswith("1 photo: 1 added")
    assert lines[1] == f"{catalogue}: 1 item"
    assert packshot("catalogue", "stats", "-c", catalogue)[1][0].startswith("1 item, ")
    (compacted,) = packshot("catalogue", "compact", "-c", catalogue, "--keep-days", 0)[1]
    assert compacted.startswith("1 item: ")
    assert "-> 1 piece, " in compacted
    assert "-> 1 snapshot, 0 items in the index" in compacted


def test_stats_verify_and_compact(packshot, shop):
    code, (row,), _ = packshot("catalogue", "stats", "-c", shop, "--json")
    assert (code, row["items"], row["dimension"], row["index"]) == (0, 6, 37, None)
    assert row["model"].startswith("tiny@")
    assert packshot("catalogue", "verify", "-c", shop, "--json")[:2] == (0, [{"ok": True, "problems": []}])
    code, (row,), _ = packshot("catalogue", "compact", "-c", shop, "--keep-days", 0, "--json")
    assert (code, row["items"], row["snapshots"][1]) == (0, 6, 1)
    assert "every search is exact" in "\n".join(packshot("catalogue", "stats", "-c", shop)[1])
    assert packshot("catalogue", "verify", "-c", shop)[1] == ["all is well"]


def test_removing_and_going_back(packshot, shop, search, photos):
    _, before, _ = packshot("catalogue", "snapshots", "-c", shop, "--json")
    _, (row,), _ = search(photos / "0.png", "--json")
    first = row["hits"][0]["id"]
    code, (row,), err = packshot("catalogue", "remove", first, "nobody", "-c", shop, "--json")
    assert (code, row) == (3, {"removed": 1, "missing": ["nobody"], "items": 5})
    assert "nobody: no such item" in err
    version = before[-1]["version"]
    code, (row,), _ = packshot("catalogue", "restore", version, "-c", shop, "--json")
    assert (code, row["items"]) == (0, 6)
    code, _, err = packshot("catalogue", "restore", 999, "-c", shop)
    assert (code, "no snapshot 999" in err) == (2, True)
    code, _, err = packshot("catalogue", "restore", "-c", shop)
    assert (code, "nothing to repair" in err) == (2, True)


def test_a_damaged_catalogue_is_named_and_brought_back(packshot, shop, search, photos, network):
    packshot("catalogue", "remove", "x", "-c", shop)
    search_before = search(photos / "0.png", "--json")[1]
    (photos / "9.png").write_bytes((photos / "0.png").read_bytes() + b"tail")
    packshot("index", photos / "9.png", "-c", shop, "--describe-model", network, "--jobs", 1)
    newest = min((shop / "items.lance" / "_versions").glob("*.manifest"))
    newest.write_bytes(b"torn")
    code, _, err = search(photos)
    assert (code, "damaged" in err and "packshot catalogue restore" in err) == (2, True), err
    code, (row,), _ = packshot("catalogue", "verify", "-c", shop, "--json")
    assert (code, row["ok"]) == (3, False)
    code, lines, _ = packshot("catalogue", "restore", "-c", shop)
    assert (code, lines[0].startswith("set aside: ")) == (0, True)
    assert search(photos / "0.png", "--json")[1] == search_before


def test_the_export_is_parquet(packshot, shop, tmp_path):
    import pyarrow.parquet as pq

    code, (row,), _ = packshot("catalogue", "export", tmp_path / "items.parquet", "-c", shop, "--json")
    assert (code, row["items"]) == (0, 6)
    table = pq.read_table(tmp_path / "items.parquet")
    assert len(table) == 6
    assert {"id", "source", "category", "embedding"} <= set(table.column_names)
    code, _, err = packshot("catalogue", "export", tmp_path, "-c", shop)
    assert (code, "is a folder" in err) == (2, True)


def test_calibrating_makes_matches(packshot, shop, search, photos, tmp_path, draw, network):
    rows = ["photo,item"]
    for number in range(6):
        name = f"new/{number}.png" if number > 3 else f"{number}.png"
        with Image.open(photos / name) as picture:
            picture.resize((80, 60)).save(tmp_path / f"again{number}.jpg")
        rows.append(f"again{number}.jpg,{photos / name}")
        Image.fromarray(draw(500 + number)).save(tmp_path / f"new{number}.jpg")
        rows.append(f"new{number}.jpg,")
    (tmp_path / "queries.csv").write_text("\n".join(rows))
    options = ("-c", shop, "--ground", "photo", "--describe-model", network)
    code, (row,), _ = packshot("catalogue", "calibrate", tmp_path / "queries.csv", *options, "--json")
    assert code == 0
    assert (row["precision"], row["queries"], row["ground"]) == (1.0, 12, "photo")
    assert 0.9 < row["threshold"] <= 1
    _, found, _ = search(tmp_path / "again1.jpg", tmp_path / "new1.jpg", "--json")
    assert [each["match"] for each in found] == [True, False]
    assert found[0]["threshold"] == row["threshold"]
    _, (other,), _ = search(photos / "1.png", "--threshold", -1, "--json")
    assert (other["match"], other["threshold"]) == (True, -1)

    (shop / "match.json").write_text("{}")
    code, _, err = search(photos)
    assert (code, "packshot catalogue calibrate" in err) == (2, True), err
    code, (other,), err = search(photos / "1.png", "--threshold", -1, "--json")
    assert (code, other["match"], other["threshold"]) == (0, True, -1), err


def test_calibrating_needs_answers(packshot, shop, photos, tmp_path, draw, network):
    options = ("-c", shop, "--ground", "photo", "--describe-model", network)
    table = tmp_path / "queries.csv"
    for text, words in {
        "a,b\n1,2\n": "expected the columns photo, item",
        "photo,item\n": "at least two photos",
        f"photo,item\n{photos / '0.png'},\n{photos / '1.png'},\n": "no score is high enough",
    }.items():
        table.write_text(text)
        code, _, err = packshot("catalogue", "calibrate", table, *options)
        assert (code, words in err) == (2, True), err
    assert not (shop / "match.json").exists()


@pytest.mark.parametrize("command", ["index", "search", "catalogue", "catalogue restore"])
def test_help_has_examples(packshot, command):
    code, lines, _ = packshot(*command.split(), "--help")
    assert code == 0
    assert f"packshot {command.split()[0]}" in "\n".join(lines[3:])


def test_nothing_a_name_holds_is_run_by_the_sheet(packshot, network, draw, tmp_path):
    evil = tmp_path / "<img src=x onerror=alert(1)>.png"
    Image.fromarray(draw(1)).save(evil)
    shop = tmp_path / "c"
    packshot("index", evil, "-c", shop, "--describe-model", network, "--jobs", 1)
    options = ("--ground", "photo", "--describe-model", network, "--sheet", tmp_path / "s.html")
    assert packshot("search", evil, "-c", shop, *options, "--json")[0] == 0
    page = (tmp_path / "s.html").read_text()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
