"""Profiles whose compositions a person changes for one run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.composition import override_composition, parse_size
from packshot.errors import UsageError
from packshot.marketplace.profiles import Profile

__all__ = ["change_compositions"]


def change_compositions(
    profiles: Sequence[Profile],
    *,
    size: str | None = None,
    background: str | None = None,
    max_kb: int | None = None,
    **changes: object,
) -> tuple[list[Profile], str | None]:
    """Change how pictures are composed, for every profile alike.

    Args:
        profiles: whose compositions are changed.
        size: ``WIDTHxHEIGHT`` in pixels.
        background: ``#rrggbb``, ``transparent``, or the path of a picture.
        max_kb: largest file in 1000 bytes.
        changes: further fields of `packshot.composition.Composition`; None changes nothing.

    Returns:
        The profiles, and the path of the background picture, if there is one.

    Raises:
        UsageError: a value is wrong, or the picture is not there.
    """
    backdrop = None
    if background is not None and not (background.startswith("#") or background == "transparent"):
        if not Path(background).is_file():
            raise UsageError(
                f"background {background}: no such file, and no colour",
                remedy="give #rrggbb, transparent, or a picture",
            )
        backdrop, background = str(Path(background)), "picture"
    changes |= {
        "size": None if size is None else parse_size(size),
        "background": background,
        "max_bytes": None if max_kb is None else max_kb * 1000,
    }
    made = [override_composition(profile.composition, **changes) for profile in profiles]
    return [
        profile.model_copy(update={"composition": each}) for profile, each in zip(profiles, made, strict=True)
    ], backdrop
