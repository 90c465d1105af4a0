"""One tree mapped onto another, against trees small enough to map by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.description.taxonomy import (
    Category,
    Match,
    MatchedBy,
    Taxonomy,
    load_taxonomy,
    map_taxonomy,
    mapping_text,
    open_taxonomy,
    read_mapping,
    taxonomy_of_paths,
    tree_attributes,
    unreached,
)
from packshot.errors import UsageError

OURS = Taxonomy(
    "ours",
    "1",
    (
        Category("apparel", "Apparel", synonyms=("Clothing",), elsewhere={"google": "166"}),
        Category("tops", "Tops", "apparel", elsewhere={"google": "212"}),
        Category("t-shirt", "T-Shirt", "tops", elsewhere={"google": "212"}, names={"de": "T-Shirt"}),
        Category("polo", "Polo", "tops", elsewhere={"google": "212"}),
        Category("dress", "Dress", "apparel", names={"de": "Kleid"}, synonyms=("Kleider",)),
        Category("milk", "Milk"),
    ),
)


def mapped(shop: Taxonomy, **options) -> dict[str, Match]:
    return {match.category_id: match for match in map_taxonomy(OURS, shop, **options)}


def paths(shop: Taxonomy, matches: dict[str, Match]) -> dict[str, str | None]:
    return {
        category: None if match.node_id is None else shop.path_text(match.node_id)
        for category, match in matches.items()
    }


def test_names_plurals_synonyms_languages_and_parents():
    shop = taxonomy_of_paths(["Clothing > T-SHIRTS", "Clothing > Kleider"], name="shop")
    found = mapped(shop)
    assert paths(shop, found) == {
        "apparel": "Clothing", "tops": "Clothing", "t-shirt": "Clothing > T-SHIRTS", "polo": "Clothing",
        "dress": "Clothing > Kleider", "milk": None,
    }  # fmt: skip
    by = {category: match.by for category, match in found.items()}
    assert by == {
        "apparel": MatchedBy.SYNONYM, "tops": MatchedBy.PARENT, "t-shirt": MatchedBy.NAME, "polo": MatchedBy.PARENT,
        "dress": MatchedBy.SYNONYM, "milk": MatchedBy.NOTHING,
    }  # fmt: skip
    assert unreached(shop, found.values()) == ()


def test_where_several_nodes_fit_the_one_above_them_all_is_taken():
    shop = taxonomy_of_paths(["Mode > Women > T-Shirts", "Mode > Men > T-Shirts", "Shoes"], name="shop")
    found = mapped(shop)["t-shirt"]
    assert shop.path_text(found.node_id) == "Mode"
    assert {shop.path_text(each) for each in found.candidates} == {"Mode > Women > T-Shirts", "Mode > Men > T-Shirts"}
    apart = taxonomy_of_paths(["Women > T-Shirts", "Men > T-Shirts"], name="shop")
    assert mapped(apart)["t-shirt"].node_id is None
    assert len(mapped(apart)["t-shirt"].candidates) == 2


def test_a_name_below_the_match_of_the_parent_wins_over_its_namesake_elsewhere():
    shop = taxonomy_of_paths(["Clothing > Tops > Polo", "Cars > Volkswagen > Polo"], name="shop")
    assert paths(shop, mapped(shop))["polo"] == "Clothing > Tops > Polo"


def test_a_part_of_a_name_counts():
    shop = taxonomy_of_paths(["Clothing > Shirts & Tops", "Drinks > Milk/Cream"], name="shop")
    found = paths(shop, mapped(shop))
    assert (found["tops"], found["polo"], found["milk"]) == (
        "Clothing > Shirts & Tops", "Clothing > Shirts & Tops", "Drinks > Milk/Cream",
    )  # fmt: skip


def test_ids_of_google():
    imported = Taxonomy("google", "1", (Category("166", "A & A"), Category("212", "Oberteil", "166")))
    found = mapped(imported)
    assert {category: found[category].node_id for category in ("apparel", "tops", "t-shirt", "milk")} == {
        "apparel": "166", "tops": "212", "t-shirt": "212", "milk": None,
    }  # fmt: skip
    named = Taxonomy("shop", "1", (Category("x", "Oberbekleidung", elsewhere={"google": "212"}),))
    assert mapped(named)["tops"] == Match("tops", "x", MatchedBy.GOOGLE)
    assert mapped(named)["polo"].by is MatchedBy.PARENT


def test_a_number_does_not_make_every_top_a_polo():
    # The shop's only node within Google's 212 is called like another category of ours.
    shop = Taxonomy("shop", "1", (Category("p", "Polo", elsewhere={"google": "212"}),))
    found = mapped(shop)
    assert found["polo"].node_id == "p"
    assert found["tops"].node_id is None
    assert found["t-shirt"].node_id is None


def test_the_table_has_the_last_word_and_can_say_nothing(tmp_path):
    shop = taxonomy_of_paths(["Clothing > T-Shirts", "Clothing > Knitwear"], name="shop")
    file = tmp_path / "mapping.csv"
    file.write_text("category;node;note\nPolo;Knitwear;ours are knitted\nT-Shirt;;not sold\n\n", encoding="utf-8-sig")
    table = read_mapping(file, OURS, shop)
    found = mapped(shop, table=table)
    assert paths(shop, found)["polo"] == "Clothing > Knitwear"
    assert found["t-shirt"] == Match("t-shirt", None, MatchedBy.TABLE)


def test_what_is_written_is_read_back(tmp_path):
    shop = taxonomy_of_paths(["Clothing > T-Shirts", "Clothing > Dresses"], name="shop")
    first = mapped(shop)
    file = tmp_path / "mapping.csv"
    file.write_text(mapping_text(first.values(), OURS, shop))
    again = mapped(shop, table=read_mapping(file, OURS, shop))
    assert paths(shop, again) == paths(shop, first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ours,theirs\nPolo,Tops\n", "line 1: no column `category`"),
        (
            "category,node\nPolo,Tops\nTrousers,Tops\n",
            "line 3: no category 'Trousers' in the category tree 'ours', version",
        ),
        ("category,node\nPolo,Shirts\n", "line 2: no category 'Shirts' in the category tree 'shop', version 1"),
        ("category,node\nPolo,Tops\npolo,Tops\n", "line 3: 'polo' stands in line 2 already"),
        ("", "is empty"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path, text, words):
    file = tmp_path / "mapping.csv"
    file.write_text(text)
    with pytest.raises(UsageError, match=words) as caught:
        read_mapping(file, OURS, taxonomy_of_paths(["Tops"], name="shop"))
    assert str(file) in str(caught.value)
    assert caught.value.remedy


def test_a_copy_of_the_shipped_tree_maps_onto_itself():
    tree = load_taxonomy()
    assert all(match.node_id == match.category_id for match in map_taxonomy(tree, tree))


def test_a_tree_is_told_by_its_content(tmp_path):
    lines, toml = tmp_path / "a.tree", tmp_path / "b.tree"
    lines.write_text("# mine\nShoes > Boots\n")
    toml.write_text('# mine\nname = "shop"\nversion = "1"\ncategories = [{ id = "s", name = "Shoes" }]\n')
    assert [category.name for category in open_taxonomy(lines)] == ["Shoes", "Boots"]
    assert [category.name for category in open_taxonomy(toml)] == ["Shoes"]


def test_a_tree_with_a_circle_is_refused(tmp_path):
    file = tmp_path / "c.tree"
    file.write_text(
        'name = "shop"\nversion = "1"\ncategories = [\n'
        '{ id = "a", parent_id = "b", name = "A" },\n{ id = "b", parent_id = "a", name = "B" },\n]\n'
    )
    with pytest.raises(UsageError, match="line 4: the parents go in a circle: 'a' -> 'b' -> 'a'") as caught:
        open_taxonomy(file)
    assert str(file) in str(caught.value)
    assert caught.value.remedy


def test_sex_and_fit_come_from_the_tree():
    shop = Taxonomy(
        "shop",
        "1",
        (
            Category("w", "Damen"),
            Category("j", "Jeans", "w"),
            Category("s", "Slim Fit", "j"),
            Category("u", "Overalls", "w", attributes={"sex": "unisex", "season": "winter"}),
            Category("d", "Women's Day"),
        ),
    )
    assert tree_attributes(shop, "s") == {"fit": ("slim", "s"), "sex": ("women", "w")}
    assert tree_attributes(shop, "u") == {"sex": ("unisex", "u"), "season": ("winter", "u")}
    assert tree_attributes(shop, "d") == {}


@pytest.mark.parametrize("line", ["photo,gtin,title", "photo;gtin", "photo\tgtin"])
def test_a_table_of_products_is_no_tree(tmp_path: Path, line: str) -> None:
    (tmp_path / "products.csv").write_text(f"{line}\na.jpg,4006381333931,Jacket\n")
    with pytest.raises(UsageError, match=r"is a table .*expected one path a line"):
        open_taxonomy(tmp_path / "products.csv")
    # A column of paths is a tree whatever its file is called, and a name may hold a comma.
    (tmp_path / "tree.csv").write_text("Clothing\nClothing > Jackets\n")
    assert [each.name for each in open_taxonomy(tmp_path / "tree.csv").categories] == ["Clothing", "Jackets"]
    (tmp_path / "tree.txt").write_text("Clothing, Shoes\nClothing, Shoes > Jackets\n")
    assert next(each.name for each in open_taxonomy(tmp_path / "tree.txt").categories) == "Clothing, Shoes"
