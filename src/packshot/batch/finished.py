"""Finished pictures to measure: files, folders and globs by one profile, and those of a run each by its own."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.passed_over import PassedOver
from packshot.batch.results import RunFile, Typed
from packshot.batch.sources import Source, find_sources
from packshot.errors import UsageError
from packshot.records import MANIFEST, is_run_folder, read_manifest

if TYPE_CHECKING:
    from packshot.marketplace import Profile

__all__ = ["FinishedPicture", "finished_pictures"]


@dataclass(frozen=True, slots=True)
class FinishedPicture:
    """A picture and the profile whose rules it shall keep."""

    source: Source
    profile: Profile


def finished_pictures(
    sources: Sequence[str],
    profile: Profile | str | None,
    *,
    among: Set[str] | None = None,
    passed_over: list[PassedOver] | None = None,
) -> list[FinishedPicture]:
    """Resolve what was typed.

    Args:
        sources: files, ``-``, folders, globs, URIs, and folders that runs wrote to.
        profile: the profile, its name or its file; of a run, its pictures for that profile alone. None: of a run, each
            picture by the rules of the profile it was made for.
        among: of runs, only photos of which a mask, cut-out or picture is among these: paths below their folders.
        passed_over: gets what is in folders and globs and no photo, see `find_sources`.

    Raises:
        UsageError: there is nothing to measure, a profile is unknown or missing, or a manifest is damaged.
    """
    from packshot.marketplace import load_profile  # noqa: PLC0415  # brings pydantic and numpy, needed by commands only

    chosen = load_profile(profile) if isinstance(profile, str) else profile
    runs = [Path(name) for name in sources if is_run_folder(Path(name))]
    others = [name for name in sources if not is_run_folder(Path(name))]
    if others and chosen is None:
        raise UsageError(
            f"{others[0]}: by which marketplace's rules?",
            remedy="name it with --profile; only the folder of a run knows what its pictures were made for",
        )
    found = [picture for run in runs for picture in _of_run(run, chosen, among)]
    if others and chosen is not None:
        files = find_sources(others, stdin=True, objects=True, passed_over=passed_over)
        found += [FinishedPicture(source, chosen) for source in files]
    return found


def _of_run(out: Path, chosen: Profile | None, among: Set[str] | None) -> list[FinishedPicture]:
    made: dict[str, list[str]] = {}
    try:
        for record in read_manifest(out / MANIFEST):
            if among is not None and not {record.mask, record.cutout, record.packshot} & among:
                continue
            for name, picture in record.packshots.items():
                if picture.file is not None:
                    made.setdefault(name, []).append(picture.file)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{out / MANIFEST} cannot be read ({error})", remedy="repeat the `packshot run` that wrote it"
        ) from error
    if chosen is not None and chosen.name not in made:
        there = f"only for {', '.join(made)}" if made else "none at all"
        raise UsageError(
            f"{out} has no pictures for {chosen.name}, {there}",
            remedy=f"make them with `packshot run ... --profile {chosen.name}`, or check another profile",
        )
    if not made:
        raise UsageError(f"{out} has no finished pictures", remedy="see its report.html for the reasons")
    wanted = {name: chosen or _own(name, out) for name in made if chosen is None or name == chosen.name}
    return [
        FinishedPicture(Source(file, str(out / file), out.name), profile)
        for name, profile in wanted.items()
        for file in made[name]
    ]


def _own(name: str, out: Path) -> Profile:
    from packshot.marketplace import load_profile, profile_names  # noqa: PLC0415

    if name not in profile_names():
        run = RunFile.read(out)
        typed = [] if run is None or run.typed is None else _typed_profiles(run.typed)
        for file in typed:
            if file.stem == name and file.is_file():
                return load_profile(str(file))
        raise UsageError(
            f"{out} has pictures for {name or 'a profile without a name'}, whose rules are in a file of yours",
            remedy=f"name that file: --profile {name or 'shop'}.toml",
        )
    return load_profile(name)


def _typed_profiles(typed: Typed) -> list[Path]:
    """The shop's own profiles, where the command that was typed found them."""
    words = [part.strip() for text in typed.options.get("profiles") or () for part in str(text).split(",")]
    return [Path(typed.folder) / word for word in words if word.endswith(".toml")]
