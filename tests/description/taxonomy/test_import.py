"""Trees of others: excerpts as Google and Shopify publish them, and what goes wrong in such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.description.taxonomy import Dialect, import_taxonomy
from packshot.errors import UsageError

# From taxonomy-with-ids.en-US.txt, categories.txt and taxonomy.en-US.txt.
GOOGLE = """# Google_Product_Taxonomy_Version: 2021-09-21
166 - Apparel & Accessories
1604 - Apparel & Accessories > Clothing
204 - Apparel & Accessories > Clothing > Pants
187 - Apparel & Accessories > Shoes
412 - Food, Beverages & Tobacco
"""
SHOPIFY = """# Shopify Product Taxonomy - Categories: 2026-02
# Format: {GID} : {Ancestor name} > ... > {Category name}

gid://shopify/TaxonomyCategory/aa                : Apparel & Accessories
gid://shopify/TaxonomyCategory/aa-1              : Apparel & Accessories > Clothing
gid://shopify/TaxonomyCategory/aa-1-12           : Apparel & Accessories > Clothing > Pants
gid://shopify/TaxonomyCategory/aa-8              : Apparel & Accessories > Shoes
gid://shopify/TaxonomyCategory/fb                : Food, Beverages & Tobacco
"""
PATHS = """# Google_Product_Taxonomy_Version: 2021-09-21
Apparel & Accessories
Apparel & Accessories > Clothing
Apparel & Accessories > Clothing > Pants
Apparel & Accessories > Shoes
Food, Beverages & Tobacco
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(content: str | bytes, name: str = "tree.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    ("text", "name", "version", "pants", "clothing"),
    [
        (GOOGLE, "google", "2021-09-21", "204", "1604"),
        (
            SHOPIFY,
            "shopify",
            "2026-02",
            "gid://shopify/TaxonomyCategory/aa-1-12",
            "gid://shopify/TaxonomyCategory/aa-1",
        ),
        (PATHS, "tree", "2021-09-21", None, None),
    ],
)
def test_published_files_are_recognised(written, text, name, version, pants, clothing):
    tree = import_taxonomy(written(text))
    assert (tree.name, tree.version, len(tree)) == (name, version, 5)
    assert [category.name for category in tree.roots] == ["Apparel & Accessories", "Food, Beverages & Tobacco"]
    found = tree.lookup("pants")
    assert tree.path_text(found.id) == "Apparel & Accessories > Clothing > Pants"
    assert pants is None or (found.id, found.parent_id) == (pants, clothing)


def test_the_three_formats_make_the_same_tree(written):
    trees = [import_taxonomy(written(text)) for text in (GOOGLE, SHOPIFY, PATHS)]
    paths = [[tree.path_text(category.id) for category in tree.descendants()] for tree in trees]
    assert paths[0] == paths[1] == paths[2]


def test_lines_may_come_in_any_order(written):
    lines = GOOGLE.splitlines()
    tree = import_taxonomy(written("\n".join(reversed(lines[1:]))))
    assert tree.path_text("204") == "Apparel & Accessories > Clothing > Pants"


def test_name_and_version_may_be_given(written):
    tree = import_taxonomy(written(PATHS), name="shop", version="7")
    assert (tree.name, tree.version) == ("shop", "7")
    assert import_taxonomy(written("A > B\n", "mine.txt")).version == "1"


def test_plain_paths_make_their_parents(written):
    tree = import_taxonomy(written("Food>Fruit > Apple\nFood >  Fruit  > Pear\n"))
    assert [tree.path_text(category.id) for category in tree.descendants()] == [
        "Food",
        "Food > Fruit",
        "Food > Fruit > Apple",
        "Food > Fruit > Pear",
    ]


def test_ids_of_plain_paths_depend_on_the_path_alone(written):
    small = import_taxonomy(written("Food > Fruit > Apple"))
    large = import_taxonomy(written("Toys\nDrinks > Fruit\nFood > Fruit > Pear\nFood > Fruit > Apple"))
    apple = small.lookup("apple").id
    assert large.path_text(apple) == "Food > Fruit > Apple"
    # From sha256sum, of the text "Food > Fruit > Apple".
    assert apple == "apple-67d86f19"
    assert large.lookup("food > fruit").id != large.lookup("drinks > fruit").id


def test_a_name_may_hold_colons_digits_and_any_script(written):
    tree = import_taxonomy(written("gid://shopify/TaxonomyCategory/a : 3 : 2 – 4\n"))
    assert tree.roots[0].name == "3 : 2 – 4"
    assert import_taxonomy(written("衣類 > シャツ\n")).lookup("シャツ").name == "シャツ"
    numbered = import_taxonomy(written("2 - Piece Suits > Skirts\n"), dialect=Dialect.PATHS)
    assert numbered.roots[0].name == "2 - Piece Suits"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ends_and_a_byte_order_mark(written, end):
    assert len(import_taxonomy(written(b"\xef\xbb\xbf" + GOOGLE.replace("\n", end).encode()))) == 5


def test_composed_and_decomposed_letters_are_one_name(written):
    with pytest.raises(UsageError, match=r"line 2: 'Café' was given before \(line 1\)"):
        import_taxonomy(written("Caf\u00e9\nCafe\u0301\n"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        ("# Google_Product_Taxonomy_Version: 2021-09-21\n", "only comments"),
        (GOOGLE.encode("utf-16"), "UTF-16, expected UTF-8"),
        ("1 - A\n2 - A > B\n".encode("utf-16-le"), "zero bytes"),
        ("Kläder\n".encode("latin-1"), "line 1: not UTF-8 .byte 0xe4"),
        ("A\r\nB\nC > Entr\u00e9es\n".encode("cp1252"), "line 3: not UTF-8"),
        ("1 - A\n2 - B > C\n", "line 2: the parent 'B' of 'C' has no line"),
        ("1 - A\nA > B\n", "line 2: expected a line such as '1604 - Apparel"),
        ("gid://shopify/TaxonomyCategory/aa : A\n2 - B\n", "line 2: expected a line such as 'gid://shopify"),
        ("gid://shopify/Product/1 : A\n", "line 1: expected a line such as 'gid://shopify"),
        ("1 - A\n1 - B\n", r"line 2: the id '1' of 'B' was given before \(line 1\)"),
        ("1 - A\n\n2 - A\n", r"line 3: there is another 'A' among the roots \(line 1\)"),
        ("1 - R\n2 - R > A\n3 - R > a\n", r"line 3: there is another 'a' under '1' \(line 2\)"),
        ("A > B\nA > B\n", r"line 2: 'A > B' was given before \(line 1\)"),
        ("A > B\na > C\n", r"line 2: there is another 'a' among the roots \(line 1\)"),
        ("A >  > B\n", "line 1: a name in the path is empty"),
        ("A >\n", "line 1: a name in the path is empty"),
        ("A\nB\x07ell\n", "line 2: name: expected text without control characters"),
        ("1 - A\n2 - B\x1b[31m\n", "line 2: name: expected text without control characters"),
    ],
)
def test_bad_files_name_the_line(written, content, said):
    path = written(content)
    with pytest.raises(UsageError, match=said) as caught:
        import_taxonomy(path)
    assert str(path) in caught.value.message
    assert caught.value.remedy


def test_many_bad_lines_are_counted(written):
    with pytest.raises(UsageError, match=r"line 2: .*line 6: .*; and 15 more"):
        import_taxonomy(written("1 - A\n" + "nonsense\n" * 20))


def test_what_is_no_file(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        import_taxonomy(tmp_path / "none.txt")
    with pytest.raises(UsageError, match="cannot be read"):
        import_taxonomy(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(UsageError, match="60 MB, at most 50 MB"):
        import_taxonomy(path)


def test_as_many_categories_as_the_largest_published_tree(written):
    lines = [f"{n} - Root{n % 20} > Leaf{n}" for n in range(20, 12_000)]
    tree = import_taxonomy(written("\n".join([*(f"{n} - Root{n}" for n in range(20)), *lines])))
    assert len(tree) == 12_000
    assert len(tree.leaves()) == 11_980
