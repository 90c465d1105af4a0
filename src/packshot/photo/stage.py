"""The first stage: a file's bytes become a photo."""

from __future__ import annotations

import os
from collections.abc import Mapping

from packshot.limits import Limits
from packshot.photo.decode import decode
from packshot.stage import Stage
from packshot.values import AnyArray, Photo

__all__ = ["PhotoStage"]


class PhotoStage(Stage):
    """Decodes within limits; see `packshot.photo.decode`.

    Args:
        limits: on pixels, bytes and scans.
    """

    name = "photo"
    revision = 5

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def __call__(self, source: str | os.PathLike[str] | bytes | AnyArray, *, name: str) -> Photo:
        """The photo, upright and in sRGB.

        Args:
            source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
            name: shown in messages.

        Raises:
            PhotoError: it cannot become a photo.
        """
        return decode(source, name=name, limits=self._limits)

    def settings(self) -> Mapping[str, object]:
        """The limits."""
        return {"limits": self._limits.model_dump(mode="json")}
