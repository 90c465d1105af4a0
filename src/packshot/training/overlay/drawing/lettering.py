"""Words set in any font at hand: what text overlays and print on products are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from packshot.errors import UsageError
from packshot.values import Alpha

__all__ = ["draw_words", "font_files", "random_words"]

# First and last letter of what is written, by script; letters a font lacks are left out.
_SCRIPTS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "latin": ((0x41, 0x5A), (0x61, 0x7A)),
    "capitals": ((0x41, 0x5A),),
    "digits": ((0x30, 0x39),),
    "cyrillic": ((0x410, 0x44F),),
    "arabic": ((0x627, 0x64A),),
    "chinese": ((0x4E00, 0x7FFF),),
}
_FRAME_AROUND = ("{}", "{}", "{}", "{}", "-{}%", "{},99", "{} cm", "{} €", "${}", "{} ml", "www.{}.com", "© {}", "{}!")
_SPACE = 0.35  # of the letter height, around the words: descenders and italics stay whole


def font_files(folder: str) -> tuple[Path, ...]:
    """The fonts to write with, in the order of their names.

    Args:
        folder: holds ``.ttf`` and ``.otf`` files, below it too; empty for DejaVu, which comes with matplotlib.

    Raises:
        UsageError: there is no font.
    """
    if folder:
        root, pattern = Path(folder), "*.[to]tf"
    else:
        import matplotlib as mpl

        root, pattern = Path(mpl.get_data_path()) / "fonts" / "ttf", "DejaVu*.ttf"
    found = tuple(sorted(root.rglob(pattern), key=lambda path: path.name))
    if not found:
        raise UsageError(f"{root}: no fonts", remedy="name a folder of .ttf or .otf files, or leave it empty")
    return found


def random_words(rng: np.random.Generator, font: Path, *, most: int) -> str:
    """Letters that look like words, of a script the font knows, sometimes a number, a price or an address.

    Args:
        rng: the source of chance.
        font: a font file.
        most: words, at most.
    """
    scripts = _letters(font)
    names = list(scripts)
    # Where a font knows Chinese or Arabic, it is there for that.
    weights = np.array(
        [{"chinese": 6, "arabic": 4, "cyrillic": 0.4, "digits": 1}.get(name, 2) for name in names], float
    )
    letters = scripts[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    words = []
    for _ in range(int(rng.integers(1, most + 1))):
        length = int(rng.integers(1, 10)) if len(letters) > 10 else int(rng.integers(1, 4))
        words.append("".join(letters[int(place)] for place in rng.integers(0, len(letters), length)))
    text = " ".join(words)
    if rng.random() < 0.5 and len(letters) <= 52:
        text = text.capitalize()
    return str(rng.choice(_FRAME_AROUND)).format(text) if rng.random() < 0.3 else text


def draw_words(text: str, font: Path, *, height: int, stroke: int = 0) -> Alpha:
    """The words as they cover what is below: float32 (h, w), 0..1, cropped to their ink.

    Args:
        text: one line.
        font: a font file.
        height: of the letters with their ascenders, about, in pixels.
        stroke: how much thicker each line is drawn on each side, pixels.
    """
    face = _face(font, max(5, height))
    left, top, right, bottom = face.getbbox(text, stroke_width=stroke)
    edge = int(height * _SPACE) + stroke + 1
    size = max(1, int(right - left) + 2 * edge), max(1, int(bottom - top) + 2 * edge)
    image = Image.new("L", size)
    ImageDraw.Draw(image).text((edge - left, edge - top), text, fill=255, font=face, stroke_width=stroke)
    box = image.getbbox() or (0, 0, 1, 1)
    return np.asarray(image.crop(box), np.float32) / np.float32(255)


@lru_cache(maxsize=512)
def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=512)
def _letters(font: Path) -> Mapping[str, Sequence[str]]:
    """Script -> the letters of it that a font knows; scripts it hardly knows are left out."""
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(font)).get_charmap()
    found = {
        name: [chr(code) for low, high in ranges for code in range(low, high + 1) if code in known]
        for name, ranges in _SCRIPTS.items()
    }
    kept = {name: letters for name, letters in found.items() if len(letters) >= 8}
    return kept or {"digits": list("0123456789")}
