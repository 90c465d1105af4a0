"""Inspection: what is right and wrong with a photo, and which marketplace rules a finished picture keeps."""

from packshot.inspection.check import check
from packshot.inspection.findings import inspect
from packshot.inspection.ground import Ground, measure_ground
from packshot.inspection.profiles import Evidence, Profile, Rule, load_profile, profile_names
from packshot.inspection.quality import clipped, exposure, sharpness
from packshot.inspection.rules import Finished, rule_kinds

__all__ = [
    "Evidence",
    "Finished",
    "Ground",
    "Profile",
    "Rule",
    "check",
    "clipped",
    "exposure",
    "inspect",
    "load_profile",
    "measure_ground",
    "profile_names",
    "rule_kinds",
    "sharpness",
]
