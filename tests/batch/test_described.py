"""What the report says of a photo's content, in words."""

from typing import Any

import pytest

from packshot.records import Record
from packshot.web.run_report.described import category_choices, category_keys, described_of
from packshot.web.run_report.words import fixes

TREE = {"apparel": "Apparel", "tops": "Tops", "t-shirt": "T-Shirt", "shoes": "Shoes"}


def record(
    *path: str, sure: bool = False, score: float = 0.9, top: dict[str, float] | None = None, **said: Any
) -> Record:
    ranked = [{"label": name.split()[-1], "name": name, "score": share} for name, share in (top or {}).items()]
    category = {
        "path": [{"id": each, "name": TREE[each], "score": score} for each in path],
        "score": score if path else 0.0,
        "sure": sure,
        "uncertainty": 1 - max((top or {"": 0.9}).values()),
        "top": ranked,
    }
    return Record.model_validate({"source": "a.jpg", "status": "ok", "category": category, **said})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (record("apparel", "shoes", sure=True, score=0.98), ("Apparel > Shoes", "98 % sure", "")),
        (record("apparel", sure=True, score=0.9999), ("Apparel", "> 99 % sure", "")),
        (
            record("apparel", "tops", top={"Apparel > Tops > T-Shirt": 0.41}),
            ("Apparel > Tops", "not sure which", "perhaps T-Shirt, 41 %"),
        ),
        (record("apparel", top={"Food > Banana": 0.41}), ("Apparel", "not sure which", "")),
        (record(top={"Apparel > Shoes": 0.6}), ("", "Category not recognised", "perhaps Apparel > Shoes, 60 %")),
        (record(), ("", "None of the categories packshot knows", "")),
        (record(category=None), ("", "", "")),
    ],
)
def test_a_category_is_told_with_how_sure_it_is(line: Record, words: tuple[str, str, str]) -> None:
    said = described_of(line)
    assert (said.category, said.confidence, said.guess) == words


def test_attributes_and_tags_that_have_no_box_are_chips() -> None:
    line = record(
        attributes={
            "kids": {"value": "yes", "score": 0.6, "sure": False},
            "tags": [{"value": "shirt", "score": 0.9}, {"value": "cotton\n", "score": 0.8}],
        },
        products=[
            {
                "label": "shirt",
                "name": "shirt",
                "score": 0.9,
                "box": [1, 2, 11, 22],
                "heatmap": "heatmaps/a b.shirt.jpg",
            },
            {"label": "belt", "name": "Belt", "score": 0.7, "box": [0, 0, 5, 5], "heatmap": None},
            {"label": "shirt", "name": "shirt", "score": 0.9, "box": [30, 2, 40, 22], "heatmap": None},
        ],
        size=[60, 50],
    )
    said = described_of(line)
    assert said.chips == (("kids: yes?", "60 %, not sure", False), ("cotton\\n", "80 %", True))
    assert [(place.name, place.score, place.heatmap) for place in said.places] == [
        ("shirt", "90 %", "heatmaps/a%20b.shirt.jpg"),
        ("Belt", "70 %", ""),
    ]
    assert said.places[0].boxes == ((1, 2, 10, 20), (30, 2, 10, 20))
    assert said.size == (60, 50)
    assert "belt" in said.search.lower()


def test_photos_are_counted_with_every_category_above_theirs() -> None:
    lines = [
        record("apparel", "tops", "t-shirt", sure=True),
        record("apparel", "tops"),
        record("apparel", "shoes", sure=True),
        record(),
        record(category=None),
    ]
    choices, keys = category_choices(lines)
    assert [(choice.name, choice.depth, choice.photos) for choice in choices] == [
        ("Apparel", 0, 3),
        ("Shoes", 1, 1),
        ("Tops", 1, 2),
        ("T-Shirt", 2, 1),
        ("Not sure which", 0, 1),
        ("Not recognised", 0, 1),
    ]
    found = [[choice.name for choice in choices if choice.key in category_keys(line, keys)] for line in lines]
    assert found == [
        ["Apparel", "Tops", "T-Shirt"],
        ["Apparel", "Tops", "Not sure which"],
        ["Apparel", "Shoes"],
        ["Not recognised"],
        [],
    ]
    assert category_choices([record(category=None)]) == ([], {})


def test_each_reason_for_review_is_told() -> None:
    assert fixes(record(review=[])) == []
    assert fixes(record(review=["mask", "category"])) == [
        "Check the outline: the cut-out is uncertain",
        "Choose the category: the photo alone does not tell",
    ]


def test_what_a_packshot_could_not_be_made_as_asked_is_told_once() -> None:
    advice = [
        "the photo cuts the product off (left); take one that shows all of it",
        "there is no shadow to keep: none",
    ]
    assert fixes(record(advice=advice)) == [
        "The photo cuts the product off (left); take one that shows all of it",
        "There is no shadow to keep: none",
    ]
    found = {"touches": ["left"], "advice": ["the product is cut off (left): step back and show all of it"]}
    assert fixes(record(advice=advice, findings=found)) == [
        "The product is cut off (left): step back and show all of it",
        "There is no shadow to keep: none",
    ]


def test_a_photo_that_may_be_destroyed_is_told_of_first() -> None:
    told = record(review=["damage", "mask"], damage="its end is missing")
    assert fixes(told)[0] == "Look whether the photo is whole: its end is missing"


def test_what_is_doubtful_about_a_mask_is_said_once() -> None:
    told = {"category": None, "review": ["mask"], "doubts": ["smoke", "cut-off"]}
    smoke = "Check the cut-out: parts of it are half transparent"
    advice = "the product is cut off (left): step back and show all of it"
    touching = told | {"findings": {"touches": ["left"], "advice": [advice]}}
    assert fixes(record(**touching)) == [smoke, advice[:1].upper() + advice[1:]]
    assert fixes(record(**told, findings={"advice": []})) == [smoke, "The product is cut off at the edge of the photo"]
    assert fixes(record(**(told | {"doubts": []}), findings=None)) == ["Check the outline: the cut-out is uncertain"]
