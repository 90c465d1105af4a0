"""Pictures that variants of a Shopify product have of their own: some of those that the product shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from packshot.delivery.direct import shopify_answers as answers
from packshot.delivery.direct import shopify_calls as calls
from packshot.delivery.direct.shopify_asking import Caller, refuse
from packshot.errors import DeliveryError, ShopRefused, ShopUnreachable

__all__ = ["show_by_variants", "shown_by_variants"]

OfVariants = Mapping[str, Sequence[str]]
Pairs = list[JsonValue]

_AT_ONCE = 100


def shown_by_variants(call: Caller, variants: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The pictures that each of some variants has of its own; a variant that is gone is not in it."""
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(variants), _AT_ONCE):
        ids: list[JsonValue] = [*variants[start : start + _AT_ONCE]]
        for node in call(calls.SHOWN_BY_VARIANTS, {"ids": ids}, "nodes", list[answers.VariantShown | None]):
            if node is not None and node.id is not None:
                found[node.id] = tuple(media.id for media in node.media.nodes)
    return found


def show_by_variants(call: Caller, product: str, wanted: OfVariants) -> None:
    """Let variants have just these pictures: detach others, which would stand in the way, then append."""

    def change(document: str, field: str, difference: Callable[[OfVariants, OfVariants], Pairs]) -> None:
        def left() -> Pairs:
            return difference(shown_by_variants(call, [*wanted]), wanted)

        pairs = left()
        for start in range(0, len(pairs), _AT_ONCE):
            media = pairs[start : start + _AT_ONCE]
            try:
                refuse(call(document, {"product": product, "media": media}, field, answers.VariantPayload).user_errors)
            except (ShopRefused, ShopUnreachable):
                raise
            except DeliveryError:
                # Also where it was done, its answer was lost, and it was asked for once more.
                if any(pair in media for pair in left()):
                    raise

    change(calls.DETACH_FROM_VARIANTS, "productVariantDetachMedia", _others)
    change(calls.APPEND_TO_VARIANTS, "productVariantAppendMedia", _missing)


def _others(there: OfVariants, wanted: OfVariants) -> Pairs:
    """What variants show and shall not."""
    return _pairs({each: [one for one in there.get(each, ()) if one not in ids] for each, ids in wanted.items()})


def _missing(there: OfVariants, wanted: OfVariants) -> Pairs:
    """What variants shall show and do not."""
    return _pairs({each: [one for one in ids if one not in there.get(each, ())] for each, ids in wanted.items()})


def _pairs(media: OfVariants) -> Pairs:
    return [{"variantId": variant, "mediaIds": [*ids]} for variant, ids in media.items() if ids]
