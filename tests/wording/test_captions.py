"""Captions: one sentence a photo, in which every word has evidence."""

from __future__ import annotations

import pytest

from packshot.description.taxonomy import load_taxonomy
from packshot.records import Record
from packshot.wording import category_names, load_languages, text_of
from packshot.wording.language import SHIPPED

PANTS = {"path": [{"id": "apparel", "name": "Apparel"}, {"id": "pants", "name": "Pants", "score": 0.96}], "sure": True}
BLUE = [{"name": "blue", "share": 0.9, "rgb": (30, 50, 160)}]
#: Of 300 x 600 pixels: a hat above in the middle, two shoes below on both sides, a bag at the right.
SEEN = [
    {"label": "pants", "score": 0.96, "box": (80, 250, 220, 500), "name": "Pants"},
    {"label": "hat", "score": 0.98, "box": (110, 10, 190, 80), "name": "hat"},
    {"label": "shoes", "score": 0.97, "box": (10, 520, 80, 600), "name": "shoes"},
    {"label": "shoes", "score": 0.99, "box": (220, 520, 290, 600), "name": "shoes"},
    {"label": "bag", "score": 0.95, "box": (240, 280, 300, 360), "name": "bag"},
]
TAGS = [{"value": value, "score": 0.97} for value in ("pants", "hat", "shoes", "bag")]


def caption(code: str = "en", **changes) -> str | None:
    values = {
        "source": "front.jpg",
        "status": "ok",
        "size": (300, 600),
        "category": PANTS,
        "findings": {"colours": BLUE, "touches": ["bottom"]},
        "attributes": {"tags": TAGS},
        "products": SEEN,
        "view": 2,
    }
    (language,) = load_languages([code])
    text = text_of(Record.model_validate(values | changes), language, category_names(load_taxonomy()))
    return None if text is None else text.caption


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "en",
            "Trousers in blue, with hat at the top, shoes and bag at the right, cut off at the bottom, photo 2 of the"
            " product.",
        ),
        ("de", "Hose, blau, dazu Hut oben, Schuhe und Tasche rechts, angeschnitten unten, Bild 2 des Produkts."),
        (
            "pl",
            "Spodnie w kolorze niebieskim, widać też kapelusz u góry, buty i torbę po prawej, kadr ucina produkt na"
            " dole, zdjęcie 2 produktu.",
        ),
    ],
)
def test_a_sentence_tells_the_product_what_is_beside_it_and_where(code: str, sentence: str) -> None:
    """The shoes lie on both sides: that they are there is known, one place for them is not."""
    assert caption(code) == sentence


def test_a_box_that_spans_the_photo_names_no_place() -> None:
    """Its middle lies in the middle of the photo wherever the bag is."""
    wide = [*SEEN[:-1], {"label": "bag", "score": 0.95, "box": (60, 60, 260, 590), "name": "bag"}]
    assert "shoes and bag, cut off" in caption(products=wide)
    half = [*SEEN[:-1], {"label": "bag", "score": 0.95, "box": (110, 150, 190, 450), "name": "bag"}]
    assert "bag in the middle" in caption(products=half), "two thirds of it"


def test_no_word_without_evidence() -> None:
    assert caption(products=[], view=None, findings={"colours": BLUE}) == "Trousers in blue."
    assert caption(attributes={}, view=None, findings={}) == "Trousers.", "a box without its tag says nothing"
    assert caption(category=None) is None
    assert "bag" not in caption(attributes={"tags": TAGS[:3]})


def test_the_manifest_names_the_evidence() -> None:
    (language,) = load_languages(["en"])
    record = Record.model_validate(
        {
            "source": "a",
            "status": "ok",
            "size": (300, 600),
            "category": PANTS,
            "attributes": {"tags": TAGS},
            "products": SEEN,
        }
    )
    text = text_of(record, language, category_names(load_taxonomy()))
    found = {each.field: each for each in text.evidence}
    assert found["things"].says == ("hat top", "shoes", "bag right")
    assert found["things"].score == pytest.approx(0.95)


def test_every_language_has_a_word_for_every_tag_of_the_network_that_ships() -> None:
    from packshot.runtime import resolve
    from packshot.settings import Settings

    heads = resolve("describe", Settings()).card.heads
    tags = {label for head in heads if head.name == "tags" for label in head.labels if label not in head.ignored}
    for language in load_languages(SHIPPED):
        assert tags <= set(language.things)
        assert language.caption is not None


@pytest.mark.parametrize("code", ["en", "de", "pl"])
def test_the_only_photo_of_a_product_has_no_number(code: str) -> None:
    said = caption(code, view=1)
    assert said == caption(code, view=None)
    assert said is not None
    assert "1" not in said
