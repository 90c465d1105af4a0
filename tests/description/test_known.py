"""Whether a photo shows a kind the network was taught: the rule by hand, and the silence that follows."""

import math

import numpy as np
import pytest

from packshot.description import Describer
from packshot.description.known import known_chance, silenced
from packshot.description.row import description_words
from packshot.errors import ModelMismatch
from packshot.runtime import KnownRule
from packshot.values import Answer, Choice, Description

RULE = KnownRule(weights=(1.0, -2.0), bias=0.5, threshold=0.5, auroc=0.9, kept=0.9, refused=0.9, photos=10)


def test_the_chance_is_a_logistic_regression_on_the_mean_features() -> None:
    features = np.array([[[1.0, 3.0]], [[0.0, 1.0]]], np.float32)  # means 2 and 0.5: 2 - 1 + 0.5 = 1.5
    assert known_chance(features, RULE) == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_a_rule_of_another_network_is_refused_before_any_photo(network) -> None:
    with pytest.raises(ModelMismatch, match="expected 3 weights, one a channel, got 2"):
        Describer(network(known=RULE))
    fitting = RULE.model_copy(update={"weights": (1.0, -2.0, 0.0)})
    assert Describer(network(known=fitting)).network.card.known == fitting


def test_an_unfamiliar_photo_is_given_no_category() -> None:
    shirt = Choice("shirt", "Shirt", 0.97)
    said = Answer("category", (shirt,), (shirt,), 0.95, sure=True, uncertainty=0.03, chances={"shirt": 0.97})
    (quiet,) = silenced([said])
    assert quiet.path == ()
    assert quiet.best is None
    assert not quiet.sure
    assert quiet.uncertainty == 1
    assert quiet.top == said.top  # what it would have said, for whoever looks


def test_the_number_behind_an_unfamiliar_photo_has_a_name() -> None:
    said = Description((), (), (), (), None, model="m", known=0.004, familiar=False)
    assert description_words(said, "category") == "not a kind of product I know (chance that it is one: 0.00)"
