"""What a run is going to do: a name for each photo and a place for each picture, settled before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from packshot.batch.groups import Grouping
from packshot.batch.journal import Journal
from packshot.batch.name_book import Name, name_photos, read_names, write_names
from packshot.batch.naming import fold
from packshot.batch.outputs import target_of
from packshot.batch.picture_names import picture_names
from packshot.batch.profile_folders import claim_profile_folders
from packshot.batch.resume import sha256_of_file
from packshot.batch.skus import products_of, scattered
from packshot.batch.sources import Source
from packshot.batch.task import Task
from packshot.errors import UsageError

__all__ = ["Naming", "Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How products are told and pictures are called.

    Attributes:
        sku: the rule for SKUs, see `packshot.batch.skus.products_of`; None: none are known.
        patterns: name of a profile to the pattern of its pictures' names, see
            `packshot.batch.picture_names.picture_names`; ``""`` for every profile without one of its own. Pictures
            without a pattern are called as their photos.
    """

    sku: str | None = None
    patterns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, sku: str | None, names: Sequence[str]) -> Self:
        """A naming as a person types it.

        Args:
            sku: the rule, or None.
            names: each ``PATTERN`` or ``PROFILE=PATTERN``.

        Raises:
            UsageError: two patterns for one profile.

        Example:
            >>> Naming.typed("name", ["{sku}_{view}", "google=gs1"]).pattern_of("google")
            'gs1'
        """
        patterns: dict[str, str] = {}
        for text in names:
            profile, found, pattern = text.partition("=")
            # An equals sign may be part of a pattern; a profile's name has no braces.
            if not found or "{" in profile:
                profile, pattern = "", text
            if profile in patterns:
                raise UsageError(
                    f"--name: two patterns for {profile or 'every profile'}, {patterns[profile]} and {pattern}",
                    remedy="give one, or one for each profile: --name amazon={sku}_{view}",
                )
            patterns[profile] = pattern
        return cls(sku, patterns)

    def grouping(self, typed: str | None) -> Grouping | None:
        """What pictures are made alike, as a person types it; None for none.

        Raises:
            UsageError: those of a product, and nothing says which photos show one.
        """
        if typed == Grouping.SKU and self.sku is None:
            raise UsageError(
                "--consistent sku: nothing says which photos show one product", remedy="give a rule with --sku"
            )
        return None if typed is None else Grouping(typed)

    def pattern_of(self, profile: str) -> str | None:
        """The pattern of a profile's pictures; None without one."""
        return self.patterns.get(profile, self.patterns.get(""))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is going to do.

    Attributes:
        tasks: one for each photo, in the order of the sources.
        folders: name of each profile to the folder of its pictures.
        dropped: the same of profiles the output folder has and nobody asks for now.
        names: of every photo the output folder knows, also those this run is not asked for.
        scattered: SKUs that photos of several folders share, to these folders.
        without_sku: photos of which the rule for SKUs says nothing; empty without a rule.
    """

    tasks: list[Task]
    folders: dict[str, str]
    dropped: dict[str, str]
    names: list[Name]
    scattered: dict[str, list[str]]
    without_sku: list[str]


def make_plan(sources: Sequence[Source], out: Path, journal: Journal, profiles: Sequence[str], naming: Naming) -> Plan:
    """Settle names and places, and remember them in the output folder.

    Args:
        sources: the photos.
        out: the output folder, which the caller holds locked.
        journal: of that folder.
        profiles: names of the marketplace profiles.
        naming: how products are told and pictures are called.

    Raises:
        UsageError: a rule, a table or a pattern does not fit the photos, or results would replace those of other
            photos. Nothing is written then.
        OutputError: the output folder cannot be written.
    """
    _refuse_unknown(naming, profiles)
    known = read_names(out)
    before = _from_journal(journal) if known is None else list(known.values())
    products = products_of(sources, naming.sku)
    names = name_photos(sources, before, skus=[product.sku for product in products])
    stems = {name.stem for name in names}
    called: dict[str, list[str]] = {}
    for profile in profiles:
        pattern = naming.pattern_of(profile)
        if pattern is not None:
            called[profile] = picture_names(pattern, names, products, profile=profile)
    _refuse_overwriting(sources, names, journal, out)
    folders, dropped = claim_profile_folders(out, profiles)
    for profile, texts in called.items():
        _refuse_taken(texts, names, journal, profile=profile, folder=folders[profile])
    every = [*names, *(name for name in before if name.stem not in stems)]
    write_names(out, every)
    tasks = [
        Task(
            source.path,
            name.stem,
            {
                profile: target_of(name.stem, folder, called[profile][number] if profile in called else None)
                for profile, folder in folders.items()
            },
            sku=name.sku,
            view=name.view,
        )
        for number, (source, name) in enumerate(zip(sources, names, strict=True))
    ]
    shared = scattered(sources, products, naming.sku)
    unknown = [] if naming.sku is None else [task.source for task in tasks if task.sku is None]
    return Plan(tasks, folders, dropped, every, shared, unknown)


def _from_journal(journal: Journal) -> list[Name]:
    """What a folder of an earlier version knows of its names."""
    return [Name(stem, brief.path) for stem in journal if (brief := journal.brief(stem)) is not None]


def _refuse_unknown(naming: Naming, profiles: Sequence[str]) -> None:
    unknown = [name for name in naming.patterns if name and name not in profiles]
    if unknown:
        raise UsageError(
            f"names for {unknown[0]}, which is none of the profiles asked for",
            remedy=f"use {', '.join(profiles)}, or ask for it with --profile",
        )


def _refuse_overwriting(sources: Sequence[Source], names: Sequence[Name], journal: Journal, out: Path) -> None:
    """Two folders given in two runs may each hold a ``front.jpg``: the second must not replace the first."""
    for source, name in zip(sources, names, strict=True):
        entry = journal.brief(name.stem)
        if entry is None or not entry.writes or entry.path == name.path:
            continue
        try:
            same = sha256_of_file(Path(entry.path)) == sha256_of_file(Path(source.path))
        except OSError:
            continue  # the earlier photo is gone: the folder was moved or replaced
        if not same:
            raise UsageError(
                f"{out} holds the results of {entry.path}; those of {source.path} would replace them",
                remedy="name both folders in one command, or choose another output folder with -o",
            )


def _refuse_taken(texts: Sequence[str], names: Sequence[Name], journal: Journal, *, profile: str, folder: str) -> None:
    """Pictures named by a pattern must not replace those of photos that this run is not asked for."""
    stems = {name.stem for name in names}
    taken: dict[str, str] = {}
    for stem in journal:
        entry = None if stem in stems else journal.get(stem)
        made = None if entry is None else entry.packshots.get(profile)
        if entry is not None and made is not None and made.record.file is not None:
            taken[fold(made.record.file.rpartition(".")[0])] = entry.record.source
    for text, name in zip(texts, names, strict=True):
        other = taken.get(fold(f"{folder}/{text}"))
        if other is not None:
            raise UsageError(
                f"{name.relative} would be called {text} like the picture of {other}, which this run is not asked for",
                remedy="name both photos in one command, use --prune if that one is gone, or choose another pattern",
            )
