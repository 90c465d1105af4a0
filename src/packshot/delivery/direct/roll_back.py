"""The way back: each product of a delivery shows again what it showed before, as far as the shop still has it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.counting import counted
from packshot.delivery.direct.opening import open_shop
from packshot.delivery.direct.remote import is_remote, open_files, restore_file
from packshot.delivery.direct.roll_back_file import Before, end_roll_back, read_roll_back
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Shop, Shown
from packshot.delivery.direct.shop_log import ShopLine, ShopLog, ShopStep
from packshot.delivery.direct.target import ShopTarget
from packshot.delivery.direct.variants import pictures_before
from packshot.delivery.lock import delivery_lock
from packshot.errors import DeliveryError, PackshotError, ShopRefused, ShopUnreachable
from packshot.storage.encodable import printable
from packshot.storage.times import utc_now

__all__ = ["RolledBack", "roll_back"]


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A product, and what became of it.

    Attributes:
        product: the shop's id.
        skus: of ours.
        pictures: how many it shows.
        changed: whether it showed something else.
        error: why it could not be rolled back.
        dry_run: whether it still does.
        deleted: pictures that it or its variants showed before, and that the shop does not have any more.
    """

    product: str
    skus: tuple[str, ...]
    pictures: int
    changed: bool
    error: PackshotError | None = None
    dry_run: bool = False
    deleted: tuple[str, ...] = ()

    def row(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        return {
            "product": self.product,
            "skus": list(self.skus),
            "pictures": self.pictures,
            "status": self._status(),
            "deleted": list(self.deleted),
            "error": None if self.error is None else self.error.to_dict(),
        }

    def _status(self) -> str:
        if self.error is not None or not self.changed:
            return "same" if self.error is None else "failed"
        return "would be rolled back" if self.dry_run else "rolled back"

    def words(self) -> str:
        """For a person, on one line."""
        skus = printable(", ".join(self.skus))
        named = f", not in the shop any more: {', '.join(self.deleted)}" if self.deleted else ""
        return f"{self._status()}\t{skus}\t{counted(self.pictures, 'picture')}{printable(named)}"


def roll_back(
    path: Path, *, dry_run: bool = False, settings: DeliverySettings | None = None, shop: Shop | None = None
) -> Iterator[RolledBack]:
    """Let each product show again what it showed before a delivery; what others put there since stays, at the end.

    Pictures that somebody deleted in the shop since are left out, and alt texts of others' pictures stay as they are.
    May be repeated, and killed: the next one finishes it.

    Args:
        path: a file of ``OUT/delivery/roll-back/``.
        dry_run: whether nothing is changed.
        settings: how patiently the shop is asked; by default the environment's.
        shop: spoken to; by default the one the file names.

    Yields:
        What became of each product.

    Raises:
        UsageError: the file is none of a delivery, or there is no key.
        ShopRefused: the key was not taken.
        ShopUnreachable: the shop does not answer.
        OutputError: another delivery of this run goes on.
    """
    name, before = read_roll_back(path)
    out = path.absolute().parents[2]
    # Once, before anything is changed, and also where there is nothing to change.
    end = functools.cache(functools.partial(end_roll_back, path))
    with delivery_lock(out).hold():
        if is_remote(name):
            yield from _files(name, before, out, settings or DeliverySettings(), end, dry_run=dry_run)
            return
        target = ShopTarget.typed(name)
        log = ShopLog(out / "delivery" / "shops.jsonl", target)
        asked = shop or open_shop(target, settings or DeliverySettings())
        try:
            with log:
                for each in before:
                    yield _one(each, asked, log, end, dry_run=dry_run)
            if not dry_run:
                end()
        finally:
            asked.close()


def _one(given: Before, shop: Shop, log: ShopLog, end: Callable[[], None], *, dry_run: bool) -> RolledBack:
    try:
        shown = shop.shown(given.product)
        ours = {picture for picture, line in log.pictures.items() if line.product == given.product}
        before, deleted = _left(given, shown, ours, shop)
        wanted = [Shown(*each) for each in before.pictures]
        known = ours | {each.id for each in wanted}
        wanted += [each for each in shown if each.id not in known]
        own = dict(before.variants)
        by_variants = pictures_before(own, shop.shown_by_variants(before.product, [*own]) if own else {}, ours)
        changed = list(shown) != wanted or bool(by_variants)
        if changed and not dry_run:
            end()
        if list(shown) != wanted and not dry_run:
            shop.show(before.product, wanted)
        if by_variants and not dry_run:
            shop.show_by_variants(before.product, by_variants)
        if changed and not dry_run and not _is_back(before.product, wanted, by_variants, shop):
            raise DeliveryError(
                "the product was read back, and does not show what it showed before",
                remedy="see whether somebody else changes it, then roll back again",
            )
        if not dry_run:
            _write(before, log, ours)
    except (ShopRefused, ShopUnreachable):
        raise
    except DeliveryError as error:
        return RolledBack(given.product, given.skus, 0, changed=False, error=error)
    return RolledBack(before.product, before.skus, len(wanted), changed, dry_run=dry_run, deleted=deleted)


def _left(before: Before, shown: Sequence[Shown], ours: set[str], shop: Shop) -> tuple[Before, tuple[str, ...]]:
    """What of a product as it was the shop still has, and the pictures that it has no longer.

    Alt texts of pictures that are not ours are those of now: no delivery changes them, so a change is somebody else's.
    """
    of_variants = (picture for _, pictures in before.variants for picture in pictures)
    named = dict.fromkeys([*(picture for picture, _ in before.pictures), *of_variants])
    there = {each.id: each.alt for each in shown}
    asked = [each for each in named if each not in there]
    there |= {each.id: each.alt for each in (shop.known(asked) if asked else ())}
    pictures = tuple((id_, alt if id_ in ours else there[id_]) for id_, alt in before.pictures if id_ in there)
    variants = tuple((each, tuple(id_ for id_ in ids if id_ in there)) for each, ids in before.variants)
    left = before.model_copy(update={"pictures": pictures, "variants": variants})
    return left, tuple(each for each in named if each not in there)


def _is_back(product: str, wanted: Sequence[Shown], by_variants: Mapping[str, tuple[str, ...]], shop: Shop) -> bool:
    if list(shop.shown(product)) != list(wanted):
        return False
    return not by_variants or shop.shown_by_variants(product, [*by_variants]) == by_variants


def _files(
    name: str,
    before: Sequence[Before],
    out: Path,
    settings: DeliverySettings,
    end: Callable[[], None],
    *,
    dry_run: bool,
) -> Iterator[RolledBack]:
    """The same for the files of a server or bucket, the last one first: tables go before their pictures."""
    with contextlib.closing(open_files(name, settings)) as files:
        for each in reversed(before):
            try:
                changed = restore_file(name, each, out, files, end, dry_run=dry_run)
            except DeliveryError as error:
                yield RolledBack(each.product, (each.product,), 0, changed=False, error=error)
                continue
            yield RolledBack(each.product, (each.product,), len(each.pictures), changed, dry_run=dry_run)
    if not dry_run:
        end()


def _write(before: Before, log: ShopLog, ours: set[str]) -> None:
    """The log says what the product shows now: the next delivery compares with it."""
    back = {picture: alt for picture, alt in before.pictures if picture in ours}
    had = dict(before.variants)

    def variants(line: ShopLine) -> tuple[str, ...]:
        mine = [each for each in line.variants if each not in had]
        return (*mine, *(each for each, pictures in had.items() if pictures == (line.picture,)))

    lines = [line for line in log.shown.values() if line.product == before.product and line.picture not in back]
    gone = [line.model_copy(update={"step": ShopStep.GONE, "at": utc_now()}) for line in lines]
    showing = {line.picture: set(line.variants) for line in log.shown.values()}
    again = [
        line.model_copy(update={"step": ShopStep.SHOWN, "said": alt, "at": utc_now(), "variants": variants(line)})
        for line, alt in ((log.pictures[picture], alt) for picture, alt in back.items())
        if showing.get(line.picture) != set(variants(line))
    ]
    log.add(*gone, *again)
