"""Our own TOML: what is written is read back, and what is wrong is named with its line."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.description.taxonomy import Category, Taxonomy, load_taxonomy, read_taxonomy, taxonomy_text
from packshot.errors import UsageError

HEAD = 'name = "t"\nversion = "1"\n'
DATA = Path(os.environ.get("PACKSHOT_DATA", ""))

# Of the clothing data set; https://github.com/alexeygrigorev/clothing-dataset
GARMENTS = (
    "T-Shirt Longsleeve Pants Shoes Shirt Dress Outwear Shorts Hat Skirt Polo Undershirt Blazer Hoodie Body Top Blouse"
)


def rows(*lines: str) -> str:
    return HEAD + "categories = [\n" + "".join(f"  {{ {line} }},\n" for line in lines) + "]\n"


@pytest.fixture
def written(tmp_path: Path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "tree.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=">"), min_size=1).filter(
    lambda text: text == text.strip()
)


@st.composite
def trees(draw):
    names = draw(st.lists(TEXT, min_size=1, max_size=8, unique_by=str.casefold))
    ids = draw(st.lists(TEXT, min_size=len(names), max_size=len(names), unique=True))
    categories = []
    for index, (name, category_id) in enumerate(zip(names, ids, strict=True)):
        parent = draw(st.sampled_from([None, *ids[:index]]))
        elsewhere = draw(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), TEXT, max_size=2))
        categories.append(Category(category_id, name, parent, elsewhere=elsewhere))
    categories.append(Category("gone from here", "gone", deprecated=True, replaced_by=ids[0]))
    return Taxonomy(draw(TEXT), draw(TEXT), tuple(categories))


@given(trees())
def test_what_is_written_is_read_back(tmp_path_factory, tree):
    path = tmp_path_factory.mktemp("trees") / "tree.toml"
    path.write_text(taxonomy_text(tree), encoding="utf-8", newline="\n")
    assert read_taxonomy(path) == tree
    entries = tomllib.loads(taxonomy_text(tree))["categories"]
    assert [entry["id"] for entry in entries] == [category.id for category in tree]


def test_tables_are_as_good_as_lines(written):
    text = HEAD + '[[categories]]\nid = "a"\nname = "A"\n\n[[categories]]\nname = "B"\nid = "b"\nparent_id = "a"\n'
    assert read_taxonomy(written(text)).path_text("b") == "A > B"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (HEAD.encode("utf-16"), "UTF-16"),
        (rows('id = "a", name = "Kläder"').encode("latin-1"), "line 4: not UTF-8"),
        (HEAD + "categories = []\n", "there are no categories"),
        (HEAD, "categories: Field required"),
        ('name = "t"\ncategories = []\n', "version: Field required"),
        (HEAD + "categories = [\n{ id = \n", "not valid TOML .*line 4"),
        (HEAD + "categories = " + "[" * 100_000, "not valid TOML"),
        (HEAD + "categories = 3\n", "categories: Input should be a valid list"),
        (HEAD + "categories = [3]\n", "category 1: category: Input should be a valid dictionary"),
        (rows('id = "a", name = "A"', 'id = "b", nmae = "B"'), "line 5: name: Field required"),
        (rows('id = "a", name = "A"', 'name = "B"'), "category 2: id: Field required"),
        (
            rows('id = "a", name = "A", elsewhere = { google = 204 }'),
            "line 4: elsewhere.google: Input should be a valid string",
        ),
        (
            rows('id = "a", name = "A"', "", 'id = "a", name = "B"').replace("  {  },\n", "\n"),
            r"line 6: the id 'a' of 'B' was given before \(line 4\)",
        ),
        (
            rows('id = "a", name = "A", parent_id = "b"', 'id = "b", name = "B", parent_id = "a"'),
            "line 4: the parents go in a circle: 'a' -> 'b' -> 'a'",
        ),
        (
            rows('id = "a", name = "A"', 'id = "b", parent_id = "c", name = "B"'),
            "line 5: the parent 'c' of 'B' does not exist",
        ),
        (
            rows('id = "a", name = "A"', 'id = "b", name = "a"'),
            r"line 5: there is another 'a' among the roots \(line 4\)",
        ),
        (
            rows('id = "a", name = "A", deprecated = true, replaced_by = "z"'),
            "line 4: the replacement 'z' of 'A' does not exist",
        ),
        (
            rows('id = "a", name = "A", replaced_by = "a"'),
            "line 4: replaced_by: expected only for a deprecated category",
        ),
        (rows('id = "a", name = "A > B"'), "line 4: name: expected one without '>'"),
        (rows('id = "a", name = "A", deprecated = "yes"'), "line 4: deprecated: Input should be a valid boolean"),
    ],
)
def test_bad_files_name_the_line(written, content, said):
    path = written(content)
    with pytest.raises(UsageError, match=said) as caught:
        read_taxonomy(path)
    assert str(path) in caught.value.message


def test_lines_that_cannot_be_told_are_not_guessed(written):
    # An id inside a string of several lines would shift the count: the entry's number is given instead.
    text = HEAD + 'categories = [\n{ name = """\nid = "x" """, id = "a" },\n{ id = "a", name = "B" }]\n'
    with pytest.raises(UsageError, match=r"category 1: name|category 2: the id 'a'"):
        read_taxonomy(written(text))


def test_unknown_taxonomies(tmp_path):
    with pytest.raises(UsageError, match="no taxonomy 'google'"):
        load_taxonomy("google")
    with pytest.raises(UsageError, match="cannot be read"):
        load_taxonomy(tmp_path / "none.toml")


def test_the_shipped_tree_holds_the_garments_and_the_groceries():
    tree = load_taxonomy()
    apparel, groceries = tree.roots
    assert {category.name for category in tree.leaves(apparel.id)} == set(GARMENTS.split())
    assert len(tree.leaves(groceries.id)) == 81
    assert [category.name for category in tree.children(groceries.id)] == ["Fruit", "Packages", "Vegetables"]
    depths = {len(tree.path(leaf.id)) for leaf in tree.leaves(groceries.id)}
    assert depths == {3, 4}  # products that are a kind of their own hang one higher, as in the data set's folders
    coarse = {tree.path(leaf.id)[2].id for leaf in tree.leaves(groceries.id)}
    assert len(coarse) == 43


def test_the_shipped_tree_is_written_as_we_write():
    text = (Path(load_taxonomy.__code__.co_filename).parent / "packshot.toml").read_text(encoding="utf-8")
    assert re.sub(r"(?m)^#.*\n", "", text) == taxonomy_text(load_taxonomy())


@pytest.mark.parametrize(
    ("label", "google", "shopify"),
    [  # read in the published files, not in ours
        ("T-Shirt", "212", "aa-1-13-8"),
        ("Pants", "204", "aa-1-12"),
        ("Shoes", "187", "aa-8"),
        ("Hat", "173", "aa-2-17"),
        ("Golden-Delicious", "6566", "fb-2-10-7-1"),
        ("Lemon", "6636", "fb-2-10-7-10-3"),
        ("Vine-Tomato", "6703", "fb-2-10-8-51"),
        ("Arla-Standard-Milk", "418", "fb-1-9"),
    ],
)
def test_categories_elsewhere(label, google, shopify):
    assert load_taxonomy().lookup(label).elsewhere == {
        "google": google,
        "shopify": f"gid://shopify/TaxonomyCategory/{shopify}",
    }


def test_every_leaf_says_where_it_belongs_elsewhere():
    tree = load_taxonomy()
    for category in tree:
        assert re.fullmatch(r"\d+", category.elsewhere["google"])
        assert re.fullmatch(r"gid://shopify/TaxonomyCategory/(aa|fb)(-\d+)*", category.elsewhere["shopify"])
        if category.parent_id:  # what is below ours lies at or below the same elsewhere
            above = tree[category.parent_id].elsewhere["shopify"]
            assert f"{category.elsewhere['shopify']}-".startswith(f"{above}-")


@pytest.mark.skipif(not (DATA / "grocery").is_dir(), reason="PACKSHOT_DATA names no folder with the data sets")
def test_every_label_of_the_data_sets_is_a_leaf():
    tree = load_taxonomy()
    leaves = {category.id for category in tree.leaves()}
    with (DATA / "clothing" / "labels.csv").open() as file:
        assert {tree.lookup(row["label"]).id for row in csv.DictReader(file)} <= leaves
    with (DATA / "grocery" / "classes.csv").open() as file:
        for row in csv.DictReader(file):
            found = tree.lookup(row["class"])
            assert found.id in leaves
            assert tree.path_text(found.id) == " > ".join(["Groceries", *row["path"].replace("-", " ").split("/")])
            assert tree.lookup(row["coarse"]) in tree.path(found.id)
