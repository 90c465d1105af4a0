"""From a decision to the finished picture: `packshot review` and `packshot run` as typed, on small drawn photos."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packshot_tests import command
from PIL import Image
from skimage.data import astronaut, coffee

from packshot.batch import PhotoProcessing, RunOptions, run_batch
from packshot.errors import UsageError
from packshot.pipeline import Pipeline
from packshot.review import Review, State
from packshot.settings import Settings

RUN = ("run", "photos", "-o", "out", "--profile", "amazon,ebay", "--model", "grabcut", "--describe-model", "none")


def draw(path: Path, *, second: bool = True, seed: int = 0) -> None:
    """A red block on grey, and beside it a smaller one of the same colour."""
    rgb = np.random.default_rng(seed).normal(150, 4, (150, 200, 3)).clip(0, 255).astype(np.uint8)
    rgb[40:110, 40:110] = (190, 40, 30)
    if second:
        rgb[60:90, 140:165] = (190, 40, 30)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rgb).save(path)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with photos/a.png and photos/b.png, of which a run made pictures for two profiles."""
    monkeypatch.chdir(tmp_path)
    draw(Path("photos/a.png"), seed=1)
    draw(Path("photos/b.png"), seed=2)
    assert command.run(*RUN, "--jobs", 1).code == 0
    return tmp_path


def strokes(path: str = "a.json") -> str:
    """The small block is no product."""
    erase = {"kind": "erase", "radius": 6, "points": [[145, 66], [160, 84]]}
    Path(path).write_text(json.dumps({"version": 1, "photo": {"width": 200, "height": 150}, "strokes": [erase]}))
    return path


def files(out: Path = Path("out")) -> dict[str, bytes]:
    """Every picture, mask and thumbnail by its path."""
    found = [path for path in out.rglob("*") if path.suffix in {".png", ".jpg", ".webp"} and "review" not in path.parts]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def manifest() -> dict[str, dict[str, Any]]:
    rows = map(json.loads, Path("out/manifest.jsonl").read_text().splitlines())
    return {Path(row["source"]).name: {**row, "timings_ms": None} for row in rows}


def mask(name: str) -> np.ndarray:
    with Image.open(f"out/masks/{name}.png") as picture:
        return np.asarray(picture)


def test_strokes_reach_the_pictures_of_every_profile_and_of_no_other_photo(shop: Path) -> None:
    before = files()
    assert mask("a")[75, 150] > 250, "the small block is found at first"
    assert command.run("review", "mask", "out", "a.png", "--strokes", strokes(), "--by", "anna").code == 0
    done = command.run("review", "apply", "out")
    assert (done.code, "1 already done" in done.out) == (0, True)
    after = files()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {name for name in before if Path(name).name.startswith("a.") and "before" not in name}
    assert {"packshots/a.jpg", "channels/ebay/a.jpg", "masks/a.png", "cutouts/a.png"} <= changed
    assert (mask("a")[75, 150], mask("a")[75, 75]) == (0, 255)
    row = manifest()["a.png"]
    assert (row["status"], row["review"], row["decisions"][0]["by"]) == ("ok", [], "anna")
    assert "mask corrected, by anna" in Path("out/report.html").read_text()
    assert Review(Path("out/manifest.jsonl")).case("a.png").state is State.DECIDED


def test_it_does_not_matter_when_a_decision_is_obeyed(shop: Path) -> None:
    """Applied at once, by the next run, or from the very beginning: the same bytes."""
    untouched, first = files(), manifest()
    command.run("review", "mask", "out", "a.png", "--strokes", strokes())
    assert command.run("review", "apply", "out").code == 0
    applied, rows = files(), manifest()
    assert command.run("review", "apply", "out").out.startswith("2 photos")
    assert (files(), manifest()) == (applied, rows), "once is enough"
    assert command.run(*RUN).code == 0
    assert (files(), manifest()) == (applied, rows), "nor does a run change it"
    for path in Path("out").iterdir():
        if path.name != "review":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    Path("out/.packshot").mkdir()
    assert command.run(*RUN, "--jobs", 1).code == 0
    assert (files(), manifest()) == (applied, rows)
    command.run("review", "undo", "out")
    assert command.run("review", "apply", "out").code == 0
    again = files()
    assert {name: again[name] for name in untouched} == untouched
    assert manifest() == first


def test_a_mask_drawn_elsewhere_and_strokes_on_it(shop: Path) -> None:
    drawn = np.zeros((150, 200), np.uint8)
    drawn[50:100, 50:170] = 255
    Image.fromarray(drawn).save("drawn.png")
    assert command.run("review", "mask", "out", "a.png", "--file", "drawn.png").code == 0
    assert command.run("review", "apply", "out").code == 0
    np.testing.assert_array_equal(mask("a"), drawn)
    assert command.run("review", "mask", "out", "a.png", "--strokes", strokes()).code == 0
    assert command.run("review", "apply", "out").code == 0
    assert mask("a")[75, 150] == 0, "erased"
    assert mask("a")[75, 60] == 255, "of the drawn mask"
    assert mask("a")[42, 75] == 0, "and not of the one that is found"
    kept = mask("a")
    other = [word if word != "grabcut" else "cutout" for word in RUN]
    assert command.run(*other, "--jobs", 1).code in {0, 3}
    np.testing.assert_array_equal(mask("a"), kept, "another network does not change what a person drew")
    assert manifest()["a.png"]["status"] == "ok"


def test_strokes_are_drawn_again_on_another_networks_mask_and_shown_again(shop: Path) -> None:
    command.run("review", "mask", "out", "a.png", "--strokes", strokes())
    command.run("review", "apply", "out")
    drawn = np.zeros((150, 200), np.uint8)
    drawn[40:130, 40:165] = 255
    review = Review(Path("out/manifest.jsonl"))
    with pytest.MonkeyPatch.context() as patch:
        # Another network: it finds one block that is larger and covers both.
        other = _pipeline(drawn, patch)
        run_batch(["photos"], "out", PhotoProcessing(lambda: other, ["amazon", "ebay"]))
    assert mask("b")[120, 100] == 255
    assert (mask("a")[120, 100], mask("a")[75, 150]) == (255, 0), "the new mask, with the strokes"
    row = manifest()["a.png"]
    assert (row["status"], row["review"][0], row["doubts"]) == ("review", "mask", ["redrawn"])
    review.refresh()
    assert review.case("a.png").state is State.STALE
    assert "your strokes were drawn again" in Path("out/report.html").read_text()
    assert command.run("review", "approve", "out", "a.png", "--by", "ben").code == 0
    with pytest.MonkeyPatch.context() as patch:
        other = _pipeline(drawn, patch)
        run_batch(
            ["photos"], "out", PhotoProcessing(lambda: other, ["amazon", "ebay"]), options=RunOptions(decided_only=True)
        )
    assert manifest()["a.png"]["status"] == "ok"
    assert mask("a")[75, 150] == 0, "an approval keeps the strokes"


def _pipeline(found: np.ndarray, patch: pytest.MonkeyPatch) -> Pipeline:
    from packshot.values import Mask

    patch.setattr("packshot.cutout.stage.model_fingerprint", lambda *_: f"other {found.sum()}")
    made = Pipeline(profile=["amazon", "ebay"], settings=Settings(model="grabcut", describe_model="none"))
    made.cutout.segment = lambda _: Mask((found / np.float32(255)).astype(np.float32), 0.01, "other")
    assert made.cutout_fingerprint
    return made


def test_what_needs_no_picture_makes_none(shop: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path("out/packshots").iterdir()}
    command.run("review", "category", "out", "a.png", "--to", "Hat", "--by", "anna")
    command.run("review", "reject", "out", "b.png", "--reason", "wrong product", "--by", "ben")
    done = command.run("review", "apply", "out")
    assert (done.code, "1 rejected" in done.out) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in Path("out/packshots").iterdir()} == before
    rows = manifest()
    assert [node["name"] for node in rows["a.png"]["category"]["path"]][-1] == "Hat"
    assert (rows["a.png"]["category"]["sure"], rows["b.png"]["status"]) == (True, "rejected")
    page = Path("out/report.html").read_text()
    assert "rejected: wrong product, by ben" in page
    assert "Rejected" in page
    command.run("review", "undo", "out")
    command.run("review", "apply", "out")
    assert manifest()["b.png"]["status"] != "rejected"


def test_another_subject_is_cut_out_of_one_photo_and_shown_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A woman in a space suit, of whom what stands out is half; only the network that ships knows persons."""
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    Image.fromarray(astronaut()).save("photos/worn.png")
    Image.fromarray(coffee()).save("photos/cup.png")
    assert command.run("run", "photos", "-o", "out", "--profile", "amazon,ebay", "--jobs", 1).code == 0
    before, found = files(), mask("worn")
    assert command.run("review", "subject", "out", "worn.png", "--to", "person", "--by", "anna").code == 0
    assert command.run("review", "apply", "out").code == 0
    after, person = files(), mask("worn")
    changed = {name for name in before if before[name] != after[name]}
    assert {"packshots/worn.jpg", "channels/ebay/worn.jpg", "masks/worn.png", "cutouts/worn.png"} <= changed
    assert all(Path(name).name.startswith("worn.") for name in changed), "and of no other photo"
    face = (slice(100, 130), slice(205, 235))
    assert (found[face].mean() < 150, person[face].min() > 200) == (True, True)
    row = manifest()["worn.png"]
    assert (row["status"], row["decisions"][0]["words"].split(", ")[:2]) == ("review", ["subject person", "by anna"])
    assert Review(Path("out/manifest.jsonl")).case("worn.png").state is State.STALE, "nobody has seen that mask"
    command.run("review", "undo", "out")
    assert command.run("review", "apply", "out").code == 0
    again = files()
    assert {name: again[name] for name in before} == before


def test_what_needs_no_photo_is_done_where_the_photos_are_gone(shop: Path) -> None:
    command.run("review", "category", "out", "a.png", "--to", "Hat", "--by", "anna")
    command.run("review", "mask", "out", "b.png", "--strokes", strokes())
    before = files()
    Path("photos").rename("elsewhere")
    done = command.run("review", "apply", "out")
    assert (done.code, "b.png is gone, and its pictures cannot be made" in done.err) == (3, True)
    assert "a.png is gone" not in done.err
    rows = manifest()
    assert [node["name"] for node in rows["a.png"]["category"]["path"]][-1] == "Hat"
    assert (rows["b.png"]["status"], rows["b.png"]["review"][0]) == ("review", "picture")
    assert "only it could make that one" in Path("out/report.html").read_text()
    assert files() == before
    Path("elsewhere").rename("photos")
    done = command.run("review", "apply", "out")
    assert (done.code, manifest()["b.png"]["status"]) == (0, "ok")
    assert mask("b")[75, 150] == 0


def test_a_folder_that_is_gone_as_a_whole_is_no_reason_to_lose_words(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("typed/photos").mkdir(parents=True)
    draw(Path("typed/photos/c.png"), seed=3)
    with monkeypatch.context() as patch:
        patch.chdir("typed")
        words = [word if word != "out" else "../other" for word in RUN]
        assert command.run(*words, "--sku", "name", "--jobs", 1).code == 0
    command.run("review", "reject", "other", "c.png", "--reason", "wrong product")
    shutil.rmtree("typed")
    done = command.run("review", "apply", "other")
    assert (done.code, "1 rejected" in done.out, "is gone" in done.err) == (0, True, True)
    assert command.run("review", "apply", "other", "--root", "typed").code == 2


def test_a_frame_that_a_person_marked_is_cut_off(shop: Path) -> None:
    assert command.run("review", "frame", "out", "a.png", "--box", 20, 10, 190, 140).code == 0
    assert command.run("review", "apply", "out").code == 0
    row = manifest()["a.png"]
    assert (row["frame"]["removed"], row["frame"]["inner_box"]) == (True, [20, 10, 190, 140])
    assert mask("a").shape == (130, 170)
    assert command.run("review", "mask", "out", "a.png", "--strokes", strokes()).code == 0
    assert command.run("review", "apply", "out").code == 0
    assert mask("a").shape == (130, 170)
    assert (mask("a")[65, 130], mask("a")[65, 55]) == (0, 255), "strokes are in pixels of the whole photo"


def test_decisions_count_that_are_made_while_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        draw(Path(f"photos/{name}.png"), seed=ord(name))
    seen: list[list[str]] = []

    def decide(step: Any) -> None:
        review = Review(Path("out/manifest.jsonl"))
        seen.append(sorted(case.source for case in review.cases()))
        if len(seen) == 2:
            alpha = np.zeros((150, 200), np.float32)
            alpha[50:100, 50:100] = 1
            review.correct_mask("a.png", alpha, by="anna")
            review.reject("b.png", "blurred", by="anna")

    settings = Settings(model="grabcut", describe_model="none")
    done = run_batch(["photos"], "out", PhotoProcessing(lambda: Pipeline(settings=settings)), progress=decide)
    assert seen[1] == ["photos/a.png", "photos/b.png"], "the list works before there is a manifest"
    assert mask("a")[50:100, 50:100].min() == 255
    assert np.count_nonzero(mask("a")) == 2500, "the run itself obeys the decision before it ends"
    assert (done.rejected, done.decided, manifest()["a.png"]["status"]) == (1, 2, "ok")


def test_a_run_that_broke_off_is_listed_and_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        draw(Path(f"photos/{name}.png"), seed=ord(name))

    def stop(step: Any) -> None:
        if step.done == 2:
            raise ZeroDivisionError

    settings = Settings(model="grabcut", describe_model="none")
    with pytest.raises(ZeroDivisionError):
        run_batch(["photos"], "out", PhotoProcessing(lambda: Pipeline(settings=settings)), progress=stop)
    assert not Path("out/manifest.jsonl").exists()
    done = command.run("review", "list", "out", "--json")
    assert [Path(row["source"]).name for row in done.lines] == ["a.png", "b.png"]
    assert command.run("review", "approve", "out", "--left", "--yes").code == 0
    assert run_batch(["photos"], "out", PhotoProcessing(lambda: Pipeline(settings=settings))).decided == 2


def test_a_decision_whose_file_is_lost_is_named_with_the_way_out(shop: Path) -> None:
    before = files()
    command.run("review", "mask", "out", "a.png", "--strokes", strokes())
    (kept,) = Path("out/review/strokes").iterdir()
    content = kept.read_bytes()
    kept.unlink()
    done = command.run("review", "apply", "out")
    assert done.code == 3
    assert f"{kept}, which a decision names, is gone" in done.err.replace(f"{shop}/", "")
    assert "packshot review undo" in done.err
    assert files()["packshots/b.jpg"] == before["packshots/b.jpg"]
    assert command.run(*RUN).code == 3, "nor does a run make it"
    kept.write_bytes(content)
    assert command.run("review", "apply", "out").code == 0
    assert mask("a")[75, 150] == 0


def test_a_folder_no_command_wrote_says_what_to_do(tmp_path: Path) -> None:
    done = command.run("review", "apply", tmp_path)
    assert (done.code, "repeat the `packshot run` that wrote it" in done.err) == (2, True)


def test_a_damaged_log_stops_a_run_before_it_makes_anything(shop: Path) -> None:
    command.run("review", "approve", "out", "a.png")
    with Path("out/review/journal.jsonl").open("a") as file:
        file.write("{]\n")
    before = files()
    done = command.run(*RUN)
    assert (done.code, "journal.jsonl, line 3 is damaged" in done.err, files() == before) == (2, True, True)
    with pytest.raises(UsageError, match="line 3 is damaged"):
        run_batch(["photos"], "out", PhotoProcessing(Pipeline))
