"""What of a photo is the product: chosen by hand-made maps, so that the right answer is known."""

import numpy as np
import pytest

from packshot.cutout.maps import Maps
from packshot.cutout.product import choose_product, keep_largest
from packshot.errors import ModelMismatch
from packshot.settings import Several, Subject
from packshot.values import Doubt


def area(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    found = np.zeros((60, 80), np.float32)
    for x0, y0, x1, y1 in boxes:
        found[y0:y1, x0:x1] = 1
    return found


BOTTLE, HAND = (30, 5, 50, 45), (25, 40, 55, 60)


def held() -> Maps:
    """A bottle of 800 pixels in a hand of 600, of which 100 lie in front of it."""
    nothing = area()
    return Maps(area(BOTTLE, HAND), person=area(HAND), garment=nothing, skin=area(HAND), error=nothing)


def test_a_held_product_is_taken_alone_and_said_to_be_held() -> None:
    alone, doubts = choose_product(held(), Subject.AUTO)
    np.testing.assert_array_equal(alone, area((30, 5, 50, 40)))
    assert doubts == (Doubt.HELD,)


def test_a_person_who_carries_something_is_the_subject() -> None:
    person, bag = (20, 0, 60, 60), (55, 30, 65, 45)
    maps = Maps(area(person, bag), area(person), area(person), area(), area())
    chosen, doubts = choose_product(maps, Subject.AUTO)
    assert chosen is maps.alpha
    assert doubts == ()
    # 1 in the bag where the person does not stand in front of it.
    np.testing.assert_array_equal(choose_product(maps, Subject.PRODUCT)[0], area((60, 30, 65, 45)))


def test_a_garment_that_looks_a_little_like_a_person_is_not_held() -> None:
    maps = Maps(area((10, 10, 50, 50)), person=area((10, 10, 20, 50)), garment=area(), skin=area(), error=area())
    assert choose_product(maps, Subject.AUTO) == (maps.alpha, ())


def test_a_hand_that_is_seen_but_faintly_beside_the_product_is_said() -> None:
    # The network is sure of the bottle and takes the hand for a person at 0.2: it is not cut out, but a person looks.
    faint = Maps(area(BOTTLE), person=area((25, 40, 55, 60)) * np.float32(0.2), garment=area(), skin=area())
    assert choose_product(faint, Subject.AUTO) == (faint.alpha, (Doubt.HELD,))
    away = Maps(area((5, 5, 25, 30)), person=area((40, 40, 80, 60)), garment=area(), skin=area())
    assert choose_product(away, Subject.AUTO) == (away.alpha, ())


def test_somebody_in_the_background_does_not_matter() -> None:
    maps = Maps(area(BOTTLE), area((60, 0, 80, 60)), area(), area(), area())
    assert choose_product(maps, Subject.AUTO) == (maps.alpha, ())


@pytest.mark.parametrize("subject", [Subject.PERSON, Subject.GARMENT])
def test_people_and_garments_have_maps_of_their_own(subject: Subject) -> None:
    maps = Maps(area(BOTTLE), area((1, 1, 5, 5)), area((2, 2, 4, 4)), area(), area())
    expected = maps.person if subject is Subject.PERSON else maps.garment
    assert choose_product(maps, subject) == (expected, ())


def test_a_network_of_one_map_cannot_be_asked_for_more() -> None:
    maps = Maps(area(BOTTLE))
    assert choose_product(maps, Subject.AUTO) == (maps.alpha, ())
    with pytest.raises(ModelMismatch, match="--subject"):
        choose_product(maps, Subject.GARMENT)


def test_of_several_products_the_largest_can_be_taken() -> None:
    several = area((5, 5, 25, 55), (40, 10, 60, 30), (70, 50, 73, 53))  # 1000, 400 and a speck of 9 pixels
    everything, parts = keep_largest(several, Several.ALL)
    assert everything is several
    assert parts == 2
    largest, parts = keep_largest(several, Several.LARGEST)
    assert parts == 2
    np.testing.assert_array_equal(largest, area((5, 5, 25, 55)))


def test_nothing_has_no_parts() -> None:
    assert keep_largest(area(), Several.LARGEST)[1] == 0
