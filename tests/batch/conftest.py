import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.photos import save as save_pixels
from packshot_tests.photos import soft

# Worker processes import the stub by name, from the path they inherit.
sys.path.insert(0, str(Path(__file__).parent))


def save_photo(path: Path, seed: int = 0, size: tuple[int, int] = (64, 48)) -> Path:
    return save_pixels(path, soft(seed, size))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six good photos in two folders."""
    folder = tmp_path / "photos"
    for index, name in enumerate(["a.jpg", "b.png", "sub/a.jpg", "sub/c.jpg", "sub/deep/d.webp", "é.jpg"]):
        save_photo(folder / name, index)
    return folder


def results(folder: Path) -> dict[str, bytes]:
    """Every file below an output folder, without what may differ: measured times, the journal and the lock."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("journal.jsonl", "lock"):
            data = path.read_bytes()
            if path.name == "manifest.jsonl":
                data = re.sub(rb'"timings_ms": \{[^}]*\}', b"", data)
            elif path.name == "report.html":
                # Not in the pictures' base64, whose lines have no spaces before a unit.
                data = re.sub(rb"\b[0-9.]+ m?s\b|width:[0-9.]+%", b"", data)
            found[str(path.relative_to(folder))] = data
    return found


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    return results


@pytest.fixture
def save() -> Callable[..., Path]:
    return save_photo
