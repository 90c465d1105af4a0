"""``packshot doctor``: what this machine offers."""

from __future__ import annotations

from packshot.cli.command import packshot_command
from packshot.cli.options import JSON, settings_from
from packshot.cli.printing import print_notes, print_row

__all__ = ["command"]


@packshot_command("doctor")
def command(as_json: bool = JSON) -> int:
    """Show versions, accelerators, formats and the shipped networks; exits 3 when something does not work."""
    from packshot.runtime.diagnosis import diagnose

    found = diagnose(settings_from())
    text = "\n".join(f"{name:24} {value}" for name, value in found.facts.items())
    print_row({**found.facts, "faults": found.faults}, text, as_json=as_json)
    print_notes(found.faults)
    return 3 if found.faults else 0
