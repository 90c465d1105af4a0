"""The tables a report's search reads: each photo is found by each of its words, in blocks that stay small."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from packshot.sharded.search_table import SearchTable
from packshot.storage.objects import ObjectFolder, open_folder
from packshot.web.paged_report import SEARCH, FoundPhoto

BLOCK, MOST = 7, 20
PARTS = ["front", "back", "Käfer", "rot", "1", "12", "123", "🎽", "Ⅷ", "名前", "𠀋a", "ﬀ"]


def content(folder: ObjectFolder, name: str) -> object:
    text = folder.read(f"{SEARCH}/{name}.js")[0].decode("ascii")
    found = re.fullmatch(r"packshotSearch\((\".*?\"), (.*)\);\n", text)
    assert found is not None
    assert json.loads(found[1]) == name
    return json.loads(found[2])


@pytest.fixture
def photos() -> list[FoundPhoto]:
    chance = random.Random(3)
    names = sorted({"/".join(chance.choices(PARTS, k=3)) + f"_{number}.jpg" for number in range(150)})
    return [
        FoundPhoto(name, "ok", f"report/000001.html#p{place}", f"ok sku{place}") for place, name in enumerate(names)
    ]


def test_each_photo_is_found_by_each_of_its_words(tmp_path: Path, photos: list[FoundPhoto]) -> None:
    folder = open_folder(f"file://{tmp_path}/out")
    table = SearchTable(folder, tmp_path, block=BLOCK, most=MOST, in_memory=100)
    for photo in photos:
        table.add(photo)
    table.finish()
    directory = content(folder, "directory")
    assert isinstance(directory, dict)
    first, many = directory["first"], directory["many"]
    blocks = [content(folder, str(number)) for number in range(len(first))]
    rows = []
    for start, block in zip(first, blocks, strict=True):
        assert isinstance(block, list)
        assert 0 < len(block) <= BLOCK
        assert block[0][0] == start
        rows += block
    words = [row[0] for row in rows]
    assert words == sorted(words, key=lambda word: word.encode("utf-16-be"))  # as JavaScript compares
    having = {word: [photo for photo in photos if word in _split(photo)] for photo in photos for word in _split(photo)}
    assert set(words) == set(having)
    for word, those in having.items():
        listed = [row[1:] for row in rows if row[0] == word]
        assert listed == [[each.name, each.words, each.address, each.about] for each in those[:MOST]]
        assert many.get(word) == (len(those) if len(those) > MOST else None)
    assert many["ok"] == len(photos)


def _split(photo: FoundPhoto) -> set[str]:
    """Words by the parts that the names were made of."""
    return {part for part in re.split(r"[/_. 🎽]", f"{photo.name} {photo.about}".lower()) if part}


def test_a_run_without_photos_has_an_empty_directory(tmp_path: Path) -> None:
    folder = open_folder(f"file://{tmp_path}/out")
    SearchTable(folder, tmp_path).finish()
    assert content(folder, "directory") == {"first": [], "many": {}}
