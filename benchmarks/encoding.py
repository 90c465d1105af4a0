"""Encoders side by side: time and size of PNG settings, and what lossy codecs leave of pure white.

Command: ``python benchmarks/encoding.py`` (scikit-image brings the photos; one megapixel each, a star-shaped product).
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np
import skimage.data
from PIL import Image

from packshot.photo import WHITE_REACH, decode, encode

SIDE = 1000
NAMES = ("astronaut", "coffee", "chelsea")
STRATEGIES = ("DEFAULT", "FILTERED", "HUFFMAN_ONLY", "RLE", "FIXED")


def cutout(name: str) -> np.ndarray:
    """A star cut out of a photo, uint8 (1000, 1000, 4); transparent pixels are white."""
    photo = cv2.resize(getattr(skimage.data, name)(), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    edge = SIDE * 0.36 * (1 + 0.12 * np.sin(9 * np.arctan2(y, x)))
    alpha = np.clip((edge - np.hypot(x, y / 1.2)) / 1.5 + 0.5, 0, 1)
    photo[alpha == 0] = 255
    return np.dstack([photo, np.rint(255 * alpha).astype(np.uint8)])


def on_white(rgba: np.ndarray) -> np.ndarray:
    """The finished picture, uint8 (1000, 1000, 3)."""
    return decode(rgba).rgb


def timed(write: Callable[[np.ndarray], bytes], pictures: list[np.ndarray]) -> tuple[float, float, list[bytes]]:
    """Milliseconds of processor time (best of five, mean of the pictures), mean kilobytes, and the files."""
    times, files = [], []
    for picture in pictures:
        tries = []
        for _ in range(5):
            started = time.process_time()
            data = write(picture)
            tries.append(1000 * (time.process_time() - started))
        times.append(min(tries))
        files.append(data)
    return statistics.mean(times), statistics.mean(len(data) / 1000 for data in files), files


def pillow(level: int) -> Callable[[np.ndarray], bytes]:
    """Pillow's PNG writer at a compression level."""

    def write(pixels: np.ndarray) -> bytes:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=level)
        return file.getvalue()

    return write


def opencv(level: int, strategy: str, row_filter: str | None) -> Callable[[np.ndarray], bytes]:
    """OpenCV's PNG writer with a zlib strategy and a row filter (None: libpng tries all for each row)."""
    options = [cv2.IMWRITE_PNG_COMPRESSION, level]
    options += [cv2.IMWRITE_PNG_STRATEGY, getattr(cv2, f"IMWRITE_PNG_STRATEGY_{strategy}")]
    if row_filter:
        options += [cv2.IMWRITE_PNG_FILTER, getattr(cv2, f"IMWRITE_PNG_FILTER_{row_filter}")]
    return lambda pixels: cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA), options)[1].tobytes()


def png_table() -> None:
    """Time and size of a one-megapixel cut-out."""
    pictures = [cutout(name) for name in NAMES]
    print(f"{'PNG writer':40}{'CPU ms':>8}{'kB':>8}")
    rows = [(f"Pillow, level {level}", pillow(level)) for level in (1, 3, 6)]
    rows += [(f"OpenCV, level 1, {name}, all filters", opencv(1, name, None)) for name in STRATEGIES]
    rows += [
        (f"OpenCV, level 1, {name}, filter {kind}", opencv(1, name, kind))
        for name in ("DEFAULT", "RLE")
        for kind in ("NONE", "SUB", "UP", "AVG", "PAETH")
    ]
    rows.append(("packshot.photo.encode", lambda pixels: encode(pixels, format="PNG").data))
    for label, write in rows:
        milliseconds, size, _ = timed(write, pictures)
        print(f"{label:40}{milliseconds:8.1f}{size:8.0f}")


def white_table() -> None:
    """What is left of pure white, overall and far from the product."""
    pictures = [on_white(cutout(name)) for name in NAMES]
    print(f"\n{'lossy writer':32}{'CPU ms':>8}{'kB':>8}{'white kept':>12}{'darkest':>9}{'reach px':>10}{'beyond':>9}")

    def save(container: str, **options: object) -> Callable[[np.ndarray], bytes]:
        def write(pixels: np.ndarray) -> bytes:
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, container, **options)
            return file.getvalue()

        return write

    rows: list[tuple[str, str, Callable[[np.ndarray], bytes]]] = []
    for quality in (75, 85, 92, 98, 100):
        for name in ("4:4:4", "4:2:0"):
            options = {"quality": quality, "subsampling": name}
            rows.append(("JPEG", f"JPEG {quality} {name}", save("JPEG", **options)))
    for quality in (80, 90, 95, 100):
        for method, sharp in ((4, False), (2, True)):
            label = f"WEBP {quality} method {method}{' sharp' if sharp else ''}"
            rows.append(("WEBP", label, save("WEBP", quality=quality, method=method, use_sharp_yuv=sharp)))
    rows.append(("WEBP", "WEBP 92 method 3 sharp", save("WEBP", quality=92, method=3, use_sharp_yuv=True)))
    rows.append(("WEBP", "WEBP lossless method 0", save("WEBP", lossless=True, quality=0, method=0)))
    single = {"subsampling": "4:4:4", "max_threads": 1, "autotiling": False}
    for quality, speed in ((85, 6), (85, 8), (70, 9), (85, 9), (95, 9), (100, 9)):
        rows.append(("AVIF", f"AVIF {quality} speed {speed}", save("AVIF", quality=quality, speed=speed, **single)))
    for name in ("JPEG", "WEBP", "AVIF"):
        rows.append((name, f"packshot.photo.encode {name}", lambda p, name=name: encode(p, format=name).data))
    for container, label, write in rows:
        milliseconds, size, files = timed(write, pictures)
        kept, darkest, reach, lost = whiteness(pictures, files, WHITE_REACH[container])
        print(f"{label:32}{milliseconds:8.1f}{size:8.0f}{kept:12.4%}{darkest:9}{reach:10}{lost:9}")


def whiteness(pictures: list[np.ndarray], files: list[bytes], promised: int) -> tuple[float, int, int, int]:
    """Share of white pixels kept, the darkest, how far (chessboard) one was off, how many beyond the promise."""
    white_count = kept_count = reach = lost = 0
    darkest = 255
    for before, data in zip(pictures, files, strict=True):
        after = decode(data).rgb
        white = (before == 255).all(axis=2)
        kept = white & (after == 255).all(axis=2)
        distance = cv2.distanceTransform(white.astype(np.uint8), cv2.DIST_C, 3)
        off = white & ~kept
        white_count += int(white.sum())
        kept_count += int(kept.sum())
        darkest = min(darkest, int(after[white].min()))
        reach = max(reach, int(distance[off].max()) if off.any() else 0)
        lost += int((distance[off] > promised).sum())
    return kept_count / white_count, darkest, reach, lost


if __name__ == "__main__":
    png_table()
    white_table()
