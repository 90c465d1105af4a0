"""The only place that speaks to onnxruntime: model cards, the model store, and networks ready to run.

Importing this package is quick; onnxruntime is imported when the first network is loaded.
"""

import os

# onnxruntime's wheels (1.31) look up a vendor's event host and leave a device id below the home folder. The switch is
# read once, when the library is loaded, so it stands before any module that loads it; children inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from packshot.runtime.card import (
    Activation,
    Dataset,
    InputSpec,
    ModelCard,
    OutputSpec,
    Rescale,
    View,
    read_card,
)
from packshot.runtime.card_rules import PASSED_BELOW, FrameRule, KnownRule, MatchRule, ReadyRule, SanityCheck
from packshot.runtime.known import KNOWN_EXPORTS
from packshot.runtime.providers import installed_providers
from packshot.runtime.session import Network, load
from packshot.runtime.store import StoredModel, available, card_of, resolve, shipped_folder

__all__ = [
    "KNOWN_EXPORTS",
    "PASSED_BELOW",
    "Activation",
    "Dataset",
    "FrameRule",
    "InputSpec",
    "KnownRule",
    "MatchRule",
    "ModelCard",
    "Network",
    "OutputSpec",
    "ReadyRule",
    "Rescale",
    "SanityCheck",
    "StoredModel",
    "View",
    "available",
    "card_of",
    "installed_providers",
    "load",
    "read_card",
    "resolve",
    "shipped_folder",
]
