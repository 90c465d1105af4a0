"""What a card says of where a network's weights came from."""

from __future__ import annotations

import json

import pytest

from packshot.runtime import shipped_folder
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.task import DESCRIBE
from packshot.training.provenance import provenance


@pytest.mark.parametrize("source", ["ccp", "worn", "clothing", "grocery", "studio", "objects", "outlined", "renders"])
def test_the_sets_that_we_train_on_are_named_with_their_licence(source: str) -> None:
    (named,) = provenance([source])
    assert named.licence != "own"
    assert named.note


def test_other_sets_are_the_users_own() -> None:
    (mine,) = provenance(["shop"])
    assert (mine.name, mine.licence) == ("shop", "own")


def test_masks_that_a_describing_network_saw_are_named() -> None:
    start, teachers = DESCRIBE.origins(DescribeRecipe(cutouts="masks"))
    assert [each.name for each in start] == ["efficientnet_lite2, ImageNet weights"]
    assert [each.name for each in teachers] == ["masks by packshot cutout"]
    assert DESCRIBE.origins(DescribeRecipe(pretrained=False)) == ((), ())


@pytest.mark.parametrize("name", ["cutout", "describe", "frame", "overlay"])
def test_what_ships_learnt_from_stated_licences_alone(name: str) -> None:
    card = json.loads((shipped_folder() / f"{name}.json").read_text())
    assert card["provenance"]
    for source in card["provenance"]:
        licence = source["licence"].casefold()
        assert licence not in {"own", "see source"}, f"{name}: {source['name']} states no licence"
        assert "non-commercial" not in licence
        assert "isnet" not in json.dumps(source).casefold(), f"{name}: masks of a network whose data is for research"
