"""The pipeline of a worker process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import cv2

from packshot.machine import keep_freed_memory
from packshot.marketplace import Profile
from packshot.photo import decode
from packshot.pipeline import Pipeline
from packshot.settings import Settings

__all__ = ["make_pipeline"]


def make_pipeline(
    settings: Settings, profiles: Sequence[Profile | str] = (), backdrop: str | None = None, on: date | None = None
) -> Pipeline:
    """A pipeline with as many threads as the settings say; called once in each worker process.

    Args:
        settings: of its stages.
        profiles: that pictures are made for, or their names; the plain one where there is none.
        backdrop: path of the picture that products stand on.
        on: the day whose rules are measured; today by default.

    Raises:
        PackshotError: a network or the picture cannot be used.
    """
    cv2.setNumThreads(settings.threads)
    keep_freed_memory()
    picture = None if backdrop is None else decode(backdrop, limits=settings.limits)
    return Pipeline(profile=profiles or "plain", settings=settings, backdrop=picture, on=on)
