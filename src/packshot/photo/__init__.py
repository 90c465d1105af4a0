"""Photo files in, finished pictures out: bytes -> `Photo` -> bytes.

`decode` opens what a seller uploads, within `Limits`, and refuses the rest with a typed error; `encode`
writes a finished picture whose white stays white.
"""

from packshot.photo.decode import decode
from packshot.photo.encode import DEFAULT_QUALITY, LOWEST_QUALITY, WHITE_REACH, Encoded, encode
from packshot.photo.grey import grey_of
from packshot.photo.print_file import PrintFacts, encode_print, print_facts, require_press
from packshot.photo.size import memory_to_decode
from packshot.photo.sniff import FORMATS, SUFFIXES
from packshot.photo.source import read_bytes, read_stream
from packshot.photo.transparency import GIVEN_ALPHA, given_mask, outlines_something
from packshot.photo.whole import is_all_there
from packshot.photo.xmp import source_type_of, xmp_packet

__all__ = [
    "DEFAULT_QUALITY",
    "FORMATS",
    "GIVEN_ALPHA",
    "LOWEST_QUALITY",
    "SUFFIXES",
    "WHITE_REACH",
    "Encoded",
    "PrintFacts",
    "decode",
    "encode",
    "encode_print",
    "given_mask",
    "grey_of",
    "is_all_there",
    "memory_to_decode",
    "outlines_something",
    "print_facts",
    "read_bytes",
    "read_stream",
    "require_press",
    "source_type_of",
    "xmp_packet",
]
