"""Corrections by hand: paint is obeyed, the rest is left alone, and bad files are refused with their place."""

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.cutout import Strokes, refine
from packshot.errors import NothingToCutOut, UsageError
from packshot.evaluation import iou
from packshot.values import Mask, Photo


def strokes(shape, *drawn, **more):
    document = {"version": 1, "photo": {"width": shape[1], "height": shape[0]}, "box": None, "strokes": list(drawn)}
    return Strokes.from_json(json.dumps({**document, **more}))


def brush(kind, *points, radius=4, **more):
    return {"kind": kind, "radius": radius, "points": [list(point) for point in points], **more}


def mask_of(alpha):
    return Mask(alpha=np.asarray(alpha, np.float32), uncertainty=0.2, model="start")


@pytest.fixture
def sleeve(scene):
    """A product of body and sleeve, and the mask of a network that missed the sleeve and took a bag for product."""
    true = np.zeros((300, 400), np.float32)
    true[60:260, 120:260] = 1
    true[80:120, 260:360] = 1
    start = true.copy()
    start[:, 260:] = 0
    start[180:220, 30:80] = 1
    return scene(true), true, start


def test_paint_is_obeyed_to_the_pixel(sleeve):
    photo, _, start = sleeve
    drawn = strokes(start.shape, brush("keep", (20, 20), (60, 40)), brush("erase", (200, 150), (220, 170)))
    alpha = refine(photo, mask_of(start), drawn).alpha
    paint = drawn.labels()
    assert alpha[paint == 1].min() == 1
    assert alpha[paint == 2].max() == 0
    # By hand: a brush of radius 4 from (20, 20) covers 4 pixels on either side.
    assert paint[20, 16:25].all()
    assert not paint[20, :15].any()


def test_one_stroke_brings_back_a_sleeve_and_one_removes_a_bag(sleeve):
    photo, true, start = sleeve
    drawn = strokes(
        start.shape, brush("keep", (255, 100), (350, 100), radius=8), brush("erase", (40, 200), (70, 200), radius=8)
    )
    assert iou(start, true) < 0.86
    assert iou(refine(photo, mask_of(start), drawn).alpha, true) > 0.985


def test_what_is_far_away_does_not_change(sleeve):
    photo, _, start = sleeve
    soft = np.where(start > 0, 0.93, 0.02).astype(np.float32)
    drawn = strokes(start.shape, brush("keep", (300, 100), radius=6, reach=10))
    alpha = refine(photo, mask_of(soft), drawn).alpha
    y, x = np.mgrid[:300, :400]
    far = np.hypot(x - 300, y - 100) > 6 + 10 + 12  # brush, reach, and the passage of new edges into old ones
    np.testing.assert_array_equal(alpha[far], soft[far])
    assert (alpha[~far] != soft[~far]).any()


@pytest.mark.parametrize("kind", ["keep", "erase"])
def test_keep_only_adds_and_erase_only_removes(kind, sleeve):
    photo, true, _ = sleeve
    rng = np.random.default_rng(3)
    points = [(int(x), int(y)) for x, y in zip(rng.integers(0, 400, 6), rng.integers(0, 300, 6), strict=True)]
    alpha = refine(photo, mask_of(true), strokes(true.shape, brush(kind, *points, radius=6))).alpha >= 0.5
    gained, lost = alpha & (true < 0.5), ~alpha & (true >= 0.5)
    # The passage of a new edge may move an old one by a pixel.
    assert (lost if kind == "keep" else gained).sum() <= 60


def test_reach_zero_paints_and_nothing_else(sleeve):
    photo, _, start = sleeve
    corners = [[200, 10], [300, 10], [300, 50], [200, 50]]
    drawn = strokes(start.shape, {"kind": "keep", "polygon": corners, "reach": 0})
    alpha = refine(photo, mask_of(start), drawn).alpha
    expected = start.copy()
    expected[10:51, 200:301] = 1
    assert ((alpha >= 0.5) == (expected >= 0.5)).all()


def test_same_strokes_same_bytes_and_more_strokes_go_on_from_there(sleeve):
    photo, true, start = sleeve
    first = brush("keep", (255, 100), (300, 100), radius=8)
    once = refine(photo, mask_of(start), strokes(start.shape, first))
    again = refine(photo, mask_of(start), strokes(start.shape, first))
    assert once.alpha.tobytes() == again.alpha.tobytes()
    more = refine(photo, mask_of(start), strokes(start.shape, first, brush("erase", (55, 200), radius=10)))
    assert iou(more.alpha, true) > iou(once.alpha, true) > iou(start, true)
    assert more.model == "start+strokes"
    assert more.uncertainty == 0.2


def test_no_strokes_give_the_mask_itself(sleeve):
    photo, _, start = sleeve
    mask = mask_of(start)
    assert refine(photo, mask, strokes(start.shape)) is mask


def test_a_later_stroke_lies_over_an_earlier_one(sleeve):
    photo, _, start = sleeve
    drawn = strokes(start.shape, brush("keep", (50, 50), radius=10), brush("erase", (50, 50), radius=3))
    alpha = refine(photo, mask_of(start), drawn).alpha
    assert alpha[50, 50] == 0
    assert alpha[50, 58] == 1


def test_a_box_starts_over(sleeve):
    photo, true, _ = sleeve
    mask = refine(photo, None, strokes(true.shape, box=[100, 40, 380, 280]))
    assert iou(mask.alpha, true) > 0.97
    assert not mask.alpha[:, :100].any()
    kept = refine(photo, None, strokes(true.shape, brush("keep", (50, 50)), box=[100, 40, 380, 280]))
    assert kept.alpha[50, 50] == 1
    with pytest.raises(NothingToCutOut):
        refine(photo, None, strokes(true.shape, box=[10, 10, 60, 50]))
    with pytest.raises(UsageError, match="mask or a box"):
        refine(photo, None, strokes(true.shape, brush("keep", (50, 50))))


def test_a_large_photo_is_quick_and_its_new_edge_is_the_photos(scene):
    true = np.zeros((2400, 3200), np.float32)
    true[300:2100, 1000:2200] = 1
    start = true.copy()
    start[:900] = 0
    photo = scene(true)
    drawn = strokes(true.shape, brush("keep", (1100, 400), (2100, 400), (2100, 850), (1100, 850), radius=60))
    began = time.perf_counter()
    alpha = refine(photo, mask_of(start), drawn).alpha
    assert time.perf_counter() - began < 20  # a fraction of a second on a quiet machine
    assert iou(alpha, true) > 0.97


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 2), (40, 7)])
@pytest.mark.parametrize("kind", ["keep", "erase"])
def test_tiny_photos(shape, kind, photo_of):
    photo = photo_of(np.full((*shape, 3), 90, np.uint8))
    alpha = refine(photo, mask_of(np.full(shape, 0.5)), strokes(shape, brush(kind, (0, 0), radius=1))).alpha
    assert alpha[0, 0] == (kind == "keep")


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_strokes_give_a_mask_that_obeys_them(data):
    number = st.floats(-1e6, 1e6)
    stroke = st.one_of(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["keep", "erase"]),
                "radius": st.integers(1, 200),
                "points": st.lists(st.tuples(number, number), min_size=1, max_size=5),
            }
        ),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["keep", "erase"]),
                "polygon": st.lists(st.tuples(number, number), min_size=3, max_size=6),
            }
        ),
    )
    drawn = strokes((37, 53), *data.draw(st.lists(stroke, max_size=4)))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    rgb = rng.integers(0, 256, (37, 53, 3), dtype=np.uint8)
    photo = Photo(rgb=rgb, source="noise", sha256="0" * 64, format="ARRAY")
    alpha = refine(photo, mask_of(rng.random((37, 53))), drawn).alpha
    assert alpha.dtype == np.float32
    assert 0 <= alpha.min() <= alpha.max() <= 1
    assert (alpha[drawn.labels() == 1] == 1).all()
    assert (alpha[drawn.labels() == 2] == 0).all()


GOOD = {"version": 1, "photo": {"width": 40, "height": 30}, "box": None, "strokes": []}
DOT = {"kind": "keep", "radius": 2, "points": [[1, 1]]}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("", "document"),
        ("[]", "document"),
        ("null", "document"),
        ("{" * 5000, "document"),
        ("[" * 100_000, "document"),
        ("\x00", "document"),
        (b"\xff\xfe\x00", "document"),
        ({}, "version"),
        ({**GOOD, "version": 2}, "version"),
        ({**GOOD, "photo": {"width": 0, "height": 30}}, "photo.width"),
        ({**GOOD, "photo": {"width": "40", "height": 30}}, "photo.width"),
        ({**GOOD, "photo": {"width": True, "height": 30}}, "photo.width"),
        ({**GOOD, "photo": {"width": 40}}, "photo.height"),
        ({**GOOD, "photo": {"width": 40, "height": 30, "sha256": "x"}}, "photo.sha256"),
        ({**GOOD, "box": [0, 0, 41, 30]}, "document: box"),
        ({**GOOD, "box": [10, 0, 10, 30]}, "document: box"),
        ({**GOOD, "box": [0, 0, 10]}, "box"),
        ({**GOOD, "paint": []}, "paint"),
        ({**GOOD, "strokes": [{**DOT, "kind": "delete"}]}, "strokes.0.kind"),
        ({**GOOD, "strokes": [DOT, {**DOT, "radius": 0}]}, "strokes.1.radius"),
        ({**GOOD, "strokes": [{**DOT, "radius": 10**9}]}, "strokes.0.radius"),
        ({**GOOD, "strokes": [{**DOT, "points": []}]}, "strokes.0.points"),
        ({**GOOD, "strokes": [{**DOT, "points": [[1]]}]}, "strokes.0.points.0"),
        ({**GOOD, "strokes": [{**DOT, "points": [["a", 1]]}]}, "strokes.0.points.0.0"),
        ({**GOOD, "strokes": [{**DOT, "points": [[float("nan"), 1]]}]}, "strokes.0.points.0.0"),
        ({**GOOD, "strokes": [{**DOT, "points": [[float("inf"), 1]]}]}, "strokes.0.points.0.0"),
        ({**GOOD, "strokes": [{**DOT, "points": [[1e300, 1]]}]}, "strokes.0.points.0.0"),
        ({**GOOD, "strokes": [{**DOT, "polygon": [[0, 0], [1, 0], [1, 1]]}]}, "strokes.0"),
        ({**GOOD, "strokes": [{"kind": "keep", "polygon": [[0, 0], [1, 0]]}]}, "strokes.0.polygon"),
        ({**GOOD, "strokes": [{"kind": "keep", "points": [[0, 0]]}]}, "strokes.0"),
        ({**GOOD, "strokes": [{"kind": "keep"}]}, "strokes.0"),
        ({**GOOD, "strokes": [DOT] * 1001}, "strokes"),
        ({**GOOD, "strokes": [{**DOT, "points": [[1, 1]] * 20_001}]}, "strokes.0.points"),
    ],
)
def test_a_bad_document_is_refused_with_its_place(document, place):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    with pytest.raises(UsageError) as caught:
        Strokes.from_json(text, name="shirt.json")
    assert caught.value.message.startswith(f"shirt.json: {place}")
    assert len(str(caught.value)) < 400


def test_a_file_that_is_not_there_or_too_large(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        Strokes.read(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        Strokes.read(tmp_path)
    (tmp_path / "big.json").write_text(" " * 4_000_001)
    with pytest.raises(UsageError, match="at most 4000000 bytes"):
        Strokes.read(tmp_path / "big.json")


def test_strokes_of_another_photo_are_refused(photo_of):
    photo = photo_of(np.zeros((30, 40, 3), np.uint8))
    with pytest.raises(UsageError, match="30 x 40 pixels, the photo has 40 x 30"):
        refine(photo, mask_of(np.ones((30, 40))), strokes((40, 30)))
    other = strokes((30, 40), photo={"width": 40, "height": 30, "sha256": "1" * 64})
    with pytest.raises(UsageError, match="another file"):
        refine(photo, mask_of(np.ones((30, 40))), other)


def test_the_form_in_the_guide_is_the_form_that_is_read():
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "masks-by-hand.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    drawn = Strokes.from_json(example)
    assert {stroke.kind for stroke in drawn.strokes} == {"keep", "erase"}
    labels = drawn.labels()
    assert labels[300, 120] == 1
    assert labels[390, 5] == 2


def test_what_runs_over_the_edge_is_cut_off_there():
    drawn = strokes((30, 40), brush("keep", (-500, 10), (1e6, 10), radius=1))
    assert drawn.labels()[10].all()
    assert not drawn.labels()[13].any()


def test_a_line_from_outside_keeps_its_direction():
    """Its points were moved to the nearest edge once, and another line was painted."""
    painted = strokes((60, 60), brush("erase", (-90, -30), (30, 30), radius=2, reach=0)).labels() > 0
    y, x = np.nonzero(painted)
    off = np.abs((x + 90) * 60 - (y + 30) * 120) / np.hypot(60, 120)  # from the line through both points
    assert off.max() <= 3.5
    assert painted[15, 0]
    assert not painted[0, 0]


@pytest.mark.parametrize("radius", [4000, 4096, 5000])
def test_a_brush_wider_than_the_photo_paints_all_of_it(radius):
    drawn = strokes((30, 40), brush("keep", (5, 5), (9, 9), radius=radius))
    assert drawn.labels().all()
    assert drawn.region(Photo(np.zeros((30, 40, 3), np.uint8), "x", "0" * 64, "PNG")).all()
