"""A network that finds overlays: from a picture to a calibrated score, and to the cells they lie on."""

from __future__ import annotations

import numpy as np

from packshot.errors import ModelMismatch
from packshot.overlay.places import boxes_of, covered_cells, share_on, touched_fields
from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import Alpha, Overlays, Rgb

__all__ = ["OverlayDetector"]

_SMALLEST = 32  # pixels of a side: in less no text can be read
_EVEN = 0.5  # of the score, where a card names no threshold: it is a probability


class OverlayDetector:
    """Asks one network of task ``overlay``; may be called from several threads at once.

    The network runs on one thread: it takes less time than waking a second one.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: provider, store and licence policy; default: from the environment.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else.
    """

    def __init__(self, model: str, settings: Settings | None = None) -> None:
        self.network = load(model, (settings or Settings()).model_copy(update={"threads": 1}), task="overlay")
        threshold = self.network.card.threshold
        self.threshold = _EVEN if threshold is None else threshold

    def __call__(self, rgb: Rgb, alpha: Alpha | None = None) -> Overlays:
        """Look at one picture.

        Args:
            rgb: uint8 (h, w, 3).
            alpha: float32 (h, w) in 0..1, the product, where it is known.

        Returns:
            The decision, and where overlays lie if there are any. A picture with a side below 32 pixels has none.

        Raises:
            ModelMismatch: the network's answer is no answer.
        """
        height, width = rgb.shape[:2]
        if min(height, width) < _SMALLEST:
            return Overlays(found=False, score=0.0)
        answer = self.network.outputs(self.network.prepare(rgb), names=["overlaid", "places"])
        overlaid, places = answer["overlaid"], answer["places"]
        if (
            overlaid.shape != (1,)
            or places.ndim != 3
            or not (np.isfinite(overlaid).all() and np.isfinite(places).all())
        ):
            raise ModelMismatch(
                f"{self.network.id}: expected finite overlaid (1,) and places (1, n, m), got overlaid {overlaid.shape}"
                f" and places {places.shape}",
                remedy="export it with `packshot export`",
            )
        score = float(np.clip(overlaid[0], 0, 1))
        if score < self.threshold:
            return Overlays(found=False, score=score)
        cells = covered_cells(places[0])
        return Overlays(
            found=True,
            score=score,
            boxes=boxes_of(cells, size=(width, height)),
            fields=touched_fields(cells),
            on_product=0.0 if alpha is None else share_on(cells, alpha),
        )
