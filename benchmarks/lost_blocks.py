"""Photos that lost data in their middle: how many are told of, and how many whole ones are. Writes nothing.

PACKSHOT_DATA=../shared/data python benchmarks/lost_blocks.py

Of every 150th photo damaged copies are made and counted where more than a twentieth of the picture is visibly another
one; "saved anew" is the damaged copy as a gallery stores it, without anything that a decoder could warn of. Every photo
as it is counts as a false alarm where its pixels are said to be damaged. The limit was set on every second one.
"""

from __future__ import annotations

import io
import os
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

from packshot.errors import PackshotError
from packshot.photo import decode

EVERY = 150


def damaged(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """A JPEG as bad disks and broken copies leave it."""
    start = data.index(b"\xff\xda") + 14
    at = start + int((len(data) - start) * chance.choice([0.3, 0.5, 0.7]))
    much = max(64, (len(data) - start) // chance.choice([10, 20, 40]))
    yield "data lost", data[:at] + data[at + much :]
    yield "zeros", data[:at] + bytes(much) + data[at + much :]
    yield "other data", data[:at] + chance.randbytes(much).replace(b"\xff", b"\0") + data[at + much :]
    yield "data twice", data[:at] + data[at - much :]
    yield "one byte lost", data[:at] + data[at + 1 :]
    yield "one bit flipped", data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def is_told(data: bytes) -> bool:
    try:
        return decode(data).damage is not None
    except PackshotError:
        return True


def shown(data: bytes) -> Image.Image | None:
    """What a lenient program shows of a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return Image.open(io.BytesIO(data)).convert("RGB")
        except (OSError, SyntaxError):
            return None
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def saved(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def main() -> None:
    """Print both tables."""
    root = os.environ.get("PACKSHOT_DATA")
    if root is None:
        sys.exit("PACKSHOT_DATA names the folder with the public data sets")
    folders = ("ccp/photos", "clothing/images", "grocery", "people/images")
    paths = sorted(path for folder in folders for path in Path(root, folder).rglob("*.jpg"))
    chance = random.Random(5)
    seen, told = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for path in paths[::EVERY]:
        whole = Image.open(path).convert("RGB")
        pixels = np.asarray(whole).astype(int)
        for kind, data in damaged(saved(whole, chance.choice([75, 85, 92])), chance):
            picture = shown(data)
            if picture is None or (np.abs(np.asarray(picture) - pixels).max(axis=2) > 24).mean() <= 0.05:
                continue
            for form, file in (("as it is", data), ("saved anew", saved(picture, chance.choice([75, 85, 92])))):
                seen[kind, form] += 1
                told[kind, form] += is_told(file)
    print(f"| of {len(paths[::EVERY])} photos | as it is: told of | saved anew: told of |\n|---|---|---|")
    for kind in dict.fromkeys(kind for kind, _ in seen):
        counts = (f"{told[kind, form]} of {seen[kind, form]}" for form in ("as it is", "saved anew"))
        print(f"| {kind} | {' | '.join(counts)} |")
    alarms = [[path for path in paths[half::2] if is_told(path.read_bytes())] for half in (0, 1)]
    for words, half, found in zip(("set the limit", "chose nothing"), (0, 1), alarms, strict=True):
        print(f"\n{len(found)} of {len(paths[half::2])} whole photos are told of, among those that {words}")
        for path in found:
            print(f"  {path.relative_to(root)}: {decode(path).damage}")


if __name__ == "__main__":
    main()
