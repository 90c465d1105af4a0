"""A published picture against the one that was sent: the same bytes, or the same picture that still keeps the rules."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from packshot.delivery.item import Item
from packshot.duplicates import CopyKind, fingerprint_of, match_fingerprints
from packshot.errors import ChangedByShop, PackshotError, PhotoError, UsageError
from packshot.marketplace import Profile, check, load_profile
from packshot.photo import decode
from packshot.values import Rgb

__all__ = ["Finding", "compare"]

_SAVED_ANEW = {CopyKind.EXACT, CopyKind.RE_ENCODED, CopyKind.RESIZED}
# Of 255, at sides of at most 512 pixels. Encoders (JPEG from 40, WebP 80) and resizing change the mean of 9 x 9 pixels
# by at most 12, words laid over a picture by 27 or more: docs/decisions/0052-to-the-shop.md.
_MEAN_LEVELS, _WINDOW_LEVELS, _WINDOW = 4.0, 18.0, 9


@dataclass(frozen=True, slots=True)
class Finding:
    """How a published picture stands to the one that was sent.

    Attributes:
        reason: what the shop did to it that does no harm; None where it has the same bytes.
        error: what it did that does harm.
        rules_ok: whether it keeps the rules of its channel.
    """

    reason: str | None = None
    error: PackshotError | None = None
    rules_ok: bool = True


def compare(item: Item, sent: bytes, published: bytes) -> Finding:
    """Compare a published picture with the one that was sent.

    Args:
        item: the picture as it went out.
        sent: its bytes.
        published: the bytes that the shop shows.
    """
    if published == sent:
        return Finding(rules_ok=item.rules_ok)
    ours = decode(sent).rgb
    try:
        theirs = decode(published).rgb
    except PhotoError as error:
        return _harm(f"what is published is no picture ({error.message})")
    height, width = theirs.shape[:2]
    size = f"{width} x {height}"
    if not _is_close(ours, theirs):
        match = match_fingerprints(fingerprint_of(ours), fingerprint_of(theirs))
        how = "another picture"
        if match is not None and match.duplicate:
            how = "changed in places" if match.kind in _SAVED_ANEW else match.kind.value
        return _harm(f"what is published is not what was sent ({how}, {size})")
    resized = ours.shape != theirs.shape
    what = f"published {'resized' if resized else 're-encoded'}, {size}, {len(published)} bytes"
    try:
        profile = load_profile(item.channel)
    except UsageError:  # a profile of the seller's own, whose file is elsewhere
        return Finding(reason=f"{what}; rules not measured", rules_ok=item.rules_ok)
    before = _broken(sent, profile)
    broken = {name: words for name, words in _broken(published, profile).items() if name not in before}
    if broken:
        return _harm(f"{what}, breaks {item.channel}'s rules: {'; '.join(broken.values())}")
    return Finding(reason=what, rules_ok=item.rules_ok)


def _broken(data: bytes, profile: Profile) -> dict[str, str]:
    """Rules that must hold and do not, in words."""
    rules = check(data, profile)
    return {rule.id: rule.words() for rule in rules if not rule.ok and rule.severity == "must"}


def _is_close(ours: Rgb, theirs: Rgb) -> bool:
    """Whether two pictures are the same but for encoding and size."""
    height, width = ours.shape[:2]
    if abs(theirs.shape[1] / theirs.shape[0] - width / height) > 0.02 * width / height:
        return False
    small = (min(width, theirs.shape[1], 512), min(height, theirs.shape[0], 512))
    one, other = (cv2.resize(each, small, interpolation=cv2.INTER_AREA).astype(np.float32) for each in (ours, theirs))
    levels = one - other
    windows = np.abs(cv2.blur(levels, (_WINDOW, _WINDOW)))
    return bool(np.abs(levels).mean() <= _MEAN_LEVELS and windows.max() <= _WINDOW_LEVELS)


def _harm(message: str) -> Finding:
    remedy = "see what the shop does to pictures (its limits, an app that compresses), then deliver again"
    return Finding(error=ChangedByShop(message, remedy=remedy), rules_ok=False)
