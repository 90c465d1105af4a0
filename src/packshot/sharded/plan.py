"""What a run in shards is of: generations of shards in the output folder, one for each command.

All shards of one generation are in the order of their photos' URIs, so generations are compared and merged as streams.
A generation made with other settings ends what was before: its photos are done again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from packshot.batch.naming import clean_part
from packshot.batch.profile_folders import CHANNELS, PACKSHOTS
from packshot.counting import counted
from packshot.errors import ObjectNotFound, UsageError
from packshot.sharded.entries import PhotoEntry, Row, lines_of, read_entries, read_rows
from packshot.sharded.layout import LEASE, PLAN, RETRIES, ROWS, SHARDS, generation_of, shard_name, shard_path
from packshot.storage.objects import ObjectFolder

__all__ = ["Generation", "Known", "Plan"]

Line = TypeVar("Line", "Known", Row)


@dataclass(frozen=True, slots=True)
class Generation:
    """The shards of one command.

    Attributes:
        number: from 1.
        key: of what its photos are made with; see `packshot.sharded.run`.
    """

    number: int
    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier commands know of a photo.

    Attributes:
        entry: of the plan.
        row: what became of it; None where it is not finished, or rows were not asked for.
    """

    entry: PhotoEntry
    row: Row | None = None

    @property
    def source(self) -> str:
        """URI of the photo."""
        return self.entry.source


class _PlanFile(BaseModel):
    """The plan as it lies in the output folder; see `Plan`."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1]
    sources: tuple[str, ...]
    folders: dict[str, str]
    generations: tuple[Generation, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an output folder.

    Attributes:
        folder: the output folder, whose lease the caller holds.
        sources: what was named, as URIs in their order.
        folders: name of each profile that was ever asked for to the folder of its pictures.
        generations: all of them.
    """

    folder: ObjectFolder
    sources: tuple[str, ...]
    folders: Mapping[str, str] = field(default_factory=dict)
    generations: tuple[Generation, ...] = ()

    @classmethod
    def open(cls, folder: ObjectFolder, sources: Sequence[str], profiles: Sequence[str], key: str) -> Self:
        """The plan of a folder with a generation for this command, kept there.

        Args:
            folder: the output folder.
            sources: as URIs.
            profiles: names, the first one has ``packshots/``.
            key: of what photos are made with now.

        Raises:
            UsageError: the folder holds a run of other sources, or was written by something else.
        """
        named = tuple(sorted(sources))
        known = _read(folder)
        if known is not None and known.sources != named:
            raise UsageError(
                f"{folder.uri} holds the run of {', '.join(known.sources)}",
                remedy="choose another output folder with -o, or name these sources again",
            )
        if known is None:
            other = next((each for each in folder.list() if each.path != LEASE), None)
            if other is not None:
                raise UsageError(
                    f"{folder.uri} already holds {other.path}, and nothing tells that a run made it",
                    remedy="choose an empty output folder with -o",
                )
        folders = {} if known is None else dict(known.folders)
        for profile in profiles:
            given = f"{CHANNELS}/{clean_part(profile)}" if folders else PACKSHOTS
            folders.setdefault(profile, given)
        before = () if known is None else known.generations
        plan = cls(folder, named, folders, (*before, Generation(len(before) + 1, key)))
        folder.write(PLAN, plan._content(), content_type="application/json")
        return plan

    @classmethod
    def of_run(cls, folder: ObjectFolder) -> Self:
        """The plan of a finished run, as it is.

        Args:
            folder: the output folder.

        Raises:
            UsageError: there is no run in shards, or it is not finished.
        """
        known = _read(folder)
        if known is None:
            raise UsageError(
                f"{folder.uri} holds no run in shards", remedy=f"make it first: packshot run SRC -o {folder.uri}"
            )
        plan = cls(folder, known.sources, known.folders, known.generations)
        left = set(plan.shards()) - plan.finished()
        if left or not plan.shards():
            raise UsageError(
                f"the run in {folder.uri} is not finished ({counted(len(left), 'shard is', 'shards are')} left)",
                remedy="repeat the command that began it, then this",
            )
        return plan

    @property
    def now(self) -> Generation:
        """This command's own."""
        return self.generations[-1]

    @property
    def current(self) -> tuple[Generation, ...]:
        """Those made with what photos are made with now, since they were last made with anything else."""
        found: list[Generation] = []
        for each in reversed(self.generations):
            if each.key != self.now.key:
                break
            found.append(each)
        return tuple(reversed(found))

    def shards(self) -> list[str]:
        """Names of the current generations' shards, in their order."""
        return [name for name in self._names(SHARDS) if self._is_current(name)]

    def finished(self) -> set[str]:
        """Names of the shards that are finished."""
        return set(self._names(ROWS))

    def add_shard(self, number: int, entries: Sequence[PhotoEntry]) -> str:
        """Keep a new shard of this generation; its name."""
        name = shard_name(self.now.number, number)
        self.folder.create(shard_path(SHARDS, name), lines_of(entries))
        return name

    def entries(self, name: str) -> list[PhotoEntry]:
        """The photos of a shard.

        Raises:
            UsageError: it was changed.
        """
        return read_entries(self.folder, shard_path(SHARDS, name))

    def known(self, *, with_rows: bool = False) -> Iterator[Known]:
        """What earlier commands know of every photo: the last entry, in the order of their URIs; also of those gone.

        Photos that are to be tried again have the attempts that were made, others 0.

        Args:
            with_rows: read the rows, too.
        """
        retries = self._retries()
        earlier = self.current[:-1]
        read = self._known_of if with_rows else self._planned_of
        streams: list[Iterator[Known]] = [self._lines_of(each, read) for each in earlier]
        for generation, known in _latest(streams):
            attempts, of = retries.get(known.source, (0, 0))
            entry = replace(known.entry, attempts=attempts if of == earlier[generation].number else 0)
            yield replace(known, entry=entry)

    def rows(self) -> Iterator[Row]:
        """The row of every photo, in the order of their URIs; all shards are finished."""
        streams: list[Iterator[Row]] = [self._lines_of(each, self._rows_of) for each in self.current]
        return (row for _, row in _latest(streams) if row.record is not None)

    def _planned_of(self, name: str) -> list[Known]:
        return [Known(entry) for entry in self.entries(name)]

    def _known_of(self, name: str) -> list[Known]:
        """With the row of each; without those of a shard that is not finished."""
        try:
            rows = {row.stem: row for row in read_rows(self.folder, shard_path(ROWS, name))}
        except ObjectNotFound:
            rows = {}
        return [Known(entry, rows.get(entry.stem)) for entry in self.entries(name)]

    def _rows_of(self, name: str) -> list[Row]:
        path = shard_path(ROWS, name)
        try:
            return read_rows(self.folder, path)
        except ObjectNotFound as gone:
            raise UsageError(
                f"{self.folder.uri.child(path)} was removed", remedy="repeat the command: its photos are done again"
            ) from gone

    def _lines_of(self, generation: Generation, read: Callable[[str], list[Line]]) -> Iterator[Line]:
        for name in self.shards():
            if generation_of(name) == generation.number:
                yield from read(name)

    def _retries(self) -> dict[str, tuple[int, int]]:
        """Photos to be tried again: how often they were tried, and the generation that says so."""
        found: dict[str, tuple[int, int]] = {}
        for name in self._names(RETRIES):
            if self._is_current(name):
                for entry in read_entries(self.folder, shard_path(RETRIES, name)):
                    found[entry.source] = (entry.attempts, generation_of(name))
        return found

    def _names(self, kind: str) -> Iterator[str]:
        for found in self.folder.list(kind):
            yield found.path.removeprefix(f"{kind}/").removesuffix(".jsonl")

    def _is_current(self, name: str) -> bool:
        return any(generation_of(name) == each.number for each in self.current)

    def _content(self) -> bytes:
        kept = _PlanFile(version=1, sources=self.sources, folders=dict(self.folders), generations=self.generations)
        return kept.model_dump_json(indent=1, ensure_ascii=True).encode("ascii") + b"\n"


def _latest(streams: Sequence[Iterator[Line]]) -> Iterator[tuple[int, Line]]:
    """Of each source the line of the last stream that has it, with that stream's number."""
    marked = [_marked(number, stream) for number, stream in enumerate(streams)]
    held: tuple[int, Line] | None = None
    for number, line in heapq.merge(*marked, key=lambda one: (one[1].source, one[0])):
        if held is not None and held[1].source != line.source:
            yield held
        held = (number, line)
    if held is not None:
        yield held


def _marked(number: int, lines: Iterable[Line]) -> Iterator[tuple[int, Line]]:
    return ((number, line) for line in lines)


def _read(folder: ObjectFolder) -> _PlanFile | None:
    try:
        return _PlanFile.model_validate_json(folder.read(PLAN)[0])
    except ObjectNotFound:
        return None
    except ValidationError as error:
        raise UsageError(
            f"{folder.uri.child(PLAN)} is none this packshot can read",
            remedy="choose another output folder with -o, or update packshot",
        ) from error
