"""Overlays are told in pixels of the photo as it came, also where a frame was cut off."""

from __future__ import annotations

import numpy as np

from packshot.batch.record import record_of
from packshot.frame.removal import crop_to
from packshot.result import Result
from packshot.values import Box, Frame, Overlays, Photo


def test_boxes_are_moved_back_by_what_was_cut_off() -> None:
    photo = Photo(np.zeros((100, 120, 3), np.uint8), source="drawn", sha256="0" * 64, format="PNG")
    inside = Box(10, 20, 110, 90)
    found = Overlays(found=True, score=0.99, boxes=(Box(0, 0, 5, 6),), fields=1, on_product=1.0)
    frame = Frame(framed=True, score=1.0, inner_box=inside)
    result = Result("drawn", photo=photo, frame=frame, picture=crop_to(photo, inside), overlays=found)
    assert result.overlay_boxes == (Box(10, 20, 15, 26),)
    record = record_of("drawn", result, files={})
    assert record.overlays is not None
    assert record.overlays.boxes == ((10, 20, 15, 26),)
    assert Result("drawn", photo=photo, picture=photo).overlay_boxes == ()
