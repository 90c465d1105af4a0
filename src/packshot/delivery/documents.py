"""The tables and feeds of a delivery, by the kind of its target."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from packshot.batch.naming import clean_part
from packshot.delivery.addresses import Addresses
from packshot.delivery.google import GOOGLE_BYTES, google_refusal, google_tsv, google_xml
from packshot.delivery.item import Item
from packshot.delivery.listing import LISTING, listing
from packshot.delivery.places import Wanted
from packshot.delivery.product import Product, products_of
from packshot.delivery.shops import (
    SHOPIFY_BYTES,
    shopify_refusals,
    shopify_table,
    woocommerce_refusals,
    woocommerce_table,
)
from packshot.delivery.target import Target, TargetKind
from packshot.errors import PackshotError, UsageError

__all__ = ["MOST_BYTES", "documents", "refusals"]

#: Bytes that a feed may have. WooCommerce names no limit: it is the server's.
MOST_BYTES = {TargetKind.GOOGLE: GOOGLE_BYTES, TargetKind.SHOPIFY: SHOPIFY_BYTES}


def refusals(target: Target, items: Sequence[Item], addresses: Addresses) -> dict[str, PackshotError]:
    """SKUs that a target's form has no room for, and why."""
    if target.holds_pictures:
        return {}
    products = _products(items, addresses)
    if target.kind is TargetKind.SHOPIFY:
        return shopify_refusals(products)
    if target.kind is TargetKind.GOOGLE:
        tabs = _has_tabs(target)
        return {
            one.sku: why for one in products if (why := google_refusal(one, tabs=tabs, link=addresses.link)) is not None
        }
    return woocommerce_refusals(products)


def documents(target: Target, items: Sequence[Item], channels: Sequence[str], addresses: Addresses) -> list[Wanted]:
    """The tables and feeds.

    Args:
        target: where they go.
        items: what is in them, ordered by SKU and view.
        channels: that go out, each with a table of its own where pictures go.
        addresses: of pictures and products; feeds need those of pictures.

    Raises:
        UsageError: a feed is larger than its reader takes.
    """
    if target.holds_pictures:
        by_channel = {
            channel: list(group)
            for channel, group in groupby(sorted(items, key=lambda item: item.channel), key=lambda item: item.channel)
        }
        return [
            Wanted.document(f"{clean_part(channel)}/{LISTING}", listing(by_channel.get(channel, [])))
            for channel in channels
        ]
    feed = _feed(target, _products(items, addresses), addresses.link)
    most = MOST_BYTES.get(target.kind)
    if most is not None and len(feed) > most:
        straight = (
            "to the shop itself, --to shopify://NAME.myshopify.com, or " if target.kind is TargetKind.SHOPIFY else ""
        )
        raise UsageError(
            f"{target.path.name} would have {len(feed) / 1e6:.1f} MB, {target.kind} takes {most / 1e6:g} MB",
            remedy=f"deliver {straight}runs of fewer photos, each to a file of its own",
        )
    return [Wanted.document(target.path.name, feed)]


def _feed(target: Target, products: Sequence[Product], link: str | None) -> bytes:
    if target.kind is TargetKind.GOOGLE:
        return google_tsv(products, link=link) if _has_tabs(target) else google_xml(products, link=link)
    return shopify_table(products) if target.kind is TargetKind.SHOPIFY else woocommerce_table(products)


def _products(items: Sequence[Item], addresses: Addresses) -> list[Product]:
    return products_of(items, lambda item: str(addresses.of(item)))


def _has_tabs(target: Target) -> bool:
    return target.path.suffix.lower() == ".tsv"
