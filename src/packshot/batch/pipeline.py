"""The pipeline of a worker process, and how one photo becomes results there."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date

import cv2

from packshot.batch.run_options import PhotoProcessing
from packshot.machine import keep_freed_memory
from packshot.marketplace import Profile
from packshot.photo import decode
from packshot.pipeline import Pipeline
from packshot.settings import Settings

__all__ = ["make_pipeline", "photo_processing"]


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


def photo_processing(
    settings: Settings, profiles: Sequence[Profile | str], backdrop: str | None = None, on: date | None = None
) -> PhotoProcessing:
    """How one photo becomes results by a `make_pipeline` of these; nothing is made before a worker asks for it.

    Args:
        settings: of the pipeline of each worker.
        profiles: that pictures are made for, or their names.
        backdrop: as for `make_pipeline`.
        on: the day whose rules are measured, the same in a run past midnight; by default each worker's own.

    Example:
        >>> photo_processing(Settings(), ["amazon", "ebay"]).profiles
        ['amazon', 'ebay']
    """
    names = [each if isinstance(each, str) else each.name for each in profiles]
    return PhotoProcessing(functools.partial(make_pipeline, settings, profiles, backdrop, on), names, settings.limits)
