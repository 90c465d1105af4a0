"""Changes that get past the first check: JSON stays JSON, a PNG keeps its checksums.

libFuzzer's own changes nearly always break both, and what lies behind is never reached. Plain changes of bytes are made
here as well: atheris 3.0 has no way back to libFuzzer's from a mutator (`atheris.Mutate` asks for a `Fuzz` that runs).
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from typing import Any

__all__ = ["MUTATORS", "Mutator"]

#: data, most bytes, seed -> data.
Mutator = Callable[[bytes, int, int], bytes]

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, -(10**30), 1e308, "", "a", "\udc80", "2026-13-45", "\u0000"),
    *([], {}, [None], [[]], {"": None}, {"ok": True}, [1, 2, 3, 4], [{"id": 1}], ["left"], float("nan"), float("inf")),
)


def json_mutator(data: bytes, most: int, seed: int) -> bytes:
    """One value of one line becomes another, or goes, or comes twice under another key."""
    chance = random.Random(seed)
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        row = json.loads(lines[at])
    except (ValueError, RecursionError):
        return _bytes_changed(data, chance)[:most]
    if chance.random() < 0.3:
        return _bytes_changed(data, chance)[:most]
    lines[at] = json.dumps(_changed(row, chance)).encode()
    return b"\n".join(lines)[:most]


def _changed(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {other: inner for other, inner in value.items() if other != key}
        if chance.random() < 0.15:
            return value | {chance.choice([*value, "x"]): value[key]}
        return value | {key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    return chance.choice(_ODD)


def png_mutator(data: bytes, most: int, seed: int) -> bytes:
    """Bytes changed, and most of the time every checksum made right again."""
    chance = random.Random(seed)
    changed = _bytes_changed(data, chance)
    if chance.random() < 0.3:
        return changed[:most]
    pieces, at = [changed[:8]], 8
    while at + 12 <= len(changed):
        length = int.from_bytes(changed[at : at + 4], "big")
        if at + 12 + length > len(changed):
            length = len(changed) - at - 12
        body = changed[at + 4 : at + 8 + length]
        pieces += [length.to_bytes(4, "big"), body, zlib.crc32(body).to_bytes(4, "big")]
        at += 12 + length
    return b"".join(pieces)[:most]


def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """One to four times: bytes overwritten, put in, taken out, or a piece of the input put elsewhere."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(changed))
        size = chance.choice((1, 1, 2, 4, 8, 32))
        start = chance.randint(0, len(changed))
        piece = chance.choice(
            (chance.randbytes(size), bytes(size), b"\xff" * size, bytes(changed[start : start + size]))
        )
        gone = chance.choice((0, size, len(piece)))
        changed[at : at + gone] = b"" if chance.random() < 0.2 else piece
    return bytes(changed)


MUTATORS: dict[str, Mutator] = {"manifest": json_mutator, "png": png_mutator}
