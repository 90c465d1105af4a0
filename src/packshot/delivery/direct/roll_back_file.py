"""How a shop's products were before a delivery, each written down before it is changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from packshot.delivery.direct.shop import Shown
from packshot.errors import UsageError
from packshot.storage import RowLog, parse_row

__all__ = ["Before", "RollBackFile", "end_roll_back", "read_roll_back"]

_HEADER = b'{"journal": "packshot deliver, roll-back", "version": 1}\n'
_REMEDY = "name a file of OUT/delivery/roll-back/"


class Before(BaseModel):
    """A product as it was.

    Attributes:
        product: the shop's id.
        skus: of ours.
        pictures: id and alt text of all that it showed, in order.
        variants: id of each variant of ours, and the pictures that it had of its own.
    """

    model_config = ConfigDict(frozen=True)

    product: str
    skus: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]
    variants: tuple[tuple[str, tuple[str, ...]], ...] = ()


class _Line(BaseModel):
    shop: str
    before: Before | None = None
    finished: bool = False


class RollBackFile:
    """The file of one delivery; one that was killed goes on with the file it began.

    Args:
        folder: of such files.
        shop: the name of the shop.

    Attributes:
        path: of the file; it is made with the first product.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._known: dict[str, Before] = {}
        self.path = folder / f"{shop.partition(':')[0]}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.jsonl"
        for path in sorted(folder.glob(f"{shop.partition(':')[0]}-*.jsonl")):
            lines = _lines(path)
            # One that was killed before its first line holds nothing yet, and is anybody's.
            if (not lines or lines[0].shop == shop) and not any(line.finished for line in lines):
                self.path = path
                self._known = _before(lines)
        self._log = _log(self.path)

    def remember(
        self,
        product: str,
        skus: Sequence[str],
        shown: Sequence[Shown],
        by_variants: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        """Write down how a product is, before it is changed for the first time; on the disk when this returns.

        Args:
            product: the shop's id.
            skus: of ours.
            shown: what it shows.
            by_variants: what its variants that are about to change have of their own.

        Raises:
            OutputError: it could not be written.
        """
        with self._lock:
            known = self._known.get(product)
            new = {each: ids for each, ids in by_variants.items() if known is None or each not in dict(known.variants)}
            if known is None or new:
                pictures = tuple((each.id, each.alt) for each in shown) if known is None else known.pictures
                named = tuple(sorted(set(skus)))
                line = _Line(
                    shop=self._shop,
                    before=Before(product=product, skus=named, pictures=pictures, variants=tuple(new.items())),
                )
                self._log.append([line])
                self._known |= _before([_Line(shop=self._shop, before=known), line])

    def finish(self) -> None:
        """The delivery is done: the next one begins a file of its own."""
        with self._lock:
            if self._known:
                self._log.append([_Line(shop=self._shop, finished=True)])
                self._known.clear()

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()

    @property
    def written(self) -> Path | None:
        """The file, if there is one."""
        return self.path if self.path.is_file() else None


def read_roll_back(path: Path) -> tuple[str, list[Before]]:
    """The shop's name, and its products as they were.

    Raises:
        UsageError: the file is none of a delivery, or damaged.
    """
    lines = _lines(path)
    if not lines:
        raise UsageError(f"{path}: no file to roll back with", remedy=_REMEDY)
    return lines[0].shop, [*_before(lines).values()]


def end_roll_back(path: Path) -> None:
    """Mark a file as finished: what it names is being rolled back, so the next delivery begins a file of its own.

    Else a delivery that was stopped, rolled back and begun anew would keep what products showed before the first time,
    whatever was changed by hand between.

    Raises:
        UsageError: the file is none of a delivery, or damaged.
        OutputError: it could not be written.
    """
    lines = _lines(path)
    if lines and not any(line.finished for line in lines):
        with _log(path) as log:
            log.append([_Line(shop=lines[0].shop, finished=True)])


def _before(lines: Sequence[_Line]) -> dict[str, Before]:
    """Each product as it was; variants that changed later, in a delivery that went on, are in a further line."""
    found: dict[str, Before] = {}
    for line in lines:
        if (now := line.before) is not None:
            first = found.get(now.product, now.model_copy(update={"variants": (), "skus": ()}))
            skus = tuple(sorted({*first.skus, *now.skus}))
            found[now.product] = first.model_copy(update={"skus": skus, "variants": (*first.variants, *now.variants)})
    return found


def _log(path: Path) -> RowLog[_Line]:
    return RowLog(
        path, partial(parse_row, _Line), header=_HEADER, repair="restore the file from a backup", remedy=_REMEDY
    )


def _lines(path: Path) -> list[_Line]:
    lines: list[_Line] = []
    _log(path).read(lines.append)
    return lines
