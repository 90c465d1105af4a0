"""What may be changed in a photo to see whether an answer hangs on it.

The published car study hid a logo, turned the car, took its colour away, on single pictures. Each change here is one
function from a photo and its mask to a picture, the same for the same seed.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.explanation import blurred
from packshot.resizing import downscaled
from packshot.values import Alpha, Box, Rgb

__all__ = ["KINDS", "UNFRAMED", "Intervention", "Subject", "intervention_named"]

#: The change that takes a frame away.
UNFRAMED = "unframed"

_GREY = 127
_TILES = 6  # across the product's box, that texture is cut into
_LEAST = 0.6  # of a tile inside the product, to be taken


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A photo that is changed.

    Attributes:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w) in 0..1, where the product is.
        other: another photo of the set, uint8 (h', w', 3): foreign background, or blended in.
        seed: of whatever is drawn at random.
        unframed: gives the photo without the frame around it; None where there is none that can be removed.
        regions: what a person drew in it, by name, in pixels.
    """

    rgb: Rgb
    alpha: Alpha
    other: Rgb
    seed: int
    unframed: Callable[[], Rgb | None] = lambda: None
    regions: Mapping[str, Box] = field(default_factory=dict)

    def on(self, background: Rgb) -> Rgb:
        """The product on another background of the photo's size."""
        share = self.alpha[..., None]
        return np.asarray(np.rint(self.rgb * share + background * (1 - share)), np.uint8)

    def fitted_other(self) -> Rgb:
        """The other photo at this one's size."""
        size = self.rgb.shape[1], self.rgb.shape[0]
        return np.asarray(cv2.resize(self.other, size, interpolation=cv2.INTER_AREA), np.uint8)

    def plain(self, value: int) -> Rgb:
        """One brightness everywhere, at the photo's size."""
        return np.full_like(self.rgb, value)


Change = Callable[[Subject, float], Rgb | None]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One change, at one dose.

    Attributes:
        name: as it is asked for: ``saturation 0.5``.
        change: makes the picture, uint8 (h', w', 3), or None of a photo that has nothing to change.
        control: makes a picture changed as much where it should not matter, or None of a photo that has no such place;
            None without one.
        having: what the photos have that can be changed so; empty where all can.
    """

    name: str
    change: Callable[[Subject], Rgb | None]
    control: Callable[[Subject], Rgb | None] | None = None
    having: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change.

    Attributes:
        words: what it does, for the list of kinds.
        change: makes the picture, or None of a photo that has nothing to change.
        doses: least and greatest dose; None for a kind that has none.
        step: every dose is a multiple of it; None where any dose in between changes something else.
        nothing: dose at which the photo stays as it is; None where there is none.
        having: as of an `Intervention`.
    """

    words: str
    change: Change
    doses: tuple[float, float] | None = None
    step: float | None = None
    nothing: float | None = None
    having: str = ""

    def takes(self, dose: float) -> bool:
        """Whether this is a dose of this kind."""
        low, high = self.doses or (0.0, 0.0)
        return low <= dose <= high and (self.step is None or dose % self.step == 0)

    @property
    def doses_in_words(self) -> str:
        """For a message."""
        low, high = self.doses or (0.0, 0.0)
        whole = "" if self.step is None else ", a whole number" if self.step == 1 else f", a multiple of {self.step:g}"
        return f"{low:g}..{high:g}{whole}"

    @property
    def example(self) -> float:
        """A dose of this kind, from the middle."""
        low, high = self.doses or (0.0, 0.0)
        middle = (low + high) / 2
        return middle if self.step is None else round(middle / self.step) * self.step


def _saturation(subject: Subject, dose: float) -> Rgb:
    hsv = _hsv(subject.rgb)
    hsv[..., 1] = np.minimum(hsv[..., 1] * dose, 1)
    return _from_hsv(hsv)


def _hue(subject: Subject, dose: float) -> Rgb:
    hsv = _hsv(subject.rgb)
    hsv[..., 0] = (hsv[..., 0] + dose) % 360
    return _from_hsv(hsv)


def _hsv(rgb: Rgb) -> NDArray[np.float32]:
    """Hue in degrees, saturation and value in 0..1."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2HSV), np.float32)


def _from_hsv(hsv: NDArray[np.float32]) -> Rgb:
    return np.asarray(np.rint(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB).clip(0, 1) * 255), np.uint8)


def _contrast(subject: Subject, dose: float) -> Rgb:
    middle = subject.rgb.mean(dtype=np.float64)
    return np.asarray(np.rint(np.clip((subject.rgb - middle) * dose + middle, 0, 255)), np.uint8)


def _grey(subject: Subject, _: float) -> Rgb:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(subject.rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def _silhouette(subject: Subject, _: float) -> Rgb:
    grey = np.rint(255 * (1 - subject.alpha)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def _texture(subject: Subject, _: float) -> Rgb:
    """Tiles from inside the product, shuffled over the whole picture: what it is made of, without its shape."""
    ys, xs = np.nonzero(subject.alpha > 0.5)
    if not ys.size:
        return subject.plain(_GREY)
    side = max(4, int(max(np.ptp(ys), np.ptp(xs)) / _TILES))
    tiles = []
    for y in range(int(ys.min()), int(ys.max()) - side + 1, max(1, side // 2)):
        for x in range(int(xs.min()), int(xs.max()) - side + 1, max(1, side // 2)):
            if subject.alpha[y : y + side, x : x + side].mean() >= _LEAST:
                tiles.append(subject.rgb[y : y + side, x : x + side])
    if not tiles:
        return subject.plain(_GREY)
    rng = np.random.default_rng(subject.seed)
    height, width = subject.rgb.shape[:2]
    rows, columns = -(-height // side), -(-width // side)
    picked = rng.integers(0, len(tiles), (rows, columns))
    whole = np.vstack([np.hstack([tiles[at] for at in row]) for row in picked])
    return np.ascontiguousarray(whole[:height, :width])


def _turned(subject: Subject, dose: float) -> Rgb:
    return np.ascontiguousarray(np.rot90(subject.rgb, round(dose / 90)))


def _resolution(subject: Subject, dose: float) -> Rgb:
    return downscaled(subject.rgb, dose)


def _jpeg(subject: Subject, dose: float) -> Rgb:
    quality = [cv2.IMWRITE_JPEG_QUALITY, round(dose)]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(subject.rgb, cv2.COLOR_RGB2BGR), quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def _framed(subject: Subject, dose: float) -> Rgb:
    """A dark frame drawn inside the photo's edge."""
    height, width = subject.rgb.shape[:2]
    wide = max(1, round(dose * min(height, width)))
    picture = subject.rgb.copy()
    cv2.rectangle(picture, (wide // 2, wide // 2), (width - 1 - wide // 2, height - 1 - wide // 2), (40, 30, 25), wide)
    return picture


def _product_blurred(subject: Subject, _: float) -> Rgb:
    share = subject.alpha[..., None]
    return np.asarray(np.rint(blurred(subject.rgb) * share + subject.rgb * (1 - share)), np.uint8)


def _blend(subject: Subject, dose: float) -> Rgb:
    return np.asarray(cv2.addWeighted(subject.rgb, 1 - dose, subject.fitted_other(), dose, 0), np.uint8)


#: Kinds of change by name.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "grey": Kind("no colour", _grey),
        "saturation": Kind("colours paler (below 1) or stronger", _saturation, (0, 4), nothing=1),
        "hue": Kind("all colours turned by so many degrees", _hue, (0, 360), nothing=0),
        "contrast": Kind("flatter (below 1) or harder", _contrast, (0, 4), nothing=1),
        "mirrored": Kind("left and right exchanged", lambda s, _: np.ascontiguousarray(s.rgb[:, ::-1])),
        "turned": Kind("turned by 90, 180 or 270 degrees", _turned, (0, 270), step=90, nothing=0),
        "silhouette": Kind("the shape alone, black on white", _silhouette),
        "texture": Kind("what it is made of, without its shape", _texture),
        "background-white": Kind("the product on white", lambda s, _: s.on(s.plain(255))),
        "background-black": Kind("the product on black", lambda s, _: s.on(s.plain(0))),
        "background-grey": Kind("the product on grey", lambda s, _: s.on(s.plain(_GREY))),
        "background-blurred": Kind("the product on its own background, blurred", lambda s, _: s.on(blurred(s.rgb))),
        "background-foreign": Kind("the product on another photo of the set", lambda s, _: s.on(s.fitted_other())),
        "product-blurred": Kind("the background alone, the product blurred", _product_blurred),
        "blend": Kind("another photo of the set laid over it, by this share", _blend, (0, 1), nothing=0),
        "resolution": Kind("the longer side reduced to so many pixels", _resolution, (8, 4096)),
        "jpeg": Kind("compressed at this quality", _jpeg, (1, 100), step=1),
        "framed": Kind("a dark frame of this share of the shorter side", _framed, (0.005, 0.4), nothing=0),
        UNFRAMED: Kind(
            "the frame around the photo cut off, where there is one",
            lambda s, _: s.unframed(),
            having="bear a frame that is sure enough to be cut off",
        ),
    }
)


def intervention_named(text: str) -> Intervention:
    """An intervention as it is written: a kind, and a dose where the kind has one.

    Example:
        >>> intervention_named("saturation 0.5").name
        'saturation 0.5'

    Raises:
        UsageError: no such kind, no dose where there must be one, or one out of range.
    """
    name, *rest = text.split()
    kind = KINDS.get(name)
    if kind is None:
        near = difflib.get_close_matches(name, KINDS, n=3, cutoff=0.3)
        nearest = f"the nearest are {', '.join(near)}; all are " if near else "there are "
        raise UsageError(f"no intervention {name!r}", remedy=f"{nearest}{', '.join(KINDS)}")
    if kind.doses is None:
        if rest:
            raise UsageError(f"{name} has no dose, got {' '.join(rest)}", remedy=f"write {name} alone")
        return Intervention(text, lambda subject: kind.change(subject, 0.0), having=kind.having)
    try:
        (dose,) = map(float, rest)
    except ValueError:
        dose = float("nan")
    if not kind.takes(dose):
        raise UsageError(
            f"{name}: expected one dose in {kind.doses_in_words}, got {' '.join(rest) or 'none'}",
            remedy=f"{kind.words}: write for example {name} {kind.example:g}",
        )
    return Intervention(text, lambda subject: kind.change(subject, dose))
