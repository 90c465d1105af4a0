"""A contact sheet of a scan: every group of duplicates, the copy to keep first."""

from __future__ import annotations

from pathlib import Path

from packshot.catalogue.duplicate_scan import DuplicateScan
from packshot.duplicates import Member, copy_words
from packshot.storage.atomic import write_atomic
from packshot.web.contact_sheet import Tile, contact_sheet

__all__ = ["write_duplicates_sheet"]


def write_duplicates_sheet(path: Path, scan: DuplicateScan) -> None:
    """Write the sheet, whole or not at all.

    Args:
        path: of the page.
        scan: with previews.

    Raises:
        OutputError: it could not be written.
    """

    def tile(member: Member) -> Tile:
        photo = scan.photos[member.place]
        return Tile(photo.source, photo.preview or b"", photo.fingerprint.size, copy_words(member.kind, member.score))

    groups = [[tile(member) for member in group.members] for group in scan.groups]
    write_atomic(path, contact_sheet(groups, total=len(scan.photos)).encode())
