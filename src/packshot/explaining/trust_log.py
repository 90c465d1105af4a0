"""What was measured of each map, kept in a folder, so that an evaluation that was stopped goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from packshot.storage import RowLog, folder_lock, parse_row

__all__ = ["MAPS", "MapScores", "kept_maps"]

#: The log in the evaluation's folder.
MAPS = "maps.jsonl"
_REPAIR = "remove that line: its map is made again"
_REMEDY = "name another folder with -o: the file is of another network, question or version"


class MapScores(BaseModel):
    """One method's map of one photo.

    Attributes:
        photo: its path below the data's folder.
        sha256: of the photo's file, so that a map of another photo of that name is known as such.
        method: its name.
        scores: of `packshot.explaining.trust.MEASURES`, those that the map has.
        seconds: that the method took.
        likeness: rank correlation with the map for a network with shuffled weights, -1..1; None where that was not
            measured, or where there is nothing to compare.
        silent: whether one of the two maps is the same everywhere.
    """

    model_config = ConfigDict(frozen=True)

    photo: str
    sha256: str
    method: str
    scores: Mapping[str, float]
    seconds: float
    likeness: float | None = None
    silent: bool = False


@contextmanager
def kept_maps(
    folder: Path | None, asked: Mapping[str, object]
) -> Iterator[tuple[dict[tuple[str, str], MapScores], Callable[[MapScores], None]]]:
    """What was measured before, by photo and method, and what keeps a further map there; it holds the folder locked.

    Args:
        folder: of the evaluation; None keeps nothing beyond this process.
        asked: what all maps in the folder have in common: networks and question.

    Raises:
        UsageError: the folder is of another evaluation, or a line in it is damaged.
        OutputError: it cannot be written, or another process writes to it.
    """
    found: dict[tuple[str, str], MapScores] = {}

    def take(row: MapScores) -> None:
        found[row.photo, row.method] = row

    if folder is None:
        yield found, take
        return
    header = json.dumps({"explanation": 2, **asked}).encode() + b"\n"
    rows = RowLog(folder / MAPS, partial(parse_row, MapScores), header=header, repair=_REPAIR, remedy=_REMEDY)

    def keep(row: MapScores) -> None:
        take(row)
        rows.append([row])

    with folder_lock(folder).hold(), rows:
        rows.read(take)
        yield found, keep
