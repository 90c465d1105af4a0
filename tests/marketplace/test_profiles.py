"""Profile files: complete, sourced, and refused with a way out when they are not."""

from __future__ import annotations

from datetime import date

import pytest
from packshot_tests.press import press_profile

from packshot.errors import UsageError
from packshot.marketplace import Evidence, load_profile, profile_names
from packshot.marketplace.stage import MarketplaceStage
from packshot.photo.icc import srgb_profile

TODAY = date(2026, 12, 1)

MINIMAL = """
title = "Mine"
[composition]
size = [800, 600]
[[rules]]
id = "size"
kind = "size"
parameters = { at_least = [800, 600] }
wording = "800 x 600"
source = "own"
evidence = "own"
"""


def test_the_marketplaces_promised():
    assert set(profile_names()) == {
        "allegro", "amazon", "ebay", "etsy", "google", "kaufland", "meta", "otto", "plain", "print", "rakuten",
        "shopify", "temu", "tiktok", "walmart", "zalando",
    }  # fmt: skip


@pytest.mark.parametrize("name", profile_names())
def test_each_rule_names_its_source_and_how_we_know(name):
    profile = load_profile(name)
    assert profile.name == name
    assert profile.rules
    for rule in profile.rules:
        assert rule.wording
        if rule.evidence is Evidence.OWN:
            assert name == "plain"
        if rule.evidence is Evidence.NOTES:
            assert rule.dated is None
            assert "notes" in profile.note
        assert (rule.read is None) == (rule.evidence in {Evidence.OWN, Evidence.NOTES}), "when was it read?"
        assert rule.dated is None or rule.read >= rule.dated
        told = profile.words(rules=True)
        assert "None" not in told
        if rule.read is not None:
            assert f"{rule.source} ({rule.evidence.value}, " in told
            assert f"read {rule.read}" in told


def test_when_a_source_was_read_makes_no_picture_anew():
    profile = load_profile("google")
    again = profile.model_copy(
        update={"rules": tuple(rule.model_copy(update={"read": date(2027, 5, 1)}) for rule in profile.rules)}
    )
    assert MarketplaceStage((profile,), on=TODAY).settings() == MarketplaceStage((again,), on=TODAY).settings()


NUMBERS = [  # profile, rule, parameter, value: from the marketplaces' pages
    ("amazon", "longest-side", "at_least", 500),
    ("amazon", "longest-side", "at_most", 10000),
    ("amazon", "zoom", "at_least", 1000),
    ("amazon", "fill", "at_least", 0.85),
    ("ebay", "longest-side", "at_least", 500),
    ("google", "size", "at_least", [100, 100]),
    ("google", "size-apparel", "at_least", [250, 250]),
    ("google", "megapixels", "at_most", 64),
    ("google", "file-size", "at_most_megabytes", 16),
    ("walmart", "size-recommended", "at_least", [2200, 2200]),
    ("walmart", "zoom", "at_least", [1500, 1500]),
    ("walmart", "aspect", "ratio", 1.0),
    ("walmart", "file-size", "at_most_megabytes", 5),
    ("walmart", "format", "one_of", ["JPEG", "PNG", "BMP"]),
    ("zalando", "size", "at_least", [762, 1100]),
    ("zalando", "size-recommended", "at_least", [1801, 2600]),
    ("zalando", "file-size", "at_most_megabytes", 20),
    ("allegro", "size", "at_most", [2560, 2560]),
    ("shopify", "size", "at_most", [5000, 5000]),
    ("shopify", "file-size", "at_most_megabytes", 20),
    ("etsy", "size-recommended", "at_least", [2000, 2000]),
    ("etsy", "file-size", "at_most_megabytes", 10),
    ("otto", "size", "at_least", [500, 1000]),
    ("otto", "longest-side", "at_most", 4500),
    ("kaufland", "longest-side", "at_least", 1024),
    ("tiktok", "size", "at_least", [600, 600]),
    ("tiktok", "file-size", "at_most_megabytes", 5),
    ("rakuten", "size", "at_most", [3840, 3840]),
    ("rakuten", "file-size", "at_most_megabytes", 2),
    ("meta", "size", "at_least", [500, 500]),
    ("temu", "size", "at_least", [800, 800]),
    ("temu", "file-size", "at_most_megabytes", 2),
    ("print", "longest-side", "at_least", 2401),
    ("print", "resolution", "at_least", 300),
    ("print", "file-size", "at_most_megabytes", 25),
]


@pytest.mark.parametrize(("name", "rule", "parameter", "value"), NUMBERS)
def test_the_numbers(name, rule, parameter, value):
    rules = {found.id: found for found in load_profile(name).rules}
    assert rules[rule].parameters[parameter] == value


def test_a_profile_of_your_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL)
    profile = load_profile(path)
    assert profile.name == "mine"
    assert profile.composition.size == (800, 600)
    assert load_profile(str(path)) == profile


def test_an_unknown_name_lists_the_valid_ones():
    with pytest.raises(UsageError, match=r"amazon.*zalando") as caught:
        load_profile("amazn")
    assert "'amazn'" in str(caught.value)
    assert load_profile("Amazon").name == "amazon"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "size"', 'kind = "sise"', "longest-side"),
        ("at_least", "at_lest", "it takes at_least, at_most"),
        ("[composition]", "[composition]\nfil = 0.8", "composition.fil"),
        ('wording = "800 x 600"', "", "wording"),
        ('source = "own"', 'source = "https://example.org"', "source is"),
        ("title =", "title", "not valid TOML"),
        ("size = [800, 600]", "size = [800, 0]", "composition.size"),
    ],
)
def test_a_broken_profile_is_refused_where_it_is_broken(tmp_path, old, new, message):
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL.replace(old, new, 1))
    with pytest.raises(UsageError) as caught:
        load_profile(path)
    assert message in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load_profile(tmp_path / "none.toml")


# ---- a press's colours

PRESS = MINIMAL.replace("[[rules]]", 'format = "TIFF"\n[composition.print]\nicc = "press.icc"\n[[rules]]', 1)


def test_a_press_profile_lies_beside_the_file_and_is_refused_at_once(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(PRESS)
    with pytest.raises(UsageError, match=r"press\.icc cannot be read as a colour profile"):
        load_profile(path)
    (tmp_path / "press.icc").write_bytes(srgb_profile())
    with pytest.raises(UsageError, match="a profile for RGB, not for a press"):
        load_profile(path)
    (tmp_path / "press.icc").write_bytes(press_profile())
    settings = load_profile(path).composition.print
    assert settings is not None
    assert settings.icc == tmp_path / "press.icc"
    path.write_text(PRESS.replace("TIFF", "PNG"))
    with pytest.raises(UsageError, match="expected format TIFF or JPEG, got PNG"):
        load_profile(path)
