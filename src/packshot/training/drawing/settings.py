"""What the generator may draw: one set of habits to learn from, another to choose and report on."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.errors import UsageError

__all__ = ["SETTINGS", "GeneratorSettings", "check_settings"]


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """Ranges and variants; a pair is (lowest, highest).

    Attributes:
        width: of a band, as a fraction of the picture's side; drawn on a logarithmic scale.
        long_side: of the drawn picture, pixels.
        rescale: factor between drawing and delivery.
        quality: of the last JPEG, 1..100.
        hue: of coloured bands and backgrounds, in turns; a range may pass 1.
        variant: which of the two drawings each texture knows, 0 or 1.
        handwriting: draw words with OpenCV's stroke fonts instead of Pillow's outlines.
    """

    width: tuple[float, float]
    long_side: tuple[int, int]
    rescale: tuple[float, float]
    quality: tuple[int, int]
    hue: tuple[float, float]
    variant: int
    handwriting: bool


#: Textures, fonts and hues are disjoint; sizes, widths and qualities overlap, as they do in the world.
SETTINGS = {
    "train": GeneratorSettings(
        width=(0.01, 0.2),
        long_side=(192, 512),
        rescale=(0.5, 1.3),
        quality=(20, 100),
        hue=(0.0, 0.6),
        variant=0,
        handwriting=False,
    ),
    "validation": GeneratorSettings(
        width=(0.012, 0.17),
        long_side=(256, 900),
        rescale=(0.6, 1.6),
        quality=(30, 98),
        hue=(0.6, 1.0),
        variant=1,
        handwriting=True,
    ),
}


def check_settings(name: str) -> None:
    """Refuse a name that no settings have.

    Raises:
        UsageError: it is none of `SETTINGS`.
    """
    if name not in SETTINGS:
        raise UsageError(
            f"settings: expected one of {', '.join(SETTINGS)}, got {name!r}",
            remedy="learn from `train`, choose and report on `validation`",
        )
