"""Marketplace profiles: main-image rules and the composition that keeps them, one TOML file a marketplace."""

from packshot.marketplace.profiles.loading import load_profile, load_profiles, load_typed_profiles, profile_names
from packshot.marketplace.profiles.model import Evidence, Profile, Rule

__all__ = ["Evidence", "Profile", "Rule", "load_profile", "load_profiles", "load_typed_profiles", "profile_names"]
