"""An output folder as `packshot run` leaves it, drawn by hand: what is true of each photo is known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from packshot.errors import NothingToCutOut, UnreadablePhoto
from packshot.records import Record, read_record, write_manifest
from packshot.review import Review

WIDTH, HEIGHT = 80, 60


class Shop:
    """Photos, and what a run made of them; `write` brings the manifest up to date."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "out"
        self.records: dict[str, dict[str, Any]] = {}

    def add(self, source: str, *, tint: int = 0, box: tuple[int, int, int, int] | None = None, **said: Any) -> None:
        """A grey photo with a bright product of 20 x 20 pixels; `box` is the picture inside a removed frame."""
        rgb = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
        rgb[0, 0, 0] = tint
        rgb[20:40, 30:50] = (200, 120, 60)
        photo = self.root / source
        photo.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rgb).save(photo)
        x0, y0, x1, y1 = box or (0, 0, WIDTH, HEIGHT)
        mask = np.zeros((HEIGHT, WIDTH), np.uint8)
        mask[20:40, 30:50] = 255
        stem = Path(source).with_suffix("").as_posix()
        files = {"mask": f"masks/{stem}.png", "packshot": f"packshots/{stem}.png"}
        for which, pixels in (("mask", mask[y0:y1, x0:x1]), ("packshot", rgb[y0:y1, x0:x1])):
            self.redraw(files[which], pixels)
        frame = {"framed": box is not None, "score": 0.0 if box is None else 1.0, "removed": box is not None}
        self.records[source] = {
            "source": source,
            "sha256": hashlib.sha256(photo.read_bytes()).hexdigest(),
            "status": "ok",
            "error": None,
            "frame": {**frame, "inner_box": [x0, y0, x1, y1]},
            **files,
            "cutout": None,
            "rules": [],
            "category": None,
            "uncertainty": 0.0,
            **said,
        }
        self.write()

    def add_failed(self, source: str, error: type[NothingToCutOut] | type[UnreadablePhoto]) -> None:
        self.add(source, tint=99)
        sha256 = self.records[source]["sha256"] if error is NothingToCutOut else None
        record = Record.failed(source, error(f"{source}: no", remedy="another one")).row()
        self.records[source] = {**record, "sha256": sha256}
        self.write()

    def redraw(self, name: str, pixels: np.ndarray) -> None:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)

    def change(self, source: str, **said: Any) -> None:
        self.records[source] |= said
        self.write()

    def write(self) -> None:
        write_manifest(self.out / "manifest.jsonl", map(read_record, self.records.values()))

    def review(self, **options: Any) -> Review:
        return Review(self.out / "manifest.jsonl", root=self.root, **options)
