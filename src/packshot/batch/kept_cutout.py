"""The cut-out an earlier run wrote, read back exactly: what pictures for another profile are composed of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.outputs import shadow_path

if TYPE_CHECKING:
    from packshot.batch.journal import Entry
    from packshot.values import Cutout

__all__ = ["kept_cutout"]


def kept_cutout(entry: Entry, out: Path) -> Cutout | None:
    """The product alone, as it was cut out.

    Args:
        entry: of the photo.
        out: the output folder.

    Returns:
        The cut-out, with the mask and the photographed shadow it was cut with; None where a file of it is not there, or
        is no picture.
    """
    record = entry.record
    if record.cutout is None:
        return None
    import cv2  # noqa: PLC0415  # heavy, and only workers need it
    import numpy as np  # noqa: PLC0415

    from packshot.values import Cutout, Mask  # noqa: PLC0415

    def read(file: str) -> cv2.typing.MatLike | None:
        try:
            return cv2.imdecode(np.fromfile(out / file, np.uint8), cv2.IMREAD_UNCHANGED)
        except (OSError, cv2.error):
            return None

    bgra = read(record.cutout)
    if bgra is None or bgra.dtype != np.uint8 or bgra.ndim != 3 or bgra.shape[2] != 4:
        return None
    rgba = np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA), np.uint8)
    alpha = rgba[..., 3].astype(np.float32) * np.float32(1 / 255)
    shadow = None
    if shadow_path(entry.stem) in entry.outputs:
        grey = read(shadow_path(entry.stem))
        if grey is None or grey.dtype != np.uint8 or grey.shape != alpha.shape:
            return None
        shadow = np.asarray(grey.astype(np.float32) * np.float32(1 / 255), np.float32)
    mask = Mask(alpha, record.uncertainty or 0.0, "kept", shadow=shadow)
    return Cutout(rgba=rgba, mask=mask, source_type=record.source_type)
