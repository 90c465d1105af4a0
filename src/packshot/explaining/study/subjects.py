"""What is changed of a study's photos: the pixels at the study's size, and what is known of them."""

from __future__ import annotations

import numpy as np

from packshot.cutout import segmenter
from packshot.explaining.interventions import UNFRAMED, Subject
from packshot.explaining.product import product_alpha
from packshot.explaining.study.answers import photo_seed
from packshot.explaining.study.photos import StudyPhoto
from packshot.explaining.study.plan import StudyPlan
from packshot.frame import frame_finder, frame_fingerprint, unframe
from packshot.photo import decode
from packshot.resizing import downscaled
from packshot.settings import Settings
from packshot.values import Box, Rgb

__all__ = ["Subjects", "frame_part", "reduced"]

_LONGEST = 640  # pixels of a photo's longer side: twice what the network looks at


class Subjects:
    """Makes the subject of a photo.

    Args:
        plan: the study.
        settings: of the cut-out, whose masks tell product and background apart, and of the search for frames.

    Raises:
        ModelError: a network cannot be used.
    """

    def __init__(self, plan: StudyPlan, settings: Settings) -> None:
        self._seed, self._mask = plan.seed, segmenter(settings.model, settings)
        self._find = frame_finder(settings.frame_model, settings) if UNFRAMED in plan.interventions else None

    def __call__(self, photo: StudyPhoto) -> Subject:
        """The subject of a photo.

        Raises:
            UsageError: photo or other photo cannot be read.
        """
        whole = photo.item.rgb()
        rgb = reduced(whole)
        alpha = product_alpha(self._mask, decode(rgb))
        if alpha is None:  # everywhere, in a photo in which none is found
            alpha = np.ones(rgb.shape[:2], np.float32)
        scale = rgb.shape[1] / whole.shape[1], rgb.shape[0] / whole.shape[0]
        regions = {name: _scaled(box, scale) for name, box in photo.regions.items()}
        seed = photo_seed(photo.name, self._seed)
        other = reduced(photo.other.rgb())
        return Subject(rgb, alpha, other, seed, unframed=lambda: self._unframed(rgb), regions=regions)

    def _unframed(self, rgb: Rgb) -> Rgb | None:
        if self._find is None:
            return None
        found = unframe(decode(rgb), self._find)
        return found.picture.rgb if found.removed else None


def frame_part(plan: StudyPlan, settings: Settings) -> dict[str, str]:
    """What the answers of a study hang on beside its networks, where it removes frames."""
    return {"frame": frame_fingerprint(settings.frame_model, settings)} if UNFRAMED in plan.interventions else {}


def reduced(rgb: Rgb) -> Rgb:
    """A photo at the size that a study works at."""
    return downscaled(rgb, _LONGEST)


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    """A box in the pixels of the reduced photo: at least one of them."""
    x0, y0 = int(box.x0 * scale[0]), int(box.y0 * scale[1])
    return Box(x0, y0, max(x0 + 1, round(box.x1 * scale[0])), max(y0 + 1, round(box.y1 * scale[1])))
