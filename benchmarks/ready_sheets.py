"""Sheets of finished pictures to look at, numbered, without what the rule thinks of them.

    GENERAL_PHOTOS=... PACKSHOT_DATA=... python benchmarks/ready_sheets.py --model new.onnx -o sheets
    ... --model new.onnx --before cutout -o sheets      # only what the new network cuts out otherwise
    ... --model new.onnx --side 560 --columns 2 --rows 2 -o sheets      # large enough for what a buyer sees
    ... --model new.onnx --names likely.txt -o sheets      # these alone, in the order of the file

The photo stands small beside its product on white. What an eye says of each is written into `ready_by_eye.json`, with
the network's SHA-256: y, n or u (unsure), and a second letter for a second look (- for none). Publishable is a picture
with nothing that a buyer would call careless: nothing missing, nothing foreign (hanger, hand, background between
sleeves, carpet at the hem), no fringe in the background's colour, not cut off by the photo.

`--before` names the network that the labels of `ready_by_eye.json` belong to. A picture whose opacity nowhere changes
by a quarter, but for regions of 0.05 % of the product, keeps its label; OUT/labels.json is the file for the new
network, with a question mark for each picture that is on the sheets. There the old picture stands beside the new one,
with its label: so that whoever looks is as strict as whoever looked.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout import cut_out, segment
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Rgb
from ready_labels import BY_EYE, others, outlined

_SMALL = 0.4  # of the product's side: the photo beside it
_SAME, _REGION = 0.25, 0.0005  # of the opacity; of the product's area


class Finished(NamedTuple):
    """A picture: its name, its kind, photo and product in straight RGBA, uint8 (h, w, 4); None where it is refused."""

    name: str
    kind: str
    rgb: Rgb
    rgba: NDArray[np.uint8] | None


def finished(network: Network, root: Path) -> Iterator[Finished]:
    """Every picture; those under an outline are counted, the others bear their photo's name."""
    for place, (kind, _, rgb, _) in enumerate(outlined(root)):
        yield Finished(str(place), kind, rgb, product(network, rgb))
    for name, kind, rgb in others(root):
        yield Finished(name, kind, rgb, product(network, rgb))


def product(network: Network, rgb: Rgb) -> NDArray[np.uint8] | None:
    """The product as packshot cuts it out."""
    photo = decode(rgb)
    try:
        return cut_out(photo, segment(photo, network)).rgba
    except NothingToCutOut:
        return None


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether an eye would see the same product twice."""
    first, second = (rgba[..., 3].astype(np.int16) for rgba in (one, other))
    apart = (np.abs(first - second) > 255 * _SAME).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(apart, connectivity=8)
    worst = stats[1:, cv2.CC_STAT_AREA].max() if count > 1 else 0
    return bool(worst <= _REGION * np.count_nonzero(first > 127))


def tile(rgb: Rgb, products: Sequence[NDArray[np.uint8] | None], *, side: int) -> Rgb:
    """The photo beside its product on white: of one network, or of the one before and the new one."""
    small = round(_SMALL * side)
    out = np.full((side, small + side * len(products), 3), 205, np.uint8)
    shown = [(rgb, small, 0, 26)]
    for place, rgba in enumerate(products):
        if rgba is not None:
            shown.append((on_white(rgba), side, small + side * place, 0))
    for picture, most, left, top in shown:
        factor = (most - 4) / max(picture.shape[:2])
        size = max(1, int(picture.shape[1] * factor)), max(1, int(picture.shape[0] * factor))
        fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
        out[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return out


def on_white(rgba: NDArray[np.uint8]) -> Rgb:
    """The product alone, on white."""
    opacity = rgba[..., 3:].astype(np.float32) / 255
    white = np.asarray(np.rint(rgba[..., :3] * opacity + 255 * (1 - opacity)), np.uint8)
    rows, columns = np.flatnonzero((opacity > 0.1).any(axis=(1, 2))), np.flatnonzero((opacity > 0.1).any(axis=(0, 2)))
    box = tuple(slice(max(0, int(each[0]) - 8), int(each[-1]) + 9) for each in (rows, columns))
    return white[box]


def letters_before(products: dict[str, NDArray[np.uint8] | None]) -> dict[str, str]:
    """Of each picture that the labelled network did not refuse, what two looks said."""
    if not products:
        return {}
    eye = json.loads(BY_EYE.read_text(encoding="utf-8"))
    under = [name for name, rgba in products.items() if name.isdigit() and rgba is not None]
    looks = zip(under, eye["outlined"]["first"], eye["outlined"]["second"], strict=True)
    return {name: first + second for name, first, second in looks} | {n: both for n, (_, both) in eye["others"].items()}


def labels(pictures: list[Finished], known: dict[str, str], network: Network) -> dict[str, object]:
    """What goes into `ready_by_eye.json`, with a question mark where an eye has to look."""
    letters = [(picture, known.get(picture.name, "?-")) for picture in pictures if picture.rgba is not None]
    under = [both for picture, both in letters if picture.name.isdigit()]
    return {
        "network": network.sha256,
        "date": datetime.now(UTC).date().isoformat(),
        "outlined": {"first": "".join(both[0] for both in under), "second": "".join(both[1] for both in under)},
        "others": {picture.name: [picture.kind, both] for picture, both in letters if not picture.name.isdigit()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--before", help="the network whose labels hold for pictures that stay the same")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--names", type=Path, help="draw the pictures of this file alone, a name a line")
    parser.add_argument("--side", type=int, default=330, help="pixels of a product [330]")
    parser.add_argument("--columns", type=int, default=3, help="of a sheet [3]")
    parser.add_argument("--rows", type=int, default=4, help="of a sheet [4]")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    network = load(options.model, Settings(allow_non_commercial=True))
    options.output.mkdir(parents=True, exist_ok=True)
    pictures = list(finished(network, Path(options.data)))
    wanted = options.names.read_text(encoding="utf-8").splitlines() if options.names else [p.name for p in pictures]
    before = (
        {p.name: p.rgba for p in finished(load(options.before, Settings()), Path(options.data))}
        if options.before
        else {}
    )
    told = letters_before(before)
    known = {}
    for name, _, _, rgba in pictures:
        old = before.get(name)
        if old is not None and rgba is not None and alike(old, rgba):
            known[name] = told[name]
    text = json.dumps(labels(pictures, known, network), indent=1, ensure_ascii=False)
    (options.output / "labels.json").write_text(text + "\n", encoding="utf-8")
    names, tiles = [], []
    by_name = {picture.name: picture for picture in pictures}
    for name, _, rgb, rgba in (by_name[name] for name in wanted):
        if rgba is None or name in known:
            continue
        drawn = tile(rgb, [before.get(name), rgba] if options.before else [rgba], side=options.side)
        cv2.putText(drawn, str(len(names)), (2, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (200, 0, 0), 2)
        if name in told:
            cv2.putText(
                drawn, told[name], (round(_SMALL * options.side) + 4, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 200), 2
            )
        names.append(name)
        tiles.append(drawn)
    (options.output / "names.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    columns = min(2, options.columns) if options.before else options.columns
    for first in range(0, len(tiles), columns * options.rows):
        part = tiles[first : first + columns * options.rows]
        part += [np.full_like(part[0], 255)] * (-len(part) % columns)
        sheet = np.vstack([np.hstack(part[row : row + columns]) for row in range(0, len(part), columns)])
        cv2.imwrite(str(options.output / f"{first:04d}.png"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    print(f"{len(tiles)} pictures on sheets in {options.output}; network {network.sha256}")


if __name__ == "__main__":
    main()
