"""What is exported: every photo under what persons said of it, and nothing of photos that are not what they saw."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.errors import DamagedPhoto
from packshot.limits import Limits
from packshot.review import Node, corrections

HATS = (Node("apparel", "Apparel"), Node("hats", "Hats"))
A, B, C = "photos/a.png", "photos/b.png", "photos/c/a.png"


def product(shop) -> np.ndarray:
    expected = np.zeros((60, 80), np.float32)
    expected[20:40, 30:50] = 1
    return expected


def test_each_decision_gives_what_it_speaks_of(shop) -> None:
    review = shop.review()
    review.approve(C, by="anna")
    review.correct_category(A, HATS, by="anna")
    review.reject(B, "blurred", by="anna")
    found = corrections(review)
    assert (found.rejected, found.missing) == (1, ())
    a, c = found.truths
    assert (a.photo, a.category, a.mask, a.frame) == (shop.root / A, HATS, None, None)
    assert (c.photo, [node.id for node in c.category or ()]) == (shop.root / C, ["apparel", "shoes"])
    np.testing.assert_array_equal(c.alpha(Limits()), product(shop))


def test_an_approved_mask_stays_true_when_a_later_run_makes_another(shop) -> None:
    shop.review().approve(A, by="anna")
    shop.redraw(shop.records[A]["mask"], np.zeros((60, 80), np.uint8))
    (truth,) = corrections(shop.review()).truths
    np.testing.assert_array_equal(truth.alpha(Limits()), product(shop))


def test_a_mask_without_its_frame_is_laid_where_it_was(shop) -> None:
    shop.add("photos/framed.png", tint=4, box=(10, 5, 70, 55))
    review = shop.review()
    review.approve("framed.png", by="anna")
    (truth,) = corrections(review).truths
    np.testing.assert_array_equal(truth.alpha(Limits()), product(shop))
    assert truth.frame is not None
    assert truth.frame.box == (10, 5, 70, 55)


def test_photos_of_earlier_runs_are_kept(shop) -> None:
    shop.review().approve(A, by="anna")
    del shop.records[A]
    shop.write()
    assert [truth.photo for truth in corrections(shop.review()).truths] == [shop.root / A]


def test_a_photo_that_moved_is_found_where_it_is_now(shop) -> None:
    shop.review().approve(A, by="anna")
    (shop.root / A).rename(shop.root / "photos" / "z.png")
    shop.records["photos/z.png"] = {**shop.records.pop(A), "source": "photos/z.png"}
    shop.write()
    assert [truth.photo for truth in corrections(shop.review()).truths] == [shop.root / "photos" / "z.png"]


def test_a_photo_that_is_gone_or_another_one_is_named(shop) -> None:
    review = shop.review()
    for source in (A, B, C):
        review.approve(source, by="anna")
    (shop.root / A).unlink()
    (shop.root / B).write_bytes(b"another one")
    found = corrections(review)
    assert [truth.photo for truth in found.truths] == [shop.root / C]
    assert [str(one).split(" ")[0] for one in found.missing] == [A, B]


def test_a_rejection_that_is_taken_back_no_longer_counts(shop) -> None:
    review = shop.review()
    review.approve(A, by="anna")
    review.reject(A, "blurred", by="ben")
    assert corrections(review).truths == ()
    review.undo(by="ben")
    assert len(corrections(review).truths) == 1


def test_a_kept_mask_that_was_damaged_is_named(shop) -> None:
    review = shop.review()
    decision = review.approve(A, by="anna")
    path = review.kept_masks / f"{decision.seen.mask}.png"
    path.write_bytes(path.read_bytes()[:40])
    (truth,) = corrections(review).truths
    with pytest.raises(DamagedPhoto):
        truth.alpha(Limits())
