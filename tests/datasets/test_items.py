"""One labelled picture: read as serving reads it, and refused by name where photo and mask do not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.datasets import Item, MaskKind, Split, read_rgb, white_background_alpha
from packshot.errors import UsageError
from packshot.values import Box

RNG = np.random.default_rng(0)


def item(photo: Path, mask: Path | None = None, kind: MaskKind | None = MaskKind.ALPHA) -> Item:
    return Item("shop", Split.TRAIN, photo, mask, kind)


def drawn(path: Path, pixels: np.ndarray, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def rotated(path: Path, pixels: np.ndarray, orientation: int) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return drawn(path, pixels, exif=exif.tobytes())


def test_photo_and_mask_are_upright(tmp_path: Path) -> None:
    """Orientation 6: the camera was held upright; Exif 3.0 says the 0th row is the visual right-hand side."""
    stored = np.zeros((20, 30, 3), np.uint8)
    stored[:, :10] = 255  # stored on the left: at the top of the upright photo
    photo = rotated(tmp_path / "a.png", stored, 6)
    mask = np.zeros((30, 20), np.uint8)
    mask[:10] = 255
    rgb, alpha = item(photo, drawn(tmp_path / "m.png", mask)).pair()
    assert rgb.shape == (30, 20, 3)
    assert np.array_equal(rgb[..., 0] == 255, alpha == 1)
    assert alpha.dtype == np.float32


def test_a_mask_that_carries_the_photos_own_rotation_follows_it(tmp_path: Path) -> None:
    photo = rotated(tmp_path / "a.png", np.zeros((20, 30, 3), np.uint8), 6)
    assert item(photo, rotated(tmp_path / "m.png", np.zeros((20, 30), np.uint8), 6)).alpha().shape == (30, 20)


def test_a_mask_drawn_on_the_unrotated_photo_is_told_so(tmp_path: Path) -> None:
    photo = rotated(tmp_path / "a.png", np.zeros((20, 30, 3), np.uint8), 6)
    mask = drawn(tmp_path / "m.png", np.zeros((20, 30), np.uint8))
    with pytest.raises(UsageError, match=r"m\.png: the mask is 30 x 20 pixels, .*20 x 30.*upright"):
        item(photo, mask).pair()


def test_a_mask_of_another_size_is_named(tmp_path: Path) -> None:
    photo = drawn(tmp_path / "a.png", np.zeros((20, 30, 3), np.uint8))
    mask = drawn(tmp_path / "m.png", np.zeros((10, 15), np.uint8))
    for read in (item(photo, mask).alpha, item(photo, mask).pair):
        with pytest.raises(UsageError, match=r"m\.png.*15 x 10.*a\.png.*30 x 20"):
            read()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"not a picture"])
def test_files_that_cannot_be_read_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.png").write_bytes(content)
    good = drawn(tmp_path / "good.png", np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(UsageError, match=r"bad\.png"):
        item(tmp_path / "bad.png", good).rgb()
    with pytest.raises(UsageError, match=r"mask .*bad\.png"):
        item(good, tmp_path / "bad.png").alpha()


def test_a_truncated_photo_is_not_half_a_photo(tmp_path: Path) -> None:
    noise = RNG.integers(0, 255, (64, 64, 3), dtype=np.uint8)
    path = drawn(tmp_path / "a.jpg", noise)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(UsageError, match=r"a\.jpg is damaged"):
        read_rgb(path)


def test_kinds_of_masks(tmp_path: Path) -> None:
    values = np.array([[0, 1, 51, 255]], np.uint8)
    photo = drawn(tmp_path / "a.png", np.zeros((1, 4, 3), np.uint8))
    mask = drawn(tmp_path / "m.png", values)
    assert item(photo, mask).alpha()[0].tolist() == pytest.approx([0, 1 / 255, 0.2, 1])
    assert item(photo, mask, MaskKind.LABELS).alpha()[0].tolist() == [0, 1, 1, 1]
    # A cut-out is a mask, too: its opacity, whatever its colours.
    cutout = drawn(tmp_path / "c.png", np.dstack([np.full((1, 4, 3), 200, np.uint8), values]))
    assert item(photo, cutout).alpha()[0].tolist() == pytest.approx([0, 1 / 255, 0.2, 1])


def test_a_palette_of_labels_is_read_as_labels(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1, 2]], np.uint8)).convert("P")
    picture.putdata([0, 1, 2])
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0])
    picture.save(tmp_path / "m.png")
    photo = drawn(tmp_path / "a.png", np.zeros((1, 3, 3), np.uint8))
    assert item(photo, tmp_path / "m.png", MaskKind.LABELS).alpha()[0].tolist() == [0, 1, 1]


def test_without_a_mask_says_so(tmp_path: Path) -> None:
    photo = drawn(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(UsageError, match=r"a\.png: has no mask"):
        item(photo, kind=None).alpha()


def test_white_background_is_removed_and_a_carton_stays_whole() -> None:
    picture = np.full((120, 100, 3), 255, np.uint8)
    picture[20:100, 30:70] = 250  # a white carton...
    picture[20:100, 30:34] = picture[20:100, 66:70] = (30, 60, 160)  # ...with blue sides, open at top and bottom
    whole = white_background_alpha(picture, convex=True)
    assert whole[60, 50] == 1
    assert whole[5, 5] == 0
    assert whole[60, 10] == 0
    assert white_background_alpha(picture)[60, 50] == 0


def test_a_box_must_lie_in_the_photo(tmp_path: Path) -> None:
    photo = drawn(tmp_path / "a.png", np.zeros((20, 30, 3), np.uint8))
    whole, none, wide, tall = (
        Item("shop", Split.TRAIN, photo, label="framed", box=box)
        for box in (Box(0, 0, 30, 20), None, Box(0, 0, 31, 20), Box(0, 0, 20, 30))
    )
    assert whole.box_of(whole.rgb()) == Box(0, 0, 30, 20)
    assert none.box_of(none.rgb()) is None
    for item, words in ((wide, "0 0 31 20"), (tall, "0 0 20 30")):
        with pytest.raises(UsageError, match=rf"a\.png: its inner box {words} reaches out of the photo, 30 x 20"):
            item.box_of(item.rgb())
