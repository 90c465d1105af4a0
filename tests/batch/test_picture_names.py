"""What pictures are called: GS1's and Walmart's names, and a shop's own."""

import pytest

from packshot.batch.name_book import Name
from packshot.batch.picture_names import picture_names
from packshot.batch.skus import Product
from packshot.errors import UsageError

GTIN = "6291041500213"


def names(pattern: str, *skus: str | None, row: dict[str, str] | None = None) -> list[str]:
    photos = [Name(f"shoes/p{n}", f"/in/shoes/p{n}.jpg", f"shoes/p{n}.jpg", sku, n) for n, sku in enumerate(skus, 1)]
    return picture_names(pattern, photos, [Product(sku, row or {}) for sku in skus], profile="amazon")


def test_the_names_that_channels_ask_for() -> None:
    assert names("gs1", GTIN) == ["06291041500213_C1N1"]
    assert names("walmart", "036000291452") == ["00036000291452"]
    assert names("{gtin}_A{facing}N1", "any", row={"gtin": GTIN, "facing": "7"}) == ["06291041500213_A7N1"]


def test_the_fields() -> None:
    assert names("{sku}-{view}", "A", "A") == ["A-1", "A-2"]
    assert names("{profile}/{folder}/{name}", None) == ["amazon/shoes/p1"]
    assert names("{stem}.MAIN", None, None) == ["shoes/p1.MAIN", "shoes/p2.MAIN"]


@pytest.mark.parametrize("sku", ["../../etc/passwd", "/etc/passwd", "con", "a\\b", "x" * 400, "a\nb", "é<>"])
def test_a_name_never_leads_out_of_its_folder_and_any_disk_can_hold_it(sku: str) -> None:
    for name in names("{sku}", sku) + names("{sku}/{name}", sku):
        parts = name.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert all(len(part.encode()) <= 190 and not set('<>:"\\|?*\n') & set(part) for part in parts)


def test_a_name_that_is_a_way_up_is_none() -> None:
    assert names("{sku}/{name}", "..") == ["p1"]
    with pytest.raises(UsageError, match="gives it no name"):
        names("{sku}", "..")


def test_a_wrong_check_digit_names_photo_number_and_what_was_expected() -> None:
    with pytest.raises(UsageError) as caught:
        names("gs1", GTIN, "6291041500214", "12")
    message = caught.value.message
    assert "shoes/p2.jpg: 6291041500214 has the check digit 4, expected 3" in message
    assert "shoes/p3.jpg: '12' is no GTIN" in message
    assert "p1" not in message
    assert "correct" in caught.value.remedy


def test_two_photos_of_one_product_need_a_number() -> None:
    with pytest.raises(UsageError, match=r"shoes/p1.jpg and shoes/p2.jpg would both be called a") as caught:
        names("{sku}", "A", "a")
    assert "{view}" in caught.value.remedy


@pytest.mark.parametrize(
    ("pattern", "sku", "says"),
    [
        ("{colour}", "A", "unknown field {colour}"),
        ("{sku.__class__}", "A", "unknown field"),
        ("{}", "A", "unknown field {}"),
        ("{sku}", None, "shoes/p1.jpg: it has no sku"),
        ("", "A", "gives it no name"),
        ("../..", "A", "gives it no name"),
    ],
)
def test_a_pattern_that_cannot_be_filled_is_refused(pattern: str, sku: str | None, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        names(pattern, sku)
    assert says in caught.value.message


def test_many_problems_are_counted() -> None:
    with pytest.raises(UsageError, match=r"and 15 more:"):
        names("{sku}", *[None] * 20)
