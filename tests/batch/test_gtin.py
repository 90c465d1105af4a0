"""GTINs: check digits from GS1's own examples, and from the arithmetic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.batch.gtin import check_digit, gtin14

#: GS1's check digit calculator shows 6291041500213; the others are printed on goods: a book, a bottle, a GTIN-8.
KNOWN = ["6291041500213", "9780306406157", "036000291452", "96385074", "4006381333931", "10614141000415"]


@pytest.mark.parametrize("number", KNOWN)
def test_known_numbers_are_right_and_have_fourteen_digits(number: str) -> None:
    assert check_digit(number[:-1]) == int(number[-1])
    assert gtin14(number) == number.zfill(14)
    assert gtin14(f" {number[:3]} {number[3:7]}-{number[7:]}") == number.zfill(14)


@pytest.mark.parametrize("number", KNOWN)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_every_single_wrong_digit_is_found(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != number[place]]))
    with pytest.raises(ValueError, match="check digit"):
        gtin14(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("text", ["", "123", "abcdefgh", "٦٢٩١٠٤١٥٠٠٢١٣", "6291041500213x", "062910415002130"])
def test_what_is_no_gtin_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="no GTIN"):
        gtin14(text)
