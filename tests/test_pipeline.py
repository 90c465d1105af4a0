"""How a pipeline is told which marketplaces' pictures to make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packshot_tests.service import outlined

import packshot
from packshot.errors import UsageError
from packshot.marketplace import load_profiles
from packshot.photo import decode
from packshot.settings import Settings

SETTINGS = Settings(threads=1, model="grabcut", describe_model="none", overlay_model="none")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "shop.toml"
    rule = '[[rules]]\nid = "seen"\nkind = "subject-visible"\nwording = "seen"\nsource = "own"\nevidence = "own"\n'
    path.write_text('title = "My shop"\n[composition]\naspect = 1.0\n' + rule)
    return path


def test_a_profile_is_a_name_a_path_or_several(own: Path) -> None:
    (amazon,) = load_profiles(["amazon"])
    for given, names in (
        (own, ["shop"]),
        (str(own), ["shop"]),
        (amazon, ["amazon"]),
        ([own, "ebay", amazon], ["shop", "ebay", "amazon"]),
    ):
        assert list(packshot.Pipeline(profile=given, settings=SETTINGS).profiles) == names


def test_process_takes_a_file_of_your_own(own: Path) -> None:
    rgb = decode(outlined(400, 300, box=(100, 80, 300, 220))).rgb
    made = packshot.process(rgb, profile=own, settings=SETTINGS).packshot
    assert made is not None
    assert made.width == made.height


@pytest.mark.parametrize("profile", [["amazon", "ebay"], load_profiles(["amazon"])[0], None])
def test_process_says_what_takes_several(profile: Any) -> None:
    with pytest.raises(UsageError, match="one profile, by name or file") as raised:
        packshot.process(b"", profile=profile)
    assert "packshot.Pipeline" in str(raised.value.remedy)
