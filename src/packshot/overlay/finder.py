"""Overlay detection for pictures as the pipeline and `packshot check` have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packshot.errors import UsageError
from packshot.overlay.network import OverlayDetector
from packshot.settings import Settings
from packshot.values import Alpha, Overlays, Photo

__all__ = ["NO_DETECTION", "FindOverlays", "overlay_finder", "overlay_fingerprint", "required_overlay_finder"]

#: The model name that looks for no overlays.
NO_DETECTION = "none"

#: Picture, and the product's alpha where it is known, to what was laid over it.
FindOverlays = Callable[[Photo, Alpha | None], Overlays]


def overlay_finder(model: str, settings: Settings) -> FindOverlays | None:
    """What tells of a picture what was laid over it; None where nobody looks.

    A picture that came with its own transparency was cut out before: its colours outside of the product are nobody's.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, or ``none``.
        settings: provider, store and licence policy.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    if model == NO_DETECTION:
        return None
    detect = OverlayDetector(model, settings)

    def find(picture: Photo, alpha: Alpha | None) -> Overlays:
        if picture.alpha is not None:
            return Overlays(found=False, score=0.0)
        return detect(picture.rgb, alpha)

    return find


def required_overlay_finder(settings: Settings) -> FindOverlays:
    """What tells of a picture what was laid over it, by the settings' network; see `overlay_finder`.

    Raises:
        UsageError: it is ``none``.
        ModelError: the network cannot be used.
    """
    found = overlay_finder(settings.overlay_model, settings)
    if found is None:
        raise UsageError("overlay detection is switched off", remedy="name a network: --model overlay")
    return found


def overlay_fingerprint(model: str, settings: Settings) -> Mapping[str, object]:
    """Changes whenever the answers of `overlay_finder` could: with the network and its card."""
    if model == NO_DETECTION:
        return {"model": model}
    return {"model": OverlayDetector(model, settings).network.fingerprint}
