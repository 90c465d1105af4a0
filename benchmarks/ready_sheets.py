"""Sheets of finished pictures to look at, numbered, without what the rule thinks of them.

    GENERAL_PHOTOS=... PACKSHOT_DATA=... python benchmarks/ready_sheets.py --model new.onnx -o sheets

The photo stands small beside its product on white. What an eye says of each is written into `ready_by_eye.json`, with
the network's SHA-256: y, n or u (unsure), and a second letter for a second look (- for none). Publishable is a picture
with nothing that a buyer would call careless: nothing missing, nothing foreign (hanger, hand, ground between sleeves,
carpet at the hem), no fringe in the background's colour, not cut off by the photo.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout import cut_out, segment
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Rgb
from ready_labels import others, outlined

_SMALL, _LARGE, _COLUMNS, _ROWS = 170, 330, 3, 4


def finished(network: Network, root: Path) -> Iterator[tuple[str, Rgb]]:
    """Name and tile of every picture; names count the outlined ones that are not refused."""
    place = 0
    for _, _, rgb, _ in outlined(root):
        picture = tile(network, rgb)
        if picture is not None:
            yield str(place), picture
            place += 1
    for name, _, rgb in others(root):
        picture = tile(network, rgb)
        if picture is not None:
            yield name, picture


def tile(network: Network, rgb: Rgb) -> Rgb | None:
    """The photo beside its product on white; None where it is refused."""
    photo = decode(rgb)
    try:
        rgba = cut_out(photo, segment(photo, network)).rgba
    except NothingToCutOut:
        return None
    opacity = rgba[..., 3:].astype(np.float32) / 255
    white = np.asarray(np.rint(rgba[..., :3] * opacity + 255 * (1 - opacity)), np.uint8)
    rows, columns = np.flatnonzero((opacity > 0.1).any(axis=(1, 2))), np.flatnonzero((opacity > 0.1).any(axis=(0, 2)))
    box = tuple(slice(max(0, int(each[0]) - 8), int(each[-1]) + 9) for each in (rows, columns))
    out = np.full((_LARGE, _SMALL + _LARGE, 3), 205, np.uint8)
    for picture, side, left, top in ((photo.rgb, _SMALL, 0, 26), (white[box], _LARGE, _SMALL, 0)):
        factor = (side - 4) / max(picture.shape[:2])
        size = max(1, int(picture.shape[1] * factor)), max(1, int(picture.shape[0] * factor))
        fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
        out[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    network = load(options.model, Settings(allow_non_commercial=True))
    options.output.mkdir(parents=True, exist_ok=True)
    names, tiles = [], []
    for name, picture in finished(network, Path(options.data)):
        cv2.putText(picture, str(len(names)), (2, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (200, 0, 0), 2)
        names.append(name)
        tiles.append(picture)
    (options.output / "names.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    for first in range(0, len(tiles), _COLUMNS * _ROWS):
        part = tiles[first : first + _COLUMNS * _ROWS]
        part += [np.full_like(part[0], 255)] * (-len(part) % _COLUMNS)
        sheet = np.vstack([np.hstack(part[row : row + _COLUMNS]) for row in range(0, len(part), _COLUMNS)])
        cv2.imwrite(str(options.output / f"{first:04d}.png"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    print(f"{len(tiles)} pictures on sheets in {options.output}; network {network.sha256}")


if __name__ == "__main__":
    main()
