"""``packshot profiles``: the marketplaces and their rules."""

from __future__ import annotations

import json

import click

from packshot.cli.options import json_option

__all__ = ["command"]


@click.command(name="profiles")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Show all profiles, or the rules of one with their sources and dates.

    \b
    packshot profiles
    packshot profiles amazon
    """
    from packshot.marketplace import load_profile, profile_names

    for each in [name] if name else profile_names():
        profile = load_profile(each)
        if as_json:
            click.echo(json.dumps(profile.model_dump(mode="json")))
            continue
        click.echo(f"{profile.name}  {profile.title}")
        for rule in profile.rules if name else ():
            click.echo(f"  {rule.severity:6} {rule.id}: {rule.wording}")
            when = f"; holds from {rule.since} on" if rule.since else ""
            click.echo(f"         {rule.source}" + (f" ({rule.dated})" if rule.dated else "") + when)
