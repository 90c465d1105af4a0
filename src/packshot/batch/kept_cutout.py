"""The cut-out an earlier run wrote, read back exactly: what pictures for another profile are composed of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.records import Record

if TYPE_CHECKING:
    from packshot.values import Cutout

__all__ = ["kept_cutout"]


def kept_cutout(record: Record, out: Path) -> Cutout | None:
    """The product alone, as it was cut out.

    Args:
        record: of the photo.
        out: the output folder.

    Returns:
        The cut-out, with the mask it was cut with but for a photographed shadow, which no file holds; None where there
        is no such file, or it is no picture.
    """
    if record.cutout is None:
        return None
    import cv2  # noqa: PLC0415  # heavy, and only workers need it
    import numpy as np  # noqa: PLC0415

    from packshot.values import Cutout, Mask  # noqa: PLC0415

    try:
        bgra = cv2.imdecode(np.fromfile(out / record.cutout, np.uint8), cv2.IMREAD_UNCHANGED)
    except (OSError, cv2.error):
        return None
    if bgra is None or bgra.dtype != np.uint8 or bgra.ndim != 3 or bgra.shape[2] != 4:
        return None
    rgba = np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA), np.uint8)
    alpha = rgba[..., 3].astype(np.float32) * np.float32(1 / 255)
    mask = Mask(alpha, record.uncertainty or 0.0, "kept")
    return Cutout(rgba=rgba, mask=mask, source_type=record.source_type)
