"""``packshot doctor``: what this machine offers."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
import sys

import click

from packshot.cli.options import json_option, settings_from

__all__ = ["command"]

_LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pi-heif", "onnxruntime")


@click.command(name="doctor")
@json_option
def command(as_json: bool) -> int:
    """Show versions, accelerators, formats and the shipped networks; exits 3 when something does not work."""
    from packshot.errors import LicenceRefused, PackshotError
    from packshot.machine import usable_cores
    from packshot.runtime import available, installed_providers, load
    from packshot.version import __version__

    settings = settings_from()
    facts = {
        "packshot": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": usable_cores(),
        **{name: importlib.metadata.version(name) for name in _LIBRARIES},
        "providers": ", ".join(installed_providers()),
        "training extra": "installed" if importlib.util.find_spec("torch") else "not installed (packshot[train])",
    }
    faults = []
    for name in available(settings):
        try:
            facts[f"model {name}"] = f"loads, {load(name, settings).sha256[:12]}"
        except LicenceRefused:
            facts[f"model {name}"] = "not loaded: non-commercial, and not allowed by PACKSHOT_ALLOW_NON_COMMERCIAL"
        except PackshotError as error:
            faults.append(f"model {name}: {error}")
    if not available(settings):
        faults.append("no networks are installed: install packshot from its wheel or a full checkout")
    if as_json:
        click.echo(json.dumps({**facts, "faults": faults}))
    else:
        for name, value in facts.items():
            click.echo(f"{name:24} {value}")
    for fault in faults:
        click.echo(fault, file=sys.stderr)
    return 3 if faults else 0
