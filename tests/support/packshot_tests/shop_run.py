"""Runs whose pictures can be delivered to a shop: each product with its pictures, which have something on them.

And their delivery, as it is typed.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from packshot_tests.command import Done, run
from packshot_tests.shop import Shop


def picture(seed: int, side: int = 96) -> np.ndarray:
    """A product of random, soft patches on white."""
    rng = np.random.default_rng(seed)
    rgb = np.full((side, side, 3), 255, np.uint8)
    inner = side // 2
    patches = rng.integers(0, 200, (4, 4, 3)).astype(np.uint8)
    rgb[side // 4 : side // 4 + inner, side // 4 : side // 4 + inner] = cv2.resize(patches, (inner, inner))
    return rgb


class _AtOnce(Shop):
    """Writes its manifest when it is asked to, and not with each photo."""

    def write(self, *, now: bool = False) -> None:
        if now:
            super().write()


def run_of(root: Path, pictures: dict[str, str], *, channel: str = "amazon", side: int = 96) -> Shop:
    """A run.

    Args:
        root: where it lies.
        pictures: name of each to its SKU; views are numbered in order.
        channel: that they were made for.
        side: pixels.
    """
    made = _AtOnce(root)
    views: dict[str, int] = {}
    for number, (name, sku) in enumerate(pictures.items()):
        views[sku] = views.get(sku, 0) + 1
        source = f"in/{name}.png"
        made.add(source, tint=number % 256, sku=sku, view=views[sku], schema_version=2)
        file = f"packshots/in/{name}.png"
        made.redraw(file, picture(number, side))
        made.change(
            source,
            packshots={channel: {"file": file, "status": "ok", "rules": []}},
            review=[],
            texts={"en": {"title": sku, "alt": f"{name} of {sku}"}},
        )
    made.write(now=True)
    made.__class__ = Shop
    state = made.out / ".packshot"
    state.mkdir()
    (state / "profiles.json").write_text(f'{{"{channel}": "packshots"}}')
    return made


def deliver(made: Shop, to: str, *more: object) -> Done:
    """``packshot deliver`` of a run."""
    return run("deliver", made.out, "--to", to, "--json", *more)


def statuses(done: Done) -> dict[str, str]:
    """What became of each picture."""
    return {row["file"]: row["status"] for row in done.lines}
