"""For each rule of each shipped profile, a picture that keeps it and one that breaks it by a single step.

A step is a pixel, a byte, a grey level, or a hundredth of the background; the limits stand in the profile files.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from packshot.marketplace import Finished, Rule, load_profile, profile_names, rule_kinds
from packshot.marketplace.rules import measure
from packshot.photo import PrintFacts
from packshot.values import Overlays, Photo

Pair = tuple[Finished, Finished]


def picture(
    width: int = 400,
    height: int = 400,
    *,
    box: tuple[int, int, int, int] | None = None,
    background: int = 255,
    file_bytes: int = 1000,
    kind: str = "JPEG",
) -> Finished:
    """A dark product in its box (x0, y0, x1, y1) on a plain background; its mask is known."""
    rgb = np.full((height, width, 3), background, np.uint8)
    x0, y0, x1, y1 = box or (width // 4, height // 4, width // 2, height // 2)
    rgb[y0:y1, x0:x1] = 40
    mask = np.zeros((height, width), np.float32)
    mask[y0:y1, x0:x1] = 1
    return Finished(Photo(rgb, source="drawn", sha256="0" * 64, format=kind), file_bytes, mask=mask)


def _size(at_least: list[int] | None = None, at_most: list[int] | None = None) -> Pair:
    width, height = at_least or at_most or ()
    step = -1 if at_least else 1
    return picture(width, height), picture(width, height + step)


def _longest_side(at_least: int | None = None, at_most: int | None = None) -> Pair:
    side = at_least or at_most or 0
    step = -1 if at_least else 1
    return picture(side, 60), picture(side + step, 60)


def _aspect(ratio: float, tolerance: float = 0.01) -> Pair:
    height = 2000
    widest = math.floor(height * ratio * (1 + tolerance) + 1e-9)
    return picture(widest, height), picture(widest + 1, height)


def _megapixels(at_most: float) -> Pair:
    width = round(at_most * 1e6) // 100
    return picture(width, 100), picture(width + 1, 100)


def _file_size(at_most_megabytes: float) -> Pair:
    most = round(at_most_megabytes * 1e6)
    return picture(file_bytes=most), picture(file_bytes=most + 1)


def _format(one_of: list[str]) -> Pair:
    return picture(kind=one_of[-1]), picture(kind="ICO")


def _background_white(share: float = 0.99) -> Pair:
    kept, broken = picture(), picture()
    for finished, grey in ((kept, 1 - share - 0.01), (broken, 1 - share + 0.01)):
        outside = np.argwhere(_far(finished))
        finished.photo.rgb[tuple(outside[: math.floor(max(grey, 0) * len(outside))].T)] = 254
    return kept, broken


def _far(finished: Finished) -> np.ndarray:
    """Pixels that lie farther from the product than an encoder reaches."""
    rows, columns = np.indices(finished.photo.rgb.shape[:2])
    return np.maximum(abs(rows - 150), abs(columns - 150)) > 90


def _background_light(luma: float) -> Pair:
    level = math.ceil(luma * 255 - 1e-9)
    return picture(background=level), picture(background=level - 1)


def _fill(of: str = "side", at_least: float | None = None, at_most: float | None = None) -> Pair:
    side = 1000
    area = of != "side"
    bound = (at_least if at_least is not None else at_most) or 0.0
    height = side - 100 if area else 100
    pixels = bound * side * side / height if area else bound * side
    widest, step = (math.ceil(pixels - 1e-6), -1) if at_least is not None else (math.floor(pixels + 1e-6), 1)
    boxes = [(20, 50, 20 + width, 50 + height) for width in (widest, widest + step)]
    return picture(side, side, box=boxes[0]), picture(side, side, box=boxes[1])


def _resolution(at_least: float) -> Pair:
    kept, broken = (PrintFacts(at_least - step, ("Path 1",), "RGB") for step in (0, 1))
    return replace(picture(), printing=kept), replace(picture(), printing=broken)


def _clipping_path() -> Pair:
    kept, broken = (PrintFacts(300, paths, "RGB") for paths in (("Path 1",), ("Path 1", "Path 2")))
    return replace(picture(), printing=kept), replace(picture(), printing=broken)


def _no_border() -> Pair:
    kept, broken = picture(), picture()
    broken.photo.rgb[0] = 60  # a line of one pixel
    return kept, broken


def _no_overlay() -> Pair:
    kept, broken = (Overlays(found=each, score=0.9 if each else 0.1, fields=int(each)) for each in (False, True))
    return replace(picture(), overlays=kept), replace(picture(), overlays=broken)


def _overlay_fields(at_most: int) -> Pair:
    kept, broken = (Overlays(found=True, score=0.9, fields=at_most + step) for step in (0, 1))
    return replace(picture(), overlays=kept), replace(picture(), overlays=broken)


def _subject_visible() -> Pair:
    return picture(box=(200, 200, 240, 240)), picture(box=(200, 200, 200, 200))


def _subject_whole() -> Pair:
    return picture(box=(3, 100, 200, 200)), picture(box=(0, 100, 200, 200))


PAIRS: dict[str, Callable[..., Pair]] = {
    "aspect": _aspect,
    "background-light": _background_light,
    "background-white": _background_white,
    "clipping-path": _clipping_path,
    "file-size": _file_size,
    "fill": _fill,
    "format": _format,
    "longest-side": _longest_side,
    "megapixels": _megapixels,
    "no-border": _no_border,
    "no-overlay": _no_overlay,
    "overlay-fields": _overlay_fields,
    "resolution": _resolution,
    "size": _size,
    "subject-visible": _subject_visible,
    "subject-whole": _subject_whole,
}
CASES = [(name, rule) for name in profile_names() for rule in load_profile(name).rules if rule.kind in PAIRS]


@pytest.mark.parametrize(("name", "rule"), CASES, ids=[f"{name}-{rule.id}" for name, rule in CASES])
def test_a_rule_is_kept_up_to_its_limit_and_broken_one_step_beyond(name: str, rule: Rule) -> None:
    kept, broken = PAIRS[rule.kind](**rule.parameters)
    assert measure(kept, rule.kind, dict(rule.parameters)).ok
    assert not measure(broken, rule.kind, dict(rule.parameters)).ok


def test_every_kind_of_limit_has_such_a_pair() -> None:
    used = {rule.kind for name in profile_names() for rule in load_profile(name).rules}
    assert used - set(PAIRS) <= {"sharpness"}  # a degree that is measured on real edges: tests/inspection
    assert set(PAIRS) <= set(rule_kinds())
