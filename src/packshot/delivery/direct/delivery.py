"""One delivery to a shop: products are found by their SKUs, compared, changed and read back, several at once."""

from __future__ import annotations

import contextlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from packshot.counting import counted
from packshot.delivery.direct.opening import open_shop
from packshot.delivery.direct.plan import Plan
from packshot.delivery.direct.publishing import Publisher
from packshot.delivery.direct.roll_back_file import RollBackFile
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Shop
from packshot.delivery.direct.shop_log import ShopLine, ShopLog
from packshot.delivery.direct.target import ShopTarget
from packshot.delivery.item import Item
from packshot.delivery.lock import delivery_lock
from packshot.delivery.outcome import Change, Delivered
from packshot.delivery.outgoing import outgoing
from packshot.delivery.selection import channels_of, only_channel, records_of
from packshot.delivery.wishes import Wishes
from packshot.errors import DeliveryError, PackshotError, ShopRefused, ShopUnreachable, UsageError

__all__ = ["ShopDelivery"]

Given = TypeVar("Given")
Made = TypeVar("Made")

#: SKU to the variants of a product that have it.
BySku = dict[str, tuple[str, ...]]


class ShopDelivery:
    """A delivery of a run's pictures to a shop, within ``with``; iterating carries it out.

    A killed delivery is finished by the next one: no product shows a picture twice, and what the shop has is not
    uploaded again.

    Args:
        out: the run's folder.
        target: the shop.
        wishes: what goes out, and how.
        settings: how patiently the shop is asked; by default the environment's.
        shop: spoken to; by default the one at the target, with its key.

    Attributes:
        total: pictures that go out; those that stay behind are told as well.
        roll_back: the file that undoes what was changed; None where nothing was.

    Raises:
        UsageError: no such run, channel or key.
        OutputError: another delivery of this run goes on.
    """

    def __init__(
        self,
        out: Path,
        target: ShopTarget,
        wishes: Wishes,
        *,
        settings: DeliverySettings | None = None,
        shop: Shop | None = None,
    ) -> None:
        if wishes.addresses.base is not None or wishes.addresses.link is not None:
            raise UsageError("--base-url and --link are for feeds", remedy=f"leave them out: {target.kind} says where")
        self._out, self._target, self._wishes = out, target, wishes
        self._settings = settings or DeliverySettings()
        records = records_of(out)
        channels = only_channel(target.kind.value, channels_of(records, wishes.channels))
        found = list(outgoing(out, records, channels, wishes))
        self._items = [one for one in found if isinstance(one, Item)]
        self._held = [one for one in found if isinstance(one, Delivered)]
        self.total = len(self._items)
        self._shop = shop or open_shop(target, self._settings)
        self._roll_back = RollBackFile(out / "delivery" / "roll-back", target.name)
        self.roll_back: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._roll_back.close()
        self._shop.close()

    def __iter__(self) -> Iterator[Delivered]:
        """What became of each picture; those that stay behind first, with the reason.

        Raises:
            ShopRefused: the key was not taken; what is done stays done, and the next delivery goes on.
            ShopUnreachable: the shop does not answer; the same.
        """
        with contextlib.nullcontext() if self._wishes.dry_run else delivery_lock(self._out).hold():
            log = ShopLog(self._out / "delivery" / "shops.jsonl", self._target)
            yield from self._held
            with log:
                publisher = Publisher(self._target, self._shop, log, self._roll_back)
                yield from self._deliver(publisher, log)

    def _deliver(self, publisher: Publisher, log: ShopLog) -> Iterator[Delivered]:
        by_product, variants, unmatched = self._by_product()
        for item, error in unmatched:
            yield item.outcome(Change.HELD, url=None, error=error)
        places = {item.place for item in self._items}
        gone: dict[str, list[ShopLine]] = defaultdict(list)
        for line in [*log.shown.values()]:
            if line.place not in places:
                gone[line.product].append(line)

        def work(product: str) -> list[Delivered]:
            items = by_product.get(product, [])
            try:
                plan: Plan = publisher.plan(product, items, gone.get(product, []), variants.get(product, {}))
                return list(publisher.difference(plan)) if self._wishes.dry_run else publisher.carry_out(plan)
            except (ShopRefused, ShopUnreachable):
                raise
            except DeliveryError as error:
                return [item.outcome(Change.HELD, url=None, error=error) for item in items]

        try:
            for outcomes in _several([*dict.fromkeys([*by_product, *gone])], work, at_once=self._settings.at_once):
                yield from outcomes
            if not self._wishes.dry_run:
                self._roll_back.finish()
        finally:
            self.roll_back = None if self._wishes.dry_run else self._roll_back.written

    def _by_product(self) -> tuple[dict[str, list[Item]], dict[str, BySku], list[tuple[Item, PackshotError]]]:
        """Items by the product that shall show them, its variants by SKU, and items that no product can show."""
        forms = {item.sku: _forms(item.sku) for item in self._items}
        asked = list(dict.fromkeys(form for each in forms.values() for form in each))
        found = self._shop.find(asked) if asked else {}
        by_product: dict[str, list[Item]] = defaultdict(list)
        variants: dict[str, BySku] = defaultdict(dict)
        unmatched: list[tuple[Item, PackshotError]] = []
        for item in self._items:
            products: dict[str, tuple[str, ...]] = {}
            for each in (each for form in forms[item.sku] for each in found.get(form, ())):
                products[each.product] = (*products.get(each.product, ()), *each.variants)
            if len(products) == 1:
                ((product, mine),) = products.items()
                by_product[product].append(item)
                if mine:
                    variants[product][item.sku] = mine
            elif not products:
                remedy = "create it there, or correct the SKU and repeat `packshot run`"
                unmatched.append((item, UsageError(f"the shop has no product with SKU {item.sku}", remedy=remedy)))
            else:
                message = f"the shop has {counted(len(products), 'product')} with SKU {item.sku}"
                unmatched.append((item, UsageError(message, remedy="leave it to one of them")))
        return by_product, variants, unmatched


def _forms(sku: str) -> list[str]:
    """A SKU as it is, and with its accents composed and apart: they look the same, and a shop may have either."""
    return list(dict.fromkeys([sku, unicodedata.normalize("NFC", sku), unicodedata.normalize("NFD", sku)]))


def _several(given: Sequence[Given], work: Callable[[Given], Made], *, at_once: int) -> Iterator[Made]:
    """What `work` makes of each, in order, some at the same time; after an error none is begun."""
    with ThreadPoolExecutor(at_once) as pool:
        waiting: list[Future[Made]] = [pool.submit(work, each) for each in given]
        try:
            for future in waiting:
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()
