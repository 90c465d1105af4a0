"""Deciding on many photos at once: who is meant, the sample, undo, kills, and what a bulk decision leaves open."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from packshot_tests import command
from PIL import Image

from packshot.errors import NothingToCutOut
from packshot.records import read_record

MASKS = [0.01, 0.03, 0.07, 0.2]


@pytest.fixture
def shop(new_shop):
    """hats/0.png .. hats/3.png with rising uncertainty, shoes/0.png .. 3.png of a category, the last two doubtful."""
    made = new_shop()
    for kind in ("hats", "shoes"):
        for number, uncertainty in enumerate(MASKS):
            said = {"uncertainty": uncertainty}
            if uncertainty > 0.06:
                said |= {"status": "review", "review": ["mask"], "doubts": ["held"] if number == 3 else ["outline"]}
            if kind == "shoes":
                said["category"] = {"path": [{"id": "shoes", "name": "Shoes"}], "score": 0.9, "sure": True}
            made.add(f"photos/{kind}/{number}.png", tint=10 * len(kind) + number, **said)
    return made


@pytest.fixture
def typed(shop, monkeypatch):
    monkeypatch.chdir(shop.root)
    return lambda *args: command.run("review", *args)


def listed(typed, *args: str) -> list[str]:
    out = typed("list", "out", *args, "--json").out
    return sorted(json.loads(line)["source"].removeprefix("photos/") for line in out.splitlines())


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["hats/*"], ["hats/0.png", "hats/1.png", "hats/2.png", "hats/3.png"]),
        (["photos/*/0.png"], ["hats/0.png", "shoes/0.png"]),
        (["[sh]*/3.png", "hats/0.png"], ["hats/0.png", "hats/3.png", "shoes/3.png"]),
        (["--in", "Shoes", "--uncertainty", "..0.05"], ["shoes/0.png", "shoes/1.png"]),
        (["--in", "shoes", "--why", "mask"], ["shoes/2.png", "shoes/3.png"]),
        (["--in", "none", "--why", "held"], ["hats/3.png"]),
        (["--why", "held", "--why", "outline", "hats/*"], ["hats/2.png", "hats/3.png"]),
        (["--uncertainty", "0.07..0.07"], ["hats/2.png", "shoes/2.png"]),
        (["--uncertainty", "0.1.."], ["hats/3.png", "shoes/3.png"]),
    ],
)
def test_photos_are_meant_by_all_that_is_asked(typed, args: list[str], expected: list[str]) -> None:
    assert listed(typed, *args) == expected


def test_a_photo_whose_name_looks_like_a_glob_is_that_photo(typed, shop) -> None:
    shop.add("photos/a[1].png", tint=77)
    assert listed(typed, "a[1].png") == ["a[1].png"]
    assert typed("approve", "out", "a[1].png", "--yes").code == 0


def test_a_sample_is_shown_first_and_decides_nothing(typed, shop) -> None:
    done = typed("approve", "out", "hats/*", "--sample", "2", "--json")
    assert done.code == 0
    assert "would approve 4 photos; nothing was decided" in done.err
    assert done.lines[0]["source"] == "photos/hats/3.png", "the most doubtful is in it"
    assert len(done.lines) == 2
    page = Path("out/review/sample.html").read_text()
    assert (page.count("data:image/webp"), "hats/3.png" in page, "2 of 4 photos" in page) == (4, True, True)
    assert not Path("out/review/journal.jsonl").exists()
    assert typed("approve", "out", "hats/*").code == 2, "nobody can be asked"
    assert not Path("out/review/journal.jsonl").exists()


def test_all_that_is_left_and_one_undo_for_all_of_it(typed, shop) -> None:
    assert typed("reject", "out", "hats/0.png", "--reason", "blurred", "--by", "ben").code == 0
    done = typed("approve", "out", "--left", "--yes", "--by", "anna", "--json")
    assert (done.code, len(done.lines)) == (0, 7), "what ben decided is not touched"
    assert {row["decision"]["together"] for row in done.lines} == {2}
    assert listed(typed) == []
    assert listed(typed, "--all") == listed(typed, "--all", "--in", "none") + listed(typed, "--all", "--in", "shoes")
    done = typed("undo", "out", "--json")
    assert len(done.lines) == 7
    assert len(listed(typed)) == 7
    assert "rejected: blurred, by ben" in typed("list", "out", "--all").out


def test_decisions_of_one_person_on_some_photos_are_taken_back(typed, shop) -> None:
    typed("approve", "out", "hats/*", "--yes", "--by", "anna")
    typed("category", "out", "hats/*", "--decided", "--to", "Hat", "--yes", "--by", "ben")
    assert typed("undo", "out", "hats/[01].png", "--of", "ben").code == 2, "nobody can be asked"
    done = typed("undo", "out", "hats/[01].png", "--of", "ben", "--yes", "--json")
    assert sorted(row["source"] for row in done.lines) == ["photos/hats/0.png", "photos/hats/1.png"]
    shown = {case.source: case.verdict.category for case in shop.review().cases() if "hats" in case.source}
    assert [path is None for _, path in sorted(shown.items())] == [True, True, False, False]
    assert typed("undo", "out", "--of", "carla", "--yes").code == 2


def test_a_category_for_many_says_nothing_of_their_masks(typed, shop) -> None:
    typed("category", "out", "hats/*", "--to", "Hat", "--yes")
    assert listed(typed, "hats/*") == ["hats/2.png", "hats/3.png"], "their masks are doubtful still"
    typed("category", "out", "hats/3.png", "--to", "Hat")
    assert listed(typed, "hats/*") == ["hats/2.png"], "whoever looks at one photo sees its mask"


def test_what_cannot_be_decided_is_named_and_the_rest_is(typed, shop) -> None:
    shop.add_failed("photos/hats/9.png", NothingToCutOut)
    done = typed("approve", "out", "hats/*", "--yes", "--json")
    assert done.code == 3
    assert [row["source"] for row in done.lines if row["error"]] == ["photos/hats/9.png"]
    assert listed(typed, "hats/*") == ["hats/9.png"]


def test_a_folder_of_masks_is_handed_in(typed, shop) -> None:
    shop.add("photos/hats/framed.png", tint=99, box=(10, 5, 70, 55))
    drawn = np.zeros((60, 80), np.uint8)
    drawn[10:50, 20:60] = 255
    for name, pixels in {"0": drawn, "framed": drawn[5:55, 10:70], "3": drawn[:50]}.items():
        path = shop.root / "retouched" / "photos" / "hats" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    done = typed("mask", "out", "--file", "retouched", "--json")
    assert done.code == 3
    assert "hats/3.png: expected 80 x 60 pixels like the photo, got 80 x 50" in done.err
    assert sorted(row["source"] for row in done.lines if row["error"] is None) == [
        "photos/hats/0.png",
        "photos/hats/framed.png",
    ]
    review = shop.review()
    for row in done.lines:
        if row["error"] is None:
            with Image.open(review.folder.mask(row["decision"]["mask"])) as kept:
                expected = drawn if "0.png" in row["source"] else np.pad(drawn[5:55, 10:70], ((5, 5), (10, 10)))
                np.testing.assert_array_equal(np.asarray(kept), expected)


def test_an_empty_mask_is_refused(typed, shop) -> None:
    Image.fromarray(np.zeros((60, 80), np.uint8)).save(shop.root / "empty.png")
    done = typed("mask", "out", "hats/0.png", "--file", "empty.png")
    assert (done.code, "empty.png: no product was found" in done.err) == (2, True)


def test_strokes_beside_the_photo_are_refused_with_their_number(typed, shop) -> None:
    strokes = [{"kind": "keep", "radius": 2, "points": [[40, 30]]}, {"kind": "erase", "radius": 2, "points": [[90, 9]]}]
    drawn = {"version": 1, "photo": {"width": 80, "height": 60}, "strokes": strokes}
    (shop.root / "s.json").write_text(json.dumps(drawn))
    done = typed("mask", "out", "hats/0.png", "--strokes", "s.json")
    assert done.code == 2
    assert "s.json: stroke 2 lies outside the photo (it begins at 90, 9; the photo has 80 x 60 pixels)" in done.err
    assert not Path("out/review/journal.jsonl").exists()


MANY = """
import sys
from pathlib import Path
from packshot.review import Review
from packshot.review.answers import approval, rejection
review = Review(Path(sys.argv[1]))
print("begin", flush=True)
for round in range(1000):
    review.decide_all([record.source for record in review.records], rejection(str(round)), by="anna")
    print(round, flush=True)
"""


def test_kill_9_leaves_whole_decisions_that_one_undo_takes_back(shop) -> None:
    chance, known = random.Random(3), 0
    for _ in range(3):
        words = [sys.executable, "-c", MANY, str(shop.out / "manifest.jsonl")]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.02, 0.3))
            process.send_signal(signal.SIGKILL)
            rounds = sum(line.endswith(b"\n") for line in process.stdout.readlines())
        log = shop.review().decisions
        assert sorted(log.made) == list(range(1, log.last + 1))
        assert len(log.made) >= known + 8 * rounds, "what was told stands"
        known = len(log.made)
    review, last = shop.review(), shop.review().decisions.standing()[-1]
    taken = review.undo_all(lambda log: log.made_with(log.standing()[-1]), by="ben")
    assert {one.together for one in taken} == {last.together}


def test_a_log_of_before_is_read(shop) -> None:
    review = shop.review()
    review.approve("hats/0.png", by="anna")
    journal = shop.out / "review" / "journal.jsonl"
    row = json.loads(journal.read_text().splitlines()[1])
    assert not set(row) & {"together", "strokes", "under", "subject"}, "a line says no more than it must"
    assert read_record(shop.records["photos/hats/0.png"]).corrected is None
