"""What a file is, told by its content; and whether its name agrees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from packshot.errors import MislabelledPhoto, UnsupportedFormat

__all__ = ["FORMATS", "SUFFIXES", "check_suffix", "sniff"]

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


def sniff(data: bytes, name: str) -> str:
    """The format of a file's content.

    Args:
        data: the file; only its first 512 bytes are looked at.
        name: the name to show a person in errors.

    Returns:
        One of `FORMATS`.

    Raises:
        UnsupportedFormat: the content is none of them.
    """
    found = _match(data[:512])
    if found is None:
        raise UnsupportedFormat(
            f"{name} holds {_describe(data[:512])}, expected one of {', '.join(FORMATS)}",
            remedy="export the photo as JPEG or PNG",
        )
    return found


def _match(head: bytes) -> str | None:  # noqa: PLR0911 - one line per container reads best
    if head.startswith(b"\xff\xd8\xff"):
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


def _describe(head: bytes) -> str:  # noqa: PLR0911 - as above
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


def check_suffix(name: str, content: str, *, accept_mislabelled: bool) -> str | None:
    """Compare the suffix of a file name with its content.

    A name without a suffix, or with one that stands for nothing in particular, agrees with every content.

    Args:
        name: a file name or path.
        content: the format `sniff` found.
        accept_mislabelled: return a note where the two disagree, instead of raising.

    Returns:
        A note in words where they disagree, else None.

    Raises:
        MislabelledPhoto: they disagree.
        UnsupportedFormat: the name is that of a camera's raw file, whose visible picture is only a preview.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _RAW_SUFFIXES:
        raise UnsupportedFormat(
            f"{name} is a camera raw file, expected one of {', '.join(FORMATS)}",
            remedy="develop it and export the photo as JPEG or TIFF",
        )
    if SUFFIXES.get(suffix) == content or (suffix not in SUFFIXES and suffix not in _OTHER_SUFFIXES):
        return None
    if accept_mislabelled:
        return f"the name says {suffix}, the content is {content}"
    right = next(known for known in (".jpg", *SUFFIXES) if SUFFIXES[known] == content)
    raise MislabelledPhoto(
        f"{name} holds {content}, but its name says {suffix}",
        remedy=f"rename it to {PurePath(name).stem}{right}, or allow mislabelled files in the limits",
    )
