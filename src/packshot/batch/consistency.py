"""Pictures of one product or category made alike, once all of them are there: from the kept cut-outs, one by one.

What a picture alone is made of stays its key in the journal; its place among the others is kept beside it. So a run
that is repeated finds both, a run without `--consistent` puts pictures back alone, and a killed one is finished by the
next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.groups import Grouping, Member, group_of, make_alike, member_of
from packshot.batch.journal import Entry, Journal, Made
from packshot.batch.kept_cutout import kept_cutout
from packshot.batch.outputs import Target, write_picture
from packshot.batch.record import packshot_record, with_packshots
from packshot.errors import PackshotError
from packshot.records import Record
from packshot.subject import find_subject
from packshot.values import Status

if TYPE_CHECKING:
    from packshot.composition import Placement
    from packshot.pipeline import Pipeline

__all__ = ["Consistency", "make_consistent"]

_ADVICE = "not like the others of its group: "


@dataclass(frozen=True, slots=True)
class Consistency:
    """What became of the pictures.

    Attributes:
        groups: of two or more pictures.
        alike: pictures that were made alike, by this run or an earlier one.
        outliers: ``(source, profile, why)`` of those that do not fit and stand alone.
        alone: names of profiles whose pictures have shapes of their own, or keep a photographed shadow: nothing of
            theirs is made alike.
    """

    groups: int = 0
    alike: int = 0
    outliers: tuple[tuple[str, str, str], ...] = ()
    alone: tuple[str, ...] = ()


def make_consistent(
    journal: Journal,
    out: Path,
    targets: Mapping[str, Mapping[str, Target]],
    pipeline: Pipeline,
    by: Grouping | None,
    *,
    settle: Callable[[Entry], Record] = lambda entry: entry.record,
) -> Consistency:
    """Bring pictures into line with those of their group; without `by`, pictures that were are put back alone.

    Args:
        journal: of the run, whose entries are written anew where a picture changes.
        out: the output folder.
        targets: stem of each finished photo to the name of each profile to where its picture goes.
        pipeline: that made them.
        by: what belongs together.
        settle: a photo's line with what persons decided: of what category it is, and whether it is rejected, in which
            case it belongs to no group.

    Raises:
        OutputError: a picture could not be written.
    """
    run = _Run(journal, out, targets, pipeline, settle)
    wanted: dict[tuple[str, str], Placement] = {}
    outliers: dict[tuple[str, str], str] = {}
    groups: set[str] = set()
    for (profile, name), members in (run.measured(by) if by is not None else {}).items():
        anchor = pipeline.composition.compositions[profile].anchor[1]
        found = make_alike(members, anchor=anchor, light=by is Grouping.SKU)
        groups |= {name} if len(members) > 1 else set()
        wanted |= {(stem, profile): placement for stem, placement in found.placements.items()}
        outliers |= {(stem, profile): why for stem, why in found.outliers.items()}
    named: list[tuple[str, str, str]] = []
    alike = 0
    for stem, pictures in targets.items():
        entry = journal.get(stem)
        if entry is None:
            continue
        whys = {name: outliers[stem, name] for name in pictures if (stem, name) in outliers}
        done = run.brought_into_line(entry, {name: wanted.get((stem, name)) for name in pictures}, whys)
        if done != entry:
            journal.append(done)
        alike += sum(done.packshots[name].placement is not None for name in pictures if name in done.packshots)
        named += [(done.record.source, name, why) for name, why in whys.items()]
    return Consistency(len(groups), alike, tuple(named), run.alone if by is not None else ())


class _Run:
    def __init__(
        self,
        journal: Journal,
        out: Path,
        targets: Mapping[str, Mapping[str, Target]],
        pipeline: Pipeline,
        settle: Callable[[Entry], Record],
    ) -> None:
        self.journal, self.out, self.targets, self.pipeline, self.settle = journal, out, targets, pipeline, settle
        compositions = pipeline.composition.compositions
        self.shaped = {
            name: spec
            for name, spec in compositions.items()
            if not spec.keep_frame and spec.shadow != "photo" and (spec.size is not None or spec.aspect is not None)
        }
        self.alone = tuple(name for name in compositions if name not in self.shaped)

    def measured(self, by: Grouping) -> dict[tuple[str, str], list[Member]]:
        """Profile and group to its pictures as they would stand alone."""
        groups: dict[str, list[Entry]] = defaultdict(list)
        for stem in self.targets:
            entry = self.journal.get(stem)
            name = None if entry is None or entry.record.cutout is None else self._group_of(entry, by)
            if entry is not None and name is not None:
                groups[name].append(entry)
        found: dict[tuple[str, str], list[Member]] = defaultdict(list)
        for name, entries in groups.items():
            for entry in entries if len(entries) > 1 else ():
                for profile, member in self._members(entry):
                    found[profile, name].append(member)
        return found

    def _group_of(self, entry: Entry, by: Grouping) -> str | None:
        record = self.settle(entry)
        return None if record.status is Status.REJECTED else group_of(record, by)

    def _members(self, entry: Entry) -> Iterator[tuple[str, Member]]:
        from packshot.composition import lay_out  # noqa: PLC0415  # heavy, and only needed here

        cutout = kept_cutout(entry, self.out)
        subject = None if cutout is None else find_subject(cutout.rgba[..., 3])
        if cutout is None or subject is None:
            return
        height, width = cutout.rgba.shape[:2]
        for profile, spec in self.shaped.items():
            made = entry.packshots.get(profile)
            if made is not None and made.record.file is not None and profile in self.targets[entry.stem]:
                layout = lay_out(subject, spec, frame=(width, height))
                yield profile, member_of(entry.stem, entry.record, subject, layout)

    def brought_into_line(self, entry: Entry, asked: Mapping[str, Placement | None], whys: dict[str, str]) -> Entry:
        """The entry with its pictures where they shall stand; what breaks a rule there stays alone, and says so."""
        packshots = dict(entry.packshots)
        for name, placement in asked.items():
            if name not in packshots:
                continue
            if packshots[name].placement != _words(placement):
                packshots[name] = self._made_anew(entry, name, placement, whys) or packshots[name]
            packshots[name] = _advised(packshots[name], whys.get(name))
        if packshots == entry.packshots:
            return entry
        shown = {name: packshots[name].record for name in entry.record.packshots if name in packshots}
        return replace(entry, record=with_packshots(entry.record, shown), packshots=packshots)

    def _made_anew(self, entry: Entry, name: str, placement: Placement | None, whys: dict[str, str]) -> Made | None:
        """None where no picture can be made of the kept cut-out: the one that is there stays."""
        cutout = kept_cutout(entry, self.out)
        if cutout is None or entry.packshots[name].record.file is None:
            return None
        try:
            picture = self.pipeline.compose(cutout, [name], placement=placement)[name]
            if placement is not None and picture.broken:
                single = self.pipeline.compose(cutout, [name])[name]
                if single.packshot is not None and not single.broken:
                    broken = ", ".join(rule.id for rule in picture.rules if not rule.ok and rule.severity == "must")
                    whys[name] = f"as large as the others it would break a rule ({broken})"
                    picture, placement = single, None
        except PackshotError:
            return None
        if picture.packshot is None:
            return None
        file, hashes = write_picture(picture.packshot, self.targets[entry.stem][name], self.out)
        return Made(entry.packshots[name].key, packshot_record(picture, file), hashes, _words(placement))


def _advised(made: Made, why: str | None) -> Made:
    others = tuple(each for each in made.record.advice if not each.startswith(_ADVICE))
    advice = others if why is None else (*others, _ADVICE + why)
    return (
        made
        if advice == made.record.advice
        else replace(made, record=made.record.model_copy(update={"advice": advice}))
    )


def _words(placement: Placement | None) -> str | None:
    if placement is None:
        return None
    base = "-" if placement.base is None else f"{placement.base:.4f}"
    return f"size {placement.factor:.4f} base {base} light {placement.gain:.4f}"
