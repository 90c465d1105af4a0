"""What is measured on a mask before it is called ready, by hand; and the fitted rule."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from packshot.cutout.maps import Maps
from packshot.cutout.readiness import check_rule, readiness, reasons
from packshot.cutout.signals import Signals, disagreement, measure_fringe, measure_signals, smoke_share
from packshot.errors import ModelMismatch
from packshot.runtime import ReadyRule
from packshot.values import Doubt


def square(side: int = 200, start: int = 50, stop: int = 150) -> np.ndarray:
    alpha = np.zeros((side, side), np.float32)
    alpha[start:stop, start:stop] = 1
    return alpha


def photo_of(alpha: np.ndarray) -> np.ndarray:
    """White products on black."""
    return np.repeat(np.rint(alpha * 255).astype(np.uint8)[..., None], 3, axis=2)


def measure(maps: Maps) -> Signals:
    return measure_signals(maps, maps.alpha, maps.alpha, photo_of(maps.alpha))


def test_a_clean_square_shows_nothing() -> None:
    alpha = square()
    signals = measure(Maps(alpha, person=alpha * 0, error=alpha * 0))
    assert signals.smoke == signals.pieces == signals.worst_blob == signals.expected_error == signals.person == 0
    assert signals.cut_off == signals.softness == signals.faint == signals.holes == 0
    assert signals.mirrored is None
    assert signals.coverage == 0.25
    # 4 x 99 along the pixels' centres, over the circumference of a disc of 10,000 pixels.
    assert signals.roughness == pytest.approx(396 / (2 * math.sqrt(math.pi * 10_000)))


def test_smoke_is_counted_away_from_edges_only() -> None:
    alpha = square()
    alpha[80:90, 80:100] = 0.7  # 200 pixels inside: of the product's 10,000
    alpha[10:20, 10:20] = 0.3  # 100 outside
    alpha[49, 50:150] = 0.5  # along the edge; belongs to it
    assert smoke_share(alpha) == pytest.approx(300 / 10_100, abs=1e-4)


def test_pieces_blobs_and_the_border() -> None:
    alpha = square()
    alpha[:20, :50] = 1  # a piece of 1,000 pixels that touches 50 pixels of the upper border and 20 of the left one
    error = np.zeros_like(alpha)
    error[100:120, 100:130] = 0.9  # 600 pixels
    error[5, 190] = 0.9  # a speck
    signals = measure(Maps(alpha, error=error))
    assert signals.pieces == pytest.approx(1_000 / 11_000)
    assert signals.worst_blob == pytest.approx(600 / 11_000)
    assert signals.cut_off == pytest.approx(70 / 800)
    assert reasons(signals) == (Doubt.AREA, Doubt.PIECES, Doubt.CUT_OFF)


def test_a_mask_that_is_not_ready_for_no_single_reason_has_a_doubtful_outline() -> None:
    alpha = square()
    assert reasons(measure(Maps(alpha))) == (Doubt.OUTLINE,)


RULE = {
    "features": ("smoke", "pieces"),
    "mean": (0.1, 0.0),
    "scale": (0.1, 1.0),
    "weights": (-1.0, -2.0),
    "bias": 0.5,
    "threshold": 0.6,
    "precision": 0.95,
    "coverage": 0.5,
    "masks": 100,
}


def no_look() -> float:
    raise AssertionError("a second look that cannot change anything")


def test_the_chance_is_a_logistic_regression() -> None:
    alpha = square()
    signals = measure(Maps(alpha))  # smoke 0, pieces 0: 0.5 - (0 - 0.1) / 0.1 = 1.5
    chance, _ = readiness(signals, ReadyRule(**RULE), look_at_edge=no_look, look_again=no_look)
    assert chance == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_figures_may_be_read_on_a_logarithmic_scale() -> None:
    rule = ReadyRule(
        **{**RULE, "features": ("smoke",), "mean": (0.0,), "scale": (1.0,), "weights": (-1.0,), "log_from": 0.25}
    )
    # 0.5 - log(0.75 + 0.25) and 0.5 - log(0 + 0.25); a figure below 0 counts as 0.
    assert rule.chance({"smoke": 0.75}) == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert rule.chance({"smoke": -1.0}) == pytest.approx(1 / (1 + math.exp(-0.5 - math.log(4))))


@pytest.mark.parametrize(
    ("bias", "looks", "chance"),
    [
        (4.0, 0, 1 / (1 + math.exp(-2.0))),  # ready at the worst: 4 - 0.2 * 10
        (0.0, 0, 0.5),  # not ready at the best
        (1.0, 1, 1 / (1 + math.exp(-0.5))),  # 1 - 0.2 * 2.5: between
    ],
)
def test_a_second_look_is_taken_only_where_it_decides(bias: float, looks: int, chance: float) -> None:
    rule = ReadyRule(
        **{**RULE, "features": ("mirrored",), "mean": (0.0,), "scale": (1.0,), "weights": (-0.2,), "bias": bias}
    )
    taken = []
    found, _ = readiness(measure(Maps(square())), rule, look_at_edge=no_look, look_again=lambda: taken.append(1) or 2.5)
    assert (len(taken), found) == (looks, pytest.approx(chance))


@pytest.mark.parametrize(
    ("bias", "tint", "chance", "looks"),
    [
        (2.0, 0.05, 1 / (1 + math.exp(-3.0)), 1),  # 2 - (0 - 0.1) / 0.1
        (2.0, 0.2, 0.1, 1),
        (-2.0, 0.2, 1 / (1 + math.exp(1.0)), 0),  # not ready anyway: nobody looks at the edge
    ],
)
def test_a_mask_beyond_a_limit_is_not_ready(bias: float, tint: float, chance: float, looks: int) -> None:
    rule = ReadyRule(**{**RULE, "bias": bias, "limits": {"fringe": 0.1, "pieces": 0.02}, "beyond": 0.1})
    taken = []
    found, signals = readiness(
        measure(Maps(square())), rule, look_at_edge=lambda: taken.append(1) or tint, look_again=no_look
    )
    assert (found, len(taken)) == (pytest.approx(chance), looks)
    if looks:
        assert (Doubt.FRINGE in reasons(signals, rule)) == (tint > 0.1)


def hung(hook: bool) -> np.ndarray:
    """A garment of 100 by 100 pixels, with a hook of 4 by 20 on top of it."""
    alpha = square()
    if hook:
        alpha[30:50, 98:102] = 1
    return alpha


def test_a_hanger_is_looked_for_on_garments_alone() -> None:
    for alpha, garment in ((hung(True), True), (hung(True), False), (hung(False), True)):
        signals = measure(Maps(alpha, garment=alpha * garment))
        found = alpha[40, 100] == 1 and garment
        assert signals.hook == pytest.approx(20 / 120 if found else 0)
        assert signals.knobs == pytest.approx(80 / 10_080 if found else 0, abs=0.001)
        assert (Doubt.THIN in reasons(signals)) == found


def on(background: tuple[int, int, int], rim: tuple[int, int, int]) -> np.ndarray:
    """A grey square on a background, whose outermost two pixels have another colour."""
    rgb = np.full((200, 200, 3), background, np.uint8)
    rgb[50:150, 50:150] = rim
    rgb[52:148, 52:148] = 150
    return rgb


def test_a_rim_of_the_backgrounds_colour_is_a_fringe() -> None:
    red, black = (200, 30, 30), (20, 20, 20)
    assert measure_fringe(square(), square(), on(red, (150, 150, 150))) == pytest.approx(0, abs=0.005)
    assert measure_fringe(square(), square(), on(black, (70, 70, 70))) > 0.1
    # Of a rim in another hue the hue is taken out, and no fringe is left to be seen.
    assert measure_fringe(square(), square(), on(red, (195, 120, 120))) < 0.03
    light = measure_fringe(square(), square(), on(red, (200, 200, 200)))
    assert light < 0.03  # lighter towards the white it will stand on: not seen


def test_background_taken_along_has_the_backgrounds_colours() -> None:
    rgb = np.full((200, 200, 3), (40, 90, 40), np.uint8)
    rgb[50:150, 50:140] = (150, 60, 150)  # the product ends ten pixels before the mask does
    signals = measure_signals(Maps(square()), square(), square(), rgb)
    band = 8  # pixels: 3 % of the diagonal
    assert signals.ground_inside == pytest.approx((100 * band) / (100**2 - (100 - 2 * band) ** 2), rel=0.1)
    assert measure(Maps(square())).ground_inside == 0


def test_a_region_that_the_network_does_not_see_is_overruled() -> None:
    finished = square()
    finished[140:170, 60:120] = 1  # a shadow of 60 by 20 pixels, of which three along the product may be its outline
    signals = measure_signals(Maps(square()), square(), finished, photo_of(finished))
    assert signals.overruled == pytest.approx(17 * 60 / 11_200)
    assert reasons(signals) == (Doubt.GROUND,)
    assert measure(Maps(square())).overruled == 0


def test_what_touches_the_border_is_no_hole() -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[80:120] = 1  # from edge to edge: the background falls apart, but nothing is enclosed
    assert measure(Maps(alpha)).holes == 0


def test_two_masks_disagree_by_what_only_one_of_them_has_along_the_outline() -> None:
    # 7,500 pixels differ; the outline is 4 * 100 - 4 pixels inside and 4 * 102 - 4 outside, corners included.
    assert disagreement(square(), square(start=100)) == pytest.approx(7_500 / (396 + 404), rel=0.01)
    assert disagreement(square(), square()) == disagreement(square() * 0, square() * 0) == 0


def test_softness_faintness_and_holes() -> None:
    alpha = square()
    alpha[90:110, 90:110] = 0  # a hole of 400 pixels: 9,600 are left
    unsure = alpha.copy()
    unsure[60:70, 60:80] = 0.6  # 200 pixels; the outline is 792 + 160 pixels on both sides
    rgb = photo_of(alpha)
    rgb[:, :100] = 128  # half of the outline and of the hole's: no edge there
    signals = measure_signals(Maps(unsure), unsure, alpha, rgb)
    outline = 2 * (4 * 100) - 4 + 4 + 2 * (4 * 20) - 4 + 4
    assert signals.holes == pytest.approx(400 / 9_600)
    assert signals.softness == pytest.approx(200 / outline, rel=0.01)
    assert signals.faint == pytest.approx(0.5, abs=0.03)


def test_a_rule_with_numbers_missing_is_refused() -> None:
    with pytest.raises(ValidationError, match="as many numbers"):
        ReadyRule(**{**RULE, "weights": (1.0,)})


def test_a_rule_on_a_figure_that_is_not_measured_is_refused() -> None:
    check_rule(None)
    check_rule(ReadyRule(**RULE))
    with pytest.raises(ModelMismatch, match="got gloss:") as caught:
        check_rule(ReadyRule(**{**RULE, "features": ("smoke", "gloss")}))
    assert "update packshot" in caught.value.remedy
