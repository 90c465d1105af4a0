"""What is changed in a photo, by invariants of each change."""

from __future__ import annotations

import numpy as np
import pytest
from packshot_tests.photos import soft

from packshot.errors import UsageError
from packshot.explaining.hidden import DrawnRegion, Region
from packshot.explaining.interventions import KINDS, Subject, intervention_named
from packshot.values import Box, Rgb


@pytest.fixture
def subject() -> Subject:
    """Soft colours, 96 x 80, with a product in the middle."""
    alpha = np.zeros((80, 96), np.float32)
    alpha[20:60, 24:72] = 1
    whole = soft(1, (96, 80))
    logo = {"logo": Box(30, 24, 40, 32)}
    return Subject(whole, alpha, soft(2, (60, 90)), seed=7, unframed=lambda: whole[4:-4, 4:-4], regions=logo)


def changed(subject: Subject, text: str) -> Rgb:
    return intervention_named(text).change(subject)


@pytest.mark.parametrize(
    ("text", "same"),
    [("saturation 1", 1), ("contrast 1", 0), ("hue 360", 1), ("blend 0", 0), ("turned 0", 0), ("resolution 4096", 0)],
)
def test_a_dose_of_nothing_changes_nothing(subject: Subject, text: str, same: int) -> None:
    assert np.abs(changed(subject, text).astype(int) - subject.rgb).max() <= same


@pytest.mark.parametrize("text", ["grey", "saturation 0"])
def test_no_colour_is_left(subject: Subject, text: str) -> None:
    assert np.ptp(changed(subject, text), axis=2).max() <= 1


def test_the_product_stays_and_the_background_goes(subject: Subject) -> None:
    inside = subject.alpha > 0.5
    for text, background in (("background-white", 255), ("background-black", 0)):
        picture = changed(subject, text)
        assert np.array_equal(picture[inside], subject.rgb[inside])
        assert (picture[~inside] == background).all()
    assert np.array_equal(changed(subject, "product-blurred")[~inside], subject.rgb[~inside])


def test_a_silhouette_is_the_mask_alone(subject: Subject) -> None:
    assert np.array_equal(changed(subject, "silhouette")[..., 0], 255 - 255 * subject.alpha.astype(np.uint8))


def test_texture_is_made_of_the_product_alone(subject: Subject) -> None:
    marked = Subject(
        np.where(subject.alpha[..., None] > 0.5, 200, 10).astype(np.uint8), subject.alpha, subject.other, 1
    )
    assert (changed(marked, "texture") >= 100).mean() > 0.6


def test_mirrored_and_turned_twice_are_the_photo(subject: Subject) -> None:
    for text in ("mirrored", "turned 180"):
        once = Subject(changed(subject, text), subject.alpha, subject.other, 7)
        assert np.array_equal(changed(once, text), subject.rgb)


def test_every_kind_makes_a_picture_and_the_same_again(subject: Subject) -> None:
    for name, kind in KINDS.items():
        text = name if kind.doses is None else f"{name} {kind.example:g}"
        picture = changed(subject, text)
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert np.array_equal(picture, changed(subject, text))


def test_a_hidden_region_and_its_control_are_of_one_size(subject: Subject) -> None:
    region = Region("logo", (0.25, 0.25, 0.5, 0.5)).intervention()
    assert region.control is not None
    hidden, control = (np.any(each(subject) != subject.rgb, axis=2) for each in (region.change, region.control))
    assert hidden[30:40, 36:48].mean() > 0.9
    assert not hidden[:30].any()
    assert not (hidden & control).any()
    assert control.sum() == pytest.approx(hidden.sum(), rel=0.2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("turned 45", "a multiple of 90"),
        ("turned 90.5", "turned 180"),
        ("jpeg 20.5", "a whole number"),
        ("gray", "grey"),
        ("jpeg", "1..100"),
        ("jpeg 0", "1..100"),
        ("grey 3", "no dose"),
        ("jpeg high", "1..100"),
    ],
)
def test_a_wrong_intervention_is_named_with_its_remedy(text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        intervention_named(text)
    assert words in f"{error.value} {error.value.remedy}"


def test_a_region_outside_the_product_is_refused() -> None:
    with pytest.raises(UsageError, match="no box"):
        Region("logo", (0.5, 0.5, 0.5, 0.6))


def test_a_region_that_leaves_no_room_for_a_control_is_refused() -> None:
    """Its control would hide the region itself."""
    for box in ((0, 0, 1, 0.95), (0.2, 0.2, 0.8, 0.8), (0, 0, 1, 1)):
        with pytest.raises(UsageError, match="no patch of its size"):
            Region("all", box)
    for box in ((0, 0, 1, 0.5), (0.5, 0, 1, 1), (0.3, 0.2, 0.7, 0.4)):
        Region("part", box)


@pytest.mark.parametrize("seed", range(5))
def test_a_control_lies_on_the_product_and_never_on_the_region(seed: int, subject: Subject) -> None:
    """The lower half of the product alone is left: of 50 places drawn at random over the photo, few would lie there."""
    region = Region("top", (0, 0, 1, 0.5)).intervention()
    control = region.control(Subject(subject.rgb, subject.alpha, subject.other, seed))
    changed = np.any(control != subject.rgb, axis=2)
    assert not changed[:40].any()
    assert changed[40:60, 24:72].mean() > 0.9
    assert not changed[60:].any()


def test_a_region_drawn_in_the_photo_is_hidden_beside_a_control_of_its_size(subject: Subject) -> None:
    drawn = DrawnRegion("logo").intervention()
    hidden, control = (np.any(each(subject) != subject.rgb, axis=2) for each in (drawn.change, drawn.control))
    assert hidden[24:32, 30:40].mean() > 0.9
    assert not np.delete(hidden, np.s_[24:32], axis=0).any()
    assert not (hidden & control).any()
    assert control.sum() == pytest.approx(hidden.sum(), rel=0.2)
    assert not control[subject.alpha < 0.5].any(), "elsewhere on the product"


def test_a_photo_in_which_nobody_drew_has_nothing_to_hide(subject: Subject) -> None:
    drawn = DrawnRegion("badge").intervention()
    assert drawn.change(subject) is None
    assert drawn.control(subject) is None


def test_a_region_as_large_as_the_product_has_no_control(subject: Subject) -> None:
    whole = Subject(subject.rgb, subject.alpha, subject.other, 7, regions={"all": Box(0, 0, 96, 80)})
    drawn = DrawnRegion("all").intervention()
    assert drawn.change(whole) is not None
    assert drawn.control(whole) is None


def test_a_photo_without_a_frame_has_none_to_take_away(subject: Subject) -> None:
    assert changed(Subject(subject.rgb, subject.alpha, subject.other, 7), "unframed") is None
    assert np.array_equal(changed(subject, "unframed"), subject.rgb[4:-4, 4:-4])


def test_a_photo_without_room_for_a_control_has_none(subject: Subject) -> None:
    """A product that is a thin frame below its top: beside the top no patch has half as much of it."""
    alpha = np.zeros_like(subject.alpha)
    alpha[20:40, 24:72] = 1
    alpha[40:60, 24:26] = 1
    region = Region("top", (0, 0, 1, 0.5)).intervention()
    assert region.control(Subject(subject.rgb, alpha, subject.other, 1)) is None
