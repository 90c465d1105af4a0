"""Draws the seeds: small good files, and some that are bad on purpose.

python fuzz/seeds.py [FOLDER]    writes FOLDER/TARGET/seeds/*, build/fuzz by default
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pi_heif
from PIL import Image, ImageCms

from packshot.photo.icc import srgb_profile
from packshot.records import Record

__all__ = ["FOLDER", "seeds", "write_seeds"]

FOLDER = Path(__file__).parents[1] / "build" / "fuzz"
_MANIFEST_1 = Path(__file__).parents[1] / "tests" / "records" / "old_run" / "manifest.jsonl"


def write_seeds(folder: Path = FOLDER) -> None:
    """Write all seeds, one folder a target."""
    for target, files in seeds().items():
        place = folder / target / "seeds"
        place.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (place / name).write_bytes(data)


def seeds() -> dict[str, dict[str, bytes]]:
    """Target -> file name -> content; the same at every call."""
    photos = _photos()
    profiles = _profiles()
    pngs = _pngs(profiles["srgb"])
    heads = {name: data[:128] for name, data in photos.items()} | {"stray": b"\xef\xbb\xbf\n" + photos["jpg"][:64]}
    heads |= {"svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "pdf": b"%PDF-1.7", "zeros": bytes(32)}
    return {
        "decode": photos | pngs,
        "icc": profiles,
        "manifest": _manifests(),
        "png": pngs | {name: data for name, data in photos.items() if name.startswith("png")},
        "scans": {name: data for name, data in photos.items() if name.startswith("jpg")},
        "sniff": heads,
    }


def _pixels(side: int = 24) -> np.ndarray:
    down, across = np.mgrid[0:side, 0:side]
    return np.stack([across * 9, down * 8, 255 - across * 5], axis=-1).astype(np.uint8)


def _saved(image: Image.Image, container: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, container, **options)
    return file.getvalue()


def _photos() -> dict[str, bytes]:
    pi_heif.register_heif_opener()
    rgb = Image.fromarray(_pixels())
    clear = np.dstack([_pixels(), np.full((24, 24), 255, np.uint8)])
    clear[:6, :, 3] = 0
    rgba = Image.fromarray(clear)
    exif = Image.Exif()
    exif[0x112] = 6
    frames = {"save_all": True, "append_images": [rgb.rotate(90)]}
    return {
        "jpg": _saved(rgb, "JPEG", exif=exif.tobytes()),
        "jpg-progressive": _saved(rgb, "JPEG", progressive=True, icc_profile=srgb_profile()),
        "jpg-restart": _saved(rgb, "JPEG", restart_marker_rows=1),
        "jpg-cmyk": _saved(rgb.convert("CMYK"), "JPEG"),
        "jpg-grey": _saved(rgb.convert("L"), "JPEG"),
        "mpo": _saved(rgb, "MPO", **frames),
        "png-rgba": _saved(rgba, "PNG"),
        "png-palette": _saved(rgb.quantize(8), "PNG", transparency=0),
        "png-bits": _saved(rgb.convert("1"), "PNG"),
        "png-animated": _saved(rgb, "PNG", **frames),
        "webp": _saved(rgb, "WEBP", quality=50),
        "webp-lossless": _saved(rgba, "WEBP", lossless=True),
        "webp-animated": _saved(rgb, "WEBP", **frames),
        "avif": _saved(rgb, "AVIF", speed=10),
        "tif": _saved(rgb, "TIFF"),
        "tif-lzw": _saved(rgb, "TIFF", compression="tiff_lzw"),
        "tif-deflate": _saved(rgba, "TIFF", compression="tiff_adobe_deflate"),
        "tif-jpeg": _saved(rgb, "TIFF", compression="jpeg"),
        "tif-lab": _saved(Image.new("LAB", (9, 9), (99, 9, 9)), "TIFF"),
        "bmp": _saved(rgb, "BMP"),
        "bmp-palette": _saved(rgb.quantize(8), "BMP"),
        "gif": _saved(rgb.quantize(8), "GIF", transparency=1),
        "gif-animated": _saved(rgb.quantize(8), "GIF", **frames),
    }


def _profiles() -> dict[str, bytes]:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    return {"srgb": srgb_profile(), "lab": lab, "xyz": xyz, "grey": _grey_profile(), "nothing": b"", "text": b"none"}


def _grey_profile() -> bytes:
    """A grey one of gamma 2.2, by hand (ICC.1:2022, 7.2 and 10.6)."""
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"grey\0" + bytes(79),
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0",
    }
    table, body, at = b"", b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    head = b"\0\0\0\0\x02\x40\0\0mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28)
    head += struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    data = head + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(data)) + data[4:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pngs(profile: bytes) -> dict[str, bytes]:
    plain = _saved(Image.fromarray(_pixels(12)), "PNG")
    exif = Image.Exif()
    exif[0x112] = 6
    raw = b"Raw profile type exif\0\n\nexif\n6\n" + exif.tobytes().hex().encode()
    chunks = {
        "gamma": _chunk(b"gAMA", struct.pack(">I", 45455)),
        "primaries": _chunk(b"gAMA", struct.pack(">I", 100000))
        + _chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)),
        "code-points": _chunk(b"cICP", bytes([12, 13, 0, 1])),
        "profile": _chunk(b"iCCP", b"x\0\0" + zlib.compress(profile)),
        "srgb": _chunk(b"sRGB", b"\1"),
        "exif": _chunk(b"eXIf", exif.tobytes()[6:]),
        "raw-exif": _chunk(b"tEXt", raw),
        "transparent": _chunk(b"tRNS", struct.pack(">3H", 9, 8, 7)),
        "checksum": _chunk(b"tEXt", b"a\0b")[:-1] + b"\0",
    }
    return {"plain": plain} | {name: plain[:33] + more + plain[33:] for name, more in chunks.items()}


def _manifests() -> dict[str, bytes]:
    now = {"source": "a.jpg", "sha256": "0" * 64, "status": "ok", "timings_ms": {"photo": 1.5}, "own": [1, None]}
    record = Record.model_validate(now | {"schema_version": 2}).to_json().encode() + b"\n"
    old = {"source": "b.jpg", "sha256": "1" * 64, "status": "ok", "packshot": "packshots/b.jpg"}
    old |= {"rules": [{"id": "fill", "ok": True, "measured": 0.9}], "frame": None, "review": None}
    return {
        "one": record,
        "two": record * 2,
        "torn": record + record[:20],
        "old": json.dumps(old).encode() + b"\n",
        "old-run": _MANIFEST_1.read_bytes() if _MANIFEST_1.is_file() else b"{}\n",
        "newer": b'{"schema_version": 99}\n',
        "list": b"[]\n",
    }


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
