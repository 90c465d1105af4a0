"""Turn a photo upright.

Source: Exif 3.0 (CIPA DC-008), tag 0x0112.
"""

from __future__ import annotations

from PIL import Image

__all__ = ["exif_turn", "turn_of"]

_ORIENTATION = 0x0112

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def exif_turn(block: object, notes: list[str]) -> Image.Transpose | None:
    """How to turn a picture upright by the orientation a camera wrote into its EXIF metadata; None to leave it.

    One that stands in XMP alone is not asked for, as other viewers do not: programs that turned the pixels forget it
    there. The readers of TIFF and HEIF turn the picture themselves; that of AVIF hands on what its boxes say as EXIF.

    Args:
        block: the EXIF block, with or without its heading; anything else leaves the picture.
        notes: gets a line where the metadata cannot be read.
    """
    return turn_of(_orientation(block, notes), notes)


def turn_of(value: object, notes: list[str]) -> Image.Transpose | None:
    """How to turn a picture whose EXIF orientation is `value`; None to leave it.

    Args:
        value: 1..8; others are ignored.
        notes: gets a line where one is ignored.
    """
    if value in (0, 1, None):  # 0 is written by cameras that do not know
        return None
    turn = _UPRIGHT.get(value) if isinstance(value, int) else None
    if turn is None:
        notes.append(f"an orientation outside 1..8 was ignored ({value!r:.20})")
    return turn


def _orientation(block: object, notes: list[str]) -> object:
    if not isinstance(block, bytes):
        return None
    try:
        exif = Image.Exif()
        exif.load(block)
        return exif.get(_ORIENTATION)
    except Exception as error:  # metadata comes from strangers
        notes.append(f"damaged metadata was ignored ({type(error).__name__})")
        return None
