"""Straight to the live listing: products are found by their SKUs, pictures uploaded once, shown in order, read back.

A shop is a `Shop`; what it got stands in ``OUT/delivery/shops.jsonl``, how its products were before in
``OUT/delivery/roll-back/``.
"""

from packshot.delivery.direct.delivery import ShopDelivery
from packshot.delivery.direct.remote import RemoteDelivery, is_remote
from packshot.delivery.direct.roll_back import RolledBack, roll_back
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Picture, Published, Shop, Shown
from packshot.delivery.direct.target import ShopKind, ShopTarget

__all__ = [
    "DeliverySettings",
    "Picture",
    "Published",
    "RemoteDelivery",
    "RolledBack",
    "Shop",
    "ShopDelivery",
    "ShopKind",
    "ShopTarget",
    "Shown",
    "is_remote",
    "roll_back",
]
