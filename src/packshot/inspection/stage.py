"""The stage that measures a photo."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.inspection.findings import inspect
from packshot.stage import Stage
from packshot.values import Findings, Mask, Photo

__all__ = ["InspectionStage"]


class InspectionStage(Stage):
    """Measures; see `packshot.inspection.inspect`."""

    name = "inspection"
    revision = 5

    def __call__(self, picture: Photo, mask: Mask) -> Findings:
        """What is right and wrong with the picture."""
        return inspect(picture.rgb, mask)

    def settings(self) -> Mapping[str, object]:
        """Nothing."""
        return {}
