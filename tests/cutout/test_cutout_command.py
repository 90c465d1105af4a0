"""``packshot cutout`` with strokes, masks from a folder, and overlays, as a user types it."""

import json

import numpy as np
import pytest
from packshot_tests.command import run
from PIL import Image


def packshot(*args):
    """Run a command; its exit code, its rows on stdout and what it said on stderr."""
    done = run(*args)
    return done.code, [json.loads(line) for line in done.out.splitlines() if line.startswith("{")], done.err


@pytest.fixture
def shop(tmp_path, disc, scene):
    """photos/{a,b}/front.png, a mask for each that is a little small, and a folder for strokes."""
    true = disc(120)
    for folder in ("a", "b"):
        for kind, pixels in (("photos", scene(true).rgb), ("masks", np.uint8(255 * disc(120, 0.25)))):
            (tmp_path / kind / folder).mkdir(parents=True)
            Image.fromarray(pixels).save(tmp_path / kind / folder / "front.png")
    (tmp_path / "strokes" / "b").mkdir(parents=True)
    return tmp_path


def write_strokes(path, *drawn, size=(120, 120), box=None):
    photo = {"width": size[0], "height": size[1]}
    path.write_text(json.dumps({"version": 1, "photo": photo, "box": box, "strokes": list(drawn)}))
    return path


KEEP = {"kind": "keep", "radius": 3, "points": [[60, 27], [60, 40]]}


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_strokes_in_a_folder_correct_their_photo_and_no_other(shop):
    write_strokes(shop / "strokes" / "b" / "front.json", KEEP)
    command = ["cutout", shop / "photos", "-o", shop / "out", "--mask", "--mask-from", shop / "masks", "--json"]
    code, rows, _ = packshot(*command, "--strokes", shop / "strokes")
    assert code == 0
    assert [row["strokes"] for row in rows] == [None, str(shop / "strokes" / "b" / "front.json")]
    start, a, b = (pixels(shop / name / "front.png") for name in ("masks/a", "out/a", "out/b"))
    np.testing.assert_array_equal(a, start)
    assert b[27:41, 60].min() == 255
    assert start[27, 60] == 0
    first = (shop / "out" / "b" / "front.png").read_bytes()
    assert packshot(*command, "--strokes", shop / "strokes")[0] == 0
    assert (shop / "out" / "b" / "front.png").read_bytes() == first


def test_the_overlay_has_rulers_around_the_enlarged_photo(shop):
    photo = shop / "photos" / "a" / "front.png"
    strokes = write_strokes(shop / "front.json", KEEP)
    command = ["cutout", photo, "-o", shop / "out", "--overlay", "--json", "--mask-from", shop / "masks" / "a"]
    code, (row,), _ = packshot(*command, "--strokes", strokes)
    assert code == 0
    assert row["overlay"] == str(shop / "out" / "front.overlay.png")
    shown = pixels(row["overlay"])
    assert shown.ndim == 3
    assert 1000 <= max(shown.shape) - 88 <= 2000
    assert (shown[0] == 245).all()
    assert pixels(row["output"]).shape == (120, 120, 4)


def test_a_box_needs_no_network(shop):
    photo = shop / "photos" / "a" / "front.png"
    strokes = write_strokes(shop / "front.json", box=[20, 20, 100, 100])
    code, (row,), _ = packshot("cutout", photo, "-o", shop / "out", "--mask", "--strokes", strokes, "--json")
    assert code == 0
    assert 0 <= row["uncertainty"] < 0.2
    assert abs((pixels(row["output"]) > 127).mean() - np.pi * 0.3**2) < 0.02


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("not json", "UsageError", "front.json: document"),
        ('{"version": 1, "photo": {"width": 5, "height": 5}}', "UsageError", "5 x 5 pixels, the photo has 120 x 120"),
    ],
)
def test_bad_strokes_fail_their_photo_only(shop, text, code, says):
    (shop / "strokes" / "b" / "front.json").write_text(text)
    command = ["cutout", shop / "photos", "-o", shop / "out", "--mask-from", shop / "masks", "--json"]
    ended, rows, said = packshot(*command, "--strokes", shop / "strokes")
    assert ended == 3
    assert rows[0]["error"] is None
    assert rows[1]["error"]["code"] == code
    assert says in said
    assert not (shop / "out" / "b").exists()


@pytest.mark.parametrize(
    ("strokes", "says"),
    [("nothing.json", "cannot be read"), ("strokes", "name them like"), ("front.json", "one file, but 2 photos")],
)
def test_wrong_usage(shop, strokes, says):
    write_strokes(shop / "front.json", KEEP)
    sources = shop / "photos" if strokes == "front.json" else shop / "photos" / "a"
    code, _, said = packshot("cutout", sources, "-o", shop / "out", "--strokes", shop / strokes)
    assert code in {2, 3}
    assert says in said
    assert not (shop / "out").exists()


def test_a_mask_of_another_size_is_refused(shop):
    Image.new("L", (7, 9)).save(shop / "masks" / "a" / "front.png")
    code, rows, said = packshot("cutout", shop / "photos", "-o", shop / "out", "--mask-from", shop / "masks", "--json")
    assert code == 3
    assert "expected 120 x 120 pixels like the photo, got 7 x 9" in said
    assert rows[0]["output"] is None
    assert rows[1]["error"] is None


def test_a_mask_that_strokes_empty_is_no_result(shop):
    everything = {"kind": "erase", "polygon": [[0, 0], [119, 0], [119, 119], [0, 119]]}
    write_strokes(shop / "strokes" / "b" / "front.json", everything)
    command = ["cutout", shop / "photos", "-o", shop / "out", "--mask-from", shop / "masks", "--json"]
    code, rows, _ = packshot(*command, "--strokes", shop / "strokes")
    assert code == 3
    assert [row["error"] and row["error"]["code"] for row in rows] == [None, "NothingToCutOut"]


def test_where_the_network_finds_nothing_a_box_is_advised(tmp_path):
    Image.fromarray(np.full((90, 120, 3), 200, np.uint8)).save(tmp_path / "wall.png")
    strokes = write_strokes(tmp_path / "wall.json", KEEP, size=(120, 90))
    code, _, said = packshot("cutout", tmp_path / "wall.png", "-o", tmp_path / "out", "--strokes", strokes)
    assert code == 3
    assert '"box"' in said
