"""`packshot taxonomy` as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packshot_tests.command import exit_code as packshot

from packshot.description.taxonomy import import_taxonomy, load_taxonomy, read_taxonomy


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.txt"
    path.write_text("Apparel > Tops > T-Shirt\nApparel > Tops > Polo\nApparel > Shoes\n")
    return path


def test_the_shipped_tree_is_shown(capsys):
    assert packshot("taxonomy", "show") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("packshot 1, 124 categories, 98 of them leaves\n")
    assert "\n      T-Shirt  [t-shirt]\n" in shown
    assert packshot("taxonomy", "show", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 124
    assert sum(row["leaf"] for row in rows) == 98
    (shirt,) = (row for row in rows if row["id"] == "t-shirt")
    assert (shirt["parent_id"], shirt["path"]) == ("tops", "Apparel > Tops > T-Shirt")


def test_a_tree_is_taken_over_and_shown(shop, tmp_path, capsys):
    out = tmp_path / "shop.toml"
    assert packshot("taxonomy", "import", shop, "-o", out, "--name", "my shop", "--version", "2", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "source": str(shop), "output": str(out), "name": "my shop", "version": "2", "categories": 5, "leaves": 3,
    }  # fmt: skip
    assert read_taxonomy(out) == import_taxonomy(shop, name="my shop", version="2")
    assert packshot("taxonomy", "show", out) == 0
    from_toml = capsys.readouterr().out
    assert from_toml.startswith("my shop 2, 5 categories, 3 of them leaves\n")
    assert packshot("taxonomy", "show", shop) == 0
    assert capsys.readouterr().out.splitlines()[1:] == from_toml.splitlines()[1:]


def test_what_was_deprecated_is_told(tmp_path, capsys):
    tree = tmp_path / "tree.toml"
    tree.write_text(
        'name = "t"\nversion = "2"\ncategories = [\n{ id = "a", name = "Tops" },\n'
        '{ id = "b", name = "Shirts", deprecated = true, replaced_by = "a" },\n'
        '{ id = "c", name = "Fur", deprecated = true },\n]\n'
    )
    assert packshot("taxonomy", "show", tree) == 0
    shown = capsys.readouterr().out
    assert "deprecated: Shirts  [b], use a" in shown
    assert "deprecated: Fur  [c], nothing replaces it" in shown


def test_nothing_is_overwritten(shop, tmp_path, capsys):
    out = tmp_path / "mine.toml"
    out.write_text("mine")
    assert packshot("taxonomy", "import", shop, "-o", out) == 2
    assert "is not overwritten" in capsys.readouterr().err
    assert out.read_text() == "mine"


def test_wrong_use_is_told_and_writes_nothing(shop, tmp_path, capsys):
    before = sorted(tmp_path.iterdir())
    assert packshot("taxonomy", "import", shop, "-o", tmp_path / "out.txt") == 2
    assert "ends in .toml" in capsys.readouterr().err
    assert packshot("taxonomy", "import", shop, "-o", tmp_path / "out.toml", "--format", "google") == 2
    assert "line 1: expected a line such as '1604 - " in capsys.readouterr().err
    assert packshot("taxonomy", "import", tmp_path / "none.txt", "-o", tmp_path / "out.toml") == 2
    assert packshot("taxonomy", "show", tmp_path / "none.toml") == 2
    assert sorted(tmp_path.iterdir()) == before


def test_the_shipped_tree_can_be_copied(tmp_path):
    # A shop that starts from ours keeps its ids.
    from packshot.description.taxonomy import taxonomy_text

    path = tmp_path / "copy.toml"
    path.write_text(taxonomy_text(load_taxonomy()), encoding="utf-8")
    assert read_taxonomy(path) == load_taxonomy()
