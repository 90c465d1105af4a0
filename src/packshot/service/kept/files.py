"""The files of a kept photo, as a worker process reads and writes them; a mask is named after how it was drawn."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout import Stroke
from packshot.photo import grey_of
from packshot.service.job import JobRefused
from packshot.settings import Subject
from packshot.values import Alpha, AnyArray, Mask, Photo, SourceType

__all__ = ["MASK_KEY", "KeptFiles", "mask_key", "mask_of"]

#: Of a mask's name: what it was drawn with.
MASK_KEY = r"[0-9a-f]{32}"


def mask_key(subject: Subject, strokes: Sequence[Stroke]) -> str:
    """Names the mask that strokes on a subject's mask give: 32 hexadecimal digits."""
    digest = hashlib.sha256(subject.value.encode())
    for stroke in strokes:
        digest.update(stroke.model_dump_json().encode() + b"\n")
    return digest.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The files of one photo.

    Attributes:
        folder: that holds them.
    """

    folder: Path

    def write_photo(self, photo: Photo) -> None:
        """Keep the pixels, raw: they are opened far more often than written."""
        file = io.BytesIO()
        np.save(file, photo.rgb, allow_pickle=False)
        _write(self.folder / "photo.npy", file.getvalue())
        if photo.alpha is not None:
            file = io.BytesIO()
            np.save(file, photo.alpha, allow_pickle=False)
            _write(self.folder / "alpha.npy", file.getvalue())
        origin = {"sha256": photo.sha256, "source_type": photo.source_type}
        _write(self.folder / "origin.json", json.dumps(origin).encode())

    def photo(self) -> Photo:
        """The photo, upright and without its frame.

        Raises:
            JobRefused: it is gone.
        """
        try:
            rgb = np.load(self.folder / "photo.npy", allow_pickle=False)
            own = self.folder / "alpha.npy"
            alpha = np.load(own, allow_pickle=False) if own.is_file() else None
            origin = json.loads((self.folder / "origin.json").read_bytes())
        except OSError as error:
            raise _gone() from error
        kind = origin["source_type"]
        source_type = None if kind is None else SourceType(kind)
        return Photo(
            rgb=rgb,
            source="the photo",
            sha256=origin["sha256"],
            format="ARRAY",
            alpha=alpha,
            source_type=source_type,
        )

    def write_mask(self, key: str, alpha: Alpha) -> bytes:
        """Keep a mask; gives its file, an 8-bit grey PNG."""
        grey: AnyArray = grey_of(alpha)
        _, png = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])  # a person waits, and it goes soon
        data = png.tobytes()
        _write(self._mask_path(key), data)
        return data

    def mask_file(self, key: str) -> bytes | None:
        """A mask's file; None where nobody drew it yet."""
        path = self._mask_path(key)
        return path.read_bytes() if path.is_file() else None

    def mask(self, key: str) -> Mask:
        """A mask that is there.

        Raises:
            JobRefused: it is not.
        """
        data = self.mask_file(key)
        if data is None:
            raise JobRefused("mask_gone", "there is no such mask; draw it again")
        return mask_of(data)

    def _mask_path(self, key: str) -> Path:
        return self.folder / f"mask-{key}.png"


def mask_of(data: bytes) -> Mask:
    """A mask from its file; a person has seen it."""
    grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    alpha = np.asarray(grey, np.float32) / np.float32(255)
    return Mask(np.asarray(alpha, np.float32), 0.0, "kept")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, for a worker may be killed; not fsynced, for nothing outlives the service."""
    temporary = path.with_name(f".{secrets.token_hex(8)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except FileNotFoundError as error:  # its folder went meanwhile
        raise _gone() from error


def _gone() -> JobRefused:
    return JobRefused("photo_gone", "the photo is not kept any more; send it again")
