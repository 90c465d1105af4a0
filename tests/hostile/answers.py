"""Files whose right answer is known: what picture comes out, or that it has to be refused or told to be damaged."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pillow_heif
import simplejpeg
import skimage.data
import tifffile
from PIL import Image

END = b"\xff\xd9"
TO_P3 = np.array([[0.8224622, 0.1775380, 0.0], [0.0331942, 0.9668058, 0.0], [0.0170827, 0.0723974, 0.9105199]])
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
PICTURE = np.asarray(Image.fromarray(skimage.data.coffee()).resize((600, 400)))

#: Encoders at their quickest; what is tested is how files are read.
QUICK: dict[str, dict[str, object]] = {"AVIF": {"speed": 10}, "HEIF": {"enc_params": {"preset": "ultrafast"}}}


@dataclass(frozen=True)
class Answer:
    """A file and what is right.

    Attributes:
        kind: of file.
        name: of the file.
        data: its content.
        rgb: the picture, uint8 (h, w, 3); None: refused, or told to be damaged.
        tolerance: largest mean difference that is right, in levels of 255.
    """

    kind: str
    name: str
    data: bytes
    rgb: np.ndarray | None
    tolerance: float = 0.0


def saved(container: str, pixels: np.ndarray = PICTURE, **options: object) -> bytes:
    """The picture as a file."""
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, container, **QUICK.get(container, {}), **options)
    return file.getvalue()


def answers() -> Iterator[Answer]:
    """All of them, the same at every call."""
    for draw in kinds().values():
        yield from draw()


def kinds() -> dict[str, Callable[[], Iterator[Answer]]]:
    """What draws the files of a kind; half a minute for all, so each is drawn where it is needed."""
    return {
        "orientation": _orientation,
        "colour without ICC": _colours,
        "TIFF layouts": _layouts,
        "odd but whole": _odd,
        "mislabelled": _mislabelled,
        "half destroyed": _destroyed,
    }


def _orientation() -> Iterator[Answer]:
    turns = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }
    lossy = {"JPEG": 3.0, "AVIF": 4.0, "HEIF": 4.0}
    for number, turn in turns.items():
        for container in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"):
            exif = Image.Exif()
            exif[0x112] = number
            options: dict[str, object] = {"exif": exif.tobytes()}
            if container == "TIFF":
                options = {"tiffinfo": {274: number}}
            if container == "WEBP":
                options["lossless"] = True
            if container in lossy:
                options |= {"quality": 95}
            data = saved(container, turn(PICTURE), **options)
            yield Answer("orientation", f"{number}.{container.lower()}", data, PICTURE, lossy.get(container, 0.0))
    xmp = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    for container in ("JPEG", "WEBP", "AVIF"):
        yield Answer("orientation", f"xmp.{container.lower()}", saved(container, xmp=xmp, quality=95), PICTURE, 4.0)
    frame = Image.new("P", (40, 30), 1)
    frame.putpalette([0, 0, 255, 200, 0, 0] + [0] * 762)
    file = io.BytesIO()
    frame.save(file, "GIF")
    expected = np.full((64, 96, 3), 255, np.uint8)
    expected[:30, :40] = (200, 0, 0)
    small = file.getvalue()
    yield Answer("orientation", "small.gif", small[:6] + struct.pack("<HH", 96, 64) + small[10:], expected)


def _light(rgb: np.ndarray) -> np.ndarray:
    value = rgb / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _coded(light: np.ndarray) -> np.ndarray:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def _png(pixels: np.ndarray, *chunks: bytes) -> bytes:
    high, wide, _ = pixels.shape
    deep = pixels.dtype == np.uint16
    rows = b"".join(b"\0" + row.astype(">u2" if deep else "u1").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", wide, high, 16 if deep else 8, 2, 0, 0, 0)
    parts = [_chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _colours() -> Iterator[Answer]:
    kind = "colour without ICC"
    p3 = np.rint(_coded(_light(PICTURE) @ TO_P3.T) * 255).astype(np.uint8)
    power = (np.clip(_light(PICTURE) @ TO_2020.T, 0, 1) * 203 / 10000) ** 0.1593017578125
    pq = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    chrm = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    gamma = _chunk(b"gAMA", struct.pack(">I", 45455))
    yield Answer(kind, "cicp-p3.png", _png(p3, _chunk(b"cICP", bytes([12, 13, 0, 1]))), PICTURE, 2)
    yield Answer(kind, "chrm-p3.png", _png(p3, gamma, _chunk(b"cHRM", chrm)), PICTURE, 2)
    linear = np.rint(_light(PICTURE) * 65535).astype(np.uint16)
    yield Answer(kind, "linear.png", _png(linear, _chunk(b"gAMA", struct.pack(">I", 100000))), PICTURE, 2)
    deep = np.rint(pq * 65535).astype(np.uint16)
    yield Answer(kind, "pq.png", _png(deep, _chunk(b"cICP", bytes([9, 16, 0, 1]))), PICTURE, 4)
    for name, pixels, codes in (("p3", p3, (12, 13)), ("pq", np.rint(pq * 255).astype(np.uint8), (9, 16))):
        file = io.BytesIO()
        pillow_heif.from_bytes("RGB", (600, 400), pixels.tobytes()).save(
            file,
            quality=98,
            chroma=444,
            color_primaries=codes[0],
            transfer_characteristics=codes[1],
            matrix_coefficients=9 if codes[0] == 9 else 6,
            full_range_flag=1,
        )
        yield Answer(kind, f"{name}.heic", file.getvalue(), PICTURE, 5)
    yield Answer(kind, "plain.png", _png(PICTURE, gamma), PICTURE)


def _layouts() -> Iterator[Answer]:
    kind = "TIFF layouts"
    deep = PICTURE.astype(np.uint16) * 257
    light = _light(PICTURE).astype(np.float32)
    for order in "<>":
        end = {"<": "little", ">": "big"}[order]
        planes = np.ascontiguousarray(deep.transpose(2, 0, 1))
        cases: dict[str, tuple[np.ndarray, dict[str, object]]] = {
            "sixteen": (deep, {"photometric": "rgb"}),
            "planes": (planes, {"photometric": "rgb", "planarconfig": "separate"}),
            "bigtiff": (PICTURE, {"photometric": "rgb", "bigtiff": True}),
            "float": (light, {"photometric": "rgb"}),
            "float-packed": (light, {"photometric": "rgb", "compression": "deflate"}),
        }
        for name, (pixels, options) in cases.items():
            file = io.BytesIO()
            tifffile.imwrite(file, pixels, byteorder=order, **options)
            yield Answer(kind, f"{name}-{end}.tif", file.getvalue(), PICTURE, 0.6)
        file = io.BytesIO()
        tifffile.imwrite(file, 65535 - deep[..., 1], photometric="miniswhite", byteorder=order)
        yield Answer(kind, f"inverted-{end}.tif", file.getvalue(), np.repeat(PICTURE[..., 1:2], 3, axis=2), 0.6)


def _odd() -> Iterator[Answer]:
    kind = "odd but whole"
    png, jpeg = saved("PNG"), saved("JPEG", quality=95)
    chunks = {
        "text": _chunk(b"zTXt", b"workflow\0\0" + zlib.compress(b"a" * 2_000_000)),
        "xmp": _chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"a" * 2_000_000)),
        "profile": _chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2_000_000))),
        "short": _chunk(b"cHRM", bytes(31)),
        "checksum": _chunk(b"tEXt", b"a\0b")[:-1] + b"\0",
    }
    for name, more in chunks.items():
        yield Answer(kind, f"{name}.png", png[:33] + more + png[33:], PICTURE)
    for name, before in (("newline", b"\n"), ("mark", b"\xef\xbb\xbf")):
        yield Answer(kind, f"{name}.png", before + png, PICTURE)
        yield Answer(kind, f"{name}.jpg", before + jpeg, PICTURE, 3)
    for cut in (1, 2, 10, 30):
        yield Answer(kind, f"cut{cut}.jpg", jpeg[:-cut], PICTURE, 3)
    for name, more in (("zeros", b"\0" * 4096), ("text", b"\r\n--end--"), ("twice", jpeg)):
        yield Answer(kind, f"then-{name}.jpg", jpeg + more, PICTURE, 3)
    yield Answer(kind, "soi.jpg", b"\xff\xd8" + jpeg, PICTURE, 3)
    flat = Image.new("RGB", (8160, 6144), (200, 190, 180))
    file = io.BytesIO()
    flat.save(file, "JPEG", quality=50)
    yield Answer(kind, "phone50mp.jpg", file.getvalue(), np.full((3072, 4080, 3), (200, 190, 180), np.uint8), 3)


def _mislabelled() -> Iterator[Answer]:
    for container, names in (
        ("WEBP", "jpg png heic"),
        ("PNG", "jpg webp heic"),
        ("AVIF", "jpg png"),
        ("JPEG", "png heic"),
    ):
        options: dict[str, object] = {"lossless": True} if container == "WEBP" else {}
        options |= {"quality": 95} if container in ("JPEG", "AVIF") else {}
        for suffix in names.split():
            data = saved(container, **options)
            yield Answer("mislabelled", f"{container.lower()}.{suffix}", data, PICTURE, 4)


def _destroyed() -> Iterator[Answer]:
    kind = "half destroyed"
    jpeg, progressive = saved("JPEG", quality=88), saved("JPEG", quality=88, progressive=True)
    half = len(jpeg) // 2
    files = {
        "closed.jpg": jpeg[:half] + END,
        "zeros.jpg": jpeg[:half] + bytes(len(jpeg) - half),
        "zeros-closed.jpg": jpeg[:half] + bytes(len(jpeg) - half - 2) + END,
        "ones.jpg": jpeg[:half] + b"\xff" * (len(jpeg) - half),
        "hole.jpg": jpeg[:half] + bytes(4096) + jpeg[half + 4096 :],
        "shifted.jpg": jpeg[:half] + jpeg[half + 4096 :],
        "progressive.jpg": progressive[: len(progressive) // 2] + END,
    }
    files["progressive-zeros.jpg"] = progressive[: len(progressive) // 2] + bytes(len(progressive) // 2)
    for container, suffix in (("WEBP", "webp"), ("AVIF", "avif"), ("HEIF", "heic"), ("PNG", "png")):
        data = saved(container)
        files[f"zeros.{suffix}"] = data[: len(data) // 2] + bytes(len(data) - len(data) // 2)
    grey = PICTURE.copy()
    grey[-150:] = 128
    grey[-166:-150, 250:] = 128
    files["saved-again.jpg"] = saved("JPEG", grey, quality=90)
    lenient = simplejpeg.decode_jpeg(files["shifted.jpg"], strict=False)
    files["shifted-saved-again.jpg"] = saved("JPEG", lenient, quality=90)
    files["shifted-saved-again.webp"] = saved("WEBP", lenient, quality=90)
    for name, data in files.items():
        yield Answer(kind, name, data, None)
