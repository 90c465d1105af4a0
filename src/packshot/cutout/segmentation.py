"""From a photo to its mask: the network's alpha, brought to the photo's size, with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from packshot.cutout.grabcut import grabcut
from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.uncertainty import require_subject, uncertainty
from packshot.errors import ModelMismatch
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Mask, Photo

__all__ = ["GIVEN_ALPHA", "GRABCUT", "segment", "segmenter"]

#: `Mask.model` of a photo that came with its own transparency.
GIVEN_ALPHA = "given-alpha"
#: The model name that asks for GrabCut instead of a network.
GRABCUT = "grabcut"


def segmenter(model: str, settings: Settings) -> Callable[[Photo], Mask]:
    """What turns photos into masks: a network by name or file, or ``grabcut``.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, or ``grabcut``.
        settings: provider, threads, store and licence policy.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    if model == GRABCUT:
        return lambda photo: _given(photo) or grabcut(photo)
    network = load(model, settings)
    return lambda photo: segment(photo, network)


def segment(photo: Photo, network: Network) -> Mask:
    """Find the product.

    Args:
        photo: if it has an alpha of its own (it was cut out before), that is the mask, and no network runs.
        network: gives float32 (1, 1, h', w') in 0..1.

    Returns:
        A mask of the photo's size.

    Raises:
        NothingToCutOut: the mask is empty, fills the photo, or is hopeless.
        ModelMismatch: the network is no segmentation network.
    """
    given = _given(photo)
    if given is not None:
        return given
    output = network.run(network.prepare(photo.rgb))
    if output.size == 0 or output.size != output.shape[-1] * output.shape[-2] or not np.isfinite(output).all():
        raise ModelMismatch(
            f"{network.id}: expected finite probabilities (1, 1, h, w), got shape {output.shape}",
            remedy="use a segmentation network, or correct output in its card",
        )
    probability = np.clip(output.reshape(output.shape[-2:]), 0, 1)
    doubt = uncertainty(probability)
    alpha = levels(upsample(without_haze(probability), photo.rgb))
    require_subject(alpha, doubt=doubt, source=photo.source)
    return Mask(alpha=alpha, uncertainty=doubt, model=network.id)


def _given(photo: Photo) -> Mask | None:
    if photo.alpha is None:
        return None
    require_subject(photo.alpha, doubt=0.0, source=photo.source)
    return Mask(alpha=photo.alpha, uncertainty=0.0, model=GIVEN_ALPHA)
