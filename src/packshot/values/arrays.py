"""Pictures and masks as arrays, and the checks that values make on construction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDING", "Alpha", "AnyArray", "Grey", "Rgb", "Rgba", "check_array", "check_fraction"]

Rgb = NDArray[np.uint8]
Rgba = NDArray[np.uint8]
Grey = NDArray[np.uint8]
Alpha = NDArray[np.float32]
#: Of any dtype: code that takes masks of bytes, of booleans and of shares alike.
AnyArray = NDArray[Any]


def check_array(name: str, array: AnyArray, *, dtype: type, channels: int | None) -> None:
    """Raise ValueError unless an array has this dtype, (h, w) or (h, w, channels), and a pixel."""
    expected = f"{np.dtype(dtype).name} (h, w)" if channels is None else f"{np.dtype(dtype).name} (h, w, {channels})"
    ok = (
        isinstance(array, np.ndarray)
        and array.dtype == dtype
        and array.ndim == (2 if channels is None else 3)
        and (channels is None or array.shape[2] == channels)
        and min(array.shape[:2]) > 0
    )
    if not ok:
        came = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{name}: expected {expected} with at least one pixel, got {came}")


ROUNDING = 1e-6
"""By so much a share that was computed in float32 may miss 0..1."""


def check_fraction(name: str, value: float) -> None:
    """Raise ValueError unless a number is in 0..1, but for rounding."""
    if not -ROUNDING <= value <= 1.0 + ROUNDING:
        raise ValueError(f"{name}: expected a number in 0..1, got {value!r}")
