"""A sitting: order, resume, undo, the manifest after every decision, and whose work is never touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.datasets import open_items
from packshot.errors import OutputError, UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.review.labelling.proposal_cache import ProposalCache
from packshot.values import Box, Frame

from .conftest import SCORES, Sitting, detect, draw, proposed

INNER = Box(4, 3, 56, 37)


def manifest(table: Path) -> dict[str, tuple[str | None, Box | None]]:
    return {item.photo.name: (item.label, item.box) for item in open_items(table, task="classification")}


def test_the_least_certain_come_first(sitting: Sitting) -> None:
    session = sitting()
    assert [(p.photo, p.score) for p in session.photos] == [
        (f"photos/{name}", SCORES[name]) for name in ("c.png", "b.png", "d.png", "a.png")
    ]
    assert [p.box for p in session.photos] == [INNER, INNER, INNER, Box(0, 0, 60, 40)]
    assert [one.decision for one in session.all_seen()] == [None] * 4


def test_every_decision_is_in_the_manifest_at_once(sitting: Sitting, table: Path) -> None:
    session = sitting()
    assert not table.exists(), "nothing is decided"
    session.decide(0, framed=True, box=Box(5, 3, 56, 37))
    assert manifest(table) == {"c.png": ("framed", Box(5, 3, 56, 37))}
    session.decide(1, framed=False, box=None)
    assert manifest(table) == {"c.png": ("framed", Box(5, 3, 56, 37)), "b.png": ("unframed", None)}
    assert table.read_text() == (
        "path,mask,label,split,group,kind,inner_box\nphotos/b.png,,unframed,,,,\nphotos/c.png,,framed,,,,5 3 56 37\n"
    )
    session.decide(0, framed=False, box=INNER)
    assert manifest(table)["c.png"] == ("unframed", None), "the box of a photo without frame means nothing"


def test_undo_goes_back_in_time_or_to_one_photo(sitting: Sitting, table: Path) -> None:
    session = sitting()
    for index in (2, 0, 1):
        session.decide(index, framed=False, box=None)
    session.decide(0, framed=True, box=INNER)
    undone = session.undo()
    assert undone is not None
    assert undone.index == 0
    assert undone.decision is not None
    assert not undone.decision.frame.framed, "what was said before counts again"
    session = sitting()  # also after a restart
    undone = session.undo(2)
    assert undone is not None
    assert (undone.index, undone.decision) == (2, None)
    assert sorted(manifest(table)) == ["b.png", "c.png"]
    assert [one.index for one in (session.undo(), session.undo()) if one] == [1, 0]
    assert session.undo() is None
    assert session.undo(0) is None
    assert table.read_text().count("\n") == 1, "the heading alone"


def test_a_sitting_resumes_and_asks_the_detector_nothing_twice(
    sitting: Sitting, photos: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting().decide(1, framed=True, box=INNER)
    draw(photos / "e.png", 0.45)
    asked: list[float] = []

    def counting(rgb: np.ndarray) -> Frame:
        asked.append(float(rgb[0, 0, 0]))
        return detect(rgb)

    with ProposalCache(table.with_name("labels.csv.proposals")) as cache:
        proposed(cache, [photos], table, detect=counting)
        assert asked == [90.0], "the new one alone"
        proposed(cache, [photos], table, detect=counting, model="pixel 2")
        assert len(asked) == 6, "another model is asked anew"
    session = sitting()
    assert [p.photo.removeprefix("photos/") for p in session.photos] == ["c.png", "e.png", "b.png", "d.png", "a.png"]
    assert [one.decision is not None for one in session.all_seen()] == [False, False, True, False, False]


def test_a_photo_that_was_replaced_is_decided_anew(sitting: Sitting, photos: Path, table: Path) -> None:
    session = sitting()
    session.decide(0, framed=True, box=INNER)
    session.decide(1, framed=False, box=None)
    draw(photos / "c.png", 0.5, size=(30, 20))
    with pytest.raises(UnreadablePhoto, match=r"c\.png was changed meanwhile"):
        session.picture(0)
    session = sitting()
    assert session.photos[0].size == (30, 20)
    assert session.seen(0).decision is None
    assert manifest(table) == {"b.png": ("unframed", None)}
    assert session.undo(0) is None


def test_photos_of_earlier_sittings_stay_while_they_are_there(sitting: Sitting, photos: Path, table: Path) -> None:
    session = sitting()
    for index in range(4):
        session.decide(index, framed=False, box=None)
    other = draw(photos.parent / "more" / "f.png", 0.3)
    session = sitting(other)
    assert [p.photo for p in session.photos] == ["more/f.png"]
    session.decide(0, framed=False, box=None)
    assert sorted(manifest(table)) == ["a.png", "b.png", "c.png", "d.png", "f.png"]
    (photos / "a.png").unlink()
    assert sorted(manifest(table) if sitting(other) else {}) == ["b.png", "c.png", "d.png", "f.png"]


def test_a_limit_shows_the_least_certain_of_those_that_wait(sitting: Sitting) -> None:
    session = sitting(limit=2)
    assert [p.photo for p in session.photos] == ["photos/c.png", "photos/b.png"]
    session.decide(0, framed=False, box=None)
    session = sitting(limit=2)
    assert [p.photo for p in session.photos] == ["photos/c.png", "photos/b.png", "photos/d.png"]


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (None, "needs a box inside its 60 x 40 pixels"),
        (Box(0, 0, 61, 40), "needs a box inside"),
        (Box(0, 0, 60, 41), "needs a box inside"),
        (Box(0, 0, 60, 40), "no room for a frame"),
    ],
)
def test_a_framed_photo_needs_its_box(sitting: Sitting, table: Path, box: Box | None, words: str) -> None:
    session = sitting()
    with pytest.raises(UsageError, match=words):
        session.decide(0, framed=True, box=box)
    assert not table.exists()


@pytest.mark.parametrize("index", [-1, 4, 10**9])
def test_a_photo_that_is_not_there(sitting: Sitting, index: int) -> None:
    session = sitting()
    for act in (session.seen, session.picture, session.undo, lambda i: session.decide(i, framed=False, box=None)):
        with pytest.raises(UsageError, match="there is no photo"):
            act(index)


def test_photos_that_cannot_be_shown_are_listed(sitting: Sitting, photos: Path, table: Path) -> None:
    sitting().decide(0, framed=False, box=None)
    (photos / "c.png").write_bytes(b"")
    (photos / "trun\ncated.png").write_bytes((photos / "a.png").read_bytes())
    session = sitting()
    assert len(session.photos) == 3
    assert {Path(one.source).name: one.error.code for one in session.skipped} == {
        "c.png": "EmptyFile",
        "trun\ncated.png": "UnreadablePhoto",
    }
    assert table.read_text().count("\n") == 1, "nobody can train on a photo that cannot be read"


def test_somebody_elses_table_is_not_overwritten(sitting: Sitting, table: Path) -> None:
    table.write_text("path,label\nphotos/a.png,framed\n")
    with pytest.raises(UsageError, match=r"labels\.csv holds what was not decided here, first 'path,label'"):
        sitting()
    table.unlink()
    sitting().decide(0, framed=True, box=INNER)
    text = table.read_text()
    table.write_text(text.replace("4 3 56 37", "9 9 50 30"))
    with pytest.raises(UsageError, match="9 9 50 30"):
        sitting()
    table.write_bytes(b"\xff\xfe\0")
    with pytest.raises(UsageError, match="not decided here"):
        sitting()


def test_a_table_that_lags_behind_its_journal_is_mended(sitting: Sitting, table: Path) -> None:
    """As after a kill between the journal and the table, in either direction of the column for boxes."""
    session = sitting()
    states = []
    for index, framed in ((1, False), (0, True), (2, False)):
        session.decide(index, framed=framed, box=INNER)
        states.append(table.read_text())
    assert len({text.splitlines()[0] for text in states}) == 2
    for text in ["", *states]:
        table.write_text(text)
        sitting()
        assert table.read_text() == states[-1]
    table.unlink()
    sitting()
    assert table.read_text() == states[-1]


def test_a_table_that_cannot_be_written_loses_nothing(
    sitting: Sitting, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sitting()
    session.decide(0, framed=False, box=None)
    with monkeypatch.context() as patch:

        def full(path: Path, data: bytes) -> None:
            raise OutputError(f"{path} could not be written (No space left on device)", remedy="free some space")

        patch.setattr("packshot.review.labelling.session.write_atomic", full)
        with pytest.raises(OutputError, match="No space left"):
            session.decide(1, framed=False, box=None)
    assert sorted(manifest(table)) == ["c.png"]
    sitting()
    assert sorted(manifest(table)) == ["b.png", "c.png"]


def test_after_its_end_nothing_is_taken(sitting: Sitting) -> None:
    session = sitting()
    session.decide(0, framed=False, box=None)
    session.end()
    for act in (lambda: session.decide(1, framed=False, box=None), session.undo):
        with pytest.raises(UsageError, match="packshot has ended"):
            act()
    assert session.seen(0).decision is not None


def test_the_picture_is_upright_and_of_its_size(sitting: Sitting, photos: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Exif 3.0: the 0th row is the visual right-hand side
    Image.new("RGB", (50, 30), (200, 0, 0)).save(photos / "g.jpg", exif=exif.tobytes())
    Image.new("RGB", (5000, 100), (0, 0, 200)).save(photos / "h.png")
    session = sitting()
    place = {Path(p.photo).name: index for index, p in enumerate(session.photos)}
    turned, long = (decode(session.picture(place[name])) for name in ("g.jpg", "h.png"))
    assert session.photos[place["g.jpg"]].size == (turned.width, turned.height) == (30, 50)
    assert session.photos[place["h.png"]].size == (5000, 100)
    assert (long.width, long.height) == (4096, 82)


def test_snapping_asks_the_refiner(sitting: Sitting) -> None:
    session = sitting(refine=lambda rgb, box: Box(box.x0 + 1, box.y0, rgb.shape[1] - 2, box.y1))
    assert session.snap(0, Box(3, 3, 50, 30)) == Box(4, 3, 58, 30)
    with pytest.raises(UsageError, match="reaches out"):
        session.snap(0, Box(0, 0, 61, 40))
    with pytest.raises(UsageError, match="not offered"):
        sitting().snap(0, Box(3, 3, 50, 30))


def test_two_names_of_one_file_are_one_photo(photos: Path, table: Path) -> None:
    (photos / "link.png").symlink_to(photos / "a.png")
    with ProposalCache(table.with_name("j")) as cache:
        proposals, _ = proposed(cache, [photos], table)
    assert sorted(p.photo for p in proposals) == [f"photos/{name}" for name in sorted(SCORES)]


def test_stopping_the_detector_keeps_what_it_found(photos: Path, table: Path) -> None:
    done: list[None] = []
    with ProposalCache(table.with_name("j")) as cache:
        proposals, _ = proposed(cache, [photos], table, progress=lambda: done.append(None), stop=lambda: len(done) == 2)
        assert len(proposals) == len(cache.proposals) == 2


def test_a_fault_of_the_detector_is_not_hidden(photos: Path, table: Path) -> None:
    def broken(_: object) -> Frame:
        raise ZeroDivisionError

    with ProposalCache(table.with_name("j")) as cache, pytest.raises(ZeroDivisionError):
        proposed(cache, [photos], table, detect=broken, limits=Limits())
