"""The words of a run's report."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from packshot.records import Record
from packshot.records.picture_state import PictureState, picture_state
from packshot.web.run_report import write_run_report

RULE = {"id": "zoom", "measured": 1, "required": ">= 2", "severity": "must"}


def record(name: str, status: str, *review: str, refused: bool = False, enlarged: bool = False) -> Record:
    """A photo with a picture for each of two channels; the first refuses it, or was reached by enlarging."""
    own: dict[str, object] = {
        "file": f"packshots/{name}.jpg",
        "status": "ok",
        "rules": [{**RULE, "ok": not refused}],
        "enlarged": enlarged,
    }
    other = {"file": f"channels/ebay/{name}.jpg", "status": "ok", "rules": [{**RULE, "ok": True}]}
    packshots = {"amazon": own, "ebay": other} if status != "failed" else {}
    return Record.model_validate({"source": name, "status": status, "review": review, "packshots": packshots})


RECORDS = [
    record("ready", "ok"),
    record("doubtful", "review", "mask"),
    record("brick", "review", "mask", "category"),
    record("refused", "review", "rules", refused=True),
    record("enlarged", "review", "enlarged", enlarged=True),
    record("useless", "rejected"),
]
#: By hand, for amazon and ebay.
STATES = [
    ("ready", "ready"),
    ("look", "look"),
    ("look", "look"),
    ("refused", "ready"),
    ("look", "ready"),
    ("rejected", "rejected"),
]


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_run_report(
        tmp_path / "report.html",
        [(each.source, each) for each in RECORDS],
        total=len(RECORDS),
        thumbnail_path=lambda stem, which: f"{stem}-{which}.webp",
        profiles={"amazon": "packshots", "ebay": "channels/ebay"},
    )
    return (tmp_path / "report.html").read_text("utf-8")


def test_each_picture_has_one_state() -> None:
    found = [tuple(picture_state(each, picture) for picture in each.packshots.values()) for each in RECORDS]
    assert found == [tuple(map(PictureState, each)) for each in STATES]


def test_a_channel_counts_as_ready_what_nobody_needs_to_look_at(page: str) -> None:
    table = re.search(r'<table class="channels">.*?</table>', page, re.DOTALL)
    assert table is not None
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)', table.group())
    assert heads == ["Channel", "Ready", "Rules met, to look at", "Refused", "No picture", "Rejected", "Folder"]
    rows = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', table.group())
    counts = {name: [int(each) for each in re.findall(r"<td[^>]*>(\d+)</td>", cells)] for name, cells in rows}
    assert counts == {"amazon": [1, 3, 1, 0, 1], "ebay": [3, 2, 0, 0, 1]}


def test_no_card_that_is_to_be_looked_at_says_accepted(page: str) -> None:
    said = re.findall(r"<figcaption>((?:amazon|ebay): [^<]+)</figcaption>", page)
    assert sorted(said) == sorted(
        [
            "amazon: accepted",
            "ebay: accepted",
            *["amazon: to look at", "ebay: to look at"] * 2,
            "amazon: refused: 1 rule",
            "ebay: accepted",
            "amazon: to look at",
            "ebay: accepted",
            "amazon: rejected",
            "ebay: rejected",
        ]
    )


def test_only_what_must_hold_is_called_required(tmp_path: Path) -> None:
    row = record("shoe", "ok").row()
    row["packshots"]["amazon"]["rules"] = [
        {"id": name, "ok": False, "measured": 9, "required": f">= {asked}", "severity": severity}
        for name, asked, severity in (("size", 500, "must"), ("zoom", 1000, "should"))
    ]
    write_run_report(
        tmp_path / "report.html",
        [("shoe", Record.model_validate(row))],
        total=1,
        thumbnail_path=lambda stem, which: f"{stem}-{which}.webp",
        profiles={"amazon": "packshots"},
    )
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "<td>≥ 500</td>" in text
    assert "<td>recommended: ≥ 1000</td>" in text


def test_a_large_report_tells_of_rules_that_are_met_their_names_alone(tmp_path: Path) -> None:
    """1,002 small pictures are more than the page holds; of one less, each rule has its row."""
    row = record("shoe", "ok").row()
    row["packshots"]["amazon"]["rules"] = [
        {**RULE, "id": each, "ok": each != "zoom"} for each in ("size", "zoom", "fill")
    ]
    found = []
    for photos in (333, 334):
        write_run_report(
            tmp_path / "report.html",
            [(f"{number}", Record.model_validate(row)) for number in range(photos)],
            total=photos,
            thumbnail_path=lambda stem, which: f"{stem}-{which}.webp",
            profiles={"amazon": "packshots", "ebay": "channels/ebay"},
        )
        text = (tmp_path / "report.html").read_text("utf-8")
        first = text.partition('<details class="rules">')[2].partition("</tbody>")[0]
        rows = re.findall(r'<tr class="(pass|fail)">', first)
        found.append((rows, re.findall("Met: ([^<]+)<", text)[:1]))
    assert found[0] == (["fail", "pass", "pass"], [])
    assert found[1][0] == ["fail", "pass"]
    assert len(found[1][1][0].split("; ")) == 2


def test_a_card_says_how_many_times_the_product_was_enlarged(tmp_path: Path) -> None:
    """By hand: 262 pixels on 524; one kept in size, one reduced, and a run of before that did not say."""
    found = {}
    for upscale in ((2.0, 1.0), (2.0, 2.0), (1.0, 0.4), (2.0, 1.5), (None, None)):
        row = record("jeans", "ok").row()
        row["packshots"]["amazon"]["upscale"], row["packshots"]["ebay"]["upscale"] = upscale
        write_run_report(
            tmp_path / "report.html",
            [("jeans", Record.model_validate(row))],
            total=1,
            thumbnail_path=lambda stem, which: f"{stem}-{which}.webp",
            profiles={"amazon": "packshots", "ebay": "channels/ebay"},
        )
        found[upscale] = re.findall(
            r'<span class="enlarged"[^>]*>([^<]+)</span>', (tmp_path / "report.html").read_text()
        )
    assert found == {
        (2.0, 1.0): ["amazon: enlarged 2.0 times"],
        (2.0, 2.0): ["enlarged 2.0 times"],
        (1.0, 0.4): [],
        (2.0, 1.5): ["amazon: enlarged 2.0 times", "ebay: enlarged 1.5 times"],
        (None, None): [],
    }


def test_what_to_fix_most_often_is_one_thing_each_whatever_the_numbers_and_sides(tmp_path: Path) -> None:
    """By hand: each doubt counts for itself, and what differs from photo to photo in numbers or sides alone is one."""
    said = [
        (["smoke", "area"], ["enlarged 2.0 times to reach the least size allowed; take a larger photo"]),
        (["smoke"], ["enlarged 3.1 times to reach the least size allowed; take a larger photo"]),
        (["area"], ["the photo cuts the product off (left); take one that shows all of it"]),
        (["smoke"], ["the photo cuts the product off (top, right); take one that shows all of it"]),
        (["pieces"], ["no fix of another photo"]),
    ]
    later = {"id": "size-2027", "ok": False, "severity": "must", "required": ">= 500", "since": "2027-01-31"}
    photos = []
    for number, (doubts, advice) in enumerate(said):
        row = record(f"{number}.jpg", "review", "mask").row() | {"doubts": doubts, "advice": advice}
        row["packshots"]["amazon"]["upcoming"] = [{**later, "measured": 300 + number}]
        photos.append((f"{number}", Record.model_validate(row)))
    write_run_report(
        tmp_path / "report.html", photos, total=5, thumbnail_path=lambda *_: "none", profiles={"amazon": "packshots"}
    )
    page = (tmp_path / "report.html").read_text("utf-8")
    found = re.findall(r'<button type="button" data-topic="\d".*?><span>(.*?)</span> <b>(\d)</b>', page)
    assert found == [
        ("From 2027-01-31 (amazon): The picture is too small", "5"),
        ("Check the cut-out: parts of it are half transparent", "3"),
        ("Check the cut-out: a part may be missing, or something foreign in it", "2"),
        ("Enlarged beyond what the photo holds", "2"),
        ("The photo cuts the product off", "2"),
    ]


@pytest.mark.parametrize(("photos", "held"), [(333, True), (334, False)])  # with three pictures each, of 1,000 at most
def test_a_page_holds_a_thousand_small_pictures_and_shows_more_where_they_lie(
    tmp_path: Path, photos: int, held: bool
) -> None:
    records = [record(f"ä {number}#", "ok") for number in range(photos)]
    for each in records:
        for which in ("before", "packshots", "channels-ebay"):
            (tmp_path / f"{each.source}-{which}.webp").write_bytes(b"RIFF" + bytes(5_000))
    (tmp_path / "ä 1#-before.webp").unlink()
    write_run_report(
        tmp_path / "report.html",
        [(each.source, each) for each in records],
        total=photos,
        thumbnail_path=lambda stem, which: f"{stem}-{which.replace('/', '-')}.webp",
        profiles={"amazon": "packshots", "ebay": "channels/ebay"},
    )
    text = (tmp_path / "report.html").read_text("utf-8")
    shown = re.findall(r'<img src="([^"]+)"', text)
    assert len(shown) == 3 * photos - 1  # one is gone
    assert text.count("no preview") == 1
    if held:
        assert all(address.startswith("data:image/webp;base64,") for address in shown)
    else:
        assert len(text) < photos * 4_000
        assert all((tmp_path / unquote(address)).is_file() for address in shown)
        assert 'loading="lazy"' in text
