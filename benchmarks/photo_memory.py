"""How much memory one photo takes: the greatest resident size of a fresh process, by the photo's size.

python benchmarks/photo_memory.py            4, 12 and 24 megapixels as JPEG, 12 and 48 as PNG
python benchmarks/photo_memory.py JPEG 48    one of them

The whole pipeline on one thread, its results written, the fingerprint made; a small photo first, so that the networks
are there. `packshot.batch.memory` and `packshot.photo.memory_to_decode` plan with what this prints. Linux and macOS.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PHOTOS = [("JPEG", 4.0), ("JPEG", 12.0), ("JPEG", 24.0), ("PNG", 12.0), ("PNG", 48.0)]


def main() -> None:
    if sys.argv[1:]:
        measure(sys.argv[1], float(sys.argv[2]))
        return
    print("| photo | before, MB | peak, MB | bytes a pixel |\n|---|---|---|---|", flush=True)
    for kind, megapixels in PHOTOS:
        subprocess.run([sys.executable, __file__, kind, str(megapixels)], check=True)


def measure(kind: str, megapixels: float) -> None:
    """Print one row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"photo.{ {'JPEG': 'jpg', 'PNG': 'png'}[kind] }"
        # Drawn elsewhere, lest drawing is measured.
        subprocess.run([sys.executable, "-c", DRAW, str(path), kind, str(megapixels)], check=True)
        before, peak = run(path, Path(folder))
    print(
        f"| {kind}, {megapixels:g} megapixels | {before:.0f} | {peak:.0f} | {(peak - before) / megapixels:.0f} |",
        flush=True,
    )


DRAW = """
import sys
from PIL import Image
from skimage import data
side = round((float(sys.argv[3]) * 1e6) ** 0.5)
Image.fromarray(data.astronaut()).resize((side, side)).save(sys.argv[1], sys.argv[2], quality=90, compress_level=1)
"""


def run(path: Path, out: Path) -> tuple[float, float]:
    """Megabytes before the photo and at its peak."""
    import cv2
    import numpy as np
    from skimage import data

    from packshot.duplicates import fingerprint_of
    from packshot.photo import encode
    from packshot.pipeline import Pipeline
    from packshot.settings import Settings

    cv2.setNumThreads(1)
    pipeline = Pipeline(settings=Settings(threads=1))
    unit = 1e6 if sys.platform == "darwin" else 1e3
    sizes = []
    for source in (np.ascontiguousarray(data.astronaut()), path):
        result = pipeline.run(source).raise_for_status()
        assert result.photo is not None
        assert result.cutout is not None
        (out / "cutout.png").write_bytes(encode(result.cutout.rgba, format="PNG").data)
        fingerprint_of(result.photo.rgb)
        sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    return sizes[0], sizes[1]


if __name__ == "__main__":
    main()
