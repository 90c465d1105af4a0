"""Turn a photo upright.

Source: Exif 3.0 (CIPA DC-008), tag 0x0112.
"""

from __future__ import annotations

from PIL import Image

__all__ = ["upright"]

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


def upright(image: Image.Image, notes: list[str]) -> Image.Image:
    """Apply the orientation a camera wrote into the metadata.

    Ask only after the pixels were loaded: the readers of TIFF, HEIF and AVIF turn the picture themselves and
    then clear the tag.

    Args:
        image: with loaded pixels.
        notes: gets a line where the metadata cannot be read; the photo then stays as it is stored.

    Returns:
        The upright picture, same mode.
    """
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception as error:  # metadata comes from strangers
        notes.append(f"damaged metadata was ignored ({type(error).__name__})")
        return image
    if value in (0, 1, None):  # 0 is written by cameras that do not know
        return image
    turn = _UPRIGHT.get(value) if isinstance(value, int) else None
    if turn is None:
        notes.append(f"an orientation outside 1..8 was ignored ({value!r:.20})")
        return image
    return image.transpose(turn)
