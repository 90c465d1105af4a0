"""Filter pictures of a layer in a folder: written as they come, and not made again when they are asked for again.

What excites which unit is kept in a log, a line a photo; each picture that was made is a file. Which units are shown
follows from the photos, so another photo may add a unit; pictures of a unit are the same for all photos.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from packshot.errors import PackshotError, UsageError
from packshot.photo import decode
from packshot.runtime import Network
from packshot.storage import RowLog, lock_folder, parse_row
from packshot.training.explanation.filter_sheet import differing_units, exciting_photos, sheet_of, sheet_row
from packshot.training.explanation.filters import FILTER_SIDE, FILTER_STEPS, filter_pictures
from packshot.training.explanation.layers import layer_outputs
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["FilterFolder", "LayerPhoto", "MadeFilters"]

_LOG, _SHEET = "photos.jsonl", "sheet.png"
_SEEDS = 2  # pictures of a unit: what differs between them is chance
_SHOWN = 4  # photos beside them
_LONGEST = 64  # characters of a layer's name in a folder's


@dataclass(frozen=True, slots=True)
class LayerPhoto:
    """A photo that a layer is asked about.

    Attributes:
        name: to show.
        key: the same for the same file at any time, such as its hash.
        read: gives uint8 (h, w, 3); called again for a photo that is shown, so that a large set needs no memory.
    """

    name: str
    key: str
    read: Callable[[], Rgb]


@dataclass(frozen=True, slots=True)
class MadeFilters:
    """What was made for one unit.

    Attributes:
        unit: its number in the layer.
        pictures: files of the pictures that excite it.
        photos: names of those that excite it most.
        sheet: file of all units so far, a row for each.
    """

    unit: int
    pictures: Sequence[Path]
    photos: Sequence[str]
    sheet: Path

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "unit": self.unit,
            "pictures": [str(path) for path in self.pictures],
            "photos": list(self.photos),
            "output": str(self.sheet),
        }

    @property
    def words(self) -> str:
        """For a person."""
        return f"unit {self.unit}\tmost in {', '.join(self.photos)}\t{self.sheet}"


class _Excitement(BaseModel):
    """The mean of each unit's map of one photo."""

    model_config = ConfigDict(frozen=True)

    photo: str
    means: tuple[float, ...]


class FilterFolder:
    """Makes the filter pictures of one layer in a folder of their own, which it holds locked.

    Args:
        network: prepares photos.
        copy: of the network.
        layer: a name or number of `TorchCopy.layers`.
        out: below which the folder lies, called as the layer.
        write: writes a picture to a file.

    Attributes:
        path: of the folder.

    Raises:
        UsageError: no such layer; or the folder holds pictures of another network.
        OutputError: the folder cannot be written, or another process writes to it.
    """

    def __init__(
        self, network: Network, copy: TorchCopy, layer: str, *, out: Path, write: Callable[[Path, Rgb], None]
    ) -> None:
        self._network, self._copy, self._write = network, copy, write
        self._layer = copy.layer(layer)
        self.path = out / re.sub(r"[^\w.]+", "-", self._layer, flags=re.ASCII).strip("-.")[-_LONGEST:]
        made = {"network": network.sha256, "layer": self._layer, "side": FILTER_SIDE, "steps": FILTER_STEPS}
        self._rows = RowLog(
            self.path / _LOG,
            partial(parse_row, _Excitement),
            header=json.dumps(made).encode() + b"\n",
            repair="remove that line: its photo is asked about again",
            remedy="name another folder with -o, or remove this one: its pictures are of another network or version",
        )
        self._lock = lock_folder(self.path)
        self._excitement: dict[str, _Excitement] = {}

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            self._rows.read(lambda row: self._excitement.update({row.photo: row}))
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()
        self._lock.__exit__(kind, error, trace)

    def look(self, photo: LayerPhoto) -> LayerPhoto:
        """Ask how much a photo excites each unit, unless that is known.

        Returns:
            The photo, for `make`.

        Raises:
            PhotoError: it is refused, see `packshot.photo.decode`.
            OutputError: the answer cannot be written.
        """
        if photo.key not in self._excitement:
            means = layer_outputs(self._network, self._copy, photo.read(), self._layer).mean(axis=(1, 2))
            self._excitement[photo.key] = _Excitement(photo=photo.key, means=tuple(map(float, means)))
            self._rows.append([self._excitement[photo.key]], sync=False)
        return photo

    def make(self, photos: Sequence[LayerPhoto], *, units: int) -> Iterator[MadeFilters]:
        """Make the pictures of the units that differ most from photo to photo, one unit after the other.

        Args:
            photos: that were looked at.
            units: how many.

        Raises:
            UsageError: there are no photos.
            OutputError: a picture cannot be written.
        """
        if not photos:
            raise UsageError("none of the photos could be looked at", remedy="name photos that open")
        strengths = np.asarray([self._excitement[photo.key].means for photo in photos], np.float32)
        rows: list[Rgb] = []
        for unit in differing_units(strengths, units):
            shown = [photos[at] for at in exciting_photos(strengths, unit, _SHOWN)]
            paths = [self.path / f"unit-{unit}.{seed}.png" for seed in range(_SEEDS)]
            rows.append(sheet_row(self._pictures(unit, paths), [photo.read() for photo in shown]))
            sheet = self.path / _SHEET
            self._write(sheet, sheet_of(rows))
            yield MadeFilters(unit, paths, [photo.name for photo in shown], sheet)

    def _pictures(self, unit: int, paths: Sequence[Path]) -> list[Rgb]:
        """Of a unit, read where they were made before."""
        kept = _kept(paths)
        if kept is not None:
            return kept
        made = filter_pictures(self._copy, self._network.card, self._layer, unit, seeds=len(paths))
        for path, picture in zip(paths, made, strict=True):
            self._write(path, picture)
        return made


def _kept(paths: Sequence[Path]) -> list[Rgb] | None:
    """Pictures that were made before; None where one is not there, or is none of ours any more."""
    try:
        pictures = [decode(path).rgb for path in paths]
    except PackshotError:
        return None
    return pictures if all(each.shape[:2] == (FILTER_SIDE, FILTER_SIDE) for each in pictures) else None
