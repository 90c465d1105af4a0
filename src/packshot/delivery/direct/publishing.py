"""One product at a shop: from what it shows to what it shall show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from packshot.delivery.direct.plan import Plan, variants_of
from packshot.delivery.direct.readback import Finding, compare
from packshot.delivery.direct.roll_back_file import RollBackFile
from packshot.delivery.direct.shop import Picture, Published, Shop, Shown, file_name
from packshot.delivery.direct.shop_log import ShopLine, ShopLog, ShopStep
from packshot.delivery.direct.target import ShopTarget
from packshot.delivery.direct.variants import concerned, pictures_wanted
from packshot.delivery.item import Item
from packshot.delivery.outcome import Change, Delivered
from packshot.delivery.places import Wanted
from packshot.errors import DeliveryError, PackshotError, ShopRefused, ShopUnreachable
from packshot.storage.times import utc_now

__all__ = ["Publisher"]


class Publisher:
    """Carries out plans; for several threads, each with another product.

    Args:
        target: the shop.
        shop: spoken to.
        log: open for writing, or only read.
        roll_back: where products are written down before they are changed.
    """

    def __init__(self, target: ShopTarget, shop: Shop, log: ShopLog, roll_back: RollBackFile) -> None:
        self._target, self._shop, self._log, self._roll_back = target, shop, log, roll_back

    def plan(
        self,
        product: str,
        items: Sequence[Item],
        gone: Sequence[ShopLine],
        variants: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> Plan:
        """Ask what a product and its variants show, and compare.

        Args:
            product: the shop's id.
            items: that it shall show, in order.
            gone: that it shall show no longer.
            variants: SKU to the variants that have it.

        Raises:
            ShopRefused: the key is not taken.
            ShopUnreachable: no answer.
        """
        try:
            shown = self._shop.shown(product)
            asked = concerned(variants, gone)
            by_variants = self._shop.shown_by_variants(product, asked) if asked else {}
        except (ShopRefused, ShopUnreachable):
            raise
        except DeliveryError:
            if items:
                raise
            return Plan(product, (), tuple(gone), None, {})
        there = {each.id for each in shown}
        changes = {item.place: self._change(item, product, there, variants_of(item, items, variants)) for item in items}
        return Plan(product, tuple(items), tuple(gone), shown, changes, variants, by_variants)

    def difference(self, plan: Plan) -> Iterator[Delivered]:
        """What would be done."""
        for item in plan.items:
            line = self._log.shown.get(item.place)
            url = None if line is None else line.url
            yield item.outcome(plan.changes[item.place], url=url, variants=plan.variants_of(item))
        yield from map(_gone_outcome, plan.gone)

    def carry_out(self, plan: Plan) -> list[Delivered]:
        """Do it, and see what the product shows then.

        Raises:
            ShopRefused: the key is not taken.
            ShopUnreachable: no answer.
            OutputError: the log cannot be written.
        """
        if plan.is_done:
            return list(self.difference(plan))
        if plan.shown is None:
            self._log.add(*(self._gone(line) for line in plan.gone))
            return [_gone_outcome(line) for line in plan.gone]
        skus = [*(item.sku for item in plan.items), *(line.sku for line in plan.gone)]
        self._roll_back.remember(plan.product, skus, plan.shown, plan.by_variants)
        outcomes: dict[str, Delivered] = {}
        lines: list[ShopLine] = []
        mine: list[Shown] = []
        first: dict[str, str] = {}
        for item in plan.items:
            outcomes[item.place], shown, line = self._publish(item, plan)
            mine += shown
            lines += [] if line is None else [line]
            if shown:
                first.setdefault(item.sku, shown[0].id)
        error = self._show(plan, mine, first)
        if error is None:
            self._log.add(*lines, *(self._gone(line) for line in plan.gone))
        else:
            outcomes = {
                place: one if one.status is Change.SAME or one.error is not None else replace(one, error=error)
                for place, one in outcomes.items()
            }
        return [*outcomes.values(), *(replace(_gone_outcome(line), error=error) for line in plan.gone)]

    def _publish(self, item: Item, plan: Plan) -> tuple[Delivered, list[Shown], ShopLine | None]:
        """See that the shop has a picture.

        Returns:
            What became of it, what the product shall show for it, and the line of the log once it does.
        """
        before = self._log.shown.get(item.place)
        shown = [] if before is None else [each for each in plan.shown or () if each.id == before.picture]
        if plan.changes[item.place] is Change.SAME and before is not None and before.picture is not None:
            # Its alt text is the shop's by now: somebody may have bettered it there.
            return item.outcome(Change.SAME, url=before.url, variants=plan.variants_of(item)), shown, None
        try:
            published, finding = self._bring(item, plan)
        except (ShopRefused, ShopUnreachable):
            raise
        except PackshotError as why:
            return _outcome_of(item, plan, None, Finding(error=why, rules_ok=item.rules_ok)), shown, None
        outcome = _outcome_of(item, plan, published, finding)
        if finding.error is not None:
            return outcome, shown, None  # what was there stays
        line = self._line(ShopStep.SHOWN, item, plan, published)
        return outcome, [Shown(published.id, _alt(item, before, published, plan))], line

    def _change(self, item: Item, product: str, there: set[str], variants: tuple[str, ...]) -> Change:
        line = self._log.shown.get(item.place)
        if line is None or line.product != product or line.picture not in there:
            return Change.NEW
        as_it_was = (line.sha256, line.said) == (item.sha256, item.alt) and set(variants) <= set(line.variants)
        return Change.SAME if as_it_was else Change.CHANGED

    def _bring(self, item: Item, plan: Plan) -> tuple[Published, Finding]:
        """See that the shop has a picture, and that it publishes it as it was sent."""
        content = Wanted(item.place, item.sha256, item.picture).read()
        known = self._log.uploaded.get((item.place, item.sha256)) or self._log.shown.get(item.place)
        if known is not None and known.sha256 == item.sha256 and known.picture is not None and known.url is not None:
            try:
                published = Published(known.picture, known.url)
                return published, compare(item, content, self._shop.read(published.url))
            except (ShopRefused, ShopUnreachable):
                raise
            except DeliveryError:
                pass  # somebody deleted it there: it is uploaded once more
        published = self._shop.upload(
            Picture(file_name(item.sku, item.sha256, item.file), content, item.alt),
            begin=lambda: self._log.add(self._line(ShopStep.SENDING, item, plan, None)),
            begun=(item.place, item.sha256) in self._log.begun,
        )
        self._log.add(self._line(ShopStep.UPLOADED, item, plan, published))
        return published, compare(item, content, self._shop.read(published.url))

    def _show(self, plan: Plan, mine: Sequence[Shown], first: Mapping[str, str]) -> PackshotError | None:
        """Let the product show ours first, then what others put there, in their order; see that it does.

        Of its variants, let each have the first picture of its SKU.
        """
        ours = {id_ for id_, line in self._log.pictures.items() if line.product == plan.product}
        ours |= {each.id for each in mine}
        others = [each for each in plan.shown or () if each.id not in ours]
        wanted = list({each.id: each for each in (*mine, *others)}.values())
        try:
            self._shop.show(plan.product, wanted)
            if [each.id for each in self._shop.shown(plan.product)] != [each.id for each in wanted]:
                return _read_back("the product was read back, and does not show these pictures in this order")
            by_variants = pictures_wanted(plan.variants, first, plan.gone, plan.by_variants)
            if by_variants:
                self._shop.show_by_variants(plan.product, by_variants)
                if self._shop.shown_by_variants(plan.product, [*by_variants]) != by_variants:
                    return _read_back("the variants were read back, and do not show the first picture of their SKU")
        except (ShopRefused, ShopUnreachable):
            raise
        except DeliveryError as error:
            return error
        return None

    def _line(self, step: ShopStep, item: Item, plan: Plan, published: Published | None) -> ShopLine:
        return ShopLine(
            at=utc_now(),
            shop=self._target.name,
            step=step,
            place=item.place,
            sha256=item.sha256,
            said=item.alt,
            product=plan.product,
            picture=None if published is None else published.id,
            url=None if published is None else published.url,
            source=item.source,
            sku=item.sku,
            channel=item.channel,
            file=item.file,
            variants=plan.variants_of(item),
        )

    @staticmethod
    def _gone(line: ShopLine) -> ShopLine:
        return line.model_copy(update={"step": ShopStep.GONE, "at": utc_now()})


def _gone_outcome(line: ShopLine) -> Delivered:
    """Of a picture that is not shown any more."""
    return Delivered(
        source=line.source,
        sku=line.sku,
        channel=line.channel,
        file=line.file,
        status=Change.GONE,
        url=line.url,
        sha256=line.sha256,
    )


def _read_back(message: str) -> DeliveryError:
    return DeliveryError(message, remedy="see whether somebody else changes it, then deliver again")


def _alt(item: Item, before: ShopLine | None, published: Published, plan: Plan) -> str:
    """Its alt text; of one that the product shows with the words that were delivered it is the shop's."""
    there = {each.id: each.alt for each in plan.shown or ()}
    return item.alt if before is None or before.said != item.alt else there.get(published.id, item.alt)


def _outcome_of(item: Item, plan: Plan, published: Published | None, finding: Finding) -> Delivered:
    url = None if published is None else published.url
    outcome = item.outcome(plan.changes[item.place], url=url, error=finding.error, variants=plan.variants_of(item))
    reasons = (*item.reasons, *([finding.reason] if finding.reason else []))
    return replace(outcome, reasons=reasons, rules_ok=finding.rules_ok)
