"""Photos named by their addresses in a bucket: the commands that go from photo to photo say what they say of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packshot_tests.command import run
from PIL import Image
from skimage import data

from packshot.storage.objects import open_folder

NAMES = ("cat.png", "sub/cup of tea.png")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of two photos and a list."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for name, picture in zip(NAMES, (data.chelsea(), data.coffee()), strict=True):
        Image.fromarray(picture).resize((200, 150)).save(folder / name)
    (folder / "list.txt").write_text("cat, cup")
    return folder


@pytest.fixture
def shop(bucket: str, photos: Path) -> str:
    """The same folder in a bucket."""
    for path in photos.rglob("*.*"):
        open_folder(f"{bucket}/photos").write(path.relative_to(photos).as_posix(), path.read_bytes())
    return bucket


def without_places(text: str, place: str) -> list[dict[str, object]]:
    rows = [json.loads(line.replace(place, "")) for line in text.splitlines()]
    return [{key: value for key, value in row.items() if key not in {"output", "seconds"}} for row in rows]


@pytest.mark.parametrize(
    "command",
    [("frame",), ("overlay",), ("check", "--profile", "google"), ("cutout", "-o", "out", "--model", "grabcut-box")],
)
def test_an_answer_is_that_of_the_same_photos_in_a_folder(
    command: tuple[str, ...], shop: str, photos: Path, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    expected = run(command[0], photos, *command[1:], "--json", cwd=here)
    found = run(command[0], f"{shop}/photos", *command[1:], "--json", cwd=there)
    assert (found.code, len(found.lines)) == (expected.code, len(NAMES)), found.err
    assert without_places(found.out, f"{shop}/photos") == without_places(expected.out, str(photos))
    assert "passed over 1 file" in found.err
    made = [{path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*.*")} for top in (here, there)]
    assert made[0] == made[1]


def test_one_photo_is_named_as_a_folder_is_and_one_that_is_gone_fails_alone(shop: str) -> None:
    done = run("frame", f"{shop}/photos/sub/cup of tea.png", f"{shop}/photos/gone.png", "--json")
    assert done.code == 3
    errors = {str(row["source"]).rpartition("/")[2]: row["error"] for row in done.lines}
    assert errors["cup of tea.png"] is None
    assert "is not there" in errors["gone.png"]["message"]


def test_what_cannot_be_in_a_bucket_is_told_before_anything_is_done(shop: str, tmp_path: Path) -> None:
    open_folder(f"{shop}/run").write("manifest.jsonl", b"")
    wrong = {
        ("frame", f"{shop}/run"): f"name its pictures: {shop}/run/packshots",
        ("frame", "s3://not-there/photos"): "s3://not-there is not there",
        ("cutout", f"{shop}/photos", "-o", f"{shop}/cut"): "writes to this machine's disks alone",
        ("label", "frame", f"{shop}/photos", "-o", "labels.csv"): "copy the photos here first",
        ("review", "list", f"{shop}/run"): "copy what the run wrote to a disk first",
        ("deliver", f"{shop}/run", "--to", "folder:there"): "is an address; a path on this machine's disks is needed",
    }
    for words, message in wrong.items():
        done = run(*words, cwd=tmp_path)
        assert (done.code, message in done.err) == (2, True), (words, done.err)
    assert list(tmp_path.glob("s3*")) == []
