"""The closed-form matte: alpha from colour lines, for hair, fur and fringes. Needs the extra ``packshot[matting]``."""

from __future__ import annotations

import sys
import threading
import warnings
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.matte import upsample
from packshot.cutout.trimap import trimap
from packshot.errors import UsageError
from packshot.extras import installing
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, Rgb

__all__ = ["closed_form", "require_pymatting"]

_SIDE = 768  # longest side of the picture that is solved, in pixels: the time grows faster than its area
_WHOLE = 1 - 1e-4  # of a pixel: the mean of ones is a little less by rounding
_PAD = 4  # known pixels around the unknown ones, in pixels that are solved
_PRIOR = 1e-3  # weight of the alpha that is there; it also bounds the solver's steps on noise-free pictures
_TOLERANCE = 1e-4  # of the solver, relative
#: Package within pymatting, and the function that the module there is called by.
_NEEDED = (("laplacian", "cf_laplacian"), ("preconditioner", "ichol"), ("solver", "cg"))
_loading = threading.Lock()


def closed_form(alpha: Alpha, rgb: Rgb, *, uncertainty: float) -> Alpha:
    """Find the matte in the unknown band of a mask (Levin, Lischinski & Weiss 2008, as in pymatting).

    Within each 3 x 3 window alpha is taken for a linear function of colour; the best such alpha that agrees with
    what is known solves one sparse linear system. Deviations from the paper, all measured by
    ``benchmarks/matting.py``: the band comes from the mask (`trimap`), not from a person; the mask's own alpha is a
    weak prior; the system covers the box of the band only, at most 768 pixels long, and a larger box gets its alpha
    by enlarging along edges (`upsample`).

    Args:
        alpha: float32 (h, w) in 0..1.
        rgb: uint8 (h, w, 3), the photo.
        uncertainty: of the mask, 0..1.

    Returns:
        float32 (h, w): `alpha` outside the band, the matte within; `alpha` itself if every edge is crisp.

    Raises:
        UsageError: pymatting is not installed.
    """
    require_pymatting()
    marked = trimap(alpha, uncertainty=uncertainty)
    band = marked == 128
    x, y, width, height = cv2.boundingRect(band.astype(np.uint8))
    if not width:
        return alpha
    scale = min(1.0, _SIDE / max(width, height))
    pad = round(_PAD / scale)
    crop = slice(max(0, y - pad), y + height + pad), slice(max(0, x - pad), x + width + pad)
    rows, columns = alpha[crop].shape
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    product, background = (
        resize((marked[crop] == value).astype(np.float32), size=size) >= _WHOLE for value in (255, 0)
    )
    solved = _solve(resize(alpha[crop], size=size), resize(rgb[crop], size=size), product, background)
    matte = alpha.copy()
    matte[crop] = np.where(band[crop], upsample(solved, rgb[crop]), alpha[crop])
    return matte


def require_pymatting() -> None:
    """Refuse politely when the extra is not installed.

    Raises:
        UsageError: it is not.
    """
    if find_spec("pymatting") is None:
        raise UsageError(
            "the closed-form matte needs pymatting", remedy=f"{installing('matting')}, or take --matte fast"
        )


def _solve(alpha: Alpha, rgb: Rgb, product: NDArray[np.bool_], background: NDArray[np.bool_]) -> Alpha:
    """Minimise ``a' L a + _PRIOR |a - alpha|^2`` over the unknown pixels: float32 (h, w) in 0..1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba's remarks on its own compilation
        cf_laplacian, ichol, cg = (getattr(_of_pymatting(package, name), name) for package, name in _NEEDED)
        known = product | background
        free, fixed = ~known.ravel(), known.ravel()
        rows = cf_laplacian(rgb / 255.0, epsilon=1e-6, is_known=known)[free]
        system = rows[:, free]
        system.setdiag(system.diagonal() + _PRIOR)
        target = _PRIOR * alpha.ravel()[free].astype(np.float64) - rows[:, fixed].dot(
            product.ravel()[fixed].astype(float)
        )
        found = cg(system, target, M=ichol(system.tocsc()), rtol=_TOLERANCE)
    solved = np.where(product, np.float32(1), np.float32(0)).ravel()
    solved[free] = np.clip(found, 0, 1)
    return solved.reshape(alpha.shape)


def _of_pymatting(package: str, name: str) -> ModuleType:
    """One module of pymatting alone: the whole package compiles all it has when it is first imported."""
    module_name = f"pymatting.{package}.{name}"
    with _loading:
        if module_name not in sys.modules:
            whole = find_spec("pymatting")
            assert whole is not None  # noqa: S101 - `require_pymatting` has looked
            assert whole.origin is not None  # noqa: S101 - a package with files
            spec = spec_from_file_location(module_name, Path(whole.origin).parent / package / f"{name}.py")
            assert spec is not None  # noqa: S101 - of a file with Python's suffix
            assert spec.loader is not None  # noqa: S101 - the same
            module = sys.modules[module_name] = module_from_spec(spec)  # numba asks for it by its name
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[module_name]
                raise
    return sys.modules[module_name]
