"""Localisation by hand, by its invariants, and against the protocol written again, slowly and without OpenCV."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import ndimage

from packshot.evaluation import HEATMAP_BASELINES, Localisation, average_precision, mask_boxes
from packshot.values import Box

GREY = np.full((120, 90, 3), 127, np.uint8)
IOUS = (0.3, 0.5, 0.7)


def rectangle(x0: int, y0: int, x1: int, y1: int, *, side: int = 224) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[y0:y1, x0:x1] = True
    return mask


def evaluated(heatmap: np.ndarray, mask: np.ndarray, boxes: Sequence[Box] | None = None):
    evaluator = Localisation()
    evaluator.add(heatmap, mask, photo="a", boxes=boxes)
    return evaluator.score()


def slow_box_hits(heat: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
    """(3, 255) hits of a heatmap of 224 x 224: every region and every hole of every thresholded map, pixel by pixel."""
    heat = (heat - heat.min()) / (heat.max() - heat.min())
    hits = np.zeros((3, 255), bool)
    for level in range(255):
        hot = np.floor(heat * 255) > level
        regions, _ = ndimage.label(hot, np.ones((3, 3)))
        found = [(s[1].start, s[0].start, s[1].stop, s[0].stop) for s in ndimage.find_objects(regions)]
        cold, _ = ndimage.label(np.pad(~hot, 1, constant_values=True))
        for number, s in enumerate(ndimage.find_objects(cold), start=1):
            if number != cold[0, 0]:  # a hole; its contour runs on the hot pixels around it
                found.append((s[1].start - 2, s[0].start - 2, s[1].stop, s[0].stop))
        best = max(Box(*each).iou(box) for each in found for box in boxes)
        hits[:, level] = [best >= least for least in IOUS]
    return hits


def test_boxes_found_agree_with_the_protocol_written_slowly():
    rng = np.random.default_rng(0)
    for _ in range(3):
        y, x = np.mgrid[:224, :224] / 224
        heat = sum(np.sin(f * x + p) * np.cos(g * y + q) for f, g, p, q in rng.uniform(2, 18, (4, 4)))
        corners = rng.integers(0, 120, (2, 2))
        boxes = [Box(x0, y0, x0 + 70, y0 + 90) for x0, y0 in corners.tolist()]
        expected = slow_box_hits(heat, boxes)
        score = evaluated(heat, rectangle(0, 0, 224, 224), boxes)
        assert 0 < expected.mean() < 1
        assert np.array_equal(score.box_accuracy, expected)
        assert score.best_accuracy == tuple(expected.max(axis=1))
        assert score.max_box_accuracy.value == pytest.approx(expected.max(axis=1).mean())


def test_a_hole_has_a_contour_too():
    ring = rectangle(20, 20, 200, 200)
    hole = rectangle(80, 80, 130, 130)
    heat = (ring & ~hole).astype(np.float32)
    assert evaluated(heat, hole).best_accuracy == (1, 1, 1), "52 x 52 around 50 x 50"


def test_the_threshold_is_one_for_the_whole_set_and_its_own_for_each_iou():
    # Photo a is right only when cut high, photo b only when cut low: one threshold cannot serve both.
    core, halo = rectangle(100, 100, 124, 124), rectangle(40, 40, 184, 184)
    heat = 0.5 * halo + 0.5 * core
    evaluator = Localisation()
    evaluator.add(heat, core, photo="a")
    evaluator.add(heat, halo, photo="b")
    score = evaluator.score()
    assert score.best_accuracy == (0.5, 0.5, 0.5)
    assert score.box_accuracy[:, :127].tolist() == score.box_accuracy[:, 128:].tolist()
    assert (score.heatmaps, score.photos) == (2, 2)
    # IoU of 100 x 100 in 144 x 144 is 0.482: enough for 0.3 and not for more.
    halfway = evaluated(halo.astype(float), rectangle(62, 62, 162, 162))
    assert halfway.best_accuracy == (1, 0, 0)
    assert halfway.max_box_accuracy.value == pytest.approx(1 / 3)


def test_finding_one_of_several_true_boxes_is_enough():
    left, right = Box(10, 10, 60, 60), Box(150, 100, 210, 200)
    heat = rectangle(*right.as_tuple()).astype(float)
    both = rectangle(*left.as_tuple()) | rectangle(*right.as_tuple())
    assert evaluated(heat, both).best_accuracy == (1, 1, 1)
    assert evaluated(heat, both, [left]).best_accuracy == (0, 0, 0)
    assert evaluated(heat, both, [left, right]).best_accuracy == (1, 1, 1)


def test_pixel_ap_is_the_average_precision_of_all_pixels_of_the_set():
    rng = np.random.default_rng(1)
    evaluator, heats, masks = Localisation(), [], []
    for name in range(4):
        heat = ndimage.uniform_filter(rng.random((224, 224)), 25)
        heat = np.round((heat - heat.min()) / (heat.max() - heat.min()), 2)
        mask = ndimage.uniform_filter(rng.random((224, 224)), 25) + 0.05 * heat > 0.52
        evaluator.add(heat, mask, photo=name, boxes=[Box(0, 0, 9, 9)])
        heats.append(heat)
        masks.append(mask)
    score = evaluator.score()
    assert score.pixel_ap.value == pytest.approx(average_precision(np.ravel(heats), np.ravel(masks)), abs=1e-12)
    assert score.base_rate == pytest.approx(np.mean(masks))
    assert score.pixel_ap.low <= score.pixel_ap.value <= score.pixel_ap.high


def test_by_hand_what_is_half_right_has_half_the_average_precision():
    mask, heat = rectangle(0, 0, 112, 224), rectangle(0, 0, 224, 224).astype(float)
    heat[112:] = 0
    # The hot half is right for half of its pixels and finds half of what is true; the rest comes at the base rate.
    assert evaluated(heat, mask).pixel_ap.value == pytest.approx(0.5 * 0.5 + 0.5 * 0.5)
    heat = mask.astype(float)
    heat[:, 112:] = 0.5
    heat[:, 200:] = 0
    assert evaluated(heat, mask).pixel_ap.value == 1.0


def test_range_and_offset_of_a_heatmap_do_not_matter():
    rng = np.random.default_rng(2)
    coarse, mask = rng.random((14, 14)), rectangle(50, 30, 180, 150)
    plain, moved = evaluated(coarse, mask), evaluated(8 * coarse - 3, mask)
    assert moved.pixel_ap.value == pytest.approx(plain.pixel_ap.value, abs=1e-4)
    assert np.abs(moved.box_accuracy - plain.box_accuracy).mean() < 0.01


def test_photos_of_any_size_count_equally():
    small, large = rectangle(10, 10, 40, 50, side=56), rectangle(40, 40, 160, 200)
    for mask in (small, large):
        score = evaluated(large.astype(float), mask)
        assert score.best_accuracy == (1, 1, 1)
        assert score.pixel_ap.value == pytest.approx(1.0)
    wide = np.zeros((100, 400), bool)
    wide[20:60, 100:300] = True
    assert evaluated(wide.astype(float), wide).pixel_ap.value > 0.95


def test_a_constant_heatmap_finds_nothing():
    score = evaluated(np.full((7, 7), 0.3, np.float32), rectangle(0, 0, 112, 112))
    assert score.max_box_accuracy.value == 0.0
    assert score.pixel_ap.value == score.base_rate == 0.25


def test_a_mask_too_small_to_see_is_not_counted_as_wrong_pixels():
    mask = np.zeros((2240, 2240), bool)
    mask[5, 5] = True
    score = evaluated(np.eye(4), mask)
    assert np.isnan(score.pixel_ap.value)
    assert score.base_rate == 0


def test_what_the_baselines_are_worth():
    centred = np.zeros((120, 90), bool)
    centred[30:90, 22:68] = True
    scores = {name: evaluated(heatmap(GREY), centred) for name, heatmap in HEATMAP_BASELINES.items()}
    assert set(scores) == {"centre gaussian", "centre box", "random"}
    assert scores["centre gaussian"].best_accuracy == (1, 1, 1), "some contour of it is any centred box"
    assert scores["centre box"].best_accuracy[:2] == (1, 1)
    assert scores["centre box"].pixel_ap.value == pytest.approx(centred.mean() / 0.49, rel=0.05)
    assert scores["random"].pixel_ap.value == pytest.approx(scores["random"].base_rate, abs=0.1)
    corner = np.zeros((120, 90), bool)
    corner[:25, :20] = True
    assert evaluated(HEATMAP_BASELINES["centre gaussian"](GREY), corner).max_box_accuracy.value == 0


def test_the_centre_gaussians_width_does_not_matter():
    mask = rectangle(50, 30, 180, 150)
    heat = HEATMAP_BASELINES["centre gaussian"](GREY).astype(float)
    assert evaluated(heat**3, mask).pixel_ap.value == pytest.approx(evaluated(heat, mask).pixel_ap.value, abs=2e-3)


def test_random_maps_differ_between_photos_and_not_between_runs():
    random = HEATMAP_BASELINES["random"]
    assert np.array_equal(random(GREY), random(GREY.copy()))
    assert not np.array_equal(random(GREY), random(GREY + 1))


def test_labels_of_one_photo_are_one_unit_of_the_interval():
    good, bad, mask = rectangle(60, 60, 160, 160).astype(float), np.zeros((4, 4)), rectangle(60, 60, 160, 160)
    apart, together = Localisation(), Localisation()
    for photo in range(20):
        for label in range(5):
            heat = good if photo % 2 else bad
            apart.add(heat, mask, photo=(photo, label))
            together.add(heat, mask, photo=photo)
    one, other = apart.score(), together.score()
    assert (one.heatmaps, one.photos, other.heatmaps, other.photos) == (100, 100, 100, 20)
    assert one.max_box_accuracy.value == other.max_box_accuracy.value == 0.5
    for figure, narrow in ((other.max_box_accuracy, one.max_box_accuracy), (other.pixel_ap, one.pixel_ap)):
        assert figure.value == narrow.value
        assert figure.low <= narrow.low < figure.value < narrow.high <= figure.high


def test_boxes_of_a_masks_parts_leave_crumbs_out():
    mask = rectangle(10, 10, 30, 40) | rectangle(100, 100, 150, 180)
    mask[200, 200] = True
    assert mask_boxes(mask) == [Box(100, 100, 150, 180), Box(10, 10, 30, 40)]
    assert mask_boxes(mask, least=0.5) == [Box(100, 100, 150, 180)]
    assert mask_boxes(mask.astype(np.float32) * 0.7, least=0)[-1] == Box(200, 200, 201, 201)
    assert mask_boxes(np.zeros((5, 5))) == []
    assert mask_boxes(np.eye(4)) == [Box(0, 0, 4, 4)], "pixels that touch at a corner belong together"


@pytest.mark.parametrize(
    ("heatmap", "mask", "boxes", "words"),
    [
        (np.zeros((0, 0)), np.ones((4, 4)), None, "heatmap: expected numbers"),
        (np.zeros((4, 4, 3)), np.ones((4, 4)), None, r"heatmap: .*\(4, 4, 3\)"),
        (np.array([[0.0, np.nan]]), np.ones((4, 4)), None, "heatmap: expected finite"),
        ([[0.0, 1.0]], np.ones((4, 4)), None, "heatmap: .* got list"),
        (np.array([["a"]]), np.ones((4, 4)), None, "heatmap: expected numbers"),
        (np.eye(4), np.ones(4), None, "mask: expected numbers"),
        (np.eye(4), np.full((4, 4), np.inf), None, "mask: expected finite"),
        (np.eye(4), np.zeros((4, 4)), None, "at least one true pixel"),
        (np.eye(4), np.ones((4, 4)), [], "at least one true box"),
        (np.eye(4), np.ones((4, 4)), [Box(0, 0, 5, 4)], "within 4 x 4 pixels"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_and_leaves_no_trace(heatmap, mask, boxes, words):
    evaluator = Localisation()
    with pytest.raises(ValueError, match=words):
        evaluator.add(heatmap, mask, photo="a", boxes=boxes)
    with pytest.raises(ValueError, match="at least one heatmap"):
        evaluator.score()
