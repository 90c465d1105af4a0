"""Which pictures of a run are fit to go out, and which stay behind and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from packshot.batch.profile_folders import profile_folders
from packshot.decisions import Decision, DecisionFolder, DecisionLog, correction, settled
from packshot.delivery.item import Item
from packshot.delivery.outcome import REJECTED, Change, Delivered
from packshot.errors import PackshotError, UsageError
from packshot.records import MANIFEST, PackshotRecord, Record, TextRecord, read_manifest, sure_attributes
from packshot.storage.hashing import sha256_of_file
from packshot.values import ReviewReason, Status

__all__ = ["channels_of", "items_of", "only_channel", "records_of"]

#: These are of one channel's picture; others are of the photo.
_OF_A_PICTURE = {ReviewReason.RULES.value, ReviewReason.ENLARGED.value, ReviewReason.PICTURE.value}
_FIRST = "packshots"  # what an earlier version's pictures are called, which had no profile's name
_FAILED = PackshotRecord(file=None, status=Status.FAILED)


def records_of(out: Path) -> list[Record]:
    """The lines of a run's manifest.

    Raises:
        UsageError: no run wrote to that folder, it is not finished, or its manifest is damaged.
    """
    manifest, remedy = out / MANIFEST, "name the folder `packshot run ... -o` wrote to, once the run is finished"
    try:
        return list(read_manifest(manifest))
    except FileNotFoundError as error:
        raise UsageError(f"{out} holds no {MANIFEST}", remedy=remedy) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{manifest}: cannot be read as a manifest ({error})", remedy=remedy) from error


def channels_of(records: Sequence[Record], asked: Sequence[str]) -> list[str]:
    """The channels that go out: those asked for, or all of the run.

    Raises:
        UsageError: the run has no such channel, or none at all.
    """
    there = list(dict.fromkeys(name or _FIRST for record in records for name in record.packshots))
    if not there:
        raise UsageError("the run made no pictures", remedy="see its report, and repeat `packshot run`")
    for name in asked:
        if name not in there:
            raise UsageError(
                f"the run has no channel {name!r}",
                remedy=f"use {', '.join(there)}, or add it: packshot run ... --profile {','.join([*there, name])}",
            )
    return list(dict.fromkeys(asked)) or there


def only_channel(kind: str, channels: Sequence[str]) -> list[str]:
    """The channel that goes to a target where a product has the pictures of one.

    Args:
        kind: of the target.
        channels: that may go there.

    Raises:
        UsageError: there are several, none of them called like the target.
    """
    if len(channels) == 1:
        return list(channels)
    if kind in channels:
        return [kind]
    raise UsageError(
        f"{kind}: a product has the pictures of one channel there, and the run has {', '.join(channels)}",
        remedy=f"choose one: --channel {channels[0]}",
    )


def items_of(
    out: Path,
    records: Sequence[Record],
    channels: Sequence[str],
    *,
    include_undecided: bool = False,
    language: str | None = None,
) -> Iterator[Item | Delivered]:
    """The pictures that go out, and of each that stays behind why; ordered by SKU and view.

    Args:
        out: the run's folder.
        records: of its manifest.
        channels: of the run.
        include_undecided: whether what a person should look at goes out as well.
        language: of title and alt text; None: the first one that a record has.

    Yields:
        What goes out, and what stays behind.

    Raises:
        UsageError: the decisions are damaged, or no record has texts in that language.
    """
    if language is not None and not any(language in record.texts for record in records):
        there = sorted({code for record in records for code in record.texts})
        raise UsageError(
            f"the run has no texts in {language!r}",
            remedy=f"it has {', '.join(there) or 'none'}; packshot run ... --language {language} writes them",
        )
    said = DecisionLog(DecisionFolder(out).journal).by_content()
    folders = profile_folders(out)
    for record in sorted(records, key=lambda record: ((record.sku or "").strip(), record.view or 0, record.source)):
        here = said.get(record.sha256 or "", [])
        shown = settled(record, here, _hashes(out, record)) if here else record
        waiting = _is_outdated(record, shown, here)
        for channel in channels:
            picture = shown.packshots.get("" if channel == _FIRST and "" in shown.packshots else channel)
            if picture is None and shown.status is not Status.FAILED:
                continue  # that photo was not asked for that channel
            picture = picture or _FAILED.model_copy(update={"error": shown.error})
            file = None if picture.file is None else _below(picture.file, folders.get(channel))
            rejected, undecided = shown.status is Status.REJECTED, _is_undecided(shown, picture)
            error = None if rejected else _hindrance(out, shown, picture, waiting=waiting)
            if error is None and file is not None and not rejected and (include_undecided or not undecided):
                reasons = shown.review if undecided else ()
                words = shown.texts.get(language) if language is not None else next(iter(shown.texts.values()), None)
                yield Item(
                    source=shown.source,
                    sku=(shown.sku or "").strip(),
                    view=shown.view,
                    channel=channel,
                    file=file,
                    picture=out / str(picture.file),
                    sha256=sha256_of_file(out / str(picture.file)),
                    status=(Status.REVIEW if undecided else Status.OK).value,
                    reasons=(*reasons, *(rule.id for rule in picture.rules if not rule.ok)),
                    rules_ok=_keeps_rules(picture),
                    category=tuple(node.name or node.id for node in shown.category.path) if shown.category else (),
                    attributes=sure_attributes(shown.attributes),
                    title=(words or TextRecord()).title or "",
                    alt=(words or TextRecord()).alt or "",
                    record=shown,
                )
                continue
            why = (REJECTED,) if rejected else shown.review or ("undecided",)
            yield Delivered(
                source=shown.source,
                sku=shown.sku,
                channel=channel,
                file=file,
                status=Change.HELD,
                reasons=why if error is None else (error.message,),
                rules_ok=None if file is None else _keeps_rules(picture),
                error=error,
            )


def _is_undecided(record: Record, picture: PackshotRecord) -> bool:
    """Whether a person should look at this picture first; another channel's broken rule does not keep it."""
    of_the_photo = set(record.review) - _OF_A_PICTURE
    return record.status is Status.REVIEW and bool(of_the_photo or picture.status is not Status.OK)


def _keeps_rules(picture: PackshotRecord) -> bool:
    return all(rule.ok or rule.severity != "must" for rule in picture.rules)


def _hindrance(out: Path, record: Record, picture: PackshotRecord, *, waiting: bool) -> PackshotError | None:
    """What keeps a picture here that no decision would let go."""
    if picture.file is None:
        error = picture.error
        return UsageError(
            "no picture" if error is None else error.message,
            remedy="repeat `packshot run`" if error is None else error.remedy,
        )
    if not (record.sku or "").strip():
        return UsageError("no SKU", remedy="repeat `packshot run` with --sku: name, folder, or a table")
    if waiting:
        return UsageError("not made anew since it was decided", remedy=f"packshot review apply {out}")
    if not (out / picture.file).is_file():
        return UsageError(f"{picture.file} is gone", remedy="repeat `packshot run`: it is made anew")
    return None


def _is_outdated(record: Record, shown: Record, here: Sequence[Decision]) -> bool:
    """Whether picture or words of the manifest are not what the decisions say by now."""
    standing = {decision.number for decision in here}
    if any(known.number not in standing for known in record.decisions):
        return True  # taken back
    made_with = None if record.corrected is None else record.corrected.key
    return correction(here).key != made_with or (shown.category, shown.attributes) != (
        record.category,
        record.attributes,
    )


def _below(file: str, folder: str | None) -> str:
    """A picture's path below its channel's folder.

    Raises:
        UsageError: it leads elsewhere; no run writes that.
    """
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file:
        raise UsageError(f"{file}: no path below the run's folder", remedy="repeat `packshot run`")
    inside = path.parts
    first = PurePosixPath(folder).parts if folder is not None else inside[:1]
    return "/".join(inside[len(first) :] if inside[: len(first)] == first and len(inside) > len(first) else inside)


def _hashes(out: Path, record: Record) -> dict[str, str]:
    files = (record.mask, record.packshot)
    return {file: sha256_of_file(out / file) for file in files if file is not None and (out / file).is_file()}
