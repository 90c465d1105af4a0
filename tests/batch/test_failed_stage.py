"""At which stage a photo failed is told in its result and in its line of the manifest."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from packshot import Pipeline
from packshot.batch.record import record_of
from packshot.pipeline import Source
from packshot.settings import Settings

SETTINGS = Settings(model="grabcut", describe_model="none", frame_model="none", overlay_model="none", threads=1)


@pytest.mark.parametrize(
    ("source", "stage"),
    [(b"no picture", "photo"), (np.full((64, 64, 3), 255, np.uint8), "cutout"), (astronaut(), None)],
)
def test_the_stage_that_could_not_go_on(source: Source, stage: str | None) -> None:
    result = Pipeline(settings=SETTINGS).run(source)
    assert result.failed_at == stage
    error = record_of("a.jpg", result, files={}).error
    assert (error is None) == (stage is None)
    assert error is None or (error.stage, error.attempts) == (stage, 1)
