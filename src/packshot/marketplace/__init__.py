"""Marketplaces: their rules as data, and how a finished picture is measured against them."""

from packshot.marketplace.check import Measured, check, check_on
from packshot.marketplace.profiles import (
    Evidence,
    Profile,
    Rule,
    load_profile,
    load_profiles,
    load_typed_profiles,
    profile_names,
)
from packshot.marketplace.rules import Finished, rule_kinds

__all__ = [
    "Evidence",
    "Finished",
    "Measured",
    "Profile",
    "Rule",
    "check",
    "check_on",
    "load_profile",
    "load_profiles",
    "load_typed_profiles",
    "profile_names",
    "rule_kinds",
]
