"""``packshot check``: marketplace rules, measured on finished pictures."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from packshot.cli.options import json_option, settings_from, sources_argument

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
    from packshot.cli.progress import Bar
    from packshot.errors import PackshotError
    from packshot.frame import frame_finder
    from packshot.marketplace import check, load_profile
    from packshot.photo import read_bytes

    chosen = load_profile(profile)
    settings = settings_from()
    find_frame = frame_finder(settings.frame_model, settings)
    found = find_sources(sources)
    failed = 0
    with Bar(len(found), unit="picture") as bar:
        for source in found:
            try:
                results = check(read_bytes(source.path, limits=settings.limits), chosen, find_frame=find_frame)
            except PackshotError as error:
                failed += 1
                bar.write_line(f"{source.path}: {error}" if source.path not in str(error) else str(error))
                if as_json:
                    fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                    click.echo(json.dumps({"source": source.path, "ok": False, "rules": [], "error": fault}))
                bar.update()
                continue
            ok = all(rule.ok or rule.severity != "must" for rule in results)
            failed += not ok
            if as_json:
                rules = [asdict(rule) for rule in results]
                click.echo(json.dumps({"source": source.path, "ok": ok, "rules": rules, "error": None}))
            else:
                click.echo(f"{'pass' if ok else 'FAIL'}  {source.path}")
                for rule in results:
                    sign = "ok  " if rule.ok else "FAIL" if rule.severity == "must" else "hint"
                    click.echo(f"  {sign}  {rule.id}: {rule.measured} (required: {rule.required})")
            bar.update()
    return 3 if failed else 0
