"""Measuring a finished picture, made by packshot or by anybody, against a marketplace's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from packshot.errors import UsageError
from packshot.marketplace.profiles import Profile, load_profile
from packshot.marketplace.rules import Finished, measure
from packshot.overlay import FindOverlays
from packshot.photo import decode, print_facts
from packshot.values import Alpha, Frame, Photo, RuleResult

__all__ = ["OF_OVERLAYS", "Measured", "check", "check_on"]

_OF_PRINT = {"resolution", "clipping-path"}
#: Kinds of rules that want to know what was laid over a picture.
OF_OVERLAYS = frozenset({"no-overlay", "overlay-fields"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A finished picture, measured by a profile's rules as they hold on a day.

    Attributes:
        profile: its name.
        on: the day.
        rules: those that hold then.
        upcoming: those that hold later.
    """

    profile: str
    on: date
    rules: tuple[RuleResult, ...]
    upcoming: tuple[RuleResult, ...]

    @property
    def ok(self) -> bool:
        """Whether the marketplace takes the picture: every rule that must hold does."""
        return all(rule.ok or rule.severity != "must" for rule in self.rules)

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        rules, upcoming = ([rule.row() for rule in each] for each in (self.rules, self.upcoming))
        return {
            "profile": self.profile,
            "on": self.on.isoformat(),
            "ok": self.ok,
            "rules": rules,
            "upcoming": upcoming,
        }

    def words(self, name: str, *, failing_only: bool = False) -> str:
        """For a person.

        Args:
            name: of the picture.
            failing_only: whether rules that hold are left out; else each has a line.
        """
        told = [(rule, later) for rules, later in ((self.rules, False), (self.upcoming, True)) for rule in rules]
        lines = [rule.words(later=later) for rule, later in told if not (failing_only and rule.ok)]
        return "\n  ".join([f"{'pass' if self.ok else 'FAIL'}  {name}", *lines])


def check_on(
    day: date,
    data: bytes,
    profile: Profile,
    *,
    mask: Alpha | None = None,
    photo: Photo | None = None,
    find_frame: Callable[[Photo], Frame] | None = None,
    find_overlays: FindOverlays | None = None,
    cut_off: tuple[str, ...] = (),
) -> Measured:
    """Measure the rules that hold on a day, and apart from them those that hold later; see `check`."""
    every = check(
        data,
        profile,
        mask=mask,
        photo=photo,
        find_frame=find_frame,
        find_overlays=find_overlays,
        cut_off=cut_off,
        on=date.max,
    )
    later = tuple(rule for rule in every if rule.since is not None and rule.since > day)
    return Measured(profile.name, day, tuple(rule for rule in every if rule not in later), later)


def check(
    data: bytes,
    profile: Profile | str,
    *,
    mask: Alpha | None = None,
    photo: Photo | None = None,
    find_frame: Callable[[Photo], Frame] | None = None,
    find_overlays: FindOverlays | None = None,
    cut_off: tuple[str, ...] = (),
    on: date | None = None,
) -> tuple[RuleResult, ...]:
    """Measure each rule of a profile on a finished picture.

    Args:
        data: the encoded file.
        profile: the rules, or their name.
        mask: float32 (h, w) in 0..1, where the product is, if that is known. Without it background and
            product are estimated from the picture, which cannot see a white product on white.
        photo: `data` decoded, if that is at hand.
        find_frame: frame detection, for pictures made elsewhere; without it ``no-border`` sees plain bars only.
        find_overlays: overlay detection; without it rules about overlays are not measured, and count as kept.
        cut_off: edges of the photo it was made of that cut the product off, if that is known.
        on: the day whose rules are measured; today by default. ``date.max`` is every rule, also those that hold later.

    Returns:
        One result per rule that holds on that day, in the profile's order.

    Raises:
        PhotoError: the file is no picture.
        UsageError: no such profile, or the mask has another size than the picture.
    """
    day = on or date.today()  # a marketplace's day, wherever it is read
    every = (load_profile(profile) if isinstance(profile, str) else profile).rules
    rules = [rule for rule in every if rule.holds(day)]
    photo = photo if photo is not None else decode(data)
    if mask is not None and mask.shape != photo.rgb.shape[:2]:
        raise UsageError(
            f"a mask of {mask.shape[1]} x {mask.shape[0]} pixels for one of {photo.width} x {photo.height}",
            remedy="give the mask of the finished picture, not of the photo",
        )
    frame = find_frame(photo) if find_frame and any(rule.kind == "no-border" for rule in rules) else None
    overlays = find_overlays(photo, mask) if find_overlays and any(rule.kind in OF_OVERLAYS for rule in rules) else None
    printing = print_facts(data) if any(rule.kind in _OF_PRINT for rule in rules) else None
    picture = Finished(photo, len(data), mask, frame=frame, overlays=overlays, printing=printing, cut_off=cut_off)
    results = []
    for rule in rules:
        found = measure(picture, rule.kind, rule.parameters)
        results.append(
            RuleResult(
                id=rule.id,
                ok=found.ok,
                measured=found.measured,
                required=found.required,
                severity=rule.severity,
                since=rule.since,
            )
        )
    return tuple(results)
