"""What a PNG is made of: its picture without the rest, and what it says of its colours.

Programs hang megabytes of text and metadata on a PNG, or damage a chunk that no viewer needs; Pillow refuses such
files whole. The picture stands in four kinds of chunk, which are checked here and passed on alone.

Source: PNG, third edition, 5.3 (chunks), 11.2 and 11.3.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from packshot.photo.cicp import ColourTag, from_code_points, from_gamma

__all__ = ["PNG_SIGNATURE", "Png", "read_png"]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_MAX_CHUNKS = 200_000
_MAX_PROFILE_BYTES = 4_000_000
_MAX_EXIF_BYTES = 1_000_000
_PICTURE = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_READ = frozenset({b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"eXIf", b"acTL", b"tRNS"})
_SIZES = {b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"cICP": 4, b"acTL": 8}
_RAW_EXIF = b"Raw profile type exif\x00"  # how ImageMagick stored it before there was eXIf


@dataclass(slots=True)
class Png:
    """A PNG taken apart.

    Attributes:
        data: a PNG of the picture alone: IHDR, PLTE, tRNS, IDAT, IEND.
        bit_depth: bits per sample, 1..16.
        colour_type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha.
        transparent: the sample values of the transparent colour (tRNS), in the file's own bit depth; of a palette
            None.
        profile: the ICC profile, decompressed.
        tag: colours described otherwise; None for sRGB, or where nothing is said.
        exif: the EXIF block.
        animated: whether further frames follow.
        notes: what was left out because it is damaged.
    """

    data: bytes = b""
    bit_depth: int = 8
    colour_type: int = 2
    transparent: tuple[int, ...] | None = None
    profile: bytes | None = None
    tag: ColourTag | None = None
    exif: bytes | None = None
    animated: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def grey(self) -> bool:
        """Whether the picture has no colour."""
        return self.colour_type in (0, 4)


def read_png(data: bytes) -> Png:
    """Take a PNG apart.

    Args:
        data: the file, from its signature on.

    Raises:
        ValueError: a chunk of the picture is damaged (Pillow skips the checksums of IDAT, so that a file with a few
            flipped bits would be shown as garbage), the header is not there, or there are more than 200,000 chunks,
            through which a decoder would step one by one.
    """
    png, pieces, read = Png(), [PNG_SIGNATURE], dict[bytes, bytes]()
    view = memoryview(data)
    at = len(PNG_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            break
        length, kind = int.from_bytes(view[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 8 + length
        if kind == b"IEND":
            break
        if end + 4 > len(data):
            pieces += _last(kind, data[at + 8 : end], png)
            break
        good = zlib.crc32(view[at + 4 : end]) == int.from_bytes(view[end : end + 4], "big")
        if kind in _PICTURE:
            if not good:
                raise ValueError("the checksum of its picture data is wrong")
            pieces.append(data[at : end + 4])
            if kind == b"IHDR":
                _read_header(data[at + 8 : end], png)
        elif kind in _READ or (kind in (b"tEXt", b"zTXt") and data[at + 8 :].startswith(_RAW_EXIF)):
            if _read_chunk(kind, data[at + 8 : end], good, read, png) and kind == b"tRNS":
                pieces.append(data[at : end + 4])
        elif not good:
            png.notes.append(f"a damaged chunk was ignored ({_name(kind)})")
        at = end + 4
    else:
        raise ValueError("its picture data is drowned in empty chunks")
    if len(pieces) < 2:
        raise ValueError("it has no header")
    pieces.append(_chunk(b"IEND", b""))
    png.data = b"".join(pieces)
    _describe_colours(read, png)
    return png


def _last(kind: bytes, content: bytes, png: Png) -> list[bytes]:
    """What is of use of a chunk within which the file ends."""
    png.notes.append("its end is missing")
    if kind in _PICTURE and kind != b"IDAT":
        raise ValueError("it ends within its header")
    # The decoder finds out whether picture data is missing, or only the rest.
    return [_chunk(kind, content)] if kind == b"IDAT" else []


def _read_header(content: bytes, png: Png) -> None:
    if len(content) != 13:
        raise ValueError("its header is damaged")
    png.bit_depth, png.colour_type = content[8], content[9]


def _read_chunk(kind: bytes, content: bytes, good: bool, read: dict[bytes, bytes], png: Png) -> bool:
    """Whether the chunk is of use."""
    size = {0: 2, 2: 6}.get(png.colour_type) if kind == b"tRNS" else _SIZES.get(kind)
    if not good or not content or (size is not None and len(content) != size):
        png.notes.append(f"a damaged chunk was ignored ({_name(kind)})")
        return False
    if kind == b"acTL":
        png.animated = int.from_bytes(content[:4], "big") > 1
    elif kind == b"eXIf":
        png.exif = content[:_MAX_EXIF_BYTES]
    elif kind in (b"tEXt", b"zTXt"):
        png.exif = png.exif or _raw_exif(kind, content)
    elif kind == b"tRNS":
        if png.colour_type in (0, 2):
            samples = (int.from_bytes(content[at : at + 2], "big") for at in range(0, len(content), 2))
            png.transparent = tuple(sample & (2**png.bit_depth - 1) for sample in samples)
    else:
        read.setdefault(kind, content)
    return True


def _describe_colours(read: dict[bytes, bytes], png: Png) -> None:
    """In the order of the standard: cICP before iCCP before sRGB before gAMA and cHRM."""
    tag = None
    if b"cICP" in read:
        primaries, transfer, matrix, full = read[b"cICP"]
        tag = from_code_points(primaries, transfer, full_range=bool(full)) if matrix == 0 else None
        if tag is None:
            png.notes.append(f"colour code points that photos do not use were ignored ({primaries}, {transfer})")
    if tag is None and b"iCCP" in read:
        png.profile = _profile(read[b"iCCP"], png.notes)
    if tag is None and png.profile is None and b"sRGB" not in read:
        tag = _from_gamma(read, png.notes)
    png.tag = None if tag is None or tag.plain else tag


def _from_gamma(read: dict[bytes, bytes], notes: list[str]) -> ColourTag | None:
    place = None
    if b"cHRM" in read:
        numbers = [int.from_bytes(read[b"cHRM"][at : at + 4], "big") / 100_000 for at in range(0, 32, 4)]
        place = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    if b"gAMA" not in read:
        if place is not None:
            notes.append("primaries without a gamma were ignored, as viewers do")
        return None
    tag = from_gamma(int.from_bytes(read[b"gAMA"], "big") / 100_000, place)
    if tag is None:
        notes.append("gamma or primaries that describe no colours were ignored")
    return tag


def _profile(content: bytes, notes: list[str]) -> bytes | None:
    packed = content.partition(b"\x00")[2][1:]  # name, zero byte, method
    try:
        decompressor = zlib.decompressobj()
        profile = decompressor.decompress(packed, _MAX_PROFILE_BYTES)
        if decompressor.unconsumed_tail:
            raise ValueError(f"more than {_MAX_PROFILE_BYTES} bytes")
    except (zlib.error, ValueError) as error:
        reason = "damaged" if isinstance(error, zlib.error) else str(error)
        notes.append(f"the colour profile was ignored ({reason})")
        return None
    return profile or None


def _raw_exif(kind: bytes, content: bytes) -> bytes | None:
    try:
        text = content[len(_RAW_EXIF) :]
        if kind == b"zTXt":
            text = zlib.decompressobj().decompress(text[1:], 4 * _MAX_EXIF_BYTES)
        return bytes.fromhex("".join(text.decode("ascii").split("\n")[3:]))
    except (zlib.error, ValueError):
        return None


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def _name(kind: bytes) -> str:
    return "".join(chr(sign) if 65 <= sign <= 122 else "?" for sign in kind)
