"""Files for print: TIFF or JPEG with a resolution, a clipping path and the colours of a press."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, TiffImagePlugin

from packshot.errors import ByteLimitUnreachable, CompositionError, UsageError
from packshot.photo.clipping_path import clipping_path, path_names
from packshot.photo.encode import DEFAULT_QUALITY, Encoded
from packshot.photo.icc import srgb_profile
from packshot.specs import PrintSettings
from packshot.values import Alpha, Rgb, Rgba

__all__ = ["PrintFacts", "encode_print", "print_facts", "require_press"]

_XMP_TAG, _PHOTOSHOP_TAG = 700, 34377
_PHOTOSHOP = b"Photoshop 3.0\0"
_PRESS = "give the .icc file of your printer, such as PSOcoated_v3.icc"
_SEGMENT = 65_000  # bytes of image resources in one APP13 segment, which holds 65,533


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What a printer asks of a file beside its pixels.

    Attributes:
        resolution: pixels per inch, the smaller of both directions; None where the file names none.
        paths: names of its paths.
        colours: ``RGB``, ``CMYK``, ``L`` and so on, as Pillow calls them.
    """

    resolution: float | None
    paths: tuple[str, ...]
    colours: str


def encode_print(
    pixels: Rgb | Rgba,
    alpha: Alpha,
    settings: PrintSettings,
    *,
    format: str,  # noqa: A002 - the word of `packshot.photo.encode`
    quality: int | None = None,
    max_bytes: int | None = None,
    xmp: bytes | None = None,
) -> Encoded:
    """Encode a picture for print; equal input gives equal bytes.

    Args:
        pixels: uint8 (h, w, 3) sRGB, or (h, w, 4) with straight alpha for a TIFF in RGB.
        alpha: float32 (h, w) in 0..1, the product, which the clipping path goes round.
        settings: resolution, path and colours.
        format: ``TIFF`` or ``JPEG``.
        quality: of a JPEG, 50..100; TIFF is lossless (LZW) and takes none.
        max_bytes: largest file.
        xmp: an XMP packet to write along.

    Returns:
        The file.

    Raises:
        ByteLimitUnreachable: it is larger than `max_bytes`.
        CompositionError: transparency where the file holds none.
        UsageError: the colour profile cannot be read, or is not one of a press.
    """
    picture = Image.fromarray(pixels)
    if picture.mode == "RGBA" and (format != "TIFF" or settings.icc is not None):
        kind = "JPEG" if format != "TIFF" else "a file in a press's colours"
        raise CompositionError(
            f"{kind} has no transparency", remedy="choose a background colour; the clipping path tells the product"
        )
    profile = srgb_profile()
    if settings.icc is not None:
        picture, profile = _to_press(picture, settings.icc)
    resources = clipping_path(alpha) if settings.clipping_path else b""
    file = io.BytesIO()
    dpi = (settings.resolution, settings.resolution)
    if format == "TIFF":
        info = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, content in ((_XMP_TAG, xmp), (_PHOTOSHOP_TAG, resources)):
            if content:
                info.tagtype[tag] = 1  # bytes
                info[tag] = content
        picture.save(file, "TIFF", compression="tiff_lzw", dpi=dpi, icc_profile=profile, tiffinfo=info)
        encoded = Encoded(file.getvalue(), "TIFF", None)
    else:
        used = quality or DEFAULT_QUALITY["JPEG"]
        options = {} if xmp is None else {"xmp": xmp}
        extra = _segments(resources)
        picture.save(
            file, "JPEG", quality=used, subsampling="4:4:4", dpi=dpi, icc_profile=profile, extra=extra, **options
        )
        encoded = Encoded(file.getvalue(), "JPEG", used)
    if max_bytes is not None and len(encoded.data) > max_bytes:
        raise ByteLimitUnreachable(
            f"{format} for print takes {len(encoded.data)} bytes, expected at most {max_bytes}",
            remedy="choose a smaller longest_side, or raise max_bytes",
        )
    return encoded


def print_facts(data: bytes) -> PrintFacts:
    """What a file says about resolution, paths and colours; nothing of a file that is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            dpi = picture.info.get("dpi")
            if picture.format == "TIFF":
                resources = picture.tag_v2.get(_PHOTOSHOP_TAG, b"")  # type: ignore[attr-defined]
            else:
                # The segments of one block follow each other; Pillow's own parts of it forget what they do not know.
                parts = [part for name, part in getattr(picture, "applist", []) if name == "APP13"]
                resources = b"".join(part.removeprefix(_PHOTOSHOP) for part in parts if part.startswith(_PHOTOSHOP))
            mode = picture.mode
    except (OSError, ValueError, SyntaxError):
        return PrintFacts(None, (), "")
    resolution = None if not dpi else float(min(dpi))
    return PrintFacts(resolution or None, tuple(path_names(bytes(resources))), mode)


def require_press(path: Path) -> bytes:
    """The bytes of a press's colour profile.

    Raises:
        UsageError: it cannot be read, or is a profile for something else.
    """
    try:
        profile = path.read_bytes()
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError) as error:
        raise UsageError(f"{path} cannot be read as a colour profile ({error})", remedy=_PRESS) from error
    if space != "CMYK":
        raise UsageError(f"{path} is a profile for {space}, not for a press (CMYK)", remedy=_PRESS)
    return profile


def _to_press(picture: Image.Image, path: Path) -> tuple[Image.Image, bytes]:
    profile = require_press(path)
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    source = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    try:
        converted = ImageCms.profileToProfile(
            picture,
            source,
            press,
            outputMode="CMYK",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except ImageCms.PyCMSError as error:
        raise UsageError(f"{path} cannot be used as a colour profile ({error})", remedy=_PRESS) from error
    assert converted is not None  # noqa: S101 - only in place it is None
    return converted, profile


def _segments(resources: bytes) -> bytes:
    """APP13 segments that hold image resources; a large block goes on in the next one."""
    parts = [resources[start : start + _SEGMENT] for start in range(0, len(resources), _SEGMENT)]
    return b"".join(
        b"\xff\xed" + struct.pack(">H", 2 + len(_PHOTOSHOP) + len(part)) + _PHOTOSHOP + part for part in parts
    )
