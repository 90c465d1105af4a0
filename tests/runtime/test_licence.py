"""What a card says of the right to use a network, and what is refused for it."""

import pytest
from pydantic import ValidationError

from packshot.errors import LicenceRefused
from packshot.runtime import KNOWN_EXPORTS, Dataset, resolve
from packshot.settings import Settings

SETTINGS = Settings(threads=1)
RESEARCH_ONLY = Dataset(name="DIS5K", licence="LicenseRef-Terms", commercial_use=False)


def test_data_that_forbid_commercial_use_forbid_it_for_the_network(tiny):
    with pytest.raises(ValidationError, match="as the terms of DIS5K forbid it"):
        tiny(provenance=(RESEARCH_ONLY,))
    assert tiny(provenance=(Dataset(name="DUTS", licence="none stated"),)).is_file()


def test_the_data_are_named_where_they_are_why_a_network_is_refused(tiny):
    path = tiny(commercial_use=False, provenance=(RESEARCH_ONLY, Dataset(name="DUTS", licence="none stated")))
    with pytest.raises(LicenceRefused, match=r"trained on DIS5K, whose terms forbid commercial use.*Apache-2\.0") as no:
        resolve(path, SETTINGS)
    assert "DUTS" not in str(no.value)
    assert "--allow-non-commercial" in no.value.remedy
    assert resolve(path, Settings(allow_non_commercial=True)).path == path


@pytest.mark.parametrize("name", ["isnet-general-use", "birefnet-general", "birefnet-general-lite"])
def test_networks_trained_on_dis5k_need_the_flag_without_a_card_of_their_own_too(tiny, name):
    path = tiny(name)
    path.with_suffix(".json").unlink()
    with pytest.raises(LicenceRefused, match="DIS5K"):
        resolve(path, SETTINGS)
    card = resolve(path, Settings(allow_non_commercial=True)).card
    assert card.licence in {"Apache-2.0", "MIT"}
    assert "https://github.com/" in card.licence_note
    assert "non-commercial use in research" in card.provenance[0].note


@pytest.mark.parametrize(("name", "known"), [("isnet", "isnet-general-use"), ("birefnet", "birefnet-general")])
def test_a_file_of_another_usual_name_is_known_too(tiny, name, known):
    path = tiny(name)
    path.with_suffix(".json").unlink()
    with pytest.raises(LicenceRefused, match="DIS5K"):
        resolve(path, SETTINGS)
    assert resolve(path, Settings(allow_non_commercial=True)).card == KNOWN_EXPORTS[known]


@pytest.mark.parametrize("name", ["u2net", "u2netp"])
def test_u2net_says_what_its_author_and_its_data_say(name):
    card = KNOWN_EXPORTS[name]
    assert card.commercial_use
    assert card.licence == "Apache-2.0"
    (data,) = card.provenance
    assert (data.name, data.licence, data.commercial_use) == ("DUTS", "none stated", None)
