"""Frame detection for photos as the pipeline has them."""

from __future__ import annotations

from collections.abc import Callable

from packshot.frame.network import CLASSICAL, frame_detector
from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import Box, Frame, Photo

__all__ = ["NO_DETECTION", "frame_finder", "frame_fingerprint"]

#: The model name that leaves every photo as it is.
NO_DETECTION = "none"


def frame_finder(model: str, settings: Settings) -> Callable[[Photo], Frame]:
    """What tells of a photo whether it is framed.

    A photo that came with its own transparency was cut out before: there is no frame to find.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, ``classical``, or ``none``.
        settings: provider, store and licence policy.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    detect = None if model == NO_DETECTION else frame_detector(model, settings)

    def find(photo: Photo) -> Frame:
        if detect is None or photo.alpha is not None:
            return Frame(framed=False, score=0.0, inner_box=Box(0, 0, photo.width, photo.height))
        return detect(photo.rgb)

    return find


def frame_fingerprint(model: str, settings: Settings) -> str:
    """Changes whenever the answers of `frame_finder` could: with the network and its card, or the method's name."""
    return model if model in {CLASSICAL, NO_DETECTION} else load(model, settings, task="frame").fingerprint
