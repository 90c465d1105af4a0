"""A fingerprint as a file, so that a picture need not be decoded again to be compared."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from packshot.duplicates.features import Features
from packshot.duplicates.fingerprint import Fingerprint

__all__ = ["fingerprint_bytes", "read_fingerprint"]

# What numpy and zipfile raise at damaged files.
_DAMAGED = (
    AttributeError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_VERSION = 3  # raise it when a fingerprint of the same picture would be another one


def fingerprint_bytes(fingerprint: Fingerprint) -> bytes:
    """The fingerprint as an ``.npz`` file of about 220 kB; the same bytes for the same fingerprint."""
    features = fingerprint.features
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        version=np.int64(_VERSION),
        pixels=np.frombuffer(bytes.fromhex(fingerprint.pixels), np.uint8),
        size=np.array(fingerprint.size, np.int64),
        hash=np.uint64(fingerprint.hash),
        points=features.points,
        sizes=features.sizes,
        angles=features.angles,
        descriptors=features.descriptors,
        codes=fingerprint.codes,
        thumbnail=fingerprint.thumbnail,
        grey=fingerprint.grey,
        fine=np.frombuffer(fingerprint.fine, np.uint8),
        background=fingerprint.background,
        detail=np.float64(fingerprint.detail),
        roughness=np.float64(fingerprint.roughness),
    )
    return buffer.getvalue()


def read_fingerprint(path: Path) -> Fingerprint | None:
    """A fingerprint from its file; None where that is gone, damaged or of another version: calculate it again then."""
    try:
        # Opened here: of a damaged file numpy would leave it open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if int(kept["version"]) != _VERSION:
                return None
            width, height = (int(side) for side in kept["size"])
            return Fingerprint(
                pixels=kept["pixels"].tobytes().hex(),
                size=(width, height),
                hash=int(kept["hash"]),
                features=Features(kept["points"], kept["sizes"], kept["angles"], kept["descriptors"]),
                codes=kept["codes"],
                thumbnail=kept["thumbnail"],
                grey=kept["grey"],
                fine=kept["fine"].tobytes(),
                background=kept["background"],
                detail=float(kept["detail"]),
                roughness=float(kept["roughness"]),
            )
    except _DAMAGED:
        return None
