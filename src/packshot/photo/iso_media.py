"""What stands around the picture in an AVIF or HEIF file: boxes that decoders ignore, or stumble over.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (items and their properties), AV1 Image File Format 1.1.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["Items", "padded", "read_items", "with_alpha_size", "with_known_brand", "zeroed_share"]

_MAX_BOXES = 20_000
# Arithmetic coding fills every byte, and HEVC never has three zero bytes in a row: so many of them were never written
# by an encoder.
_ZEROS = re.compile(rb"\x00{32,}")
_PADDING_BYTES = 256
_MISSING_BYTES = 16


@dataclass(slots=True)
class Items:
    """The items of a file.

    Attributes:
        primary: id of the item that is the picture.
        kinds: id to four-letter type, such as ``av01`` or ``grid``.
        properties: type and content of each property, as they are counted from 1.
        owned: id to the numbers of its properties.
        places: id to (offset, length) of its pieces in the file.
        tiles: id of a derived picture to the ids it is made of.
        alphas: ids of the items that are an alpha channel of `primary`.
    """

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    tiles: dict[int, list[int]] = field(default_factory=dict)
    alphas: list[int] = field(default_factory=list)

    def find(self, item: int, kind: bytes) -> list[bytes]:
        """The contents of an item's properties of one type."""
        numbers = (number for number in self.owned.get(item, ()) if 1 <= number <= len(self.properties))
        return [content for owned, content in (self.properties[number - 1] for number in numbers) if owned == kind]

    @property
    def code_points(self) -> tuple[int, int, bool] | None:
        """ColourPrimaries, TransferCharacteristics and full range of the picture; None where it has an ICC profile."""
        found = self.find(self.primary, b"colr")
        if any(content[:4] in (b"prof", b"rICC") for content in found):
            return None
        for content in found:
            if content[:4] == b"nclx" and len(content) >= 11:
                primaries, transfer, _, full = struct.unpack(">HHHB", content[4:11])
                return primaries, transfer, bool(full & 0x80)
        return None

    def aperture(self, width: int, height: int) -> tuple[int, int, int, int] | None:
        """The part of the stored picture that is meant to be seen (``clap``).

        Args:
            width: of the stored picture, in pixels.
            height: of the stored picture, in pixels.

        Returns:
            (x0, y0, x1, y1) in pixels, end-exclusive; None where all of it is meant, or the property makes no sense.
        """
        for content in self.find(self.primary, b"clap"):
            with contextlib.suppress(struct.error, ZeroDivisionError):
                numbers = struct.unpack(">IIIIiIiI", content[:32])
                wide, high, right, down = (Fraction(a, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True))
                x0 = right + Fraction(width - 1, 2) - (wide - 1) / 2
                y0 = down + Fraction(height - 1, 2) - (high - 1) / 2
                box = (round(x0), round(y0), round(x0 + wide), round(y0 + high))
                inside = 0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height
                return box if inside and box != (0, 0, width, height) else None
        return None


def read_items(data: bytes) -> Items:
    """Read the items of a file; what is damaged is left out.

    Args:
        data: the file.
    """
    items = Items()
    with contextlib.suppress(struct.error, IndexError, ValueError):
        for kind, start, end in _boxes(data, 0, len(data)):
            if kind == b"meta":
                _read_meta(data, start + 4, end, items)
                break
    return items


def padded(data: bytes, items: Items) -> bytes:
    """The file, with zero bytes for up to 16 that are missing at its end; decoders refuse it otherwise.

    Args:
        data: the file.
        items: of that file.
    """
    end = max((offset + length for pieces in items.places.values() for offset, length in pieces), default=0)
    return data + bytes(end - len(data)) if 0 < end - len(data) <= _MISSING_BYTES else data


def with_known_brand(data: bytes) -> bytes:
    """The file with a major brand that libheif's readers know, where it has only that of a later edition (mif2)."""
    return data[:8] + b"mif1" + data[12:] if data[8:12] == b"mif2" else data


def with_alpha_size(data: bytes, items: Items) -> bytes:
    """Give an alpha channel that lacks its size (``ispe``) that of the picture, which it must have.

    Some encoders leave it out; libavif then refuses the file, where browsers show it.

    Args:
        data: an AVIF file.
        items: of that file.

    Returns:
        The file, unchanged if nothing is missing.
    """
    sizes = [number for number in items.owned.get(items.primary, ()) if _kind_of(items, number) == b"ispe"]
    lacking = [item for item in items.alphas if not items.find(item, b"ispe")]
    if not sizes or not lacking or sizes[0] > 127:
        return data
    with contextlib.suppress(struct.error, IndexError, ValueError):
        for item in lacking:
            data = _with_property(data, item, sizes[0])
    return data


def zeroed_share(data: bytes, items: Items) -> float:
    """How much of the picture's data was overwritten with zero bytes, 0..1.

    Zero bytes at the end of a piece, as encoders pad it, do not count.

    Args:
        data: the file.
        items: of that file.
    """
    zeros = total = 0
    wanted = [items.primary, *items.tiles.get(items.primary, ()), *items.alphas]
    for item in wanted:
        if items.kinds.get(item) not in (b"av01", b"hvc1", b"hev1"):
            continue
        for offset, length in items.places.get(item, ()):
            piece = data[offset : offset + length]
            total += len(piece)
            for run in _ZEROS.finditer(piece):
                if run.end() < len(piece) or run.end() - run.start() > _PADDING_BYTES:
                    zeros += run.end() - run.start()
    return zeros / total if total else 0.0


def _kind_of(items: Items, number: int) -> bytes:
    return items.properties[number - 1][0] if 1 <= number <= len(items.properties) else b""


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start of the content and end of each box."""
    for _ in range(_MAX_BOXES):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        stop = end if size == 0 else at + size
        if stop < start or stop > end:
            return
        yield kind, start, stop
        at = stop


def _read_meta(data: bytes, start: int, end: int, items: Items) -> None:
    found = {kind: (at, stop) for kind, at, stop in _boxes(data, start, end)}
    if b"pitm" in found:
        at = found[b"pitm"][0]
        items.primary = struct.unpack_from(">I" if data[at] else ">H", data, at + 4)[0]
    if b"iinf" in found:
        at, stop = found[b"iinf"]
        for kind, inner, _ in _boxes(data, at + (8 if data[at] else 6), stop):
            if kind == b"infe" and data[inner] in (2, 3):
                size = 4 if data[inner] == 3 else 2
                item = int.from_bytes(data[inner + 4 : inner + 4 + size], "big")
                items.kinds[item] = data[inner + 6 + size : inner + 10 + size]
    if b"iprp" in found:
        for kind, inner, stop in _boxes(data, *found[b"iprp"]):
            if kind == b"ipco":
                items.properties = [(name, data[at:last]) for name, at, last in _boxes(data, inner, stop)]
            elif kind == b"ipma":
                for item, _, numbers in _associations(data, inner):
                    items.owned.setdefault(item, []).extend(numbers)
    if b"iref" in found:
        _read_references(data, *found[b"iref"], items)
    if b"iloc" in found:
        for item, base, pieces in _locations(data, found[b"iloc"][0]):
            items.places[item] = [(base + offset, length) for offset, length, _ in pieces]


def _associations(data: bytes, at: int) -> Iterator[tuple[int, int, list[int]]]:
    """Of an ipma box: item, place of the count of its properties in the file, numbers of its properties."""
    version, wide = data[at], data[at + 3] & 1
    (count,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(count, _MAX_BOXES)):
        size = 2 if version < 1 else 4
        item = int.from_bytes(data[at : at + size], "big")
        place, number = at + size, data[at + size]
        at = place + 1
        step = 2 if wide else 1
        entries = [data[at + step * index : at + step * (index + 1)] for index in range(number)]
        yield item, place, [int.from_bytes(entry, "big") & (0x7FFF if wide else 0x7F) for entry in entries]
        at += step * number


def _read_references(data: bytes, start: int, end: int, items: Items) -> None:
    size = 4 if data[start] else 2
    auxiliary: list[int] = []
    for kind, at, _ in _boxes(data, start + 4, end):
        source = int.from_bytes(data[at : at + size], "big")
        (count,) = struct.unpack_from(">H", data, at + size)
        first = at + size + 2
        targets = [int.from_bytes(data[first + size * n : first + size * (n + 1)], "big") for n in range(count)]
        if kind == b"dimg":
            items.tiles.setdefault(source, []).extend(targets)
        elif kind == b"auxl" and items.primary in targets:
            auxiliary.append(source)
    items.alphas = [item for item in auxiliary if any(b"alpha" in content for content in items.find(item, b"auxC"))]


def _locations(data: bytes, at: int) -> Iterator[tuple[int, int, list[tuple[int, int, int]]]]:
    """Of an iloc box: item, base offset, and (offset, length, place of the offset in the file) of each piece.

    Items that do not lie in the file itself are left out.
    """
    version = data[at]
    sizes, more = data[at + 4], data[at + 5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    count = int.from_bytes(data[at + 6 : at + 6 + wide], "big")
    at += 6 + wide
    for _ in range(min(count, _MAX_BOXES)):
        item = int.from_bytes(data[at : at + wide], "big")
        at += wide
        method = 0
        if version in (1, 2):
            method = data[at + 1] & 15
            at += 2
        base = int.from_bytes(data[at + 2 : at + 2 + base_size], "big")
        base_place = at + 2
        at += 2 + base_size
        (number,) = struct.unpack_from(">H", data, at)
        at += 2
        pieces = []
        for _ in range(min(number, _MAX_BOXES)):
            at += index_size
            offset = int.from_bytes(data[at : at + offset_size], "big")
            length = int.from_bytes(data[at + offset_size : at + offset_size + length_size], "big")
            pieces.append((offset, length, at if offset_size else base_place))
            at += offset_size + length_size
        if method == 0:
            yield item, base, pieces


def _with_property(data: bytes, item: int, number: int) -> bytes:
    """Let an item own one property more: one or two bytes more in ipma, and all that counts them."""
    outer = next((start, end) for kind, start, end in _boxes(data, 0, len(data)) if kind == b"meta")
    inner = {kind: (start, end) for kind, start, end in _boxes(data, outer[0] + 4, outer[1])}
    ipma = next(start for kind, start, _ in _boxes(data, *inner[b"iprp"]) if kind == b"ipma")
    place, owned = next((place, numbers) for one, place, numbers in _associations(data, ipma) if one == item)
    wide = data[ipma + 3] & 1
    added = number.to_bytes(2 if wide else 1, "big")
    changed = bytearray(data)
    changed[place] = len(owned) + 1
    for start in (outer[0], inner[b"iprp"][0], ipma):
        (size,) = struct.unpack_from(">I", data, start - 8)
        if size < 8:  # of 64 bits, or up to the end of the file
            raise ValueError("a size that cannot be changed in place")
        struct.pack_into(">I", changed, start - 8, size + len(added))
    at = inner[b"iloc"][0]
    offset_size = data[at + 4] >> 4
    for _, base, pieces in _locations(data, at):
        for offset, _, spot in pieces:
            if base + offset > place:
                size = offset_size or data[at + 5] >> 4
                moved = (offset if offset_size else base) + len(added)
                changed[spot : spot + size] = moved.to_bytes(size, "big")
    # Behind the last of the item's own; what stands before it keeps its place.
    after = place + 1 + (2 if wide else 1) * len(owned)
    return bytes(changed[:after]) + added + bytes(changed[after:])
