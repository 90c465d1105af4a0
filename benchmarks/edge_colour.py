"""How much of the old background stays in a cut-out's edge colours.

Products of known colour and opacity are laid on foreign photos; each method is given the composite and the
alpha, and its colours are compared with the true ones where the product is half transparent (0 < alpha < 1).

    python benchmarks/edge_colour.py            # pymatting's row needs the extra packshot[bench]

Columns: mean absolute colour error in the band (0..1); the same weighted with alpha (what a viewer sees); the
error of the picture on a new white background when alpha is the guided enlargement of a 352-pixel one; the
best time of five.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from packshot.cutout import foreground_colours, upsample

Floats = NDArray[np.float32]
Method = Callable[[NDArray[np.uint8], Floats], NDArray[np.uint8]]


def picture(name: str, side: int) -> NDArray[np.uint8]:
    """One of scikit-image's photos, cropped to a square."""
    rgb = getattr(data, name)()
    rgb = rgb[0] if isinstance(rgb, tuple) else rgb
    rgb = rgb[..., :3]
    short = min(rgb.shape[:2])
    return cv2.resize(np.ascontiguousarray(rgb[:short, :short]), (side, side), interpolation=cv2.INTER_AREA)


def shape(kind: str, side: int, rng: np.random.Generator) -> Floats:
    """A drawn alpha: a soft disc, a bottle, or a furry ball; drawn at twice the size, then blurred."""
    big = np.zeros((2 * side, 2 * side), np.uint8)
    centre = side
    if kind == "bottle":
        cv2.rectangle(big, (int(0.7 * side), int(0.6 * side)), (int(1.3 * side), int(1.8 * side)), 255, -1)
        cv2.rectangle(big, (int(0.9 * side), int(0.2 * side)), (int(1.1 * side), int(0.7 * side)), 255, -1)
    else:
        cv2.circle(big, (centre, centre), int(0.6 * side), 255, -1, cv2.LINE_AA)
    if kind == "fur":
        for angle in rng.uniform(0, 2 * np.pi, 500):
            inner, outer = 0.55 * side, side * rng.uniform(0.62, 0.78)
            bend = angle + rng.normal(0, 0.05)
            start = (int(centre + inner * np.cos(angle)), int(centre + inner * np.sin(angle)))
            stop = (int(centre + outer * np.cos(bend)), int(centre + outer * np.sin(bend)))
            cv2.line(big, start, stop, int(rng.integers(120, 256)), 2, cv2.LINE_AA)
    alpha = cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.GaussianBlur(alpha, (0, 0), {"disc": 3.0, "bottle": 1.0, "fur": 0.7}[kind] * side / 1000)


def scenes(side: int) -> Iterator[tuple[str, NDArray[np.uint8], NDArray[np.uint8], Floats]]:
    """(name, product's colours, background, alpha)."""
    rng = np.random.default_rng(0)
    plain = {"red product": (190, 40, 50), "white product": (240, 240, 236)}
    fronts = {name: picture(name, side) for name in ("coffee", "chelsea", "astronaut")}
    fronts |= {name: np.full((side, side, 3), colour, np.uint8) for name, colour in plain.items()}
    backs = {"rocket": picture("rocket", side), "motorcycle": picture("stereo_motorcycle", side)}
    backs["green"] = np.full((side, side, 3), (40, 160, 60), np.uint8)
    for kind in ("disc", "bottle", "fur"):
        alpha = shape(kind, side, rng)
        for front, colours in fronts.items():
            for back, background in backs.items():
                yield f"{kind}/{front}/{back}", colours, background, alpha


def lay(front: NDArray[np.uint8], back: NDArray[np.uint8] | int, alpha: Floats) -> NDArray[np.uint8]:
    """Composite, rounded to 8 bits."""
    opacity = alpha[..., None]
    return np.rint(front * opacity + np.asarray(back, np.float32) * (1 - opacity)).astype(np.uint8)


def methods() -> dict[str, Method]:
    """What is compared; pymatting only if it is installed."""
    found: dict[str, Method] = {
        "raw photo": lambda rgb, alpha: rgb,
        "packshot": foreground_colours,
    }
    try:
        from pymatting import estimate_foreground_ml
    except ImportError:
        print("pymatting is not installed: its row is left out")
        return found

    def pymatting(rgb: NDArray[np.uint8], alpha: Floats) -> NDArray[np.uint8]:
        return np.rint(255 * np.clip(estimate_foreground_ml(rgb / 255.0, alpha.astype(np.float64)), 0, 1)).astype(
            np.uint8
        )

    found["pymatting ml"] = pymatting
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=1000, help="pixels")
    side = parser.parse_args().side
    every = list(scenes(side))
    print(f"{len(every)} composites of {side} x {side} pixels")
    print(f"{'method':14s} {'band error':>10s} {'weighted':>9s} {'on white':>9s} {'ms':>7s}")
    for name, method in methods().items():
        plain, weighted, shown, best = [], [], [], float("inf")
        for number, (_, front, back, alpha) in enumerate(every):
            mixed = lay(front, back, alpha)
            for _ in range(5 if number == 0 else 1):
                start = time.perf_counter()
                colours = method(mixed, alpha)
                best = min(best, time.perf_counter() - start)
            # Not the last step below alpha = 1/255: no 8-bit picture keeps it.
            band = (alpha > 1 / 255) & (alpha < 1)
            error = np.abs(colours.astype(np.float32) - front)[band].mean(axis=1) / 255
            plain.append(error.mean())
            weighted.append((error * alpha[band]).sum() / alpha[band].sum())
            guessed = upsample(cv2.resize(alpha, (352, 352), interpolation=cv2.INTER_AREA), mixed)
            near = cv2.dilate(band.astype(np.uint8), np.ones((5, 5))).astype(bool)
            result = lay(method(mixed, guessed), 255, guessed).astype(np.float32)
            shown.append(np.abs(result - lay(front, 255, alpha))[near].mean() / 255)
        figures = f"{np.mean(plain):10.4f} {np.mean(weighted):9.4f} {np.mean(shown):9.4f}"
        print(f"{name:14s} {figures} {best * 1e3:7.1f}")


if __name__ == "__main__":
    main()
