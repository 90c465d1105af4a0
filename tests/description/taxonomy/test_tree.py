"""The tree, held to a hand-drawn one and to what must hold of any tree."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.description.taxonomy import Category, Taxonomy, find_problems
from packshot.errors import UsageError

# apparel ── tops ── shirt      food ── apple
#        │       └── polo
#        └── shoes
TREE = Taxonomy(
    "hand",
    "3",
    (
        Category("shirt", "Shirt", "tops"),  # before its parent: the order is free
        Category("apparel", "Apparel"),
        Category("tops", "Tops", "apparel"),
        Category("polo", "Polo", "tops"),
        Category("shoes", "Shoes", "apparel"),
        Category("food", "Food"),
        Category("apple", "Apple", "food"),
        Category("tee", "Tee", "tops", deprecated=True, replaced_by="old-shirt"),
        Category("old-shirt", "Shirt", "tops", deprecated=True, replaced_by="shirt"),
        Category("fur", "Fur", "apparel", deprecated=True),
    ),
)


def ids(categories) -> list[str]:
    return [category.id for category in categories]


def test_ways_through_the_tree():
    assert ids(TREE.roots) == ["apparel", "food"]
    assert ids(TREE.children("apparel")) == ["tops", "shoes"]
    assert ids(TREE.children("polo")) == []
    assert ids(TREE.path("polo")) == ["apparel", "tops", "polo"]
    assert TREE.path_text("polo") == "Apparel > Tops > Polo"
    assert ids(TREE.ancestors("polo")) == ["tops", "apparel"]
    assert ids(TREE.ancestors("food")) == []
    assert ids(TREE.descendants("apparel")) == ["tops", "shirt", "polo", "shoes"]
    assert ids(TREE.descendants()) == ["apparel", "tops", "shirt", "polo", "shoes", "food", "apple"]
    assert ids(TREE.leaves()) == ["shirt", "polo", "shoes", "apple"]
    assert ids(TREE.leaves("tops")) == ["shirt", "polo"]
    assert ids(TREE.leaves("polo")) == ["polo"]
    assert ids(TREE.leaves("fur")) == []
    assert len(TREE) == 10
    assert "polo" in TREE
    assert "Polo" not in TREE


@pytest.mark.parametrize(
    ("one", "other", "steps", "above"),
    [
        ("polo", "polo", 0, "polo"),
        ("polo", "tops", 1, "tops"),
        ("polo", "shirt", 2, "tops"),
        ("polo", "shoes", 3, "apparel"),
        ("apparel", "food", 2, None),
        ("polo", "apple", 5, None),
    ],
)
def test_distances_counted_by_hand(one, other, steps, above):
    assert TREE.distance(one, other) == TREE.distance(other, one) == steps
    found = TREE.common_ancestor(one, other)
    assert (found and found.id) == above


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("polo", "polo"),
        ("POLO", "polo"),
        ("Tops > Polo", "polo"),
        ("apparel>tops>polo", "polo"),
        ("Shirt", "shirt"),  # the deprecated one of that name stands back
        ("Tee", "shirt"),  # replaced twice
        ("tee", "shirt"),
        ("old-shirt", "shirt"),
    ],
)
def test_labels_find_their_category(label, found):
    assert TREE.lookup(label).id == found


def test_a_label_may_be_ambiguous_until_its_path_is_given():
    tree = Taxonomy(
        "two",
        "1",
        (
            Category("m", "Men"),
            Category("ms", "Shoes", "m"),
            Category("w", "Women"),
            Category("ws", "Shoes", "w"),
            Category("s", "Shoes"),
        ),
    )
    assert tree.lookup("women > shoes").id == "ws"
    assert tree.lookup("Shoes").id == "s"  # the whole path of a root
    with pytest.raises(UsageError, match="Men > Shoes; Women > Shoes"):
        Taxonomy("two", "1", tree.categories[:-1]).lookup("Shoes")


@pytest.mark.parametrize("label", ["", " ", ">", "Tops > Apple", "Sandals", "Apparel > Polo"])
def test_labels_outside_the_tree(label):
    with pytest.raises(UsageError, match="no category"):
        TREE.lookup(label)


def test_a_misspelt_label_is_told_its_neighbours():
    with pytest.raises(UsageError, match="did you mean 'Shirt'"):
        TREE.lookup("Shirrt")


@pytest.mark.parametrize("label", ["Okapi", "Shirrt", "Fur"])
def test_whoever_names_no_category_is_told_of_which_tree_and_where_it_is_listed(label):
    with pytest.raises(UsageError) as raised:
        TREE.lookup(label)
    assert "the category tree 'hand', version 3" in raised.value.message
    assert "`packshot taxonomy show` lists the tree that ships" in raised.value.remedy


def test_a_category_deprecated_without_replacement_is_refused():
    with pytest.raises(UsageError, match=r"'Apparel > Fur'.*nothing replaces it"):
        TREE.lookup("Fur")


@pytest.mark.parametrize("method", ["children", "path", "ancestors", "descendants", "leaves", "current"])
def test_unknown_ids_are_refused(method):
    with pytest.raises(UsageError, match="no category 'nix' in the category tree 'hand', version 3"):
        getattr(TREE, method)("nix")


@pytest.mark.parametrize(
    ("categories", "said"),
    [
        ((), "there are no categories"),
        ((Category("a", "A"), Category("a", "B")), r"category 2: the id 'a' of 'B' was given before \(category 1\)"),
        ((Category("a", "A", "z"),), "category 1: the parent 'z' of 'A' does not exist"),
        ((Category("a", "A", "a"),), "category 1: the parents go in a circle: 'a' -> 'a'"),
        (
            (Category("r", "R", "a"), Category("a", "A", "b"), Category("b", "B", "a")),
            "category 2: the parents go in a circle: 'a' -> 'b' -> 'a'",
        ),
        ((Category("a", "Hats"), Category("b", "HATS")), r"category 2: there is another 'HATS' among the roots"),
        (
            (Category("r", "R"), Category("a", "Hats", "r"), Category("b", "Hats", "r")),
            r"category 3: there is another 'Hats' under 'r' \(category 2\)",
        ),
        (
            (Category("a", "A", deprecated=True, replaced_by="z"),),
            "category 1: the replacement 'z' of 'A' does not exist",
        ),
        (
            (
                Category("a", "A", deprecated=True, replaced_by="b"),
                Category("b", "B", deprecated=True, replaced_by="a"),
            ),
            "category 1: the replacements go in a circle: 'a' -> 'b' -> 'a'",
        ),
        (
            (Category("a", "A", deprecated=True), Category("b", "B", "a")),
            "category 2: 'B' is in use, but its parent 'a' is deprecated",
        ),
    ],
)
def test_what_is_no_tree(categories, said):
    with pytest.raises(ValueError, match=said):
        Taxonomy("t", "1", categories)
    assert len(find_problems(categories)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {"id": "", "name": "A"},
        {"id": " a", "name": "A"},
        {"id": "a", "name": ""},
        {"id": "a", "name": "A > B"},
        {"id": "a", "name": "A\nB"},
        {"id": "a", "name": "A", "replaced_by": "b"},
    ],
)
def test_what_is_no_category(arguments):
    with pytest.raises(ValueError, match="expected"):
        Category(**arguments)


def test_a_tree_travels_between_processes_and_compares_by_value():
    copy = pickle.loads(pickle.dumps(TREE))
    assert copy == TREE
    assert hash(copy) == hash(TREE)
    assert copy.lookup("polo") == TREE.lookup("polo")


def test_a_chain_of_any_length_is_walked():
    depth = 20_000
    chain = Taxonomy("c", "1", tuple(Category(str(n), str(n), str(n - 1) if n else None) for n in range(depth)))
    assert chain.distance("0", str(depth - 1)) == depth - 1
    assert ids(chain.leaves()) == [str(depth - 1)]


@st.composite
def trees(draw):
    """Any tree: each category's parent is an earlier one or none."""
    count = draw(st.integers(1, 30))
    parents = [draw(st.integers(-1, n - 1)) for n in range(count)]
    return Taxonomy(
        "any", "1", tuple(Category(f"c{n}", f"C{n}", f"c{p}" if p >= 0 else None) for n, p in enumerate(parents))
    )


@given(trees(), st.data())
def test_what_holds_of_any_tree(tree, data):
    one, other, third = (data.draw(st.sampled_from(ids(tree))) for _ in range(3))
    assert sorted(ids(tree.descendants())) == sorted(ids(tree))
    assert (tree.distance(one, other) == 0) == (one == other)
    assert tree.distance(one, other) <= tree.distance(one, third) + tree.distance(third, other)
    assert all(one in ids(tree.ancestors(below.id)) for below in tree.descendants(one))
    parents = {category.id for category in tree} - {category.parent_id for category in tree}
    assert set(ids(tree.leaves())) == parents
    above = tree.common_ancestor(one, other)
    shared = set(ids(tree.path(one))) & set(ids(tree.path(other)))
    assert (above is None) == (not shared)
    if above is not None:
        assert set(ids(tree.path(above.id))) == shared
        assert tree.distance(one, other) == tree.distance(one, above.id) + tree.distance(above.id, other)
