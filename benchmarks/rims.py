"""What a person sees along the outline: finished pictures on white against the truth.

    PACKSHOT_DATA=../shared/data python benchmarks/rims.py [--pictures rims.png]

Garments whose masks were checked by eye, three pixels within their outline (so that no pixel is mixed) and made
smaller, are laid on the floors, blankets and carpets of other garments' validation photos, blurred as a lens blurs, and
saved as JPEG with colour at half the resolution. Opacity and colours are known, and nothing here was trained on. The
network that ships finds them; photos where it errs by more than an edge (IoU below 0.93) are left out.

Columns, within three pixels of the true outline's soft edge: the difference to the true picture on white, a channel's
mean of 0..1; the same as Delta E of CIELAB, and of its colour alone; the share of pixels whose colour is more than 10
off, which is what a coloured line is; the error of alpha; and the mean Delta E of the worst tenth of the pictures.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cutout_quality import garments
from packshot.cutout import foreground_colours, upsample
from packshot.cutout.cleanup import clean_up
from packshot.cutout.levels import levels
from packshot.cutout.matte import enlarge, enlarge_finely, without_haze
from packshot.cutout.second_look import look
from packshot.datasets import Split, public_items
from packshot.evaluation import iou
from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

Floats = NDArray[np.float32]

SEED, EACH, LEAST = 20_261_130, 3, 0.93


@dataclass(frozen=True)
class Laid:
    """A garment laid on another floor: the photo, its own colours and opacity, and what the network says."""

    photo: Rgb
    front: Rgb
    true: Alpha
    small: Alpha
    seen: Rgb


def cut_inside(rgb: Rgb, alpha: Alpha) -> tuple[Rgb, Alpha]:
    """The garment without its outermost pixels, cropped; its colours go on beyond its outline."""
    hard = (alpha >= 0.5).astype(np.uint8)
    smaller = cv2.erode(hard, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)), borderValue=0)
    inner = (cv2.GaussianBlur(smaller.astype(np.float32), (0, 0), 1.5) >= 0.5) & (cv2.erode(hard, np.ones((5, 5))) > 0)
    outside = (~inner).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    colours = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    colours[nearest[inner]] = rgb[inner]
    x, y, width, height = cv2.boundingRect(inner.astype(np.uint8))
    box = slice(max(0, y - 3), y + height + 3), slice(max(0, x - 3), x + width + 3)
    return colours[nearest][box], inner[box].astype(np.float32)


def floor(rgb: Rgb, alpha: Alpha) -> Rgb | None:
    """The largest stretch of a photo beside its product, mirrored until it fills the photo; None if all are narrow."""
    x, y, width, height = cv2.boundingRect((alpha > 0.1).astype(np.uint8))
    beside = rgb[:, : max(0, x - 6)], rgb[:, x + width + 6 :], rgb[: max(0, y - 6)], rgb[y + height + 6 :]
    wide = [part for part in beside if min(part.shape[:2]) >= 24]
    if not wide:
        return None
    part = max(wide, key=lambda each: each.shape[0] * each.shape[1])
    more = [(0, whole - some) for whole, some in zip(rgb.shape[:2], part.shape[:2], strict=True)]
    return np.pad(part, (*more, (0, 0)), mode="symmetric")


def scenes(root: Path) -> Iterator[Laid]:
    """The composites, the same every time."""
    network, rng = load("cutout", Settings(threads=1)), np.random.default_rng(SEED)
    rooms = [item for item in public_items(root) if item.source == "clothing" and item.split is Split.VALIDATION]
    for garment in garments(root):
        colours, inner = cut_inside(garment.rgb, garment.alpha)
        for _ in range(EACH):
            background = floor(*rooms[int(rng.integers(len(rooms)))].pair())
            if background is None or inner.mean() == 0:
                continue
            height, width = background.shape[:2]
            scale = float(rng.uniform(0.55, 0.8)) * min(width / inner.shape[1], height / inner.shape[0])
            if scale > 1:
                continue
            size = max(8, round(inner.shape[1] * scale)), max(8, round(inner.shape[0] * scale))
            x, y = int(rng.integers(0, width - size[0] + 1)), int(rng.integers(0, height - size[1] + 1))
            true, front = np.zeros((height, width), np.float32), np.zeros_like(background)
            true[y : y + size[1], x : x + size[0]] = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
            front[y : y + size[1], x : x + size[0]] = cv2.resize(colours, size, interpolation=cv2.INTER_AREA)
            lens = float(rng.uniform(0.35, 0.7))
            blurred = np.asarray(cv2.GaussianBlur(on(front, true, background), (0, 0), lens), np.float32)
            photo = saved(blurred, int(rng.integers(70, 92)))
            true = np.clip(cv2.GaussianBlur(true, (0, 0), lens), 0, 1)
            maps = look(photo, network, openings=False).maps
            yield Laid(photo, front, true, without_haze(maps.alpha), maps.photo(photo))


def on(front: Rgb, alpha: Alpha, background: Rgb | int) -> Floats:
    opacity = alpha[..., None]
    return np.asarray(front * opacity + np.asarray(background, np.float32) * (1 - opacity), np.float32)


def saved(picture: Floats, quality: int) -> Rgb:
    """As a camera saves it."""
    half = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]
    file = cv2.imencode(
        ".jpg", np.rint(picture).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, *half]
    )[1]
    return np.ascontiguousarray(np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


OUTLINES: dict[str, Callable[[Laid], Alpha]] = {
    "fitted to colours alone": lambda each: levels(upsample(each.small, each.photo, scale=2)),
    "fast": lambda each: enlarge(each.small, each.photo, each.seen),
    "fine": lambda each: enlarge_finely(each.small, each.photo),
    "the true one": lambda each: each.true,
}
COLOURS: dict[str, Callable[[Rgb, Alpha], Rgb]] = {
    "the photo's": lambda rgb, _: rgb,
    "packshot's": foreground_colours,
}


def figures(each: Laid, alpha: Alpha, colours: Rgb) -> list[float]:
    """The columns but the last."""
    shown, true = (on(*pair, 255) for pair in ((colours, alpha), (each.front, each.true)))
    soft = ((each.true > 0.02) & (each.true < 0.98)).astype(np.uint8)
    band = cv2.dilate(soft, np.ones((7, 7))) > 0
    labs = [cv2.cvtColor(np.clip(picture, 0, 255) / np.float32(255), cv2.COLOR_RGB2LAB) for picture in (shown, true)]
    difference = (labs[0] - labs[1])[band]
    colour = np.linalg.norm(difference[:, 1:], axis=1)
    return [
        float(np.abs(shown - true)[band].mean()) / 255,
        float(np.linalg.norm(difference, axis=1).mean()),
        float(colour.mean()),
        float((colour > 10).mean()),
        float(np.abs(alpha - each.true)[band].mean()),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA"))
    parser.add_argument("--pictures", type=Path, help="draw eight of them: photo, fitted to colours alone, fast, truth")
    options = parser.parse_args()
    if options.data is None:
        print("left out: PACKSHOT_DATA does not name the folder with the public sets")
        return
    cv2.setNumThreads(1)
    every = [each for each in scenes(options.data) if iou(OUTLINES["fast"](each), each.true) >= LEAST]
    print(f"{len(every)} composites\n")
    print("| outline | colours | on white | Delta E | colour | off by 10 | alpha | worst tenth |")
    print("|---|---|---|---|---|---|---|---|")
    for outline, find in OUTLINES.items():
        for name, colour in COLOURS.items():
            rows = []
            for each in every:
                alpha = np.asarray(np.rint(clean_up(find(each)) * 255) / 255, np.float32)
                rows.append(figures(each, alpha, colour(each.photo, alpha)))
            means, worst = np.mean(rows, axis=0), np.sort([row[1] for row in rows])[-len(rows) // 10 :].mean()
            cells = f"{means[0]:.4f} | {means[1]:.2f} | {means[2]:.2f} | {means[3]:.3f} | {means[4]:.4f} | {worst:.2f}"
            print(f"| {outline} | {name} | {cells} |", flush=True)
    if options.pictures:
        draw(every[:: max(1, len(every) // 8)][:8], options.pictures)


def draw(some: list[Laid], path: Path) -> None:
    """Photo, two outlines with the photo's and with our colours, and the truth, enlarged."""
    rows = []
    for each in some:
        before, after = OUTLINES["fitted to colours alone"](each), OUTLINES["fast"](each)
        shown = on(each.photo, before, 255), on(foreground_colours(each.photo, after), after, 255)
        cells = each.photo, *shown, on(each.front, each.true, 255)
        rows.append(np.hstack([cv2.resize(np.asarray(cell, np.uint8), (600, 800)) for cell in cells]))
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1])


if __name__ == "__main__":
    main()
