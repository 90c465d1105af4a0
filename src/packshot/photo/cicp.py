"""Colour described without an ICC profile: by code points (nclx, cICP) or by gamma and chromaticities (gAMA, cHRM).

Sources: ITU-T H.273 (code points), PNG third edition 11.3.2 (cICP, gAMA, cHRM), SMPTE ST 2084 (PQ), ITU-R BT.2100
(HLG), ITU-R BT.2408 (203 cd/m2 for diffuse white), ITU-R BT.2390 5.4.1 (the curve that brings highlights down).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray, Rgb

__all__ = ["ColourTag", "Transfer", "from_code_points", "from_gamma", "linear_srgb", "to_srgb_colours"]

Floats = NDArray[np.float32]
Chromaticities = tuple[tuple[float, float], ...]  # white, red, green, blue as (x, y)

_D65 = (0.3127, 0.3290)
_SRGB: Chromaticities = (_D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_PRIMARIES: dict[int, Chromaticities] = {
    1: _SRGB,
    2: _SRGB,  # unspecified
    4: ((0.310, 0.316), (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: (_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: (_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: (_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    8: ((0.310, 0.316), (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
    9: (_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: ((0.314, 0.351), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: (_D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    22: (_D65, (0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
_PRIMARY_NAMES = {9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
# The curves of television are near enough to that of sRGB that every viewer shows them as such; the same
# holds for an unspecified one.
_LIKE_SRGB = frozenset({1, 2, 6, 7, 11, 12, 13, 14, 15})
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_PQ, _HLG = 16, 18
_WHITE_NITS = 203.0
_HLG_PEAK_NITS = 1000.0
_ROWS = 64
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a sample becomes light.

    Attributes:
        gamma: light = sample ** gamma; None: the curve `curve` names.
        curve: ``sRGB``, ``PQ`` or ``HLG``.
    """

    gamma: float | None = None
    curve: str = "sRGB"


@dataclass(frozen=True, slots=True)
class ColourTag:
    """What a file says of its colours.

    Attributes:
        chromaticities: (x, y) of white, red, green and blue.
        transfer: how a sample becomes light.
        narrow: whether black and white are 16 and 235 of 255, as in television.
        words: the same for a person.
    """

    chromaticities: Chromaticities
    transfer: Transfer
    narrow: bool = False
    words: str = ""

    @property
    def hdr(self) -> bool:
        """Whether light above white can be told."""
        return self.transfer.curve in ("PQ", "HLG")

    @property
    def plain(self) -> bool:
        """Whether the samples are sRGB already."""
        same = np.allclose(self.chromaticities, _SRGB, atol=0.002)
        return bool(same) and self.transfer == Transfer() and not self.narrow


def from_code_points(primaries: int, transfer: int, *, full_range: bool = True) -> ColourTag | None:
    """What code points stand for.

    Args:
        primaries: ColourPrimaries of H.273.
        transfer: TransferCharacteristics of H.273.
        full_range: whether black is 0 and white the largest sample.

    Returns:
        None for code points that are reserved, or of no use for photos.
    """
    chromaticities = _PRIMARIES.get(primaries)
    if transfer in _LIKE_SRGB:
        curve = Transfer()
    elif transfer in _GAMMAS:
        curve = Transfer(gamma=_GAMMAS[transfer])
    elif transfer in (_PQ, _HLG):
        curve = Transfer(curve="PQ" if transfer == _PQ else "HLG")
    else:
        return None
    if chromaticities is None:
        return None
    shown = _PRIMARY_NAMES.get(primaries, f"primaries {primaries}")
    words = f"{shown}, {curve.curve if curve.gamma is None else f'gamma {curve.gamma:g}'}"
    return ColourTag(chromaticities, curve, not full_range, words)


def from_gamma(gamma: float, chromaticities: Chromaticities | None) -> ColourTag | None:
    """What a PNG's gAMA and cHRM stand for.

    Args:
        gamma: of the file, as stored: about 0.45455 for sRGB.
        chromaticities: (x, y) of white, red, green and blue; sRGB's if None.

    Returns:
        None where the numbers describe no colours.
    """
    if not 0.1 <= gamma <= 10:
        return None
    place = _SRGB if chromaticities is None else chromaticities
    try:
        _matrix(place)
    except (np.linalg.LinAlgError, ZeroDivisionError, ValueError):
        return None
    # 1 / 2.2 is how programs write "sRGB" where only a number is allowed.
    transfer = Transfer() if abs(gamma - 0.45455) < 0.001 else Transfer(gamma=1 / gamma)
    return ColourTag(
        place, transfer, words=f"gamma {1 / gamma:.3g}" + (" and its own primaries" if chromaticities else "")
    )


def linear_srgb() -> ColourTag:
    """Samples that are light, as programs write floating-point pictures."""
    return ColourTag(_SRGB, Transfer(gamma=1.0), words="linear light")


def to_srgb_colours(rgb: AnyArray, tag: ColourTag) -> Rgb:
    """Convert samples to sRGB.

    Light above white (HDR) is brought down by the curve of BT.2390, from the brightest light that is in the picture
    to white; what is darker than about half of that stays as it is. Colours outside of sRGB are clipped.

    Args:
        rgb: uint8 or uint16 (h, w, 3), full range.
        tag: what they stand for.

    Returns:
        uint8 (h, w, 3).
    """
    table = _light(tag, rgb.dtype.itemsize)
    matrix = np.linalg.solve(_matrix(_SRGB), _matrix(tag.chromaticities)).astype(np.float32)
    encoded = _encoding()
    result = np.empty(rgb.shape, np.uint8)
    peak = _peak(rgb, table, tag) if tag.hdr else 1.0
    for top in range(0, rgb.shape[0], _ROWS):
        light = _scene_to_display(table[rgb[top : top + _ROWS]], tag)
        if peak > 1:
            largest = light.max(axis=2, keepdims=True)
            light *= _rolled_off(largest, peak) / np.maximum(largest, 1e-6)
        linear = light @ matrix.T
        np.clip(linear, 0, 1, out=linear)
        result[top : top + _ROWS] = encoded[(linear * np.float32(65535) + np.float32(0.5)).astype(np.uint16)]
    return result


@lru_cache(maxsize=8)
def _light(tag: ColourTag, sample_bytes: int) -> Floats:
    """Light of each sample value; 1 is diffuse white."""
    levels = 256**sample_bytes
    value = np.arange(levels, dtype=np.float64) / (levels - 1)
    if tag.narrow:
        value = np.clip((value * 255 - 16) / 219, 0, 1)
    transfer = tag.transfer
    if transfer.gamma is not None:
        light = value**transfer.gamma
    elif transfer.curve == "PQ":
        light = _pq_nits(value) / _WHITE_NITS
    elif transfer.curve == "HLG":
        # BT.2100: scene light 0..1; `_scene_to_display` makes light of the display of it.
        light = np.where(value <= 0.5, value**2 / 3, (np.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    else:
        light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    table: Floats = light.astype(np.float32)
    return table


def _scene_to_display(light: Floats, tag: ColourTag) -> Floats:
    if tag.transfer.curve != "HLG":
        return light
    # BT.2100, table 5: the display's light is the scene's times its luminance to the power of gamma - 1.
    luminance = light @ np.array([0.2627, 0.6780, 0.0593], np.float32)
    shown: Floats = light * (np.maximum(luminance, 1e-6) ** np.float32(0.2))[..., None]
    shown *= np.float32(_HLG_PEAK_NITS / _WHITE_NITS)
    return shown


def _peak(rgb: AnyArray, table: Floats, tag: ColourTag) -> float:
    """The brightest light, but for a thousandth of the pixels, of a sample of the picture."""
    step = max(1, int((rgb.shape[0] * rgb.shape[1] / 1_000_000) ** 0.5))
    light = _scene_to_display(table[rgb[::step, ::step]], tag)
    return float(np.quantile(light.max(axis=2), 0.999))


def _rolled_off(light: Floats, peak: float) -> Floats:
    """BT.2390 5.4.1 with black at 0: the Hermite spline in PQ from the picture's peak to diffuse white."""
    source = _nits_pq(np.float32(peak * _WHITE_NITS))
    most = _nits_pq(np.float32(_WHITE_NITS)) / source
    knee = 1.5 * most - 0.5
    place = np.minimum(_nits_pq(light * np.float32(_WHITE_NITS)) / source, 1)
    along = np.clip((place - knee) / (1 - knee), 0, 1)
    squared, cubed = along**2, along**3
    curve = (2 * cubed - 3 * squared + 1) * knee + (cubed - 2 * squared + along) * (1 - knee)
    curve += (-2 * cubed + 3 * squared) * most
    bent = np.where(place < knee, place, curve)
    lowered: Floats = (_pq_nits(bent * source) / _WHITE_NITS).astype(np.float32)
    return lowered


def _pq_nits(value: AnyArray | np.float32) -> AnyArray:
    power = np.maximum(value, 0) ** (1 / 78.84375)
    return 10000 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)


def _nits_pq(nits: AnyArray | np.float32) -> AnyArray:
    power = (np.maximum(nits, 0) / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


@lru_cache(maxsize=1)
def _encoding() -> NDArray[np.uint8]:
    light = np.arange(65536) / 65535
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    table: NDArray[np.uint8] = np.rint(curve * 255).astype(np.uint8)
    return table


def _matrix(chromaticities: Chromaticities) -> NDArray[np.float64]:
    """From linear RGB to XYZ, white adapted to D65 by Bradford's transform."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in chromaticities]).T
    white, primaries = columns[:, 0], columns[:, 1:]
    scaled = primaries * np.linalg.solve(primaries, white)
    target = np.array([_D65[0] / _D65[1], 1, (1 - _D65[0] - _D65[1]) / _D65[1]])
    adapted = np.linalg.solve(_BRADFORD, np.diag((_BRADFORD @ target) / (_BRADFORD @ white)) @ _BRADFORD)
    matrix: NDArray[np.float64] = adapted @ scaled
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-6:
        raise ValueError("the primaries span no colours")
    return matrix
