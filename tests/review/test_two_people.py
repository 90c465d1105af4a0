"""Two people at one queue: neither's decision is lost, and the later one is told before the first is overruled."""

import numpy as np
import pytest

from packshot.decisions import Decision
from packshot.errors import DecidedMeanwhile, UsageError
from packshot.review import Node, Review
from packshot.review.answers import Answer, approval, category_answer, rejection
from packshot.review.undoing import undo_last

B = "photos/b.png"
HATS, SHOES = (Node("hats", "Hats"),), (Node("shoes", "Shoes"),)


def decide(review: Review, answer: Answer, *, by: str, known: int) -> Decision | DecidedMeanwhile:
    done = review.decide_all([B], answer, by=by, known=known)
    return done.made[0] if done.made else done.refused[B]  # type: ignore[return-value]


def test_the_later_one_is_told_and_both_stay_in_the_log_when_it_is_decided_again(shop) -> None:
    anna, ben = shop.review(), shop.review()
    first = decide(anna, rejection("out of focus"), by="anna", known=0)
    told = decide(ben, approval(), by="ben", known=0)
    assert isinstance(told, DecidedMeanwhile)
    assert "out of focus" in str(told)
    assert "anna" in str(told)
    assert [one.by for one in shop.review().decisions.standing()] == ["anna"]
    again = decide(ben, approval(), by="ben", known=first.number)
    assert [one.number for one in shop.review().history(B)] == [first.number, again.number]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (approval(), approval(), True),
        (rejection("blurred"), rejection("out of focus"), True),
        (category_answer(HATS), category_answer(HATS), True),
        (category_answer(HATS), category_answer(SHOES), False),
        (approval(), category_answer(SHOES), False),
    ],
)
def test_who_says_the_same_is_not_asked_again(shop, one: Answer, other: Answer, agree: bool) -> None:
    decide(shop.review(), one, by="anna", known=0)
    assert isinstance(decide(shop.review(), other, by="ben", known=0), Decision) is agree


def test_each_takes_back_their_own(shop) -> None:
    review = shop.review()
    decide(review, approval(), by="anna", known=0)
    review.reject("photos/a.png", "blurred", by="ben")
    assert [one.by for one in undo_last(review, by="anna", own=True)] == ["anna"]
    assert [one.by for one in review.decisions.standing()] == ["ben"]
    with pytest.raises(UsageError):
        undo_last(review, by="anna", own=True)


def test_a_file_that_was_replaced_is_seen_though_its_hash_is_kept(shop) -> None:
    review = shop.review()
    review.approve(B, by="anna")
    assert review.case(B).state.value == "decided"
    shop.redraw("packshots/photos/b.png", np.full((60, 80, 3), 9, np.uint8))
    assert review.case(B).state.value == "stale"
