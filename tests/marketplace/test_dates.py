"""Rules that hold from a day on: Google Merchant Center's least size of 500 x 500 pixels from 31 January 2027."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from packshot.errors import UsageError
from packshot.marketplace import check, load_profile
from packshot.marketplace.stage import MarketplaceStage
from packshot.photo import encode
from packshot.values import Box, Packshot, ProfileResult, Status

BEFORE, DAY = date(2027, 1, 30), date(2027, 1, 31)


def picture(side: int) -> bytes:
    pixels = np.full((side, side, 3), 255, np.uint8)
    pixels[side // 10 : -side // 10, side // 10 : -side // 10] = (40, 90, 160)
    return encode(pixels, format="JPEG").data


@pytest.mark.parametrize(("side", "ok"), [(400, False), (499, False), (500, True)])
def test_google_asks_for_500_pixels_of_every_product_from_its_day_on(side: int, ok: bool) -> None:
    ids = {rule.id for rule in check(picture(side), "google", on=BEFORE)}
    assert "size-2027" not in ids
    (rule,) = [rule for rule in check(picture(side), "google", on=DAY) if rule.id == "size-2027"]
    assert (rule.ok, rule.measured, rule.severity, rule.since) == (ok, [side, side], "must", DAY)
    assert "size-2027" in {rule.id for rule in check(picture(side), "google", on=date.max)}


def test_what_is_made_for_google_today_will_do_then() -> None:
    composition = load_profile("google").composition
    assert composition.aspect == 1
    assert composition.min_longest == 500


def test_a_rule_that_holds_later_is_measured_and_does_not_count_yet() -> None:
    data = picture(400)
    shot = Packshot(np.zeros((400, 400, 3), np.uint8), Box(40, 40, 360, 360), data, "JPEG")
    made = {"google": ProfileResult(shot)}
    (before,) = MarketplaceStage([load_profile("google")], on=BEFORE)(made).values()
    (then,) = MarketplaceStage([load_profile("google")], on=DAY)(made).values()
    assert [(rule.id, rule.ok) for rule in before.upcoming] == [("size-2027", False)]
    assert before.status is Status.OK
    assert (then.upcoming, then.status) == ((), Status.REVIEW)


def test_a_day_changes_what_is_done_only_where_a_rule_begins_on_it() -> None:
    def settings(on: date, name: str) -> object:
        return MarketplaceStage([load_profile(name)], on=on).settings_of(name)

    assert settings(BEFORE, "google") == settings(date(2026, 1, 1), "google")
    assert settings(BEFORE, "google") != settings(DAY, "google")
    assert settings(BEFORE, "amazon") == settings(DAY, "amazon")


def test_a_date_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    rule = (
        'id = "a"\nkind = "size"\nparameters = {at_least = [9, 9]}\nwording = "w"\nsource = "own"\nevidence = "own"\n'
    )
    file.write_text(f'title = "t"\n[composition]\n[[rules]]\n{rule}since = "next year"\n')
    with pytest.raises(UsageError, match=r"rules.*since"):
        load_profile(file)
