"""A colour profile of a made-up press, small and exact enough to go there and back."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_GRID = 17
_WHITE = np.array([0.9642, 1.0, 0.8249])  # D50
_TO_SRGB = np.array(
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]]
)  # from XYZ under D50: Lindbloom, "RGB/XYZ Matrices", Bradford-adapted


def press_profile() -> bytes:
    """An ICC profile (version 2, output device, CMYK, by tables): ink is what sRGB lacks, black what all three lack."""
    tables = [
        (b"desc", b"desc\0\0\0\0" + struct.pack(">I", 6) + b"press\0" + b"\0" * 78),
        (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in _WHITE))),
        (b"cprt", b"text\0\0\0\0none\0"),
        (b"B2A0", _table(3, 4, _inks(_grid(3)))),
        (b"A2B0", _table(4, 3, _lab(_grid(4)))),
    ]
    offset = 128 + 4 + 12 * len(tables)
    directory, body = struct.pack(">I", len(tables)), b""
    for name, content in tables:
        content += b"\0" * (-len(content) % 4)
        directory += name + struct.pack(">II", offset + len(body), len(content))
        body += content
    head = struct.pack(">I", offset + len(body)) + b"\0\0\0\0\x02\x40\0\0prtrCMYKLab "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += struct.pack(">3i", *(round(value * 65536) for value in _WHITE))
    return head.ljust(128, b"\0") + directory + body


def _grid(inputs: int) -> NDArray[np.float64]:
    """Every point of the table, the last input running fastest; (n, inputs) in 0..1."""
    axes = [np.linspace(0, 1, _GRID)] * inputs
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, inputs)


def _inks(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    light, a, b = lab[:, 0] * 100 * (65535 / 65280), *(lab[:, 1:].T * 65535 / 256 - 128)
    y = (light + 16) / 116
    part = np.stack([y + a / 500, y, y - b / 200], axis=1)
    xyz = np.where(part > 6 / 29, part**3, (part - 4 / 29) * 3 * (6 / 29) ** 2) * _WHITE
    linear = np.clip(xyz @ _TO_SRGB.T, 0, 1)
    rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    black = 1 - rgb.max(axis=1, keepdims=True)
    inks = np.divide(1 - rgb - black, 1 - black, out=np.zeros_like(rgb), where=black < 1)
    return np.concatenate([inks, black], axis=1)


def _lab(inks: NDArray[np.float64]) -> NDArray[np.float64]:
    rgb = (1 - inks[:, :3]) * (1 - inks[:, 3:])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    share = linear @ np.linalg.inv(_TO_SRGB).T / _WHITE
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29).T
    return np.stack(
        [
            (116 * y - 16) / 100 * (65280 / 65535),
            (500 * (x - y) + 128) * 256 / 65535,
            (200 * (y - z) + 128) * 256 / 65535,
        ],
        axis=1,
    )


def _table(inputs: int, outputs: int, values: NDArray[np.float64]) -> bytes:
    """A lut16Type (ICC.1:2001-04, 6.5.8): identity curves round a grid."""
    head = b"mft2\0\0\0\0" + bytes([inputs, outputs, _GRID, 0])
    head += struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9))) + struct.pack(">HH", 2, 2)
    line = struct.pack(">HH", 0, 65535)
    points = np.rint(np.clip(values, 0, 1) * 65535).astype(">u2").tobytes()
    return head + line * inputs + points + line * outputs
