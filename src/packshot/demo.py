"""Photographs for the demo, from scikit-image's wheel: written as files, as a seller would have them."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["PHOTOS", "write_photos"]

#: Photographs that scikit-image's wheel carries, and what each is of.
PHOTOS = {
    "astronaut": "a portrait",
    "chelsea": "a cat",
    "coffee": "a cup on a table",
    "motorcycle_left": "a motorcycle in a garage",
    "rocket": "a rocket on its pad",
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
        sys.exit("the demo's photographs come with scikit-image: pip install 'packshot[demo]'")
    source = Path(skimage.data.__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in PHOTOS:
        for photo in sorted(source.glob(f"{name}.*")):
            if photo.suffix in {".png", ".jpg"}:
                target = folder / photo.name
                target.write_bytes(photo.read_bytes())
                written.append(target)
    return written


if __name__ == "__main__":
    write_photos(Path(sys.argv[1]))
