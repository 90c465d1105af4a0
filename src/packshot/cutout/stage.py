"""The stage that cuts the product out of a picture."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from packshot.cutout.corrected import CorrectedMask, MaskRequest, corrected_mask
from packshot.cutout.cut import cut_out
from packshot.cutout.scene_maps import SceneMaps, scene_maps
from packshot.cutout.segmentation import model_fingerprint, segmenter
from packshot.settings import Settings, Several, Subject
from packshot.stage import Stage
from packshot.values import Box, Cutout, Mask, Photo

__all__ = ["CutoutStage"]


class CutoutStage(Stage):
    """Finds the product and cuts it out; see `packshot.cutout.segmenter` and `packshot.cutout.cut_out`.

    Args:
        settings: the network, the matte, and what is cut out.

    Attributes:
        segment: photo to mask.

    Raises:
        ModelError: the network cannot be used.
        UsageError: the matte needs an extra that is not installed.
    """

    name = "cutout"
    revision = 11

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.segment = segmenter(settings.model, settings)
        self._others: dict[tuple[Subject, Several], Callable[[Photo], Mask]] = {}

    def __call__(self, picture: Photo) -> tuple[Mask, Cutout]:
        """Where the product is, and the product alone.

        Raises:
            NothingToCutOut: there is no product, or nothing but.
        """
        mask = self.segment(picture)
        return mask, cut_out(picture, mask)

    def corrected(
        self, photo: Photo, picture: Photo, box: Box | None, request: MaskRequest
    ) -> tuple[CorrectedMask, Cutout]:
        """The mask that a person asked for, and the product alone; see `packshot.cutout.corrected_mask`.

        Args:
            photo: the upright photo.
            picture: without its frame.
            box: of the picture within the photo; None where nothing was cut off.
            request: what is asked for.

        Raises:
            NothingToCutOut: there is nothing to start from, or nothing is left.
            UsageError: the strokes or the mask are of another photo, or the network does not know that subject.
            PhotoError: a file that was kept is gone or damaged.
        """
        segment = self._segment_for(request)
        done = corrected_mask(photo, picture, box, request, segment=segment, limits=self._settings.limits)
        return done, cut_out(picture, done.mask)

    def scene_maps(self, picture: Photo) -> SceneMaps:
        """Where products, garments and persons are in a picture, before anything of it is chosen."""
        return self._map_scene(picture)

    @functools.cached_property
    def _map_scene(self) -> Callable[[Photo], SceneMaps]:
        return scene_maps(self._settings)

    def _segment_for(self, request: MaskRequest) -> Callable[[Photo], Mask]:
        subject = request.subject or self._settings.subject
        several = request.several or self._settings.several
        if (subject, several) == (self._settings.subject, self._settings.several):
            return self.segment
        if (subject, several) not in self._others:
            settings = self._settings.model_copy(update={"subject": subject, "several": several})
            self._others[subject, several] = segmenter(settings.model, settings)
        return self._others[subject, several]

    def settings(self) -> Mapping[str, object]:
        """The network with its card, and everything `Settings` says of the mask."""
        settings = self._settings
        return {
            "model": model_fingerprint(settings.model, settings),
            "matte": settings.matte,
            "subject": settings.subject,
            "several": settings.several,
            "plain_ground": settings.plain_ground,
        }
