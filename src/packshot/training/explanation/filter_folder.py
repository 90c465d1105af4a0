"""Filter pictures of a layer in a folder: written as they come, and not made again when they are asked for again.

What excites which unit is kept in a log, a line a photo; each picture that was made is a file. Which units are shown
follows from the photos, so another photo may add a unit; pictures of a unit are the same for all photos. A network
compared with itself before fine-tuning has a folder of its own, with pictures of both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from packshot.errors import PackshotError, UsageError
from packshot.photo import decode
from packshot.storage import RowLog, folder_lock, parse_row
from packshot.training.explanation.comparison import change_over, moments_of
from packshot.training.explanation.filter_sheet import (
    Strengths,
    compared_row,
    differing_units,
    exciting_photos,
    sheet_of,
    sheet_row,
)
from packshot.training.explanation.filters import FILTER_SIDE, FILTER_STEPS
from packshot.training.explanation.made_filters import LayerPhoto, MadeFilters, UnitPictures
from packshot.training.explanation.network_layer import NetworkLayer
from packshot.values import Rgb

__all__ = ["FilterFolder"]

_LOG, _SHEET = "photos.jsonl", "sheet.png"
_SEEDS = 2  # pictures of a unit: what differs between them is chance
_SHOWN = 4  # photos beside them
_LONGEST = 64  # characters of a layer's name in a folder's


class _Excitement(BaseModel):
    """The mean of each unit's map of one photo; where two networks are compared, `moments_of` both, too."""

    model_config = ConfigDict(frozen=True)

    photo: str
    means: tuple[float, ...]
    moments: tuple[tuple[float, ...], ...] = ()


class FilterFolder:
    """Makes the filter pictures of one layer in a folder of their own, which it holds locked.

    Args:
        layer: whose units are shown.
        out: below which the folder lies, called as the layer.
        write: writes a picture to a file.
        before: the same layer of the network before fine-tuning; None for none.

    Attributes:
        path: of the folder.

    Raises:
        UsageError: the folder holds pictures of another network.
        OutputError: the folder cannot be written, or another process writes to it.
    """

    def __init__(
        self,
        layer: NetworkLayer,
        *,
        out: Path,
        write: Callable[[Path, Rgb], None],
        before: NetworkLayer | None = None,
    ) -> None:
        self._layer, self._before, self._write = layer, before, write
        name = re.sub(r"[^\w.]+", "-", layer.name, flags=re.ASCII).strip("-.")[-_LONGEST:]
        self.path = out / (name if before is None else f"{name}.compared")
        made = {"network": layer.network.sha256, "layer": layer.name, "side": FILTER_SIDE, "steps": FILTER_STEPS}
        if before is not None:
            made |= {"before": before.network.sha256, "its_layer": before.name}
        self._rows = RowLog(
            self.path / _LOG,
            partial(parse_row, _Excitement),
            header=json.dumps(made).encode() + b"\n",
            repair="remove that line: its photo is asked about again",
            remedy="name another folder with -o, or remove this one: its pictures are of another network or version",
        )
        self._lock = folder_lock(self.path).hold()
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
            rgb = photo.read()
            now = self._layer.outputs(rgb)
            both = [] if self._before is None else moments_of(self._before.outputs(rgb), now).tolist()
            means = now.mean(axis=(1, 2)).tolist()
            self._excitement[photo.key] = _Excitement(photo=photo.key, means=means, moments=both)
            self._rows.append([self._excitement[photo.key]], sync=False)
        return photo

    def make(self, photos: Sequence[LayerPhoto], *, units: int) -> Iterator[MadeFilters]:
        """Make the pictures of the units that differ most from photo to photo, one unit after the other.

        Where the network is compared with itself before fine-tuning, of those that changed most; see `change_over`.

        Args:
            photos: that were looked at.
            units: how many.

        Raises:
            UsageError: there are no photos.
            OutputError: a picture cannot be written.
        """
        if not photos:
            raise UsageError("none of the photos could be looked at", remedy="name photos that open")
        known = [self._excitement[photo.key] for photo in photos]
        strengths = np.asarray([each.means for each in known], np.float32)
        sheet, rows = self.path / _SHEET, list[Rgb]()
        if self._before is None:
            for unit in differing_units(strengths, units):
                made, pictures = self._unit(unit, self._layer, strengths, photos)
                rows.append(sheet_row(*pictures))
                self._write(sheet, sheet_of(rows))
                yield MadeFilters(unit, made, sheet)
            return
        moments = np.asarray([each.moments for each in known])
        changes, strengths_before = change_over(moments), moments[:, 0].astype(np.float32)
        for unit in np.argsort(-changes, kind="stable")[:units].tolist():
            before, pictures_before = self._unit(unit, self._before, strengths_before, photos, kind="before.")
            made, pictures = self._unit(unit, self._layer, strengths, photos, kind="after.")
            rows.append(compared_row(unit, sheet_row(*pictures_before), sheet_row(*pictures)))
            self._write(sheet, sheet_of(rows))
            yield MadeFilters(unit, made, sheet, before, float(changes[unit]))

    def _unit(
        self, unit: int, layer: NetworkLayer, strengths: Strengths, photos: Sequence[LayerPhoto], *, kind: str = ""
    ) -> tuple[UnitPictures, tuple[list[Rgb], list[Rgb]]]:
        """What excites a unit of a network: pictures, read where they were made before, and photos."""
        shown = [photos[at] for at in exciting_photos(strengths, unit, _SHOWN)]
        paths = [self.path / f"unit-{unit}.{kind}{seed}.png" for seed in range(_SEEDS)]
        made = _kept(paths)
        if made is None:
            made = layer.pictures(unit, seeds=len(paths))
            for path, picture in zip(paths, made, strict=True):
                self._write(path, picture)
        return UnitPictures(paths, [photo.name for photo in shown]), (made, [photo.read() for photo in shown])


def _kept(paths: Sequence[Path]) -> list[Rgb] | None:
    """Pictures that were made before; None where one is not there, or is none of ours any more."""
    try:
        pictures = [decode(path).rgb for path in paths]
    except PackshotError:
        return None
    return pictures if all(each.shape[:2] == (FILTER_SIDE, FILTER_SIDE) for each in pictures) else None
