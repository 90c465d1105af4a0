"""``packshot check``: marketplace rules, measured on finished pictures."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from packshot.cli.each import Output, answer_each
from packshot.cli.options import json_option, settings_from, sources_argument

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@click.command(name="check")
@sources_argument
@click.option("--profile", required=True, metavar="NAME|FILE", help="Marketplace profile, see `packshot profiles`.")
@json_option
def command(sources: tuple[str, ...], profile: str, as_json: bool) -> int:
    """Measure each rule of a marketplace on finished pictures, made by packshot or by anybody.

    Exits 3 when a picture cannot be read or misses a rule that must hold.

    \b
    packshot check out/packshots --profile amazon
    packshot check front.jpg --profile zalando --json
    """
    from packshot.batch import find_sources
    from packshot.frame import frame_finder
    from packshot.marketplace import check, load_profile
    from packshot.photo import read_bytes

    chosen = load_profile(profile)
    settings = settings_from()
    find_frame = frame_finder(settings.frame_model, settings)

    def measure(source: Source) -> Output:
        results = check(read_bytes(source.path, limits=settings.limits), chosen, find_frame=find_frame)
        ok = all(rule.ok or rule.severity != "must" for rule in results)
        lines = [f"{'pass' if ok else 'FAIL'}  {source.path}"]
        for rule in results:
            sign = "ok  " if rule.ok else "FAIL" if rule.severity == "must" else "hint"
            lines.append(f"  {sign}  {rule.id}: {rule.measured} (required: {rule.required})")
        return Output({"ok": ok, "rules": [asdict(rule) for rule in results]}, "\n".join(lines), ok=ok)

    nothing = {"ok": False, "rules": []}
    return answer_each(find_sources(sources), measure, as_json=as_json, nothing=nothing, unit="picture")
