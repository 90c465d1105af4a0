"""Correct a mask with strokes: GrabCut near them, everything else as it was."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.grabcut import grabcut
from packshot.cutout.matte import levels, upsample
from packshot.cutout.product import keep_largest
from packshot.cutout.strokes import ERASE, KEEP, Strokes
from packshot.cutout.uncertainty import require_subject
from packshot.errors import UsageError
from packshot.resizing import downscaled_size
from packshot.runtime.preprocessing import resize
from packshot.settings import Several
from packshot.values import Alpha, AnyArray, Box, Mask, Photo, Rgb

__all__ = ["refine"]

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_SIDE = 512  # longest side of a region when it is cut, in pixels
_CONTEXT = 0.05  # of the photo's longer side: how far around a region product and background are looked at
_SAMPLES = 4000  # pixels of each kind that a colour model is learnt from
_NO_BOX = (0, 0, 1, 1)  # GrabCut takes one even where it is not looked at
_BLEND = 3  # pixels at the size that is cut, over which new edges pass into old ones


def refine(photo: Photo, mask: Mask | None, strokes: Strokes) -> Mask:
    """Correct a mask by hand.

    Near each stroke a graph cut (Rother et al. 2004) decides anew, with colour models learnt from the strokes and
    from what surrounds their reach. Two rules make the outcome foreseeable: a keep stroke only adds and an erase
    stroke only removes what hangs together with its paint; and nothing beyond its reach changes. Paint itself is
    obeyed to the pixel. The same strokes on the same mask always give the same bytes.

    Args:
        photo: the upright photo.
        mask: to start from; not looked at if the strokes have a box.
        strokes: drawn on that photo.

    Returns:
        The corrected mask; `mask` itself if nothing was drawn. Its uncertainty is that of the start: strokes say
        nothing of the rest.

    Raises:
        UsageError: the strokes were drawn on another photo, or there is neither a mask nor a box.
        NothingToCutOut: GrabCut finds nothing in the box.
    """
    strokes.require_photo(photo)
    box = strokes.whole_box()
    start = mask if box is None else _in_box(photo, box)
    if start is None:
        raise UsageError(
            f"{photo.source}: strokes need a mask or a box to start from", remedy='add "box" to the strokes'
        )
    if not strokes.strokes:
        return start
    paint, region = strokes.labels(), strokes.region(photo)
    alpha = start.alpha.copy()
    known = _known_colours(photo.rgb, start.alpha, region)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(region)
    margin = round(_CONTEXT * max(photo.width, photo.height))
    for part in range(1, count):
        x, y, width, height = (int(value) for value in stats[part, :4])
        crop = Box(
            max(0, x - margin),
            max(0, y - margin),
            min(photo.width, x + width + margin),
            min(photo.height, y + height + margin),
        ).slices
        mine = parts[crop] == part
        alpha[crop] = _recut(photo.rgb[crop], start.alpha[crop], paint[crop] * mine, mine, known, below=alpha[crop])
    alpha[paint == KEEP] = 1
    alpha[paint == ERASE] = 0
    # What was doubted in the start is not what a person has painted since.
    return Mask(
        alpha=alpha,
        uncertainty=start.uncertainty,
        model=f"{start.model}+strokes",
        parts=keep_largest(alpha, Several.ALL)[1],
        shadow=start.shadow,
    )


def _in_box(photo: Photo, box: Box) -> Mask:
    mask = grabcut(photo, box=box)
    require_subject(mask.alpha, doubt=0.0, source=photo.source)  # a person sees how good it is
    return mask


def _recut(rgb: Rgb, old: Alpha, paint: Bytes, region: Flags, known: tuple[Rgb, Rgb], *, below: Alpha) -> Alpha:
    """One region with its surroundings: float32 (h, w), `below` with what its strokes changed."""
    height, width = old.shape
    size = downscaled_size((width, height), _SIDE)
    small, was = resize(rgb, size=size), resize(old, size=size) >= 0.5
    kept, erased = _share(paint == KEEP, size), _share(paint == ERASE, size)
    keep, erase = (kept > 0) & (kept >= erased), erased > kept
    near = _share(region, size) > 0.5
    labels = np.where(was, cv2.GC_FGD, cv2.GC_BGD).astype(np.uint8)
    labels[near] = cv2.GC_PR_BGD
    labels[keep], labels[erase] = cv2.GC_FGD, cv2.GC_BGD
    samples = (
        _samples(small[~was & ~near & ~keep], small[erase], known[0]),
        _samples(small[was & ~near & ~erase], small[keep], known[1]),
    )
    front = _cut(small, labels, *samples) if all(map(len, samples)) else keep
    now = (was | _touching(front & ~was, keep)) & ~_touching(~front & was, erase)
    window = np.ones((2 * _BLEND + 1,) * 2, np.uint8)
    changed = cv2.dilate((now != was).astype(np.uint8), window).astype(np.float32)
    weight = cv2.resize(cv2.blur(changed, window.shape), (width, height), interpolation=cv2.INTER_LINEAR)
    soft = levels(upsample(np.asarray(cv2.GaussianBlur(now.astype(np.float32), (0, 0), 1.0), np.float32), rgb))
    return np.asarray(below + weight * (soft - below), np.float32)


def _cut(rgb: Rgb, labels: Bytes, backgrounds: Rgb, products: Rgb) -> Flags:
    """The graph cut of what is open in `labels`, with colour models of the two samples: bool (h, w)."""
    cv2.setRNGSeed(0)  # the mixture models start from random cluster centres
    models = np.zeros((1, 65)), np.zeros((1, 65))
    strip = np.concatenate((backgrounds, products))[None]
    kinds = np.repeat(np.array([cv2.GC_BGD, cv2.GC_FGD], np.uint8), (len(backgrounds), len(products)))[None]
    # No iteration: learn the two models and stop. Then one cut with these, which learns nothing more.
    cv2.grabCut(strip, kinds, _NO_BOX, *models, 0, cv2.GC_INIT_WITH_MASK)
    cv2.grabCut(rgb, labels, _NO_BOX, *models, 1, cv2.GC_EVAL_FREEZE_MODEL)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def _samples(around: Rgb, painted: Rgb, known: Rgb) -> Rgb:
    """Colours of one kind, half of them from around and half painted, as far as there are any: uint8 (n, 3)."""
    sets = [colours for colours in (around if len(around) else known, painted) if len(colours)]
    return np.concatenate([np.resize(_thin(colours), (_SAMPLES, 3)) for colours in sets] or [painted])


def _known_colours(rgb: Rgb, alpha: Alpha, region: Bytes) -> tuple[Rgb, Rgb]:
    """Background's and product's colours beyond every stroke's reach, for regions that see only one of them."""
    step = max(1, max(alpha.shape) // 128)
    colours, inside, free = rgb[::step, ::step], alpha[::step, ::step] >= 0.5, region[::step, ::step] == 0
    return colours[~inside & free], colours[inside & free]


def _thin(colours: Rgb) -> Rgb:
    return colours[:: max(1, len(colours) // _SAMPLES)]


def _share(flags: Flags, size: tuple[int, int]) -> NDArray[np.float32]:
    return resize(flags.astype(np.float32), size=size)


def _touching(flags: Flags, seeds: Flags) -> Flags:
    """The connected parts of `flags` that hold a seed: bool (h, w)."""
    count, parts = cv2.connectedComponents(flags.astype(np.uint8), connectivity=4)
    chosen: AnyArray = np.zeros(count, np.bool_)
    chosen[parts[seeds]] = True
    chosen[0] = False
    return np.asarray(chosen[parts])
