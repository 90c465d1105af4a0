"""Titles and alt texts: every word has evidence, in three languages and in a shop's own."""

from __future__ import annotations

import pytest

from packshot.description.taxonomy import Category, Taxonomy, load_taxonomy, taxonomy_of_paths
from packshot.errors import UsageError
from packshot.records import ErrorRecord, Record
from packshot.wording import Wording, category_names, load_languages, text_of
from packshot.wording.template import fields_of, fill

SHIRT = {
    "path": [
        {"id": "apparel", "name": "Apparel", "score": 0.99},
        {"id": "tops", "name": "Tops", "score": 0.98},
        {"id": "t-shirt", "name": "T-Shirt", "score": 0.97},
    ],
    "sure": True,
}
RED_WHITE = [
    {"name": "red", "share": 0.6, "rgb": (200, 20, 30)},
    {"name": "white", "share": 0.3, "rgb": (250, 250, 250)},
]


def record(**changes) -> Record:
    values = {
        "source": "front.jpg",
        "status": "ok",
        "category": SHIRT,
        "findings": {"colours": RED_WHITE},
        "attributes": {
            "sex": {"value": "women", "score": 0.97},
            "fit": {"value": "not known", "score": 0.0, "sure": False},
            "kids": {"value": "yes", "score": 0.6, "sure": False},
            "tags": [{"value": "belt", "score": 0.99}],
        },
    }
    return Record.model_validate(values | changes)


def texts(row: Record, *codes: str, tree: Taxonomy | None = None, own=None) -> dict:
    wording = Wording(load_languages(codes or ("en", "de", "pl"), own=own), tree or load_taxonomy())
    return {code: (text.title, text.alt) for code, text in wording(row).texts.items()}


def test_three_languages():
    assert texts(record()) == {
        "en": ("T-shirt for women, red and white", "T-shirt for women, red and white"),
        "de": ("T-Shirt für Damen, rot und weiß", "T-Shirt für Damen, rot und weiß"),
        "pl": (
            "Koszulka dla kobiet w kolorach czerwonym i białym", "Koszulka w kolorach czerwonym i białym dla kobiet",
        ),
    }  # fmt: skip


# Sentences as a person who grew up with the language would write them; none was copied from what the code says.
SENTENCES = [
    ("shoes", "men", "regular", ["black"], "de", "Schuhe für Herren, normale Passform, schwarz"),
    ("shoes", "men", "regular", ["black"], "pl", "Buty o prostym kroju dla mężczyzn w kolorze czarnym"),
    ("dress", "girls", None, ["pink", "white"], "de", "Kleid für Mädchen, rosa und weiß"),
    ("dress", "girls", None, ["pink", "white"], "pl", "Sukienka dla dziewczynek w kolorach różowym i białym"),
    ("pants", "boys", "slim", ["blue"], "de", "Hose für Jungen, schmale Passform, blau"),
    ("pants", "boys", "slim", ["blue"], "pl", "Spodnie o dopasowanym kroju dla chłopców w kolorze niebieskim"),
    ("hoodie", "unisex", "loose", ["grey"], "de", "Kapuzenpullover für Damen und Herren, weite Passform, grau"),
    (
        "hoodie",
        "unisex",
        "loose",
        ["grey"],
        "pl",
        "Bluza z kapturem o luźnym kroju dla kobiet i mężczyzn w kolorze szarym",
    ),
    ("hoodie", "unisex", "loose", ["grey"], "en", "Hoodie for women and men, loose fit, grey"),
    (
        "tops",
        None,
        None,
        ["red", "white", "blue"],
        "pl",
        "Górna część garderoby w kolorach czerwonym, białym i niebieskim",
    ),
    ("tops", None, None, ["red", "white", "blue"], "de", "Oberteil, rot, weiß und blau"),
    ("arla-medium-fat-milk", None, None, ["white"], "de", "Fettarme Milch von Arla, weiß"),
    ("arla-medium-fat-milk", None, None, ["white"], "pl", "Mleko półtłuste Arla w kolorze białym"),
    ("red-bell-pepper", None, None, [], "de", "Rote Paprika"),
    ("red-bell-pepper", None, None, [], "pl", "Papryka czerwona"),
]


@pytest.mark.parametrize(("category", "sex", "fit", "colours", "code", "title"), SENTENCES)
def test_whole_titles_are_grammatical(category, sex, fit, colours, code, title):
    tree = load_taxonomy()
    said = record(
        category={"path": [{"id": node.id, "name": node.name} for node in tree.path(category)], "sure": True},
        findings={"colours": [{"name": each, "share": 0.9 / len(colours), "rgb": (0, 0, 0)} for each in colours]},
        attributes={
            name: {"value": value, "score": 0.9} for name, value in (("sex", sex), ("fit", fit)) if value is not None
        },
    )
    assert texts(said, code)[code][0] == title


def test_german_nouns_are_capitalised_and_no_name_ends_in_a_separator():
    small = {"der", "und", "oder", "aus", "von", "mit", "für", "fettarme", "fettarmer", "ohne"}
    for category in load_taxonomy():
        name = category.names["de"]
        assert name[0].isupper(), name
        assert all(word[0].isupper() or word in small for word in name.split()), name
        assert all(each == each.strip(" ,") and "  " not in each for each in category.names.values())


def test_what_is_not_sure_is_not_said():
    bare = record(findings={"colours": []}, attributes={"sex": {"value": "women", "score": 0.5, "sure": False}})
    assert texts(bare, "en") == {"en": ("T-shirt", "T-shirt")}


@pytest.mark.parametrize(
    "changes",
    [{"category": None}, {"category": {"path": []}}, {"error": ErrorRecord(code="X", message="m", remedy="r")}],
)
def test_without_a_category_nothing_is_said(changes):
    assert texts(record(**changes)) == {}


def test_the_parent_is_said_where_the_leaf_is_not_sure():
    parent = {**SHIRT, "path": SHIRT["path"][:1], "sure": False}
    assert texts(record(category=parent, attributes={}), "en", "de") == {
        "en": ("Garment, red and white", "Garment, red and white"),
        "de": ("Bekleidung, rot und weiß", "Bekleidung, rot und weiß"),
    }  # fmt: skip


def test_each_word_names_its_evidence():
    text = text_of(record(), load_languages(("en",))[0], category_names(load_taxonomy()))
    assert [(each.field, each.words, each.says, each.score) for each in text.evidence] == [
        ("category", "T-shirt", ("t-shirt",), 0.97),
        ("colours", "red and white", ("red", "white"), pytest.approx(0.9)),
        ("sex", "for women", ("women",), 0.97),
    ]


def test_every_shipped_category_and_colour_has_a_word_in_every_language():
    from packshot.inspection import COLOUR_NAMES

    languages = load_languages(("en", "de", "pl"))
    for language in languages:
        assert set(language.colours) == set(COLOUR_NAMES)
        for category in load_taxonomy():
            assert category.names.get(language.code), (category.id, language.code)


def test_a_shops_own_tree_is_named_in_its_own_language_first():
    shop = Taxonomy("shop", "1", (Category("c", "Sortiment", names={"en": "Our range"}), Category("s", "Strick", "c")))
    said = record(category={"path": [{"id": "c", "name": "Sortiment"}, {"id": "s", "name": "Strick"}]}, attributes={})
    assert texts(said, "de", "en", "pl", tree=shop) == {
        "de": ("Strick, rot und weiß", "Strick, rot und weiß"),
        "en": ("Our range, red and white", "Our range, red and white"),
    }  # fmt: skip


def test_a_node_that_is_called_like_ours_has_our_names_in_other_languages():
    shop = taxonomy_of_paths(["Clothes > Trousers", "Clothes > Knitwear"], name="shop")
    path = [{"id": node.id, "name": node.name} for node in shop.path(shop.lookup("Trousers").id)]
    assert texts(record(category={"path": path, "sure": True}, attributes={}), "en", "de", tree=shop) == {
        "en": ("Trousers, red and white", "Trousers, red and white"),
        "de": ("Hose, rot und weiß", "Hose, rot und weiß"),
    }  # fmt: skip


def test_what_the_network_saw_is_said_where_the_tree_stops_above_it():
    shop = taxonomy_of_paths(["Clothes > Women > T-Shirts", "Clothes > Men > T-Shirts"], name="shop")
    (clothes,) = shop.roots
    stopped = {
        "path": [{"id": clothes.id, "name": "Clothes", "score": 0.99}],
        "sure": False,
        "seen": {"label": "t-shirt", "name": "Apparel > Tops > T-Shirt", "score": 0.96},
    }
    assert texts(record(category=stopped, attributes={}), "en", "pl", tree=shop) == {
        "en": ("T-shirt, red and white", "T-shirt, red and white"),
        "pl": ("Koszulka w kolorach czerwonym i białym", "Koszulka w kolorach czerwonym i białym"),
    }  # fmt: skip


# The shop's own words


def own_file(tmp_path, text):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    return tmp_path / "mine.toml"


def test_a_shop_changes_words_and_order(tmp_path):
    own = own_file(
        tmp_path,
        """
[en.title]
pieces = ["MyShop: {{ category | upper }}", "in {{ colours }}", "{{ season }}"]
between = " – "
[en.colours]
red = "cherry"
[en.values.season]
winter = "for winter"
""",
    )
    winter = record(attributes={"season": {"value": "winter", "score": 1.0}})
    assert texts(winter, "en", own=own)["en"][0] == "MyShop: T-SHIRT – in cherry and white – for winter"
    assert texts(record(), "en", own=own)["en"][0] == "MyShop: T-SHIRT – in cherry and white"


def test_a_language_of_its_own(tmp_path):
    own = own_file(
        tmp_path,
        """
[fr]
and = " et "
title = { pieces = ["{{ category }}", "{{ colours }}"] }
alt = { pieces = ["{{ category }}"] }
colours = { red = "rouge", white = "blanc" }
""",
    )
    assert texts(record(), "fr", own=own) == {"fr": ("T-Shirt, rouge et blanc", "T-Shirt")}


def test_pieces_are_left_out_until_it_fits(tmp_path):
    own = own_file(tmp_path, "[en.title]\nmost = 20\n")
    assert texts(record(), "en", own=own)["en"][0] == "T-shirt for women"


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        ("Brand new!", "names no field"),
        ("{{ price }}", "no field 'price'"),
        ("{% if colours %}{{ colours }}{% else %}red{% endif %}", "holds If"),
        ("{% for x in colours %}{{ colours }}{% endfor %}", "holds For"),
        ("{{ colours or 'red' }}", "holds Or"),
        ("{{ colours | default('red') }}", "holds the filter default"),
        ("{{ category.__class__.__mro__ }}", "holds Getattr"),
        ("{{ category * 9999999 }}", "holds Mul"),
        ("{{ category(1) }}", "holds Call"),
        ("{{ category", "is no template"),
        ("{{ category }}" * 200, "at most 500"),
    ],
)
def test_a_template_that_could_say_anything_is_refused(tmp_path, piece, words):
    own = own_file(tmp_path, f"[en.title]\npieces = ['''{piece}''']\n")
    with pytest.raises(UsageError, match=words) as caught:
        load_languages(("en",), own=own)
    assert str(own) in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("codes", "text", "words"),
    [
        (("xx",), "", "no language 'xx'"),
        (("en", "en"), "", "asked for twice"),
        (("en",), "[en.title]\npeices = []\n", "title.peices: there is no such key"),
        (("en",), "title = 3\n", "title is no table of a language"),
        (("en",), "[en", "no TOML"),
        (("en",), "[en.title]\nneeds = ['price']\n", "which is no field"),
    ],
)
def test_wrong_files_are_refused(tmp_path, codes, text, words):
    with pytest.raises(UsageError, match=words):
        load_languages(codes, own=own_file(tmp_path, text) if text else None)


def test_a_piece_without_evidence_is_left_out():
    assert fields_of("for {{ sex }} in {{ colours }}", known=("sex", "colours"), where="x") == ("sex", "colours")
    assert fill("for {{ sex }} in {{ colours }}", {"sex": "women"}) is None
    assert fill("for {{ sex | upper }}", {"sex": "women"}) == "for WOMEN"
    assert fill("{{ sex }}", {"sex": "{{ 7 * 7 }}"}) == "{{ 7 * 7 }}"
