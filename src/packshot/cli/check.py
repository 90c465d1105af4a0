"""``packshot check``: marketplace rules, measured on finished pictures, as they hold today or on a later day."""

from __future__ import annotations

import functools
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, tell_passed_over
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, settings_from
from packshot.counting import counted
from packshot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.batch import Source
    from packshot.batch.finished import FinishedPicture
    from packshot.marketplace import Profile

__all__ = ["command"]


@packshot_command("check")
def command(
    sources: tuple[str, ...] = SOURCES,
    profile: str | None = option(
        "--profile",
        metavar="NAME|FILE,...",
        help="Marketplace profiles, see `packshot profiles`; each picture is measured by the rules of each. "
        "[default for a run's folder: each picture's own]",
    ),
    on: datetime | None = option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="By the rules of that day. [default: today]"
    ),
    catalogue: str | None = option(
        "-c", "--catalogue", metavar="CATALOGUE", help="Of runs' folders, the pictures this catalogue has."
    ),
    failing_only: bool = option(
        "--failing-only", help="Print only pictures that fail; without --json, only the rules that do not hold."
    ),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Measure each rule of a marketplace on finished pictures, made by packshot or by anybody.

    A source may be the folder a run wrote to: then each picture is measured by the rules of the profile it was made
    for. Exits 3 when a picture cannot be read or misses a rule that must hold on that day; rules that hold later are
    shown with their date. The last line, of each profile, counts the pictures, also those that --failing-only leaves
    out.

    \b
    packshot check out/packshots --profile amazon
    packshot check out/packshots --profile amazon --failing-only
    packshot check agency/ --profile amazon,ebay --failing-only
    packshot check front.jpg --profile zalando --json
    packshot check out/ --on 2027-01-31
    packshot check out/ -c shop.catalogue --profile google --on 2027-01-31
    """
    from packshot.batch import PassedOver
    from packshot.batch.finished import finished_pictures
    from packshot.batch.reading import bytes_of
    from packshot.catalogue.kept_files import kept_files
    from packshot.frame import frame_finder
    from packshot.marketplace import check_on, load_typed_profiles
    from packshot.overlay import overlay_finder
    from packshot.photo import decode

    day = date.today() if on is None else on.date()  # a marketplace's day, wherever it is read
    among = None if catalogue is None else kept_files(catalogue)
    passed_over: list[PassedOver] = []
    asked = [None] if profile is None else load_typed_profiles([profile])
    if len(asked) > 1 and "-" in sources:
        raise UsageError("stdin is read once, and not for each profile", remedy="name one profile, or a file")
    found = [finished_pictures(sources, each, among=among, passed_over=passed_over) for each in asked]
    tell_passed_over(list(dict.fromkeys(passed_over)))  # once, for all profiles
    settings = settings_from(max_megapixels=max_megapixels)
    find_frame = frame_finder(settings.frame_model, settings)
    find_overlays = overlay_finder(settings.overlay_model, settings)

    def measure(source: Source, by: Profile) -> Output:
        data = bytes_of(source, settings.limits)
        photo = decode(data, name=source.shown, limits=settings.limits)
        done = check_on(day, data, by, photo=photo, find_frame=find_frame, find_overlays=find_overlays)
        name = source.shown + ("" if len(asked) == 1 and profile else f"  ({done.profile})")
        return Output(done.row(), done.words(name, failing_only=failing_only), ok=done.ok)

    def measured(pictures: Sequence[FinishedPicture], whose: str) -> int:
        profiles = {picture.source: picture.profile for picture in pictures}
        nothing: dict[str, object] = {
            "profile": whose or None,
            "on": day.isoformat(),
            "ok": False,
            "rules": [],
            "upcoming": [],
        }
        return answer_each(
            list(profiles),
            lambda source: measure(source, profiles[source]),
            as_json=as_json,
            nothing=nothing,
            unit="picture",
            total=functools.partial(_total, f"{whose}: " if whose else ""),
            failing_only=failing_only,
        )

    whose = ["" if by is None or len(asked) == 1 else by.name for by in asked]
    return max(map(measured, found, whose))


def _total(whose: str, passed: int, missed: int, failed: int) -> str:
    said = whose + (
        f"{counted(passed + missed + failed, 'picture')}: {counted(passed, 'passes', 'pass')}, "
        f"{counted(missed, 'misses', 'miss')} a rule that must hold"
    )
    return said + (f", {failed} cannot be read" if failed else "")
