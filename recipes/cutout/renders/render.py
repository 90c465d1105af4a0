"""Render cut-out training pictures of the models that a TOML file names.

    python recipes/cutout/renders/render.py --sources clones --out renders --views 20

Writes OUT/<model>/<n>.png (RGBA, straight alpha) and OUT/index.csv. A second run renders only what is missing.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import mesh
import moderngl
import numpy as np
import raster

_MARGIN = 4  # pixels of empty border
_FLAT = 0.25  # a model lower than this share of its width is mostly photographed from above


@dataclass(frozen=True)
class Entry:
    """One model to render.

    Attributes:
        name: Folder of its renders.
        path: The mesh file.
        repository: "owner/name" on GitHub.
        licence: As its repository states it.
        kind: "furniture", "tool", "food", ...
        up: The axis of the file that points up, or None where the file says it.
        cutout: Whether texture alpha is a hole.
    """

    name: str
    path: Path
    repository: str
    licence: str
    kind: str
    up: str | None
    cutout: bool


def read_models(toml: Path, sources: Path) -> list[Entry]:
    """Lists the models of a TOML file in an order that mixes the repositories.

    Raises:
        FileNotFoundError: A mesh file is not where the pattern says.
    """
    entries = []
    for source in tomllib.loads(toml.read_text())["source"]:
        folder = source["repository"].split("/")[1]
        for kind, models in source["models"].items():
            for model in models:
                pattern = source["path"].replace("{model}", model)
                found = sorted((sources / folder).glob(pattern))
                if len(found) != 1:
                    raise FileNotFoundError(f"{len(found)} files match {sources / folder / pattern}, expected 1")
                name = f"{source['prefix']}_{model}".replace("/", "_").lower()
                up = source.get("up", {}).get(model, source.get("up_default"))
                cutout = model in source.get("cutout", [])
                entries.append(Entry(name, found[0], source["repository"], source["licence"], kind, up, cutout))
    return sorted(entries, key=lambda e: zlib.crc32(e.name.encode()))


def random_view(points: np.ndarray, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, tuple]:
    """Chooses a camera whose picture the model fills.

    Args:
        points: float (n, 3), the model's vertices inside the unit sphere, z up.
        size: Longer side of the picture in pixels.
        rng: Source of the choice.

    Returns:
        World-to-clip matrix (4, 4), camera position (3,), and (width, height) in pixels.
    """
    extent = np.ptp(points, axis=0)
    flat = extent[2] < _FLAT * max(extent[0], extent[1])
    low, high = ((20, 45), (45, 85)) if flat else ((4, 45), (40, 75))
    elevation = np.radians(rng.uniform(*(high if rng.random() < (0.55 if flat else 0.2) else low)))
    azimuth, roll = rng.uniform(0, 2 * np.pi), np.radians(rng.normal(0, 2.5))
    distance = 1 / np.sin(np.radians(rng.uniform(14, 55)) / 2)
    back = np.array([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0])
    above = np.cross(back, right)
    right, above = np.cos(roll) * right + np.sin(roll) * above, np.cos(roll) * above - np.sin(roll) * right
    look = np.eye(4)
    look[:3, :3] = right, above, back
    look[2, 3] = -distance
    seen = points @ look[:3, :3].T + look[:3, 3]
    flat_points = seen[:, :2] / -seen[:, 2:]
    least, most = flat_points.min(0), flat_points.max(0)
    span = most - least
    inner = np.maximum(span / span.max() * (size - 2 * _MARGIN), 8)
    width, height = (int(np.ceil(s)) + 2 * _MARGIN for s in inner)
    # Shift and scale the picture plane so that the model's outline just fits: focal length and crop in one.
    scale = 2 * (size - 2 * _MARGIN) / span.max() / np.array([width, height])
    middle = (least + most) / 2 * scale
    near, far = distance - 1.02, distance + 1.02
    clip = np.array(
        [
            [scale[0], 0, middle[0], 0],
            [0, scale[1], middle[1], 0],
            [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, -1, 0],
        ]
    )
    return clip @ look, back * distance, (width, height)


def random_light(eye: np.ndarray, rng: np.random.Generator) -> tuple[dict[str, object], np.ndarray]:
    """Chooses two to four lights, ambient light, gloss and exposure.

    Returns:
        Values for the shader, and the world-to-clip matrix (4, 4) of the first light.
    """
    around = np.arctan2(eye[1], eye[0])
    number = rng.integers(2, 5)
    sources, strengths = np.tile([0.0, 0.0, 1.0], (4, 1)), np.zeros((4, 3))
    for i in range(number):
        # The key light stands within 80 degrees of the camera; the others anywhere, a rim light from behind included.
        azimuth = around + (np.radians(rng.uniform(-80, 80)) if i == 0 else rng.uniform(0, 2 * np.pi))
        elevation = np.radians(rng.uniform(20, 80) if i == 0 else rng.uniform(-5, 70))
        sources[i] = np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)
        strengths[i] = _tint(rng, 0.25) * (rng.uniform(0.5, 1.3) if i == 0 else rng.uniform(0.05, 0.6))
    ambient = rng.uniform(0.15, 0.6)
    light = {
        "eye": eye,
        "light_from": sources,
        "light": strengths,
        "sky": _tint(rng, 0.2) * ambient,
        "floor_light": _tint(rng, 0.3) * ambient * rng.uniform(0.2, 0.9),
        "gloss": 10 ** rng.uniform(0.9, 2.3),
        "shine": rng.choice([rng.uniform(0.005, 0.04), rng.uniform(0.03, 0.12)]),
        "exposure": 10 ** rng.uniform(-0.12, 0.2),
    }
    side = np.cross([0.0, 0.3, 1.0], sources[0])
    side /= np.linalg.norm(side)
    key = np.eye(4)
    key[:3, :3] = side, np.cross(sources[0], side), -sources[0]
    return light, np.diag([0.98, 0.98, 0.98, 1]) @ key


def _tint(rng: np.random.Generator, most: float) -> np.ndarray:
    """Returns a warm or cold white: red and blue move against each other, green hardly."""
    warm = rng.uniform(-most, most)
    return np.array([1 + warm, 1 + rng.uniform(-0.04, 0.04), 1 - warm])


def straight(premultiplied: np.ndarray) -> np.ndarray:
    """Turns colour times alpha into straight 8-bit RGBA.

    Args:
        premultiplied: float32 (h, w, 4) in 0..1.

    Returns:
        uint8 (h, w, 4). Empty pixels near the outline take its colour, so that resizing brings in no dark fringe.
    """
    alpha = premultiplied[..., 3:]
    spread = cv2.GaussianBlur(premultiplied, (0, 0), 2)
    near = spread[..., :3] / np.maximum(spread[..., 3:], 1e-4)
    colour = np.where(alpha > 0, premultiplied[..., :3] / np.maximum(alpha, 1 / 255), near)
    return np.rint(np.clip(np.concatenate([colour, alpha], -1), 0, 1) * 255).astype(np.uint8)


def render(model: raster.Model, size: int, rng: np.random.Generator) -> np.ndarray:
    """Renders one picture of a model: uint8 (h, w, 4), straight alpha, its longer side `size` pixels."""
    view, eye, shape = random_view(model.points, size, rng)
    light, key = random_light(eye, rng)
    return straight(model.draw(shape, view, key, light))


def write_png(path: Path, rgba: np.ndarray) -> None:
    """Writes a PNG by way of a temporary file, so that a stopped run leaves no half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part.png")
    cv2.imwrite(str(temporary), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 4])
    temporary.replace(path)


def write_index(out: Path, entries: list[Entry]) -> int:
    """Writes OUT/index.csv from the files that are there; returns their number."""
    rows = [
        (f"{e.name}/{p.name}", e.name, e.repository, e.licence, e.kind)
        for e in entries
        for p in sorted((out / e.name).glob("*.png"))
        if not p.name.endswith(".part.png")
    ]
    temporary = out / "index.csv.part"
    with temporary.open("w", newline="") as file:
        csv.writer(file).writerows([("file", "model", "repository", "licence", "kind"), *rows])
    temporary.replace(out / "index.csv")
    return len(rows)


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description="Render cut-out training pictures of textured 3D models.")
    parser.add_argument("--models", type=Path, default=Path(__file__).with_name("models.toml"))
    parser.add_argument("--sources", type=Path, required=True, help="folder that holds the clones")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--views", type=int, default=20, help="pictures a model (default: 20)")
    parser.add_argument("--size", type=int, default=400, help="longer side in pixels (default: 400)")
    options = parser.parse_args()
    entries = read_models(options.models, options.sources)
    context = moderngl.create_context(standalone=True, backend="egl")
    for done, entry in enumerate(entries, 1):
        paths = [options.out / entry.name / f"{n}.png" for n in range(options.views)]
        missing = [n for n, path in enumerate(paths) if not path.exists()]
        if missing:
            model = raster.Model(context, mesh.load(entry.path, up=entry.up), cutout=entry.cutout)
            for n in missing:
                # Each picture has its own seed: it comes out the same however the runs were split.
                rng = np.random.default_rng([n, zlib.crc32(entry.name.encode())])
                write_png(paths[n], render(model, options.size, rng))
            model.release()
            write_index(options.out, entries)
            # A command reports what it does.
            print(f"{done}/{len(entries)} {entry.name}: {len(missing)} pictures", flush=True)
    print(f"{write_index(options.out, entries)} pictures in {options.out / 'index.csv'}")


if __name__ == "__main__":
    main()
