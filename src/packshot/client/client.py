"""Everything that can be asked of a service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence

from packshot.client.answers import Picture, picture_of
from packshot.client.jobs import Job
from packshot.client.photos import PhotoFile, content_of
from packshot.client.reviews import Review
from packshot.client.rows import Row
from packshot.client.transport import Answer, Query, Transport, address
from packshot.closing import Closing

__all__ = ["Client"]


class Client(Closing):
    """Asks a packshot service; for one thread at a time, best in a ``with`` statement.

    Where the service is busy (503, 429) it waits as long as the service says, and asks again. Every method raises
    `ServiceError`, and `PackshotError` where a photo's file cannot be read.

    Args:
        url: of the service.
        key: that opens it; None where it asks for none.
        timeout_s: seconds without a byte after which it is given up.
        attempts: how often a request is made in all.

    Raises:
        UsageError: the address is none.
    """

    def __init__(
        self, url: str = "http://127.0.0.1:8080", *, key: str | None = None, timeout_s: float = 60.0, attempts: int = 4
    ) -> None:
        self._transport = Transport(url, key=key, timeout_s=timeout_s, attempts=attempts)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def cutout(
        self,
        photo: PhotoFile,
        *,
        mask: bool = False,
        model: str | None = None,
        subject: str = "auto",
        several: str = "all",
        matte: str = "fast",
        format: str = "png",  # noqa: A002 - its name in the address
    ) -> Picture:
        """The product without its background, or its mask, of the photo's size; options as `packshot cutout`."""
        query: Query = {
            "mask": mask,
            "model": model,
            "subject": subject,
            "several": several,
            "matte": matte,
            "format": format,
        }
        return _picture(self._with_photo("cutout", photo, query))

    def process(self, photo: PhotoFile, *, profile: str = "plain") -> Picture:
        """The picture for a marketplace."""
        return _picture(self._with_photo("process", photo, {"profile": profile}))

    def process_all(self, photo: PhotoFile, profiles: Sequence[str], *, pictures: bool = False) -> Row:
        """What the manifest says of a photo for several marketplaces; with its pictures as base64 where asked for."""
        query: Query = {"profile": ",".join(profiles), "include_pictures": pictures}
        return self._with_photo("process", photo, query, {"Accept": "application/json"}).row()

    def frame(self, photo: PhotoFile) -> Row:
        """Whether a frame surrounds the photo: ``framed``, ``score``, ``inner_box``, ``removable``."""
        return self._with_photo("frame", photo, {}).row()

    def check(self, picture: PhotoFile, profile: str, *, on: str | None = None) -> Row:
        """A finished picture by a marketplace's rules: ``ok``, ``rules``, ``upcoming``."""
        return self._with_photo("check", picture, {"profile": profile, "on": on}).row()

    def classify(self, photo: PhotoFile, *, head: str | None = None) -> Row:
        """What is in a photo: ``path``, ``score``, ``products``, ``attributes``."""
        return self._with_photo("classify", photo, {"head": head}).row()

    def search(
        self,
        photo: PhotoFile,
        *,
        catalogue: str | None = None,
        top: int = 5,
        category: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> Row:
        """The items of a catalogue most like the product: ``hits``, ``match``, ``threshold``."""
        said = [f"{name}={value}" for name, value in (attributes or {}).items()]
        query: Query = {"catalogue": catalogue, "top": top, "category": category, "attribute": said}
        return self._with_photo("search", photo, query).row()

    def add_item(
        self,
        catalogue: str,
        photo: PhotoFile,
        *,
        id: str | None = None,  # noqa: A002 - its name in the address
        sku: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> Row:
        """A photo into a catalogue; one of the same id is replaced."""
        said = [f"{name}={value}" for name, value in (attributes or {}).items()]
        path = address("v1", "catalogues", catalogue, "items")
        return self._send(path, photo, {"id": id, "sku": sku, "attribute": said}).row()

    def profiles(self) -> list[Row]:
        """Marketplace profiles, by ``name`` and ``title``."""
        return self._transport.ask("GET", "/v1/profiles").rows()

    def models(self) -> list[Row]:
        """Networks that requests may name."""
        return self._transport.ask("GET", "/v1/models").rows()

    def new_job(self, profiles: Sequence[str] = ("plain",), *, webhook: str | None = None) -> Job:
        """A job of many photos; send them and start it next."""
        body = json.dumps({"profiles": list(profiles), "webhook": webhook}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        row = self._transport.ask("POST", "/v1/jobs", body=body, headers=headers).row()
        return Job(self._transport, str(row["id"]))

    def job(self, id: str) -> Job:  # noqa: A002 - its name in the service's answers
        """A job that was made before."""
        return Job(self._transport, id)

    def review(self, name: str) -> Review:
        """The results of a run, or of a job by its id, to be decided on."""
        return Review(self._transport, name)

    def _with_photo(
        self, name: str, photo: PhotoFile, query: Query, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return self._send(f"/v1/{name}", photo, query, headers)

    def _send(self, path: str, photo: PhotoFile, query: Query, headers: Mapping[str, str] | None = None) -> Answer:
        sent = {"Content-Type": "application/octet-stream", **(headers or {})}
        return self._transport.ask("POST", path, query=query, body=content_of(photo), headers=sent)


def _picture(answer: Answer) -> Picture:
    return picture_of(answer.headers, answer.body)
