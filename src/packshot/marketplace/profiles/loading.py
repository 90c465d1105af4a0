"""Finding and reading profile files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from packshot.errors import UsageError
from packshot.marketplace.profiles.model import Profile
from packshot.marketplace.rules import check_parameters
from packshot.photo import require_press
from packshot.validation import first_problem

__all__ = ["load_profile", "load_profiles", "load_typed_profiles", "profile_names"]

_SHIPPED = files("packshot.marketplace.profiles")


def profile_names() -> tuple[str, ...]:
    """The shipped profiles.

    Example:
        >>> "amazon" in profile_names()
        True
    """
    return tuple(sorted(entry.name[:-5] for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml")))


def load_profile(name: str | Path) -> Profile:
    """Read a profile.

    Args:
        name: a shipped profile's name, in any case, or the path of a TOML file of your own (it ends in
            ``.toml``).

    Raises:
        UsageError: no such profile (the message lists the valid names), or its file does not hold one.

    Example:
        >>> load_profile("amazon").composition.aspect
        1.0
    """
    if str(name).endswith(".toml"):
        path = Path(name)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"profile {path} cannot be read ({error})", remedy="give a readable TOML file") from None
        return _with_press(_parse(path.stem, text, origin=str(path)), path.parent)
    wanted = str(name).lower()
    if wanted not in profile_names():
        raise UsageError(
            f"no profile {str(name)!r}",
            remedy=f"use one of {', '.join(profile_names())}, or the path of your own .toml file",
        )
    return _load_shipped(wanted)


def load_profiles(names: Iterable[str | Path | Profile]) -> list[Profile]:
    """Read several profiles, in their order.

    Args:
        names: as `load_profile` takes them, or profiles.

    Raises:
        UsageError: there is none, one is unknown, or two have one name.
    """
    given = list(names)
    found: dict[str, Profile] = {}
    origins: dict[str, str] = {}
    for each in given:
        profile = each if isinstance(each, Profile) else load_profile(each)
        origin = profile.name if isinstance(each, Profile) else str(each)
        if profile.name in found:
            both = origin if origin == origins[profile.name] else f"{origins[profile.name]} and {origin}"
            raise UsageError(
                f"profile {profile.name!r} was given twice ({both})",
                remedy="name it once; a file of your own is named as the file is: rename it",
            )
        found[profile.name], origins[profile.name] = profile, origin
    if not found:
        raise UsageError("no profile was given", remedy=f"name one of {', '.join(profile_names())}")
    return list(found.values())


def load_typed_profiles(names: Iterable[str]) -> list[Profile]:
    """The profiles as a person types them: names or files, also several with commas between; none is ``plain``.

    Raises:
        UsageError: there is no such profile, or one was given twice.
    """
    typed = [part for name in names for part in ([name] if Path(name).is_file() else name.split(","))]
    return load_profiles([part.strip() for part in typed] or ["plain"])


def _with_press(profile: Profile, folder: Path) -> Profile:
    """The profile with its press's colours where they lie; refused at once where they are none."""
    settings = profile.composition.print
    if settings is None or settings.icc is None:
        return profile
    icc = folder / settings.icc
    require_press(icc)
    found = profile.composition.model_copy(update={"print": settings.model_copy(update={"icc": icc})})
    return profile.model_copy(update={"composition": found})


@cache
def _load_shipped(name: str) -> Profile:
    return _parse(name, (_SHIPPED / f"{name}.toml").read_text("utf-8"), origin=name)


def _parse(name: str, text: str, *, origin: str) -> Profile:
    remedy = f"docs/how-to/profile.md shows one; a shipped one to compare with: {_SHIPPED / 'ebay.toml'}"
    try:
        profile = Profile.model_validate({**tomllib.loads(text), "name": name})
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"profile {origin} is not valid TOML ({error})", remedy=remedy) from None
    except ValidationError as error:
        where, problem = first_problem(error)
        raise UsageError(f"profile {origin}, {where or 'file'}: {problem}", remedy=remedy) from None
    for rule in profile.rules:
        try:
            check_parameters(rule.kind, rule.parameters)
        except UsageError as error:
            message = f"profile {origin}, rule {rule.id}: {error.message}"
            raise UsageError(message, remedy=error.remedy) from None
    return profile
