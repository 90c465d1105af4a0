"""From a photo to its mask: the network's alpha, brought to the photo's size, with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from packshot.cutout.closed_form import closed_form, require_pymatting
from packshot.cutout.grabcut import grabcut
from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.plain_ground import plain_ground
from packshot.cutout.uncertainty import require_subject, uncertainty
from packshot.errors import ModelMismatch
from packshot.runtime import Network, load
from packshot.settings import Matte, Settings
from packshot.subject import find_subject
from packshot.values import Alpha, Box, Mask, Photo

__all__ = ["GIVEN_ALPHA", "GRABCUT", "GRABCUT_BOX", "model_fingerprint", "segment", "segmenter"]

#: `Mask.model` of a photo that came with its own transparency.
GIVEN_ALPHA = "given-alpha"
#: The model name that asks for GrabCut instead of a network.
GRABCUT = "grabcut"
#: GrabCut again, in a box around what the shipped network finds.
GRABCUT_BOX = "grabcut-box"

_COARSE = "cutout"
_BOX_MARGIN = 0.03  # of the coarse box's sides: a network's outline falls short here and there


def segmenter(model: str, settings: Settings) -> Callable[[Photo], Mask]:
    """What turns photos into masks: a network by name or file, or GrabCut.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, ``grabcut`` or ``grabcut-box``.
        settings: provider, threads, store, licence policy, and the matte.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        UsageError: the matte needs an extra that is not installed.
    """
    find = _finder(model, settings)
    if settings.matte is Matte.FAST:
        return find
    require_pymatting()
    return lambda photo: _with_closed_form(photo, find(photo))


def model_fingerprint(model: str, settings: Settings) -> str:
    """Changes whenever the masks of `segmenter` could: the network's SHA-256, and the name of what it is used for."""
    if model == GRABCUT:
        return GRABCUT
    return f"{GRABCUT_BOX}:{load(_COARSE, settings).sha256}" if model == GRABCUT_BOX else load(model, settings).sha256


def _finder(model: str, settings: Settings) -> Callable[[Photo], Mask]:
    if model == GRABCUT:
        return lambda photo: _given(photo) or _grabcut(photo, None)
    network = load(_COARSE if model == GRABCUT_BOX else model, settings)
    if model == GRABCUT_BOX:
        return lambda photo: _given(photo) or _grabcut(photo, _coarse_box(photo, network))
    return lambda photo: segment(photo, network, plain=settings.plain_ground)


def segment(photo: Photo, network: Network, *, plain: bool = True) -> Mask:
    """Find the product.

    On a plain background the background's colour decides, and the network where colour cannot; see `plain_ground`.

    Args:
        photo: if it has an alpha of its own (it was cut out before), that is the mask, and no network runs.
        network: gives float32 (1, 1, h', w') in 0..1.
        plain: look for a plain background; without it the network decides alone.

    Returns:
        A mask of the photo's size.

    Raises:
        NothingToCutOut: the mask is empty, fills the photo, or is hopeless.
        ModelMismatch: the network is no segmentation network.
    """
    given = _given(photo)
    if given is not None:
        return given
    probability = _probability(photo, network)
    on_plain = plain_ground(photo.rgb, probability) if plain else None
    if on_plain is not None:
        require_subject(on_plain.alpha, doubt=on_plain.uncertainty, source=photo.source)
        return Mask(on_plain.alpha, on_plain.uncertainty, model=network.id, shadow=on_plain.shadow)
    doubt = uncertainty(probability)
    alpha = levels(upsample(without_haze(probability), photo.rgb))
    require_subject(alpha, doubt=doubt, source=photo.source)
    return Mask(alpha=alpha, uncertainty=doubt, model=network.id)


def _probability(photo: Photo, network: Network) -> Alpha:
    output = network.run(network.prepare(photo.rgb))
    if output.size == 0 or output.size != output.shape[-1] * output.shape[-2] or not np.isfinite(output).all():
        raise ModelMismatch(
            f"{network.id}: expected finite probabilities (1, 1, h, w), got shape {output.shape}",
            remedy="use a segmentation network, or correct output in its card",
        )
    return np.asarray(np.clip(output.reshape(output.shape[-2:]), 0, 1), np.float32)


def _grabcut(photo: Photo, box: Box | None) -> Mask:
    mask = grabcut(photo, box=box)
    require_subject(mask.alpha, doubt=mask.uncertainty, source=photo.source)
    return mask


def _coarse_box(photo: Photo, network: Network) -> Box:
    """Around what the network finds, with a margin.

    Raises:
        NothingToCutOut: it finds nothing, or no background.
    """
    probability = _probability(photo, network)
    require_subject(probability, doubt=0.0, source=photo.source)
    found = find_subject(np.asarray(probability >= 0.5, np.float32))
    assert found is not None  # noqa: S101 - an empty mask was refused two lines above
    across, down = photo.width / probability.shape[1], photo.height / probability.shape[0]
    wide, high = found.box.width * _BOX_MARGIN, found.box.height * _BOX_MARGIN
    return Box(
        max(0, int((found.box.x0 - wide) * across)),
        max(0, int((found.box.y0 - high) * down)),
        min(photo.width, int((found.box.x1 + wide) * across) + 1),
        min(photo.height, int((found.box.y1 + high) * down) + 1),
    )


def _with_closed_form(photo: Photo, mask: Mask) -> Mask:
    if mask.model == GIVEN_ALPHA:
        return mask
    return replace(mask, alpha=closed_form(mask.alpha, photo.rgb, uncertainty=mask.uncertainty))


def _given(photo: Photo) -> Mask | None:
    if photo.alpha is None:
        return None
    require_subject(photo.alpha, doubt=0.0, source=photo.source)
    return Mask(alpha=photo.alpha, uncertainty=0.0, model=GIVEN_ALPHA)
