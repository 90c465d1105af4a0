"""``packshot check``: marketplace rules, measured on finished pictures, as they hold today or on a later day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.each import Output, answer_each, content_of, shown, tell_passed_over
from packshot.cli.options import json_option, limit_option, settings_from, sources_argument

if TYPE_CHECKING:
    from packshot.values import RuleResult

__all__ = ["command"]


@click.command(name="check")
@sources_argument
@click.option(
    "--profile",
    metavar="NAME|FILE",
    help="Marketplace profile, see `packshot profiles`. [default for a run's folder: each picture's own]",
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="By the rules of that day. [default: today]"
)
@click.option("-c", "--catalogue", metavar="CATALOGUE", help="Of runs' folders, the pictures this catalogue has.")
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    profile: str | None,
    on: Any,
    catalogue: str | None,
    max_megapixels: float | None,
    as_json: bool,
) -> int:
    """Measure each rule of a marketplace on finished pictures, made by packshot or by anybody.

    A source may be the folder a run wrote to: then each picture is measured by the rules of the profile it was made
    for. Exits 3 when a picture cannot be read or misses a rule that must hold on that day; rules that hold later are
    shown with their date.

    \b
    packshot check out/packshots --profile amazon
    packshot check front.jpg --profile zalando --json
    packshot check out/ --on 2027-01-31
    packshot check out/ -c shop.catalogue --profile google --on 2027-01-31
    """
    from packshot.batch import PassedOver
    from packshot.batch.finished import finished_pictures
    from packshot.frame import frame_finder
    from packshot.marketplace import check
    from packshot.photo import read_bytes

    day = date.today() if on is None else on.date()  # a marketplace's day, wherever it is read
    among = None if catalogue is None else _files_of(catalogue)
    passed_over: list[PassedOver] = []
    pictures = finished_pictures(sources, profile, among=among, passed_over=passed_over)
    tell_passed_over(passed_over)
    profiles = {picture.source.path: picture.profile for picture in pictures}
    settings = settings_from(max_megapixels=max_megapixels)
    find_frame = frame_finder(settings.frame_model, settings)

    def measure(source: Any) -> Output:
        chosen = profiles[source.path]
        data = content_of(source, settings.limits)
        if isinstance(data, str):
            data = read_bytes(data, limits=settings.limits)
        every = check(data, chosen, find_frame=find_frame, on=date.max)
        results = [rule for rule in every if rule.since is None or rule.since <= day]
        upcoming = [rule for rule in every if rule not in results]
        ok = all(rule.ok or rule.severity != "must" for rule in results)
        lines = [f"{'pass' if ok else 'FAIL'}  {shown(source)}" + ("" if profile else f"  ({chosen.name})")]
        lines += [_line(rule) for rule in results] + [_line(rule, later=True) for rule in upcoming]
        row = {"profile": chosen.name, "on": day.isoformat(), "ok": ok, "rules": _rows(results)}
        return Output({**row, "upcoming": _rows(upcoming)}, "\n".join(lines), ok=ok)

    nothing: dict[str, object] = {"profile": None, "on": day.isoformat(), "ok": False, "rules": [], "upcoming": []}
    return answer_each([each.source for each in pictures], measure, as_json=as_json, nothing=nothing, unit="picture")


def _line(rule: RuleResult, *, later: bool = False) -> str:
    sign = "ok  " if rule.ok else "FAIL" if rule.severity == "must" and not later else "hint"
    when = f"from {rule.since}, " if later else ""
    return f"  {sign}  {when}{rule.id}: {rule.measured} (required: {rule.required})"


def _rows(rules: list[RuleResult]) -> list[dict[str, object]]:
    return [asdict(rule) | {"since": None if rule.since is None else rule.since.isoformat()} for rule in rules]


def _files_of(catalogue: str) -> frozenset[str]:
    """Paths of the masks, cut-outs and pictures a catalogue has, below the folders of the runs that made them."""
    from packshot.cli.catalogue.options import store_at

    with store_at(catalogue) as store:
        files = (file for item in store.items() for file in item.files.values())
        return frozenset(Path(file).as_posix() for file in files)
