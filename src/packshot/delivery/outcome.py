"""What a delivery says of one picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packshot.errors import PackshotError
from packshot.storage.encodable import printable

__all__ = ["REJECTED", "Change", "Delivered"]

#: The one reason of a photo that a person found of no use.
REJECTED = "rejected"


class Change(StrEnum):
    """How a picture stands to what was delivered before."""

    #: It was not there.
    NEW = "new"
    #: Another picture, or other words, than was delivered.
    CHANGED = "changed"
    #: As it was delivered.
    SAME = "same"
    #: It was delivered, and is no longer.
    GONE = "gone"
    #: It stays behind; `reasons` say why.
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A picture of a channel, and what became of it.

    Attributes:
        source: the photo as the manifest names it.
        sku: of its product; None where the photo has none.
        channel: the profile it was made for.
        file: its path below the channel; None without a picture.
        status: against what was delivered before.
        url: where it is found; None without ``--base-url``.
        reasons: why it is held, or what of the channel's rules it breaks.
        rules_ok: whether it keeps all rules of its channel that must hold; None without a picture.
        sha256: of the picture, as it was read back where the target holds pictures.
        error: what went wrong.
        variants: the shop's ids of variants whose own picture it is, at a live shop.
    """

    source: str
    sku: str | None
    channel: str
    file: str | None
    status: Change
    url: str | None = None
    reasons: tuple[str, ...] = ()
    rules_ok: bool | None = None
    sha256: str | None = None
    error: PackshotError | None = None
    variants: tuple[str, ...] = ()

    @property
    def is_undecided(self) -> bool:
        """Whether it is held only until a person decides."""
        return self.status is Change.HELD and self.error is None and self.reasons != (REJECTED,)

    @property
    def has_failed(self) -> bool:
        """Whether it should have gone out, or been taken away, and was not; what is held never was to go."""
        return self.error is not None and self.status is not Change.HELD

    def row(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        return {
            "sku": self.sku,
            "channel": self.channel,
            "file": self.file,
            "status": self.status.value,
            "url": self.url,
            "source": self.source,
            "reasons": list(self.reasons),
            "rules_ok": self.rules_ok,
            "sha256": self.sha256,
            "variants": list(self.variants),
            "error": None if self.error is None else self.error.to_dict(),
        }

    def words(self) -> str:
        """For a person, on one line, whatever SKU and names hold; ``failed`` instead of the status where it has."""
        status = "failed" if self.has_failed else self.status.value
        where = f"{self.channel}/{self.file}" if self.file is not None else f"{self.channel}: {self.source}"
        notes = (*self.reasons, *(f"picture of variant {each.rpartition('/')[2]}" for each in self.variants))
        return "\t".join(map(printable, (status, where, self.sku or "-", ", ".join(notes)))).rstrip()
