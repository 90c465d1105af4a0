"""Where a delivery goes, as it is typed: ``folder:shop/``, ``google:feed.xml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from packshot.delivery.places import FolderPlace, Place, ZipPlace
from packshot.errors import OutputError, UsageError
from packshot.storage.places import require_folder

__all__ = ["Target", "TargetKind"]


class TargetKind(StrEnum):
    """Kinds of targets."""

    #: Pictures and a table for each channel.
    FOLDER = "folder"
    #: The same in one file.
    ZIP = "zip"
    #: A Google Merchant feed, XML or tab-separated.
    GOOGLE = "google"
    #: A product table that Shopify imports.
    SHOPIFY = "shopify"
    #: A product table that WooCommerce imports.
    WOOCOMMERCE = "woocommerce"


_ENDINGS = {
    TargetKind.FOLDER: (),
    TargetKind.ZIP: (".zip",),
    TargetKind.GOOGLE: (".xml", ".tsv"),
    TargetKind.SHOPIFY: (".csv",),
    TargetKind.WOOCOMMERCE: (".csv",),
}
_HOW = "type folder:PATH, zip:FILE.zip, google:FILE.xml, google:FILE.tsv, shopify:FILE.csv or woocommerce:FILE.csv"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes.

    Attributes:
        kind: of the target.
        path: of the folder or file, absolute.
    """

    kind: TargetKind
    path: Path

    @classmethod
    def typed(cls, text: str) -> Self:
        """A target as a person types it.

        Raises:
            UsageError: there is no such kind, or the file's ending is none of its own.

        Example:
            >>> Target.typed("google:feed.xml").kind.value
            'google'
        """
        kind, _, path = text.partition(":")
        if kind not in set(TargetKind) or not path:
            raise UsageError(f"--to {text}: no such target", remedy=_HOW)
        target = cls(TargetKind(kind), Path(path).absolute())
        endings = _ENDINGS[target.kind]
        if endings and target.path.suffix.lower() not in endings:
            raise UsageError(f"--to {text}: expected a file that ends with {' or '.join(endings)}", remedy=_HOW)
        return target

    @property
    def holds_pictures(self) -> bool:
        """Whether pictures go there, and not only their addresses."""
        return self.kind in {TargetKind.FOLDER, TargetKind.ZIP}

    @property
    def name(self) -> str:
        """What the log calls it."""
        return f"{self.kind}:{self.path}"

    def where(self, name: str) -> str:
        """A file there, for messages."""
        return str(self.path / name if self.kind is TargetKind.FOLDER else self.path)

    def place(self) -> Place:
        """Where its files lie."""
        if self.kind is TargetKind.ZIP:
            return ZipPlace(self.path)
        return FolderPlace(self.path if self.kind is TargetKind.FOLDER else self.path.parent)

    def require(self, out: Path, folders: Sequence[str]) -> None:
        """Refuse a target that cannot be written, or lies within the run's own folder.

        Args:
            out: the run's folder.
            folders: below the target that are written to, where pictures go there.

        Raises:
            UsageError: it lies there.
            OutputError: it cannot be written.
        """
        below = [self.path / name for name in folders] if self.kind is TargetKind.FOLDER else []
        if any(path.resolve().is_relative_to(out.resolve()) for path in (self.path, *below)):
            raise UsageError(
                f"{self.path} lies within {out}, whose files are the run's own", remedy="name a place outside of it"
            )
        folder = self.path if self.kind is TargetKind.FOLDER else self.path.parent
        require_folder(folder, option="--to")
        if folder != self.path and self.path.is_dir():
            raise OutputError(f"{self.path} is a folder", remedy="name a file with --to")
