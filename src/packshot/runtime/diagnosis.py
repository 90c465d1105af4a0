"""What this machine offers: versions, execution providers, and which networks load."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
from dataclasses import dataclass

from packshot.errors import LicenceRefused, PackshotError
from packshot.extras import installing
from packshot.machine import usable_cores
from packshot.runtime.providers import installed_providers
from packshot.runtime.session import load
from packshot.runtime.store import available
from packshot.settings import Settings
from packshot.version import __version__

__all__ = ["Diagnosis", "diagnose"]

_LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pi-heif", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Attributes:
        facts: name -> value, as a person reads them.
        faults: what does not work, each with its reason.
    """

    facts: dict[str, str | int | None]
    faults: tuple[str, ...]


def diagnose(settings: Settings) -> Diagnosis:
    """Look at the installation and load every network at hand.

    Args:
        settings: say where networks are, and whether non-commercial ones are allowed.
    """
    facts: dict[str, str | int | None] = {
        "packshot": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": usable_cores(),
        **{name: importlib.metadata.version(name) for name in _LIBRARIES},
        "providers": ", ".join(installed_providers()),
        "training extra": "installed" if importlib.util.find_spec("torch") else f"not installed: {installing('train')}",
    }
    faults = []
    networks = available(settings)
    for name in networks:
        try:
            facts[f"model {name}"] = f"loads, {load(name, settings).sha256[:12]}"
        except LicenceRefused:
            facts[f"model {name}"] = "not loaded: non-commercial, and not allowed by PACKSHOT_ALLOW_NON_COMMERCIAL"
        except PackshotError as error:
            faults.append(f"model {name}: {error}")
    if not networks:
        faults.append("no networks are installed: install packshot from its wheel or a full checkout")
    return Diagnosis(facts, tuple(faults))
