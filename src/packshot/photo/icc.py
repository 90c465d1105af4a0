"""Colour profiles: from whatever a camera or an office program embedded to sRGB."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

__all__ = ["srgb_profile", "to_rgb"]

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab"}
_MAX_PROFILE_BYTES = 4_000_000


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """An sRGB IEC 61966-2.1 profile of less than 600 bytes, the same bytes at every call.

    LittleCMS writes the moment of creation into the header (bytes 24..35, ICC.1:2022, 7.2); it is set to the
    day sRGB was published, so that equal pictures give equal files.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(number.to_bytes(2, "big") for number in (1999, 10, 18, 0, 0, 0))
    return bytes(profile)


def to_rgb(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    """Convert a picture without alpha to sRGB.

    Relative colorimetric with black point compensation, so that white stays white. Without a usable profile,
    RGB and grey are taken as sRGB, and CMYK is converted by the plain formula ``(255 - ink) * (255 - black)
    / 255``.

    Args:
        image: of mode ``L``, ``RGB``, ``CMYK`` or ``LAB``.
        profile: the embedded ICC profile.
        notes: gets a line for every assumption made.

    Returns:
        A picture of mode ``RGB``.
    """
    if image.mode == "LAB":
        # The pixels name their colours absolutely; a profile could only repeat it.
        transform = _transform(None, "LAB")
        return _apply(image, transform) if transform is not None else image.convert("RGB")
    if profile:
        try:
            transform = _transform(profile, image.mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
            notes.append(f"the colour profile was ignored ({_reason(error)})")
        else:
            if transform is None:
                return _plain(image)
            converted = _apply(image, transform)
            # Grey has no hue; rounding would tint some levels by one.
            return _plain(converted.getchannel("G") if image.mode == "L" else converted)
    if image.mode == "CMYK":
        notes.append("CMYK without a usable colour profile: colours are approximate")
    return _plain(image)


def _plain(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def _reason(error: Exception) -> str:
    return "damaged" if isinstance(error, (ImageCms.PyCMSError, OSError)) else str(error)


def _apply(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # noqa: S101 - None comes only with inPlace=True
    return converted


@lru_cache(maxsize=16)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform to sRGB; None where it would change nothing, as most photos carry a profile of sRGB."""
    if profile is not None and len(profile) > _MAX_PROFILE_BYTES:
        raise ValueError(f"{len(profile)} bytes, expected at most {_MAX_PROFILE_BYTES}")
    if profile is None:
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    else:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    space = source.profile.xcolor_space.strip()
    if space != _SPACES[mode]:
        raise ValueError(f"it describes {space}, the picture is {mode}")
    target = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    # For grey LittleCMS would lay a coarse grid over the curve, ten levels off in the shadows of a linear one.
    flags = _FLAGS | ImageCms.Flags.NOOPTIMIZE if mode == "L" else _FLAGS
    transform = ImageCms.buildTransform(source, target, mode, "RGB", _INTENT, flags)
    return None if _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode == "L":
        probe = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    elif mode == "RGB":
        steps = np.linspace(0, 255, 9).astype(np.uint8)
        grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
        probe = Image.fromarray(grid.reshape(27, 27, 3))
    else:
        return False
    before = np.asarray(probe.convert("RGB"), dtype=np.int16)
    after = np.asarray(_apply(probe, transform), dtype=np.int16)
    return int(np.abs(after - before).max()) <= 1
