"""Pictures of several profiles at once are those of each alone, in any number of threads."""

from datetime import date

import numpy as np
import pytest

from packshot.composition.compose import compose
from packshot.composition.stage import CompositionStage
from packshot.errors import NothingToCutOut
from packshot.frame.stage import FrameStage
from packshot.marketplace import check, load_profile
from packshot.marketplace.stage import MarketplaceStage
from packshot.settings import Settings
from packshot.specs import Composition
from packshot.values import Box, Cutout, Frame, Mask, Status

NAMES = ("amazon", "ebay", "zalando", "etsy")
DAY = date(2026, 12, 1)


def cutout(share: float = 1.0) -> Cutout:
    """A round product with a soft edge and a texture, 1200 x 800 pixels: no profile enlarges it."""
    y, x = np.mgrid[:800, :1200].astype(np.float32)
    distance = np.hypot((x - 600) / 440, (y - 400) / 320)
    alpha = np.clip((1 - distance) * 20 + 0.5, 0, 1).astype(np.float32) * np.float32(share)
    rgb = np.stack([120 + 60 * np.sin(x / 9), 90 + 40 * np.cos(y / 7), 140 + 0 * x], axis=2).astype(np.uint8)
    return Cutout(np.dstack([rgb, np.rint(alpha * 255).astype(np.uint8)]), Mask(alpha, 0.0, "drawn"))


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_each_picture_is_the_one_its_profile_gets_alone(threads: int) -> None:
    profiles = [load_profile(name) for name in NAMES]
    stage = CompositionStage({each.name: each.composition for each in profiles}, threads=threads)
    made = MarketplaceStage(profiles, on=DAY, threads=threads)(stage(cutout()))
    assert tuple(made) == NAMES
    for profile in profiles:
        alone = compose(cutout(), profile.composition)
        packshot = made[profile.name].packshot
        assert packshot is not None
        assert packshot.data == alone.data
        assert made[profile.name].rules == check(alone.data, profile, mask=alone.alpha, on=DAY)
        assert made[profile.name].status is Status.OK
    assert list(stage(cutout(), ["etsy", "amazon"])) == ["etsy", "amazon"]


@pytest.mark.parametrize("threads", [1, 4])
def test_one_that_cannot_be_made_leaves_the_others_and_nothing_at_all_is_an_error(threads: int) -> None:
    spec = {"good": Composition(), "tiny": Composition(max_bytes=10), "fine": Composition(format="PNG")}
    made = CompositionStage(spec, threads=threads)(cutout())
    assert {name: each.status for name, each in made.items()} == {"good": "ok", "tiny": "failed", "fine": "ok"}
    assert made["tiny"].error is not None
    assert made["tiny"].error.code == "ByteLimitUnreachable"
    with pytest.raises(NothingToCutOut):
        CompositionStage(spec, threads=threads)(cutout(0.0))


def test_a_product_that_the_photo_cuts_off_is_not_whole() -> None:
    """The margin of the canvas made it look whole: the rule measured the canvas alone."""
    profile = load_profile("kaufland")
    whole = cutout()
    lower = Cutout(whole.rgba[:500], Mask(np.ascontiguousarray(whole.mask.alpha[:500]), 0.0, "drawn"))
    stage = CompositionStage({profile.name: profile.composition})
    for cut, measured in ((whole, "none"), (lower, "the photo's bottom")):
        made = MarketplaceStage([profile], on=DAY)(stage(cut))[profile.name]
        (rule,) = (each for each in made.rules if each.id == "subject-whole")
        assert (rule.ok, rule.measured) == (measured == "none", measured)


@pytest.mark.parametrize(("rows", "framed"), [(slice(None), False), (slice(0, 500), True)])
def test_the_frame_network_looks_at_pictures_of_a_product_that_is_cut_off(rows: slice, framed: bool) -> None:
    """All that a photo shows, on white, looks framed; a product that is a rectangle by itself may be a book."""

    class Framed(FrameStage):
        def __init__(self) -> None:
            self._settings = Settings(frame_model="none")
            self.find = lambda photo: Frame(True, 1.0, Box(50, 50, photo.width - 50, photo.height - 50))

    profile = load_profile("amazon")
    whole = cutout()
    cut = Cutout(whole.rgba[rows], Mask(np.ascontiguousarray(whole.mask.alpha[rows]), 0.0, "drawn"))
    stage = CompositionStage({profile.name: profile.composition})
    made = MarketplaceStage([profile], on=DAY, frame=Framed())(stage(cut))[profile.name]
    (rule,) = (each for each in made.rules if each.id == "no-border")
    assert rule.ok is not framed
