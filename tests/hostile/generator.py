"""Bad files by the hundred, from seeds: what sellers, broken uploads and attackers send.

``python tests/hostile/generator.py FOLDER`` writes them for a look by hand.
"""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

Named = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class HostileFile:
    """One bad file: the kind of its badness, and where it lies."""

    kind: str
    path: Path


def picture(size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A drawn picture with gradients, edges and noise, so that every coder has something to do."""
    y, x = np.mgrid[: size[1], : size[0]].astype(float)
    noise = np.random.default_rng(1).integers(0, 40, (size[1], size[0]))
    red = 255 * x / size[0]
    green = np.where((x // 12 + y // 12) % 2, 200, 30) + noise
    return Image.fromarray(np.dstack([red, green, 255 * y / size[1]]).clip(0, 255).astype(np.uint8))


def saved(container: str, image: Image.Image | None = None, **options: object) -> bytes:
    """The picture as a file."""
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    (image or picture()).save(file, container, **options)
    return file.getvalue()


@cache
def good_files() -> dict[str, bytes]:
    """One good file for each container and coding; its suffix is the key's first part."""
    return {
        "jpg": saved("JPEG"),
        "jpg-progressive": saved("JPEG", progressive=True),
        "jpg-cmyk": saved("JPEG", picture().convert("CMYK")),
        "png": saved("PNG"),
        "png-palette": saved("PNG", picture().quantize(32)),
        "webp": saved("WEBP"),
        "webp-lossless": saved("WEBP", lossless=True),
        "avif": saved("AVIF", speed=10),
        "heic": saved("HEIF"),
        "tif": saved("TIFF"),
        "tif-lzw": saved("TIFF", compression="tiff_lzw"),
        "tif-jpeg": saved("TIFF", compression="jpeg"),
        "bmp": saved("BMP"),
        "gif": saved("GIF"),
    }


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def truncated(chance: random.Random) -> Named:
    """Cut at round shares, at the very ends, and at random."""
    for key, data in good_files().items():
        cuts = {1, 4, 12, len(data) // 100, len(data) // 3, len(data) // 2, len(data) - 1, len(data) - 8}
        cuts |= {chance.randrange(1, len(data)) for _ in range(4)}
        for cut in sorted(cuts):
            yield f"{key}-{cut}.{key.split('-')[0]}", data[:cut]


def flipped(chance: random.Random) -> Named:
    """A few bytes changed anywhere; half of the files in the first 200 bytes, where the structure is."""
    for key, data in good_files().items():
        for index in range(10):
            damaged = bytearray(data)
            for _ in range(1 + index):
                damaged[chance.randrange(min(len(data), 200) if index % 2 else len(data))] = chance.randrange(256)
            yield f"{key}-{index}.{key.split('-')[0]}", bytes(damaged)


def spliced(chance: random.Random) -> Named:
    """The head of one file on the body of another, and pieces left out or doubled."""
    files = good_files()
    for key, data in files.items():
        other = files[chance.choice(sorted(files))]
        at = chance.randrange(20, len(data))
        yield f"{key}-head.{key.split('-')[0]}", data[:at] + other[at:]
        start, end = sorted(chance.randrange(20, len(data)) for _ in range(2))
        yield f"{key}-hole.{key.split('-')[0]}", data[:start] + data[end:]
        yield f"{key}-double.{key.split('-')[0]}", data[:end] + data[start:]


def mislabelled(_: random.Random) -> Named:
    """Good pictures under each other's names."""
    files = {key: data for key, data in good_files().items() if "-" not in key}
    for key, data in files.items():
        for suffix in ("jpg", "png", "heic", "pdf"):
            if suffix != key:
                yield f"{key}-as.{suffix}", data


def foreign(_: random.Random) -> Named:
    """What is no photo, under a photo's name."""
    contents = {
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9999999 9999999\n{} loop\n",
        "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        "psd": b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 300_000, 300_000, 8, 3),
        "html": b"<!DOCTYPE html><title>404 Not Found</title>",
        "zip": b"PK\x03\x04" + b"\0" * 100,
        "text": "Größe: 42\n".encode(),
        "latin": "Größe: 42\n".encode("latin-1"),
        "zeros": bytes(100_000),
        "newlines": b"\n" * 100_000,
        "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0" * 100,
        "ico": b"\0\0\1\0\1\0\x10\x10" + b"\0" * 40,
        "jxl": b"\xff\x0a" + b"\0" * 40,
        "raw": b"II*\0\x10\0\0\0CR\2\0" + b"\0" * 40,
        "elf": b"\x7fELF" + b"\0" * 60,
    }
    for key, data in contents.items():
        yield f"{key}.jpg", data
        yield f"{key}.{key}", data


def tiny(_: random.Random) -> Named:
    """Nothing, one byte, and nothing but a signature."""
    files = good_files()
    for suffix in ("jpg", "png", "webp", "avif", "heic", "tif", "bmp", "gif"):
        yield f"empty.{suffix}", b""
        yield f"byte.{suffix}", b"\xff"
        yield f"signature.{suffix}", files[suffix][: 12 if suffix in ("webp", "avif", "heic") else 8]


def huge(_: random.Random) -> Named:
    """Small files that declare a large picture, or none at all."""
    for width, height in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (7_072, 7_072), (0, 0), (1, 2**31 - 1)):
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        rows = chunk(b"IDAT", zlib.compress(bytes(1000)))
        yield f"{width}x{height}.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")
    for width, height in ((2**31 - 1, 2**31 - 1), (-5, 10), (60_000, -60_000), (0, 5)):
        bmp = saved("BMP")
        yield f"{width}x{height}.bmp", bmp[:18] + struct.pack("<ii", width, height) + bmp[26:]
    gif = saved("GIF")
    yield "screen.gif", gif[:6] + b"\xff\xff\xff\xff" + gif[10:]
    at = gif.index(b",", 13 + 3 * 2 ** ((gif[10] & 7) + 1))
    yield "frame.gif", gif[: at + 5] + b"\xff\xff\xff\xff" + gif[at + 9 :]
    jpeg = saved("JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    for width, height in ((65_500, 65_500), (65_535, 1), (0, 65_535), (7_000, 7_000)):
        yield f"{width}x{height}.jpg", jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]
    webp = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0\xff\x3f\0" + saved("WEBP")[12:]
    yield "canvas.webp", b"RIFF" + struct.pack("<I", len(webp) + 4) + b"WEBP" + webp
    lossless = saved("WEBP", lossless=True)
    yield "lossless.webp", lossless[:21] + b"\xff\xff\xff\x0f" + lossless[25:]
    for suffix in ("avif", "heic"):
        data = good_files()[suffix]
        at = data.index(b"ispe") + 8
        yield f"ispe.{suffix}", data[:at] + struct.pack(">II", 60_000, 60_000) + data[at + 8 :]
    for tag, value in ((256, 60_000), (257, 2**31), (278, 2**31), (279, 2**32 - 1), (273, 2**32 - 1)):
        yield f"tag{tag}.tif", tiff_with(tag, value)
    yield "tiles.tif", tiff_with(322, 100_000, 323, 100_000)


def tiff_with(*changes: int) -> bytes:
    """A TIFF with some tags set to other values; tags it lacks replace harmless ones."""
    data = bytearray(saved("TIFF"))
    start = struct.unpack("<I", data[4:8])[0]
    entries = {}
    for index in range(struct.unpack("<H", data[start : start + 2])[0]):
        at = start + 2 + 12 * index
        entries[struct.unpack("<H", data[at : at + 2])[0]] = at
    for tag, value in zip(changes[::2], changes[1::2], strict=True):
        at = entries.pop(tag, None) or entries.pop(max(entries))
        data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, value)
    return bytes(data)


def bombs(_: random.Random) -> Named:
    """Small, valid and expensive."""
    yield "wide.png", saved("PNG", Image.new("1", (30_001, 10)))
    yield "area.png", saved("PNG", Image.new("1", (10_500, 10_500)))
    yield "legal.png", saved("PNG", Image.new("1", (6_000, 6_000)))
    yield "area.gif", saved("GIF", Image.new("P", (7_200, 7_000)))
    yield "area.webp", saved("WEBP", Image.new("RGB", (5_000, 5_001)), lossless=True, quality=0, method=0)
    png = saved("PNG")
    for kind in (b"iCCP", b"zTXt"):
        bomb = chunk(kind, b"a\0\0" + zlib.compress(bytes(8_000_000)))
        yield f"{kind.decode()}.png", png[:33] + bomb + png[33:]
    yield "itxt.png", png[:33] + chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(8_000_000))) + png[33:]
    yield "chunks.png", png[:33] + chunk(b"prVt", b"") * 60_000 + png[33:]
    frames = [Image.new("P", (64, 64), index % 200) for index in range(100)]
    yield "frames.gif", saved("GIF", frames[0], save_all=True, append_images=frames[1:], duration=1)
    gif = saved("GIF")
    at = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    yield "blocks.gif", gif[:at] + b"!\xfe" + b"\1a" * 1_000_000 + b"\0" + gif[at:]
    jpeg = saved("JPEG")
    yield "padding.jpg", jpeg[:2] + b"\xff" * 3_000_000 + jpeg[2:]
    yield "segments.jpg", jpeg[:2] + b"\xff\xe5\0\2" * 500_000 + jpeg[2:]


def scans(_: random.Random) -> Named:
    """Progressive JPEGs that send the same scan again and again."""
    for side, count in ((64, 90), (64, 101), (64, 880), (64, 20_000), (2_000, 880), (7_000, 90), (7_000, 880)):
        data = saved("JPEG", Image.new("L", (side, side), 90), progressive=True)
        last, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
        yield f"{side}px-{count}.jpg", data[:last] + data[last:end] * count + data[end:]


def profiles(chance: random.Random) -> Named:
    """Colour profiles: noise, half a profile, one with flipped bytes, a very large one."""
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for suffix, container in (("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("tif", "TIFF"), ("avif", "AVIF")):
        yield f"noise.{suffix}", saved(container, icc_profile=chance.randbytes(600))
        yield f"half.{suffix}", saved(container, icc_profile=good[:300])
        yield f"large.{suffix}", saved(container, icc_profile=good + bytes(900_000))
        for index in range(4):
            damaged = bytearray(good)
            for _ in range(8):
                damaged[chance.randrange(128, len(good))] = chance.randrange(256)
            yield f"flipped{index}.{suffix}", saved(container, icc_profile=bytes(damaged))


def metadata(chance: random.Random) -> Named:
    """EXIF: noise, endless directories, absurd orientations."""
    loop = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    counts = b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHII", 0x112, 3, 2**32 - 1, 2**32 - 1) * 4
    odd = [
        b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x112, kind, 1, value) + bytes(4)
        for kind, value in ((3, 9), (3, 65_535), (2, 65), (12, 7), (99, 1))
    ]
    bodies = [chance.randbytes(300), b"II*\0", loop, counts, *odd]
    for suffix, container in (("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")):
        prefix = b"Exif\0\0" if container == "JPEG" else b""
        for index, body in enumerate(bodies):
            yield f"{index}.{suffix}", saved(container, exif=prefix + body)
    # These two writers read what they write, so that good metadata is written first and then replaced.
    good = b"II*\0\x08\0\0\0\0\0" + bytes(4) + b"replace me" * 30
    for suffix, container in (("avif", "AVIF"), ("heic", "HEIF")):
        data = saved(container, exif=good)
        for index, body in enumerate(bodies):
            yield f"{index}.{suffix}", data.replace(good[8:], body.ljust(len(good), b"\0")[8 : len(good)])


def on_disk(folder: Path) -> Iterator[HostileFile]:
    """What a folder may hold that is no regular file."""
    folder.mkdir(parents=True)

    def add(name: str, make: Callable[[Path], object]) -> Iterator[HostileFile]:
        path = folder / name
        try:
            make(path)
        except (OSError, AttributeError):  # not on this system
            return
        yield HostileFile("no-file", path)

    yield from add("folder.jpg", Path.mkdir)
    yield from add("dangling.jpg", lambda path: path.symlink_to(folder / "nowhere.jpg"))
    yield from add("loop.jpg", lambda path: path.symlink_to(path))
    yield from add("pipe.jpg", lambda path: os.mkfifo(path))
    yield from add("device.jpg", lambda path: path.symlink_to("/dev/zero"))
    yield from add("random.jpg", lambda path: path.symlink_to("/dev/urandom"))
    yield from add("memory.jpg", lambda path: path.symlink_to("/proc/self/mem"))
    yield from add("socket.jpg", bind)
    yield from add("forbidden.jpg", lambda path: (path.write_bytes(saved("JPEG")), path.chmod(0)))
    yield from add("sparse.jpg", sparse)
    yield from add("line\nbreak.jpg", lambda path: path.write_bytes(b"\xff\xd8\xff"))
    yield from add("caf\udce9.jpg", lambda path: path.write_bytes(b"\xff\xd8\xff"))
    yield from add("-o.jpg", lambda path: path.write_bytes(b"\xff\xd8\xff"))
    yield from add("%s {0} $HOME.jpg", lambda path: path.write_bytes(b"\xff\xd8\xff"))


def sparse(path: Path) -> None:
    """A file of 100 GB without a byte on disk."""
    with path.open("wb") as file:
        file.truncate(10**11)


def bind(path: Path) -> None:
    """A Unix socket at the path."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


KINDS: dict[str, Callable[[random.Random], Named]] = {
    "truncated": truncated,
    "flipped bytes": flipped,
    "spliced": spliced,
    "mislabelled": mislabelled,
    "foreign": foreign,
    "tiny": tiny,
    "huge declared": huge,
    "bombs": bombs,
    "many scans": scans,
    "colour profiles": profiles,
    "metadata": metadata,
}


def generate(folder: Path, *, seed: int = 0, kinds: tuple[str, ...] | None = None) -> Iterator[HostileFile]:
    """Write the bad files of some or all kinds, each kind in its own folder.

    Args:
        folder: where to; made if it is not there.
        seed: equal seeds give equal files.
        kinds: of `KINDS`, and ``no-file`` for pipes, links and the like; all by default.

    Yields:
        Each file when it lies there.
    """
    for kind in kinds or (*KINDS, "no-file"):
        if kind == "no-file":
            yield from on_disk(folder / "no-file")
            continue
        place = folder / kind.replace(" ", "-")
        place.mkdir(parents=True)
        for name, data in KINDS[kind](random.Random(f"{seed} {kind}")):
            (place / name).write_bytes(data)
            yield HostileFile(kind, place / name)


if __name__ == "__main__":
    print(sum(1 for _ in generate(Path(sys.argv[1]))), "files")
