"""What a run says to a person: of photos without a picture, of what an earlier run left, and at its end."""

from __future__ import annotations

from packshot.batch.profile_folders import PACKSHOTS
from packshot.batch.summary import Summary
from packshot.counting import counted
from packshot.errors import PackshotError
from packshot.listing import listed
from packshot.records import Record
from packshot.storage.encodable import printable

__all__ = ["consistency_lines", "failure_lines", "left_over_lines", "summary_lines"]

_NAMED = 4  # orphans
_OUTLIERS = 10  # that are named; the report has them all


def failure_lines(record: Record) -> list[str]:
    """Why there is no picture of a photo, or not for each profile; nothing where there is one."""
    source = printable(record.source)
    if record.error is not None:
        return [PackshotError(record.error.message, remedy=record.error.remedy).about(source)]
    return [
        f"{source}, no picture for {name}: {picture.error.message}: {picture.error.remedy}"
        for name, picture in record.packshots.items()
        if picture.error is not None
    ]


def left_over_lines(summary: Summary) -> list[str]:
    """What lies in the output folder that this run did not make."""
    lines = [
        f"profile {name} was not asked for: its pictures of earlier runs stay in {folder}/, are not kept up to "
        "date, and a ZIP or feed that is delivered again is without them: to have all, name all profiles at once"
        for name, folder in summary.dropped.items()
    ]
    if summary.orphans:
        some = listed([orphan.source for orphan in summary.orphans], _NAMED)
        one = len(summary.orphans) == 1
        gone = counted(len(summary.orphans), "photo of earlier runs is", "photos of earlier runs are")
        lines.append(
            f"{gone} gone: {some}; {'its' if one else 'their'} results stay, orphans.jsonl lists them, --prune "
            "moves them to trash/"
        )
    if summary.not_asked:
        some = listed(list(map(printable, summary.not_asked)), _NAMED)
        it = "it" if len(summary.not_asked) == 1 else "them"
        other = counted(len(summary.not_asked), "photo of earlier runs was", "photos of earlier runs were")
        lines.append(
            f"{other} not named this time: {some}; what was made of {it} stays, but report.html and manifest.jsonl are "
            f"without {it}, and `packshot deliver` would take {it} back: repeat with all folders and files to have all"
        )
    lines += [
        f"{printable(source)} is gone, and its pictures cannot be made as decided: put it back and repeat, or say with "
        "--root where it is"
        for source in summary.waiting
    ]
    if summary.scattered:
        sku, folders = next(iter(summary.scattered.items()))
        some = ", ".join(folders[:_NAMED]) + (", ..." if len(folders) > _NAMED else "")
        others = (
            f", as {counted(len(summary.scattered) - 1, 'other SKU is', 'other SKUs are')}"
            if len(summary.scattered) > 1
            else ""
        )
        lines.append(
            f"SKU {printable(sku)} is of photos in {counted(len(folders), 'folder')} ({printable(some)}){others}: "
            "one product? If not, --sku TABLE.csv:COLUMN or re:PATTERN tells them apart"
        )
    if summary.without_sku:
        some = listed(list(map(printable, summary.without_sku)), _NAMED)
        lines.append(
            f"{counted(len(summary.without_sku), 'photo has', 'photos have')} no SKU: {some}; --sku says nothing of "
            f"{'it' if len(summary.without_sku) == 1 else 'them'}, and `packshot deliver` will leave "
            f"{'it' if len(summary.without_sku) == 1 else 'them'} behind"
        )
    if summary.trashed:
        lines.append(f"{counted(summary.trashed, 'file was', 'files were')} moved to trash/")
    return lines


def summary_lines(summary: Summary) -> list[str]:
    """Whether it was stopped, how many photos came to what, and where everything lies."""
    finished = summary.ok + summary.review + summary.failed + summary.rejected
    stopped = [f"stopped after {finished:,} of {summary.total:,}: repeat the command to go on"]
    rejected = f", {summary.rejected:,} rejected" if summary.rejected else ""
    done = finished - summary.resumed
    lines = [
        *(stopped if summary.stopped_by is not None else []),
        f"{counted(summary.total, 'photo')}: {summary.ok:,} ok, {summary.review:,} to review, "
        f"{summary.failed:,} failed{rejected}"
        f" ({summary.resumed:,} already done, {summary.seconds:.1f} s{_rate(done, summary.seconds)})",
    ]
    if any(folder != PACKSHOTS for folder in summary.folders.values()):
        lines.append("pictures: " + ", ".join(f"{name} in {folder}/" for name, folder in summary.folders.items()))
    return [*lines, f"report: {summary.report}"]


def _rate(done: int, seconds: float) -> str:
    if done <= 0 or seconds <= 0:
        return ""
    return f", {done / seconds:.1f} photos/s" if done >= seconds else f", {seconds / done:.1f} s/photo"


def consistency_lines(summary: Summary) -> list[str]:
    """What was made alike, and what does not fit."""
    if summary.alike is None:
        return []
    found = summary.alike
    lines = [
        f"{counted(found.alike, 'picture')} in {counted(found.groups, 'group')} "
        f"{'was' if found.alike == 1 else 'were'} made alike, {counted(len(found.outliers), 'does', 'do')} not fit"
    ]
    lines += [f"  {source} ({profile}): {why}" for source, profile, why in found.outliers[:_OUTLIERS]]
    if len(found.outliers) > _OUTLIERS:
        lines.append(f"  and {len(found.outliers) - _OUTLIERS} more, see the report")
    lines += [
        f"profile {name}: its pictures have shapes of their own or keep their shadows, nothing is made alike"
        for name in found.alone
    ]
    return lines
