"""Labels that persons gave: one part of a photo at a time, and the tables that come out."""

import csv
from pathlib import Path

import pytest

from packshot.datasets import open_items
from packshot.decisions import AttributeValue, State
from packshot.errors import DecidedMeanwhile
from packshot.records import AttributeRecord, TagRecord
from packshot.review import Node, Review, export_corrections
from packshot.review.answers import approval, attribute_answer, category_answer, rejection
from packshot.review.labels import label_table

A, B = "photos/a.png", "photos/b.png"
SHOES = category_answer((Node("apparel", "Apparel"), Node("shoes", "Shoes")))


def colour(value: str) -> object:
    return attribute_answer(AttributeValue(name="colour", value=value))


def label(review: Review, source: str, answer: object, *, by: str = "ann", known: int | None = None) -> object:
    done = review.decide_all([source], answer, by=by, known=known, part=True)  # type: ignore[arg-type]
    return done.made[0] if done.made else done.refused[source]


def test_a_label_is_kept_and_what_else_is_doubtful_stays_to_be_looked_at(shop) -> None:
    shop.change(B, review=["mask"])
    review = shop.review()
    label(review, B, colour("red"))
    label(review, B, SHOES)
    case = review.case(B)
    assert case.state is State.NEW
    assert case.record.attributes["colour"] == AttributeRecord(value="red", score=1.0, sure=True)
    assert [node.id for node in case.record.category.path] == ["apparel", "shoes"]
    review.approve(B, by="ben")
    assert review.case(B).state is State.DECIDED


def test_a_label_neither_settles_a_photo_nor_lifts_its_rejection(shop) -> None:
    review = shop.review()
    review.reject(A, "blurred", by="ben")
    label(review, A, colour("red"))
    assert review.case(A).record.status == "rejected"
    label(review, B, colour("blue"))
    assert review.case(B).state is State.NEW


def test_the_last_value_counts_until_it_is_taken_back_and_tags_are_left_alone(shop) -> None:
    shop.change(A, attributes={"tags": [{"value": "belt", "score": 0.9}]})
    review = shop.review()
    for value in ("red", "blue"):
        label(review, A, colour(value))
    label(review, A, attribute_answer(AttributeValue(name="tags", value="hat")))
    assert review.case(A).record.attributes["colour"].value == "blue"
    assert review.case(A).record.attributes["tags"] == (TagRecord(value="belt", score=0.9),)
    review.undo(A, by="ann")
    review.undo(A, by="ann")
    assert review.case(A).record.attributes["colour"].value == "red"


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (colour("red"), colour("red"), True),
        (colour("red"), colour("blue"), False),
        (colour("red"), attribute_answer(AttributeValue(name="size", value="red")), True),
        (approval(), colour("red"), True),
        (colour("red"), rejection("blurred"), True),
    ],
)
def test_a_value_contradicts_another_one_of_its_own_attribute_alone(shop, one, other, agree: bool) -> None:
    label(shop.review(), B, one, known=0)
    assert isinstance(label(shop.review(), B, other, by="ben", known=0), DecidedMeanwhile) is not agree


def test_tables_come_out_and_training_reads_them(shop, tmp_path: Path) -> None:
    review = shop.review()
    label(review, A, colour("red"))
    label(review, B, colour("dark blue"))
    label(review, B, SHOES)
    rows = list(csv.DictReader(label_table(review, "colour").splitlines()))
    assert [(row["path"], row["label"]) for row in rows] == [(A, "red"), (B, "dark blue")]
    done = export_corrections(review, tmp_path / "labels")
    assert done.counts == {"masks": 0, "categories": 1, "frames": 0, "attribute-colour": 2}
    items = open_items(done.tables["attribute-colour"], task="classification")
    assert sorted(str(item.label) for item in items) == ["dark blue", "red"]
    for _ in range(3):
        review.undo(by="ann")
    label(review, A, SHOES)
    export_corrections(review, tmp_path / "labels")
    assert not (tmp_path / "labels" / "attribute-colour.csv").exists()
