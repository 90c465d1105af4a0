"""Where a mask gives reason for a doubt: masks drawn by hand, so the places are known."""

import numpy as np

from packshot.review.places import doubt_places
from packshot.values import Box, Doubt


def product(height: int = 200, width: int = 300) -> np.ndarray:
    alpha = np.zeros((height, width), np.float32)
    alpha[50:150, 80:180] = 1
    return alpha


def test_a_loose_piece_is_marked_and_the_product_is_not() -> None:
    alpha = product()
    alpha[20:40, 240:270] = 1
    places = doubt_places(alpha, ["pieces", "held", "unheard of"])
    assert [(one.doubt, one.box) for one in places] == [(Doubt.PIECES, Box(240, 20, 270, 40))]


def test_smoke_is_marked_away_from_the_outline() -> None:
    alpha = product()
    alpha[90:110, 110:140] = 0.5
    (place,) = doubt_places(alpha, ["smoke"])
    assert place.box.x0 >= 110 - 1
    assert place.box.x1 <= 140 + 1
    assert place.box.y0 >= 90 - 1
    assert place.box.y1 <= 110 + 1


def test_the_side_that_cuts_the_product_off_is_marked_along_its_whole_touch() -> None:
    alpha = product()
    alpha[150:, 100:160] = 1
    (place,) = doubt_places(alpha, ["cut-off"])
    assert (place.box.x0, place.box.x1, place.box.y1) == (100, 160, 200)


def test_places_are_in_the_photos_own_pixels_however_large_it_is() -> None:
    small, large = product(), np.kron(product(), np.ones((8, 8), np.float32))
    for alpha, times in ((small, 1), (large, 8)):
        alpha[20 * times : 40 * times, 240 * times : 270 * times] = 1
        (place,) = doubt_places(alpha, ["pieces"])
        assert np.allclose(place.box.as_tuple(), np.array([240, 20, 270, 40]) * times, atol=2 * times)


def test_a_clean_mask_has_no_places() -> None:
    assert doubt_places(product(), list(Doubt)) == []
