"""Photographs for the demo, written as files, as a seller would have them: some come along, some with scikit-image."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from packshot.extras import installing

__all__ = ["PHOTOS", "write_photos"]

#: What the demo shows, and what each photo is of; photos/NOTICE says whose they are.
PHOTOS = {
    "brick.png": "a brick wall, without a product: not ready",
    "cap.jpg": "a cap on a red cloth, whose colour stays along the outline: not ready",
    "coffee.png": "a cup on a table",
    "coffee_can.jpg": "a grocery on a table",
    "dress.jpg": "a dress",
    "jacket.jpg": "a jacket on a hanger",
    "jeans.jpg": "jeans",
    "motorcycle_left.png": "a motorcycle in a garage",
    "pitcher_on_white.jpg": "a pitcher on white, with a hole in its handle",
    "shirt_in_a_frame.jpg": "a shirt, with a frame around the photo",
    "shoes.jpg": "shoes on a floor",
    "sneakers.jpg": "sneakers on a floor",
    "t_shirt.jpg": "a T-shirt",
}


def write_photos(folder: Path) -> list[Path]:
    """Copy the photographs into a folder.

    Args:
        folder: made if missing; files of the same name are replaced.

    Returns:
        The written files.

    Raises:
        SystemExit: scikit-image is not installed.
    """
    try:
        import skimage.data  # noqa: PLC0415 - in the extra `demo` only
    except ImportError:
        sys.exit(f"some of the demo's photographs come with scikit-image: {installing('demo')}")
    own, further = files(__name__) / "photos", Path(skimage.data.__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in PHOTOS:
        source = own / name
        data = source.read_bytes() if source.is_file() else (further / name).read_bytes()
        target = folder / name
        target.write_bytes(data)
        written.append(target)
    return written
