"""The part of a fingerprint that is small enough to keep in a row: what finds candidates, and what ranks copies."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint

__all__ = ["Sketch"]

_VERSION = 1  # raise it when the sketch of the same picture would be another one
_HEAD = struct.Struct("<BII32sQdd")


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """About 2 kB of a fingerprint; the pictures themselves are needed to verify a pair.

    Attributes:
        pixels: of `pixel_hash`.
        size: (width, height) of the picture, pixels.
        hash: of `perceptual_hash`.
        codes: uint64 (n,), of `candidate_index.codes`.
        detail: pixels the picture really has.
        roughness: what lossy files add.
    """

    pixels: str
    size: tuple[int, int]
    hash: int
    codes: NDArray[np.uint64] = field(repr=False)
    detail: float
    roughness: float

    @classmethod
    def of(cls, fingerprint: Fingerprint) -> Self:
        """The sketch of a picture."""
        return cls(
            fingerprint.pixels,
            fingerprint.size,
            fingerprint.hash,
            fingerprint.codes,
            fingerprint.detail,
            fingerprint.roughness,
        )

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The sketch from its text; None where that is damaged or of another version: calculate it again then."""
        try:
            data = base64.b64decode(text, validate=True)
            version, width, height, pixels, hashed, detail, roughness = _HEAD.unpack_from(data)
            codes = np.frombuffer(data, "<u8", offset=_HEAD.size).astype(np.uint64)
        except (ValueError, binascii.Error, struct.error):
            return None
        if version != _VERSION:
            return None
        return cls(pixels.hex(), (width, height), hashed, codes, detail, roughness)

    def text(self) -> str:
        """As a row keeps it: about 2.8 kB of ASCII."""
        head = _HEAD.pack(
            _VERSION, *self.size, bytes.fromhex(self.pixels), self.hash, float(self.detail), float(self.roughness)
        )
        return base64.b64encode(head + self.codes.astype("<u8").tobytes()).decode("ascii")
