"""The shop at a target, with its key."""

from __future__ import annotations

from packshot.delivery.direct.credentials import credential
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Shop
from packshot.delivery.direct.target import ShopKind, ShopTarget
from packshot.errors import UsageError
from packshot.extras import installing

__all__ = ["open_shop"]


def open_shop(target: ShopTarget, settings: DeliverySettings) -> Shop:
    """The shop at a target.

    Raises:
        UsageError: there is no key for it, or the extra is not installed.
    """
    try:
        import httpx2  # noqa: F401, PLC0415
    except ImportError as error:
        raise UsageError("no HTTP client is installed", remedy=installing("shops")) from error
    if target.kind is ShopKind.SHOPIFY:
        from packshot.delivery.direct.shopify import ShopifyShop  # noqa: PLC0415

        token = credential("PACKSHOT_SHOPIFY_TOKEN", target.name, what="token of the Admin API")
        return ShopifyShop(target.base, token, settings)
    from packshot.delivery.direct.woocommerce import WooCommerceShop  # noqa: PLC0415

    user = credential("PACKSHOT_WOOCOMMERCE_USER", f"{target.name} user", what="name of a WordPress user")
    password = credential("PACKSHOT_WOOCOMMERCE_PASSWORD", target.name, what="application password")
    return WooCommerceShop(target.base, user, password, settings)
