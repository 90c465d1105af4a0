"""What a file is, told by its content; and whether its name agrees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from packshot.errors import MislabelledPhoto, UnsupportedFormat

__all__ = ["FORMATS", "STRAY_BYTES", "SUFFIXES", "Content", "check_suffix", "describe", "recognise", "sniff"]

FORMATS: tuple[str, ...] = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "PNG", "TIFF", "WEBP")
"""The containers packshot opens, as Pillow spells them. Nothing else reaches a decoder."""

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        ".apng": "PNG",
        ".avif": "AVIF",
        ".avifs": "AVIF",
        ".bmp": "BMP",
        ".dib": "BMP",
        ".gif": "GIF",
        ".heic": "HEIF",
        ".heics": "HEIF",
        ".heif": "HEIF",
        ".heifs": "HEIF",
        ".hif": "HEIF",
        ".jfif": "JPEG",
        ".jpe": "JPEG",
        ".jpeg": "JPEG",
        ".jpg": "JPEG",
        ".mpo": "JPEG",
        ".png": "PNG",
        ".tif": "TIFF",
        ".tiff": "TIFF",
        ".webp": "WEBP",
    }
)
"""Lower-case suffix -> format: what is picked up in folders."""

_USUAL_SUFFIX = {
    "AVIF": ".avif",
    "BMP": ".bmp",
    "GIF": ".gif",
    "HEIF": ".heic",
    "JPEG": ".jpg",
    "PNG": ".png",
    "TIFF": ".tif",
    "WEBP": ".webp",
}

_RAW_SUFFIXES = frozenset(
    {".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mos", ".mrw"}
    | {".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"}
)
# A name that promises something that is no picture, or a picture packshot does not open.
_OTHER_SUFFIXES = frozenset(
    {".ai", ".csv", ".doc", ".docx", ".eps", ".exe", ".htm", ".html", ".ico", ".jp2", ".js", ".json", ".jxl"}
    | {".mov", ".mp4", ".pdf", ".ps", ".psd", ".svg", ".txt", ".xml", ".zip"}
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2"}
)
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

STRAY_BYTES = 64
"""So much may stand before a picture's signature."""

# Text, line breaks, byte order marks and zero bytes.
_STRAY = re.compile(rb"[\x00\t\n\r\x20-\x7e\xef\xbb\xbf\xfe\xff]*")
_UNMISTAKABLE = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff\xe0", "JPEG"),
    (b"\xff\xd8\xff\xe1", "JPEG"),
    (b"\xff\xd8\xff\xdb", "JPEG"),
    (b"GIF89a", "GIF"),
    (b"GIF87a", "GIF"),
)

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "PostScript (EPS)"),
    (b"\xc5\xd0\xd3\xc6", "PostScript (EPS)"),
    (b"8BPS", "a Photoshop document (PSD)"),
    (b"\x00\x00\x01\x00", "an icon (ICO)"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"FUJIFILM", "a camera raw file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"RIFF", "sound or video (RIFF)"),
    (b"qoif", "QOI"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes:
        format: one of `FORMATS`.
        start: where it begins in the file; above 0 where something stands before its signature.
    """

    format: str
    start: int = 0


def sniff(data: bytes, name: str) -> Content:
    """The format of a file's content.

    Args:
        data: the file; only its first 512 bytes are looked at.
        name: the name to show a person in errors.

    Raises:
        UnsupportedFormat: the content is none of them.
    """
    found = recognise(data[:512])
    if found is None:
        raise UnsupportedFormat(
            f"{name} holds {describe(data[:512])}, expected one of {', '.join(FORMATS)}",
            remedy="export the photo as JPEG or PNG",
        )
    return found


def recognise(head: bytes) -> Content | None:
    """The format of a file by its first bytes, or None.

    Scripts and proxies put a line break, a byte order mark or a line of text before a picture, and some programs
    write the first marker of a JPEG twice: what follows within `STRAY_BYTES` counts.

    Args:
        head: the first 512 bytes, or all there are.
    """
    found = _match(head)
    if found is not None:
        return Content(found)
    if head.startswith(b"\xff\xd8\xff\xd8\xff"):
        return Content("JPEG", 2)
    if any(head.startswith(magic) for magic, _ in _FOREIGN):
        return None
    for magic, kind in _UNMISTAKABLE:
        start = head.find(magic, 0, STRAY_BYTES + len(magic))
        if start > 0 and _STRAY.fullmatch(head[:start]):
            return Content(kind, start)
    return None


def _match(head: bytes) -> str | None:  # noqa: PLR0911 - one line per container reads best
    if head.startswith(b"\xff\xd8\xff") and not head.startswith(b"\xff\xd8\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return None if head[8:10] == b"CR" else "TIFF"  # CR2, a camera's raw file, dresses up as TIFF
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if head[4:8] == b"ftyp":
        return _match_iso_media(head)
    return None


def _match_iso_media(head: bytes) -> str | None:
    # ISO/IEC 14496-12: box size, "ftyp", major brand, minor version, compatible brands. An AVIF may carry the
    # neutral major brand mif1, so the compatible brands decide.
    size = int.from_bytes(head[:4], "big")
    box = head[8 : min(max(size, 16), len(head))]
    brands = {box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None


def describe(head: bytes) -> str:  # noqa: PLR0911 - as above
    """What a file holds that is no photo, in words.

    Args:
        head: its first 512 bytes, or all there are.
    """
    for magic, words in _FOREIGN:
        if head.startswith(magic):
            return words
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return "a camera raw file"
    if head[4:8] == b"ftyp":
        return "video or another ISO media file"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if b"<svg" in start:
        return "a drawing (SVG)"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        return "a web page or XML"
    if not head.strip(b"\x00"):
        return "nothing but zero bytes"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "an unknown kind of data"
    return "text"


def check_suffix(name: str, content: str, *, refuse: bool) -> str | None:
    """Compare the suffix of a file name with its content.

    A name without a suffix, or with one that stands for nothing in particular, agrees with every content.

    Args:
        name: a file name or path.
        content: the format `sniff` found.
        refuse: raise where the two disagree, instead of returning a note.

    Returns:
        A note in words where they disagree, else None.

    Raises:
        MislabelledPhoto: they disagree, and `refuse` asks for it.
        UnsupportedFormat: the name is that of a camera's raw file and the content a TIFF, as raw files are: the
            picture in it is only a preview.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _RAW_SUFFIXES and content == "TIFF":
        raise UnsupportedFormat(
            f"{name} is a camera raw file, expected one of {', '.join(FORMATS)}",
            remedy="develop it and export the photo as JPEG or TIFF",
        )
    foreign = suffix in _RAW_SUFFIXES or suffix in _OTHER_SUFFIXES
    if SUFFIXES.get(suffix) == content or (suffix not in SUFFIXES and not foreign):
        return None
    if not refuse:
        return f"the name says {suffix}, the content is {content}"
    raise MislabelledPhoto(
        f"{name} holds {content}, but its name says {suffix}",
        remedy=f"rename it to {PurePath(name).stem}{_USUAL_SUFFIX[content]}, or allow it: refuse_mislabelled=False"
        " (PACKSHOT_LIMITS__REFUSE_MISLABELLED=false)",
    )
