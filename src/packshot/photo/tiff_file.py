"""The first picture of a TIFF, sample by sample, in the layouts that Pillow does not read or reads wrongly.

Sources: TIFF 6.0, Adobe Photoshop TIFF technical notes 1 and 3 (predictors), the BigTIFF design.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from packshot.counting import counted
from packshot.values import AnyArray

__all__ = ["Directory", "read_directory", "read_samples"]

_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "s", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MAX_ENTRIES = 1000
_MAX_SEGMENTS = 200_000
_MAX_BYTES = 8_000_000
_NONE, _DEFLATE, _OLD_DEFLATE = 1, 8, 32946
_BY_LIBTIFF = frozenset({5, 32773, 50000})  # LZW, PackBits, Zstandard


#: The values of a tag: whole numbers, fractions, or one piece of text or opaque content.
Tag = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """The tags of a TIFF's first picture.

    Attributes:
        order: ``<`` or ``>``, as `struct` writes byte orders.
        big: whether it is a BigTIFF.
        tags: number to values; text and opaque content as one bytes.
    """

    order: str
    big: bool
    tags: dict[int, Tag]

    def one(self, tag: int, default: int) -> int:
        """The first value of a numeric tag."""
        values = self.tags.get(tag, ())
        return values[0] if values and isinstance(values[0], int) else default

    @property
    def width(self) -> int:
        """In pixels."""
        return self.one(256, 0)

    @property
    def height(self) -> int:
        """In pixels."""
        return self.one(257, 0)

    @property
    def samples(self) -> int:
        """Of a pixel."""
        return self.one(277, 1)

    @property
    def photometric(self) -> int:
        """0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 CIELab, 9 ICCLab; -1 where nothing is said."""
        return self.one(262, -1)

    @property
    def planar(self) -> bool:
        """Whether each sample has a plane of its own."""
        return self.one(284, 1) == 2 and self.samples > 1

    @property
    def bits(self) -> int:
        """Of a sample; 0 where they differ."""
        bits = set(self.tags.get(258, (1,)))
        return int(bits.pop()) if len(bits) == 1 else 0

    @property
    def number(self) -> str:
        """Kind of the samples: ``u`` unsigned, ``i`` signed, ``f`` floating point, ``""`` unknown or mixed."""
        kinds = set(self.tags.get(339, (1,)))
        return {1: "u", 2: "i", 3: "f", 4: "u"}.get(kinds.pop(), "") if len(kinds) == 1 else ""

    @property
    def extra(self) -> tuple[int, ...]:
        """Meaning of the samples beyond the colours: 0 unknown, 1 premultiplied alpha, 2 straight alpha."""
        return tuple(self.tags.get(338, ()))

    @property
    def profile(self) -> bytes | None:
        """The ICC profile."""
        content = self.tags.get(34675, (None,))[0]
        return content if isinstance(content, bytes) else None


def read_directory(data: bytes) -> Directory:
    """Read the tags of the first picture.

    Args:
        data: a TIFF or BigTIFF.

    Raises:
        ValueError: its structure is damaged.
    """
    order = "<" if data[:2] == b"II" else ">"
    try:
        (version,) = struct.unpack_from(order + "H", data, 2)
        big = version == 43
        (at,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        (count,) = struct.unpack_from(order + ("Q" if big else "H"), data, at)
        if count > _MAX_ENTRIES:
            raise ValueError(counted(count, "tag"))
        at += 8 if big else 2
        size = 20 if big else 12
        tags: dict[int, Tag] = {}
        for entry in range(count):
            found = _entry(data, at + size * entry, order, big)
            if found is not None:
                tags.setdefault(*found)
    except struct.error as error:
        raise ValueError("its directory is damaged") from error
    return Directory(order, big, tags)


def _entry(data: bytes, at: int, order: str, big: bool) -> tuple[int, Tag] | None:
    tag, kind, count = struct.unpack_from(order + ("HHQ" if big else "HHI"), data, at)
    code = _TYPES.get(kind)
    if code is None:
        return None
    size = count * struct.calcsize(code)
    room = 8 if big else 4
    place = at + (12 if big else 8)
    if size > room:
        (place,) = struct.unpack_from(order + ("Q" if big else "I"), data, place)
    if size > min(_MAX_BYTES, len(data) - place):
        return None  # whoever needs the tag misses it
    if code == "s":
        return tag, (data[place : place + size],)
    return tag, struct.unpack_from(f"{order}{count}{code}", data, place)


def read_samples(data: bytes, directory: Directory) -> AnyArray:
    """Decode the first picture without giving its samples a meaning.

    Args:
        data: the file.
        directory: of that file, whose size in pixels was found to be acceptable.

    Returns:
        (h, w, samples) in the file's own type, in the byte order of this machine.

    Raises:
        ValueError: compressed in a way, or of a layout, that is not read here; or data is missing.
    """
    if directory.bits not in (8, 16, 32, 64) or not directory.number or not 1 <= directory.samples <= 16:
        raise ValueError(f"samples of {directory.bits} bits")
    kind = np.dtype(f"{directory.order}{directory.number}{directory.bits // 8}")
    segment = _Segment.of(directory)
    decode = _decoder(directory)
    height, width = directory.height, directory.width
    result = np.zeros((height, width, directory.samples), kind.newbyteorder("="))
    offsets, counts = (directory.tags.get(324 if segment.tiled else 273, ()), _counts(directory, segment.tiled))
    if len(offsets) != len(counts) or not segment.number <= len(offsets) <= _MAX_SEGMENTS:
        raise ValueError("the list of its pieces is damaged")
    for index, (plane, top, left) in enumerate(segment.places()):
        packed = data[offsets[index] : offsets[index] + counts[index]]
        rows = segment.height if segment.tiled else min(segment.height, height - top)
        size = rows * segment.width * segment.samples * kind.itemsize
        unpacked = decode(packed, segment.width * segment.samples * kind.itemsize, rows)
        if len(unpacked) < size:
            raise ValueError("picture data is missing")
        piece = _values(unpacked[:size], kind, (rows, segment.width, segment.samples), directory.one(317, 1))
        piece = piece[: height - top, : width - left]
        into = result[top : top + piece.shape[0], left : left + piece.shape[1]]
        into[..., plane : plane + segment.samples] = piece
    return result


def _counts(directory: Directory, tiled: bool) -> Tag:
    return directory.tags.get(325 if tiled else 279, ())


@dataclass(frozen=True, slots=True)
class _Segment:
    """A strip or tile: what is compressed together."""

    tiled: bool
    width: int
    height: int
    samples: int
    planes: int
    down: int
    across: int

    @classmethod
    def of(cls, directory: Directory) -> _Segment:
        tiled = 324 in directory.tags
        width = directory.one(322, 0) if tiled else directory.width
        height = directory.one(323, 0) if tiled else min(directory.one(278, directory.height), directory.height)
        if min(width, height) < 1 or (tiled and width * height > 4 * directory.width * directory.height + 1_000_000):
            raise ValueError("the size of its pieces is damaged")
        samples = 1 if directory.planar else directory.samples
        planes = directory.samples if directory.planar else 1
        down, across = -(-directory.height // height), -(-directory.width // width)
        return cls(tiled, width, height, samples, planes, down, across)

    @property
    def number(self) -> int:
        return self.planes * self.down * self.across

    def places(self) -> Iterator[tuple[int, int, int]]:
        for plane in range(self.planes):
            for row in range(self.down):
                for column in range(self.across):
                    yield plane, row * self.height, column * self.width


def _decoder(directory: Directory) -> Callable[[bytes, int, int], bytes]:
    compression = directory.one(259, _NONE)
    if compression == _NONE:
        return lambda packed, _, __: packed
    if compression in (_DEFLATE, _OLD_DEFLATE):
        return lambda packed, line, rows: zlib.decompressobj().decompress(packed, line * rows)
    if compression in _BY_LIBTIFF:
        return lambda packed, line, rows: _unpack(packed, line, rows, compression)
    raise ValueError(f"compression {compression} with {directory.bits}-bit samples")


def _unpack(packed: bytes, line: int, rows: int, compression: int) -> bytes:
    """Let libtiff unpack a piece as grey bytes: a TIFF of its own around it."""
    picture = {256: line, 257: rows, 258: 8, 259: compression, 262: 1}
    entries = (picture | {273: 126, 277: 1, 278: rows, 279: len(packed)}).items()
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    file = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + b"\0" * 4
    with Image.open(io.BytesIO(file.ljust(126, b"\0") + packed), formats=["TIFF"]) as image:
        return image.tobytes()


def _values(unpacked: bytes, kind: np.dtype[np.generic], shape: tuple[int, int, int], predictor: int) -> AnyArray:
    if predictor == 3 and kind.kind == "f":
        # The bytes of a line are sorted by their weight, largest first, and each is a difference to the one before.
        rows, width, samples = shape
        lines = np.frombuffer(unpacked, np.uint8).reshape(rows, -1, samples)
        lines = np.cumsum(lines, axis=1, dtype=np.uint8).reshape(rows, kind.itemsize, width * samples)
        return np.ascontiguousarray(lines.transpose(0, 2, 1)).view(kind.newbyteorder(">")).reshape(shape)
    values = np.frombuffer(unpacked, kind).reshape(shape)
    if predictor == 2:
        native = values.astype(kind.newbyteorder("="))
        return np.cumsum(native, axis=1, dtype=native.dtype)
    return values
