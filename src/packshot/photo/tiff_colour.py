"""From the samples of a TIFF to 8 or 16 bits of grey, RGB, CMYK or Lab."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.errors import UnsupportedFormat
from packshot.photo.samples import Samples, eight_bit
from packshot.photo.tiff_file import Directory, read_samples
from packshot.values import AnyArray

__all__ = ["is_read_here", "tiff_samples"]

_BRIGHTEST = 16.0  # of floating-point light; more is another scale, such as 0..255
_COLOURS = {0: 1, 1: 1, 2: 3, 5: 4, 8: 3, 9: 3}
_REMEDY = "export the photo with 8 or 16 bits per channel"


def is_read_here(directory: Directory) -> bool:
    """Whether Pillow does not read a TIFF of this layout, or takes it for another."""
    if directory.photometric not in _COLOURS or directory.one(259, 1) in (6, 7):  # JPEG
        return False
    big_end = directory.big and directory.order == ">"
    return directory.bits in (16, 32, 64) or directory.photometric in (8, 9) or big_end


def tiff_samples(data: bytes, directory: Directory, name: str) -> Samples:
    """Decode a TIFF of a layout for which `is_read_here` holds.

    Args:
        data: the file.
        directory: of that file, whose size in pixels was found to be acceptable.
        name: the name to show a person in errors.

    Raises:
        UnsupportedFormat: samples without an agreed white.
        ValueError: damaged, or of a kind that is not read here.
    """
    values = read_samples(data, directory)
    number = _COLOURS[directory.photometric]
    if values.shape[2] < number:
        raise ValueError(f"{values.shape[2]} samples, expected {number}")
    colours, alpha, premultiplied = values[..., :number], None, False
    extra = directory.extra
    if values.shape[2] > number and extra and extra[0] in (1, 2):
        alpha, premultiplied = values[..., number], extra[0] == 1
    elif values.shape[2] == number + 1 and not extra and directory.photometric == 2:
        alpha = values[..., number]  # written by programs that do not know the tag
    opacity = None if alpha is None else _whole(alpha, name)
    if directory.photometric in (8, 9):
        lab = _lab(colours, directory)
        picture = Image.frombytes("LAB", (lab.shape[1], lab.shape[0]), lab.tobytes())
        return Samples(picture, None if opacity is None else eight_bit(opacity))
    colours = _whole(colours, name)
    if directory.photometric == 0:
        colours = np.iinfo(colours.dtype).max - colours
    if opacity is not None and premultiplied:
        colours = _straight(colours, opacity)
    return Samples(_picture(colours), None if opacity is None else eight_bit(opacity))


def _picture(colours: AnyArray) -> Image.Image | NDArray[np.uint16]:
    height, width, number = colours.shape
    if number == 4:
        return Image.frombytes("CMYK", (width, height), eight_bit(colours).tobytes())
    flat = colours[..., 0] if number == 1 else colours
    return Image.fromarray(np.ascontiguousarray(flat)) if flat.dtype == np.uint8 else flat


def _whole(values: AnyArray, name: str) -> AnyArray:
    """As uint8 or uint16."""
    if values.dtype in (np.uint8, np.uint16):
        return values
    if values.dtype.kind != "f":
        raise UnsupportedFormat(f"{name} has {values.dtype} samples, expected 8 or 16 bits", remedy=_REMEDY)
    finite = values[np.isfinite(values)]
    largest = float(finite.max(initial=0))
    if largest > _BRIGHTEST:
        raise UnsupportedFormat(
            f"{name} has floating-point samples up to {largest:.4g}, expected 0 for black and 1 for white",
            remedy=_REMEDY,
        )
    clipped = np.clip(np.nan_to_num(values.astype(np.float32), posinf=1, neginf=0), 0, 1)
    whole: NDArray[np.uint16] = np.rint(clipped * 65535).astype(np.uint16)
    return whole


def _straight(colours: AnyArray, alpha: AnyArray) -> AnyArray:
    most = np.iinfo(colours.dtype).max
    divided = colours.astype(np.float32) * np.float32(most) / np.maximum(alpha, 1)[..., None].astype(np.float32)
    straight: AnyArray = np.rint(np.minimum(divided, most)).astype(colours.dtype)
    return straight


def _lab(colours: AnyArray, directory: Directory) -> NDArray[np.uint8]:
    """In 8 bits as Pillow keeps it: L from 0 to 255, a and b signed, as two's complement.

    TIFF 6.0, section 23 (CIELab), and Adobe's technical note 4 of PageMaker 6.0 (ICCLab: a and b from 0 to 255 with
    128 for no colour).
    """
    if colours.dtype.itemsize > 2 or colours.dtype.kind == "f":
        raise ValueError(f"Lab of {8 * colours.dtype.itemsize} bits")
    wide = colours.dtype.itemsize == 2
    lab = (colours.astype(np.uint16) >> 8 if wide else colours).astype(np.uint8)
    if directory.photometric == 9:
        lab = np.dstack([lab[..., 0], lab[..., 1:] - np.uint8(128)])
    return lab
