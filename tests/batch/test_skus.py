"""Which product a photo shows."""

from pathlib import Path

import pytest

from packshot.batch.skus import products_of
from packshot.batch.sources import Source
from packshot.errors import UsageError

PHOTOS = ["0815_1.jpg", "0815_2.jpg", "shoes/4711.JPG", "shoes/red/12.a.png"]


def skus(rule: str, photos: list[str] = PHOTOS) -> list[str | None]:
    return [each.sku for each in products_of([Source(name, f"in/{name}", "in") for name in photos], rule)]


def test_from_the_name_the_folder_or_a_pattern() -> None:
    assert skus("name") == ["0815_1", "0815_2", "4711", "12.a"]
    assert skus("folder") == ["in", "in", "shoes", "red"]
    assert skus(r"re:(\d{4})") == ["0815", "0815", "4711", None]
    assert skus(r"re:(?P<view>\d)\.jpg|(?P<sku>\d+)\.JPG") == [None, None, "4711", None]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_from_a_table_by_name_path_or_name_without_suffix(tmp_path: Path, separator: str) -> None:
    rows = [
        ["file", "article", "facing"],
        ["0815_1.jpg", "A-1", "1"],
        ["shoes\\4711.JPG", " B,2 ", ""],
        ["12.a", "C", "7"],
    ]
    table = tmp_path / "list.csv"
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    table.write_text("\n".join(lines), encoding="utf-8-sig")
    assert skus(f"{table}:article") == ["A-1", None, "B,2", "C"]
    products = products_of([Source("0815_1.jpg", "in/0815_1.jpg", "in")], f"{table}:article")
    assert products[0].row["facing"] == "1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("photo,article\na.jpg,1\n", "no column 'sku'"),
        ("sku\n1\n", "does not say which photo"),
        ("photo,sku\n", "no lines"),
        ("photo,sku\na.jpg,1\nb.jpg,2\na.jpg,3\n", "lines 2 and 4: a.jpg stands there twice"),
        ("photo,sku\n12.jpg,1\n", "12.jpg is the name of 2 photos, x/12.jpg and y/12.jpg"),
    ],
)
def test_a_table_that_does_not_say_is_refused_with_the_line(tmp_path: Path, text: str, says: str) -> None:
    table = tmp_path / "list.csv"
    table.write_text(text)
    with pytest.raises(UsageError, match=says) as caught:
        skus(f"{table}:sku", ["x/12.jpg", "y/12.jpg"])
    assert str(table) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("sku", "no rule for SKUs: 'sku'"),
        ("re:(", "is none"),
        ("re:\\d+", "has no group"),
        ("no/such.csv:sku", "table no/such.csv cannot be read"),
        ("list.csv", "no rule"),
    ],
)
def test_a_rule_that_is_none_is_refused_and_the_rules_are_named(rule: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        skus(rule)
    assert caught.value.remedy
