"""``packshot profiles``: the marketplaces and their rules."""

from __future__ import annotations

from packshot.cli.command import argument, packshot_command
from packshot.cli.options import JSON
from packshot.cli.printing import print_row

__all__ = ["command"]


@packshot_command("profiles")
def command(name: str | None = argument("[NAME]"), as_json: bool = JSON) -> None:
    """Show all profiles, or the rules of one with their sources and dates.

    page: the marketplace's own page was read. secondary: a description of it. notes: neither, only our design notes.

    \b
    packshot profiles
    packshot profiles amazon
    """
    from packshot.marketplace import load_profile, profile_names

    for each in [name] if name else profile_names():
        profile = load_profile(each)
        print_row(profile.model_dump(mode="json"), profile.words(rules=bool(name)), as_json=as_json)
