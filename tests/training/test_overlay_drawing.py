"""Drawn overlays: what the mask says is what was changed, and print on products is no overlay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from packshot.errors import UsageError
from packshot.training.drawing.settings import SETTINGS
from packshot.training.overlay.drawing.generator import OverlayGenerator
from packshot.training.overlay.drawing.hand import Hand
from packshot.training.overlay.drawing.lettering import draw_words, font_files, random_words
from packshot.training.overlay.drawing.marks import draw_mark
from packshot.training.overlay.drawing.products import draw_packaging
from packshot.training.overlay.drawing.sample import OverlayKind
from packshot.training.overlay.drawing.sheet import Sheet
from packshot.values import Rgb

pytestmark = pytest.mark.train
FONTS = font_files("")


def noise(seed: int) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (90, 120, 3)).astype(np.uint8)


def grey_hand(seed: int) -> Hand:
    return Hand(np.random.default_rng(seed), FONTS, SETTINGS["train"], np.full(3, 128, np.float32))


def test_a_sheet_mixes_by_its_opacity() -> None:
    sheet = Sheet((4, 2))
    sheet.lay(np.ones((1, 2), np.float32), np.array([255, 0, 0], np.float32), 3, 1, opacity=0.5)
    over = sheet.over(np.full((2, 4, 3), 100, np.uint8))
    assert sheet.mask.tolist() == [[False] * 4, [False, False, False, True]]
    assert over[1, 3].tolist() == [178, 50, 50]  # half of 100 and half of 255 or 0, rounded; what hangs over is cut off
    assert (over[0] == 100).all()


@pytest.mark.parametrize("kind", list(OverlayKind))
def test_each_mark_changes_no_pixel_beyond_its_edge(kind: OverlayKind) -> None:
    """The mask holds what can be seen: outside it only the soft edge of an ink is left."""
    grey = np.full((200, 260, 3), 128, np.uint8)
    drawn = 0
    for seed in range(6):
        sheet = Sheet((260, 200))
        draw_mark(grey_hand(seed), kind, sheet)
        changed = np.abs(sheet.over(grey).astype(int) - 128).max(axis=2)
        assert changed[~sheet.mask].max(initial=0) <= 0.15 * 128
        drawn += bool(sheet.mask.any())
    assert drawn >= 5


def test_pairs_differ_where_the_mask_says_and_nowhere_else() -> None:
    draw = OverlayGenerator([noise(seed) for seed in range(4)], FONTS, seed=3)
    compared = 0
    for pair in range(12):
        bare, overlaid = draw(2 * pair), draw(2 * pair + 1)
        assert bare.scene == overlaid.scene
        assert bare.rgb.shape == overlaid.rgb.shape
        assert not bare.mask.any()
        assert bare.kinds == ()
        assert overlaid.mask.any() == bool(overlaid.kinds)
        if overlaid.kinds:
            change = np.abs(bare.rgb.astype(int) - overlaid.rgb.astype(int)).mean(axis=2)
            inside, outside = change[overlaid.mask], change[~overlaid.mask]
            assert inside.mean() > 2 * outside.mean() + 2  # JPEG spreads a little beyond
            compared += 1
    assert compared >= 9


def test_a_sample_depends_on_seed_and_place_alone() -> None:
    photos = [noise(1), noise(2)]
    first, again = (OverlayGenerator(photos, FONTS, seed=5) for _ in range(2))
    kept = [first(index) for index in range(6)]
    for index in (5, 0, 3):  # in any order
        other = again(index)
        np.testing.assert_array_equal(other.rgb, kept[index].rgb)
        np.testing.assert_array_equal(other.mask, kept[index].mask)
    assert not np.array_equal(OverlayGenerator(photos, FONTS, seed=6)(1).rgb, kept[1].rgb)


def test_training_and_validation_write_with_other_fonts() -> None:
    photos, settings = [noise(1)], SETTINGS
    used = {
        name: {OverlayGenerator(photos, FONTS, settings=name).fonts[settings[name].variant :: 2]} for name in settings
    }
    assert not set(*used["train"]) & set(*used["validation"])


def test_a_package_bears_print() -> None:
    """A grey product with print differs from the same without: by more than light and shade do."""
    packages = [draw_packaging(grey_hand(seed), (200, 200), np.full((60, 60, 3), 128, np.uint8)) for seed in range(8)]
    assert all(package.shape == (200, 200, 3) for package in packages)
    steps = [np.abs(np.diff(package.astype(int), axis=1)).max(axis=2) for package in packages]
    assert np.mean([(step > 40).mean() > 0.004 for step in steps]) >= 0.75


def test_words_are_as_high_as_asked_and_use_letters_the_font_has() -> None:
    font = next(path for path in FONTS if path.name == "DejaVuSans.ttf")
    assert 14 <= draw_words("H", font, height=24).shape[0] <= 20  # capitals are about 0.73 of the size
    texts = [random_words(np.random.default_rng(seed), font, most=3) for seed in range(200)]
    assert any("\u0627" <= letter <= "\u064a" for text in texts for letter in text)  # DejaVu knows Arabic
    assert not any("\u4e00" <= letter <= "\u7fff" for text in texts for letter in text)  # but no Chinese


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no fonts"):
        font_files(str(tmp_path))
    with pytest.raises(UsageError, match="no photos"):
        OverlayGenerator([], FONTS)
    with pytest.raises(UsageError, match="1 font "):
        OverlayGenerator([noise(1)], FONTS[:1])
    with pytest.raises(UsageError, match="expected one of train, validation"):
        OverlayGenerator([noise(1)], FONTS, settings="test")
