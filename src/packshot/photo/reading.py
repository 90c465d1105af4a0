"""A file while it is read: its content, what was found out about it, and the checks every format shares."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from packshot.errors import DamagedPhoto, LimitExceeded
from packshot.limits import Limits
from packshot.photo.cicp import ColourTag
from packshot.storage.encodable import printable

__all__ = ["Reading", "check_pixels", "open_picture", "quiet", "reason", "too_large", "too_little_memory"]

_PILLOW = threading.Lock()


@dataclass(slots=True)
class Reading:
    """A file being read.

    Attributes:
        data: its content, from the signature on.
        kind: its format.
        name: to show a person.
        limits: what to refuse.
        notes: what was assumed or repaired.
        profile: the ICC profile.
        tag: what stands in for a profile.
        further: whether more frames or pages follow.
        damage: why part of the picture may be destroyed.
    """

    data: bytes
    kind: str
    name: str
    limits: Limits
    notes: list[str] = field(default_factory=list)
    profile: bytes | None = None
    tag: ColourTag | None = None
    further: bool = False
    damage: str | None = None

    def destroyed(self, why: str) -> DamagedPhoto:
        """The error that says so."""
        return DamagedPhoto(f"{self.name} is damaged: {why}", remedy="upload it again")


def open_picture(reading: Reading, data: bytes) -> Image.Image:
    """Read the header, and check what it declares.

    Args:
        reading: gets the profile.
        data: the file, mended where it had to be.

    Raises:
        LimitExceeded: too many pixels, or too many in a line.
    """
    with quiet(reading):
        if reading.kind == "HEIF":
            _register_heif()
        image = Image.open(io.BytesIO(data), formats=[reading.kind])
        if reading.kind == "JPEG":
            reading.further = bool(getattr(image, "is_animated", False))
    check_pixels(image.width, image.height, reading)
    profile = image.info.get("icc_profile")
    if isinstance(profile, bytes) and reading.kind != "PNG":
        reading.profile = profile
    return image


def _register_heif() -> None:
    # Imported only when a HEIF file comes along: it loads libheif, and most runs never see one.
    if "HEIF" not in Image.OPEN:
        from pi_heif import register_heif_opener  # noqa: PLC0415

        register_heif_opener(thumbnails=False)


def check_pixels(width: int, height: int, reading: Reading) -> None:
    """Refuse a size before pixels are decoded.

    Raises:
        DamagedPhoto: no pixels.
        LimitExceeded: too many, or too many in a line.
    """
    name, limits = reading.name, reading.limits
    if width < 1 or height < 1:
        raise DamagedPhoto(f"{name} declares {width} x {height} pixels", remedy="upload it again")
    if width * height > (limits.max_pixels if reading.kind == "JPEG" else limits.max_whole_pixels):
        raise too_large(reading, f"{width} x {height} = {width * height / 1e6:.1f} megapixels")
    if max(width, height) > limits.max_side:
        raise LimitExceeded(
            f"{name} is {width} x {height} pixels, expected no side above {limits.max_side}",
            remedy="scale the photo down, or raise max_side (PACKSHOT_LIMITS__MAX_SIDE)",
        )


def too_large(reading: Reading, came: str) -> LimitExceeded:
    """The error for a picture of too many pixels."""
    limits = reading.limits
    whole = reading.kind != "JPEG" and limits.max_whole_megapixels <= limits.max_megapixels
    most, setting = (
        (limits.max_whole_megapixels, "max_whole_megapixels") if whole else (limits.max_megapixels, "max_megapixels")
    )
    return LimitExceeded(
        f"{reading.name} is too large ({came}), expected at most {most:g} megapixels",
        remedy=f"scale the photo down, or raise {setting} (--max-megapixels, PACKSHOT_LIMITS__{setting.upper()})",
    )


def too_little_memory(reading: Reading) -> LimitExceeded:
    """The error for a picture within the limits for which this machine's memory did not do."""
    return LimitExceeded(
        f"{reading.name} needs more memory than there is", remedy="run fewer --jobs at once, or make the photo smaller"
    )


@contextmanager
def quiet(reading: Reading) -> Iterator[None]:
    """Turn Pillow's warnings into notes, and its own pixel limit into ours.

    Both are state of the whole process, hence the lock; it is held while headers are read, not while pixels
    are.
    """
    with _PILLOW, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, reading.limits.max_pixels
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before
    for warning in heard:
        if not issubclass(warning.category, Image.DecompressionBombWarning):
            reading.notes.append(f"damaged metadata was ignored ({reason(warning.message)})")


def reason(error: Warning | Exception | str) -> str:
    """What a decoder said, short and printable."""
    if isinstance(error, UnidentifiedImageError):
        return "its structure cannot be read"
    text = printable(" ".join(str(error).split())) or type(error).__name__
    return text if len(text) <= 120 else text[:117] + "..."
