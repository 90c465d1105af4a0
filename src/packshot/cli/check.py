"""``packshot check``: marketplace rules, measured on finished pictures, as they hold today or on a later day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, tell_passed_over
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, settings_from
from packshot.counting import counted

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("check")
def command(
    sources: tuple[str, ...] = SOURCES,
    profile: str | None = option(
        "--profile",
        metavar="NAME|FILE",
        help="Marketplace profile, see `packshot profiles`. [default for a run's folder: each picture's own]",
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
    shown with their date. The last line counts the pictures, also those that --failing-only leaves out.

    \b
    packshot check out/packshots --profile amazon
    packshot check out/packshots --profile amazon --failing-only
    packshot check front.jpg --profile zalando --json
    packshot check out/ --on 2027-01-31
    packshot check out/ -c shop.catalogue --profile google --on 2027-01-31
    """
    from packshot.batch import PassedOver
    from packshot.batch.finished import finished_pictures
    from packshot.batch.reading import bytes_of
    from packshot.catalogue.kept_files import kept_files
    from packshot.frame import frame_finder
    from packshot.marketplace import check_on
    from packshot.overlay import overlay_finder
    from packshot.photo import decode

    day = date.today() if on is None else on.date()  # a marketplace's day, wherever it is read
    among = None if catalogue is None else kept_files(catalogue)
    passed_over: list[PassedOver] = []
    pictures = finished_pictures(sources, profile, among=among, passed_over=passed_over)
    tell_passed_over(passed_over)
    profiles = {picture.source: picture.profile for picture in pictures}
    settings = settings_from(max_megapixels=max_megapixels)
    find_frame = frame_finder(settings.frame_model, settings)
    find_overlays = overlay_finder(settings.overlay_model, settings)

    def measure(source: Source) -> Output:
        data = bytes_of(source, settings.limits)
        photo = decode(data, name=source.shown, limits=settings.limits)
        done = check_on(day, data, profiles[source], photo=photo, find_frame=find_frame, find_overlays=find_overlays)
        name = source.shown + ("" if profile else f"  ({done.profile})")
        return Output(done.row(), done.words(name, failing_only=failing_only), ok=done.ok)

    nothing: dict[str, object] = {"profile": None, "on": day.isoformat(), "ok": False, "rules": [], "upcoming": []}
    return answer_each(
        [each.source for each in pictures],
        measure,
        as_json=as_json,
        nothing=nothing,
        unit="picture",
        total=_total,
        failing_only=failing_only,
    )


def _total(passed: int, missed: int, failed: int) -> str:
    said = (
        f"{counted(passed + missed + failed, 'picture')}: {counted(passed, 'passes', 'pass')}, "
        f"{counted(missed, 'misses', 'miss')} a rule that must hold"
    )
    return said + (f", {failed} cannot be read" if failed else "")
