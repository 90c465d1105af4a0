"""Requests to a shop, made again with growing, random pauses where that is safe; no key is ever in a message."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2 as httpx
from pydantic import JsonValue

from packshot.addresses import split_address
from packshot.counting import counted
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.target import is_loopback
from packshot.errors import DeliveryError, ShopRefused, ShopUnreachable, UsageError
from packshot.version import __version__

__all__ = ["AnswerLost", "Asker", "Traffic", "pause_of"]

_AGENT = {"User-Agent": f"packshot/{__version__}"}
_BUSY = 429
_LATER = "deliver again later: what has arrived is not sent twice"


class AnswerLost(ShopUnreachable):
    """No answer came to a request that must not be made twice: nobody knows whether it was done."""


class Traffic:
    """How much was asked, by all threads.

    Attributes:
        requests: made in all.
        retries: of them, made again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = self.retries = 0

    def count(self, *, again: bool) -> None:
        """One more request."""
        with self._lock:
            self.requests += 1
            self.retries += again


class Asker:
    """Asks one server.

    Args:
        settings: how patiently.
        headers: of each request, with the key; shown to the base address alone.
        base: address of the server.
        auth: user and password in their place.
        traffic: is counted.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        settings: DeliverySettings,
        *,
        base: str,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        traffic: Traffic | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings, self.base = settings, base
        self.traffic = traffic or Traffic()
        self._sleep = sleep
        shared = httpx.Limits(max_connections=settings.at_once * 2)
        # Redirects are not followed: they would carry a key, or a picture, to somebody else.
        self._own = httpx.Client(
            headers={**_AGENT, **(headers or {})}, auth=auth, timeout=settings.timeout_s, limits=shared
        )
        self._others = httpx.Client(headers=_AGENT, timeout=settings.timeout_s, limits=shared)

    def close(self) -> None:
        """Close the connections."""
        self._own.close()
        self._others.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: JsonValue = None,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
    ) -> httpx.Response:
        """Ask the server itself, with the key.

        Args:
            method: such as ``GET``.
            path: below its address.
            json: the body, as JSON.
            params: of the query.
            content: the body, as it is.
            headers: of this request.
            again: whether it may be made again where nobody knows whether it was done.

        Returns:
            The answer: not an error that another attempt would mend, nor one about the key.

        Raises:
            ShopRefused: the key was not taken.
            AnswerLost: `again` is not given, and no answer came.
            ShopUnreachable: no answer came.
        """

        def once() -> httpx.Response:
            return self._own.request(
                method, f"{self.base}{path}", json=json, params=params, content=content, headers=headers
            )

        answer = self._patiently(once, again=again)
        if answer.status_code in {401, 403}:
            raise ShopRefused(
                f"{self._host} does not take the key (status {answer.status_code})",
                remedy="set a new one that may read products and write products and files, then repeat the command: "
                "it goes on where it stopped",
            )
        return answer

    def post_form(self, url: str, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> None:
        """Send a file to an address that the server gave, without the key.

        Args:
            url: of a store of files.
            fields: that it wants with the file; they let anybody upload this one file.
            file: name, content and media type.

        Raises:
            DeliveryError: it was not taken.
        """
        _require_safe(url)
        answer = self._patiently(lambda: self._others.post(url, data=dict(fields), files={"file": file}))
        if not answer.is_success:
            raise DeliveryError(
                f"{_host(url)} did not take the file (status {answer.status_code})", remedy="deliver again"
            )

    def put(self, url: str, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> None:
        """The same by PUT; `fields` are headers."""
        _require_safe(url)
        answer = self._patiently(lambda: self._others.put(url, content=file[1], headers=dict(fields)))
        if not answer.is_success:
            raise DeliveryError(
                f"{_host(url)} did not take the file (status {answer.status_code})", remedy="deliver again"
            )

    def read(self, url: str) -> bytes:
        """A published file, as anybody gets it.

        Raises:
            DeliveryError: it is not there, or too large.
        """
        _require_safe(url)
        most = int(self.settings.max_megabytes * 1e6)

        def once() -> httpx.Response:
            with self._others.stream("GET", url, headers={"Accept": "image/*"}) as answer:
                pieces, size = [], 0
                for piece in answer.iter_bytes():
                    size += len(piece)
                    if size > most:
                        raise DeliveryError(
                            f"{_host(url)} publishes more than {self.settings.max_megabytes:g} MB",
                            remedy="see what lies there, or raise PACKSHOT_DELIVERY_MAX_MEGABYTES",
                        )
                    pieces.append(piece)
                return httpx.Response(answer.status_code, headers=_retry_after(answer), content=b"".join(pieces))

        answer = self._patiently(once)
        if not answer.is_success:
            raise DeliveryError(
                f"{_host(url)} does not show the picture (status {answer.status_code})", remedy="deliver again"
            )
        return answer.content

    def wait(self, attempt: int, asked_s: float | None = None) -> None:
        """Wait before another attempt.

        Args:
            attempt: that failed, from 1.
            asked_s: seconds that the server asked for.

        Raises:
            ShopUnreachable: it was the last, or the server asks for more than is waited.
        """
        if attempt >= self.settings.attempts:
            raise ShopUnreachable(f"{self._host} is too busy, after {counted(attempt, 'attempt')}", remedy=_LATER)
        if asked_s is not None and asked_s > self.settings.longest_pause_s:
            raise ShopUnreachable(f"{self._host} asks to wait {asked_s:.0f} seconds", remedy=_LATER)
        self._sleep(pause_of(attempt, self.settings, asked_s))

    def pause(self, seconds: float) -> None:
        """Wait until something may be ready."""
        self._sleep(seconds)

    @property
    def _host(self) -> str:
        return _host(self.base)

    def _patiently(self, once: Callable[[], httpx.Response], *, again: bool = True) -> httpx.Response:
        attempt = 0
        while True:
            attempt += 1
            self.traffic.count(again=attempt > 1)
            asked: float | None = None
            try:
                answer = once()
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:  # it was not sent
                problem = type(error).__name__
            except httpx.RequestError as error:
                # `from None`: what httpx raises knows the request, and that the key.
                problem = type(error).__name__
                if not again:
                    raise AnswerLost(f"{self._host}: no answer ({problem})", remedy=_LATER) from None
            except (httpx.InvalidURL, ValueError):
                raise UsageError(f"{self._host}: no address that can be asked", remedy="check --to") from None
            else:
                if answer.status_code != _BUSY and answer.status_code < 500:
                    return answer
                problem, asked = f"status {answer.status_code}", _asked_pause(answer)
                if not again and answer.status_code != _BUSY:
                    raise AnswerLost(f"{self._host}: {problem}", remedy=_LATER)
            if attempt >= self.settings.attempts:
                raise ShopUnreachable(
                    f"{self._host} does not answer ({problem}, {counted(attempt, 'attempt')})",
                    remedy=f"check the network; {_LATER}",
                ) from None
            self.wait(attempt, asked)


def pause_of(attempt: int, settings: DeliverySettings, asked_s: float | None) -> float:
    """Seconds to wait: random up to a bound that doubles ("full jitter"); what was asked for at least.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    bound = min(settings.longest_pause_s, settings.first_pause_s * 2 ** (attempt - 1))
    return (asked_s or 0.0) + random.uniform(0, bound)  # noqa: S311  # spreads requests, hides nothing


def _asked_pause(answer: httpx.Response) -> float | None:
    """``Retry-After``: seconds or a date (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())


def _retry_after(answer: httpx.Response) -> dict[str, str]:
    text = answer.headers.get("Retry-After")
    return {} if text is None else {"Retry-After": text}


def _require_safe(url: str) -> None:
    parts = split_address(url)
    try:
        httpx.URL(url)
    except httpx.InvalidURL:
        parts = None
    if parts is None or not parts.hostname:
        raise DeliveryError(f"the shop names {url[:80]!r}, which is no address", remedy="see the addresses it gives")
    if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise DeliveryError(
            f"{_host(url)}: the shop names an address that is not encrypted", remedy="let the shop use https"
        )


def _host(url: str) -> str:
    parts = split_address(url)
    return (parts.hostname if parts is not None else None) or url
