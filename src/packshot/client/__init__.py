"""A client of a packshot service's ``/v1``: typed, and of the standard library alone.

>>> from packshot.client import Client
>>> with Client("http://127.0.0.1:8080") as service:         # doctest: +SKIP
...     service.cutout("shoe.jpg").save("shoe.png")
...     service.process("shoe.jpg", profile="amazon").save("amazon.jpg")
"""

from packshot.client.answers import Picture
from packshot.client.client import Client
from packshot.client.errors import ServiceBusy, ServiceError, ServiceFailed, ServiceRefused, ServiceUnreachable
from packshot.client.jobs import Event, Job
from packshot.client.reviews import Review

__all__ = [
    "Client",
    "Event",
    "Job",
    "Picture",
    "Review",
    "ServiceBusy",
    "ServiceError",
    "ServiceFailed",
    "ServiceRefused",
    "ServiceUnreachable",
]
