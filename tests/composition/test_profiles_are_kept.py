"""What a profile composes passes the rules of that profile, measured on the delivered file."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.composition import compose
from packshot.marketplace import check, load_profile, profile_names
from packshot.values import ProfileResult, Status


def wide(draw):
    return draw.ellipse((400, 120), frame=(600, 900))


def tall(draw):
    return draw.ellipse((120, 400), frame=(900, 600))


def round_(draw):
    return draw.ellipse((300, 290), frame=(700, 700), soft=3)


def thin(draw):
    alpha = np.zeros((800, 800), np.uint8)
    cv2.line(alpha, (60, 100), (740, 620), 255, 9, cv2.LINE_AA)
    return draw.cutout_of(draw.texture(800, 800), alpha)


def huge(draw):
    return draw.ellipse((1900, 1400), frame=(3000, 4000), soft=2)


def tiny(draw):
    return draw.ellipse((20, 14), frame=(200, 300))


def cut_off(draw):
    return draw.block((200, 300, 500, 600), frame=(600, 700))


SHAPES = [wide, tall, round_, thin, huge, tiny, cut_off]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("name", profile_names())
def test_every_must_rule_holds(draw, name, shape):
    profile = load_profile(name)
    shot = compose(shape(draw), profile.composition)
    results = check(shot.data, profile)
    failed = [result for result in results if result.severity == "must" and not result.ok]
    assert failed == []
    known = check(shot.data, profile, mask=shot.alpha)
    assert [result for result in known if result.severity == "must" and not result.ok] == []


@pytest.mark.parametrize("name", [name for name in profile_names() if load_profile(name).composition.min_longest])
def test_a_tiny_product_is_enlarged_no_more_than_the_least_size_needs_and_that_is_said(draw, name):
    spec = load_profile(name).composition
    shot = compose(tiny(draw), spec)
    assert max(shot.width, shot.height) == spec.min_longest
    assert shot.upscale > spec.max_upscale
    assert shot.enlarged
    assert ProfileResult(shot).status is Status.REVIEW
    assert any("larger photo" in line for line in shot.advice)


@pytest.mark.parametrize("name", profile_names())
def test_a_large_product_reaches_the_wanted_size_and_every_recommendation(draw, name):
    profile = load_profile(name)
    shot = compose(huge(draw), profile.composition)
    if profile.composition.longest_side is not None:
        assert max(shot.width, shot.height) == profile.composition.longest_side
        assert shot.upscale < 1
        assert shot.advice == ()
    assert not shot.enlarged
    assert [result.id for result in check(shot.data, profile) if not result.ok] == []
