"""How many scans a JPEG holds, and whether all of it is there, without decoding one of them.

A progressive JPEG sends its picture in scans, each of which the decoder works through at the full size: a
valid 167 KB file of 49 megapixels with 880 scans keeps libjpeg busy for ten seconds.

A file may also hold millions of empty segments, or megabytes of padding between two: no photo does, and
decoders step through them one by one.

Source: ITU-T T.81, annex B (markers and segments) and G.1 (progressive scans).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Scans", "read_scans"]

# In entropy-coded data FF 00 is a stuffed byte, FF D0..D7 a restart and FF FF a fill byte; all else is a
# marker.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_MAX_MARKERS = 20_000
_MAX_PADDING_BYTES = 65_536


@dataclass(slots=True)
class Scans:
    """The scans of a JPEG's first picture.

    Attributes:
        count: of start-of-scan markers; at most one above where counting stopped.
        ended: whether the marker of the picture's end is there.
        end: where the picture's end marker stands in the file, or the length of the file.
        progressive: whether detail comes in several scans.
        components: ids of the colour components the header names.
    """

    count: int = 0
    ended: bool = False
    end: int = 0
    progressive: bool = False
    components: tuple[int, ...] = ()
    _missing_bits: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def detailed(self) -> bool:
        """Whether a scan was begun for every bit of every frequency; of a file that is not progressive always true."""
        if not self.progressive:
            return True
        lowest = self._missing_bits
        return all(lowest.get((one, place), 1) == 0 for one in self.components for place in (0, 1, 63))

    def add(self, header: bytes) -> None:
        """Count a scan.

        Args:
            header: the start-of-scan segment behind its length; a damaged one is counted and not looked into.
        """
        self.count += 1
        number = header[0] if header else 0
        if not self.progressive or len(header) < 4 + 2 * number:
            return
        first, last, bits = header[1 + 2 * number : 4 + 2 * number]
        for component in header[1 : 1 + 2 * number : 2]:
            for place in range(first, min(last, 63) + 1):
                self._missing_bits[component, place] = bits & 15


def read_scans(data: bytes, *, stop_after: int) -> Scans:
    """Read the headers of the scans.

    Segments are stepped over, so that a thumbnail within the metadata counts for nothing, and entropy-coded
    data is searched for its end; a damaged file gives what stands before the damage.

    Args:
        data: the JPEG file.
        stop_after: return as soon as there are more scans than this.

    Raises:
        ValueError: more than 20,000 segments, or more than 64 KiB between them.
    """
    scans = Scans(end=len(data))
    markers = padding = 0
    at = 2  # behind the start-of-image marker
    while (found := _MARKER.search(data, at)) is not None:
        markers += 1
        padding += found.start() - at if scans.count == 0 else 0
        if markers > _MAX_MARKERS or padding > _MAX_PADDING_BYTES:
            raise ValueError("its segments are drowned in padding")
        marker, at = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            scans.ended, scans.end = True, found.start()
            break
        if marker in _STANDALONE:
            continue
        length = max(2, int.from_bytes(data[at : at + 2], "big"))
        segment = data[at + 2 : at + length]
        if marker == _START_OF_SCAN:
            scans.add(segment)
            if scans.count > stop_after:
                break
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            scans.progressive = marker in _PROGRESSIVE
            scans.components = tuple(segment[6::3][: segment[5]]) if len(segment) > 6 else ()
        at += length
    return scans
