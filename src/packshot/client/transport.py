"""One connection to a service: requests, answers, and patience where it is busy."""

from __future__ import annotations

import copy
import http.client
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pydantic import JsonValue

from packshot.addresses import split_address
from packshot.client.errors import ServiceBusy, ServiceFailed, ServiceUnreachable, error_of
from packshot.client.rows import Row, row_of, rows_of
from packshot.errors import UsageError
from packshot.version import __version__

__all__ = ["Answer", "Query", "Transport", "address"]

Value = str | int | float | bool | list[str] | None
Query = Mapping[str, Value]

_LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        headers: with names in lower case.
        body: the content.
    """

    headers: Mapping[str, str]
    body: bytes

    def row(self) -> Row:
        """The content as a JSON object.

        Raises:
            ServiceFailed: it is none.
        """
        return row_of(self._json())

    def rows(self) -> list[Row]:
        """The content as a list of JSON objects.

        Raises:
            ServiceFailed: it is none.
        """
        return rows_of(self._json())

    def _json(self) -> JsonValue:
        try:
            found: JsonValue = json.loads(self.body)
        except ValueError as error:
            raise ServiceFailed("the answer is no JSON", remedy="check the address") from error
        return found


class Transport:
    """Asks a service, over one connection that is kept; for one thread at a time.

    Args:
        url: of the service, ``http://`` or ``https://``.
        key: that opens it; None where it asks for none.
        timeout_s: seconds without a byte after which it is given up.
        attempts: how often a request is made in all where the service is busy, or closed the connection.

    Raises:
        UsageError: the address is none.
    """

    def __init__(self, url: str, *, key: str | None, timeout_s: float, attempts: int) -> None:
        parts = split_address(url)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(f"{url}: no address of a service", remedy="such as http://127.0.0.1:8080")
        self._make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._base = parts.hostname, parts.port, parts.path.rstrip("/")
        self._timeout_s, self._attempts = timeout_s, max(1, attempts)
        self._headers = {"User-Agent": f"packshot-client/{__version__}", **({"X-API-Key": key} if key else {})}
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
    ) -> Answer:
        """Make a request, again where the service is busy.

        Args:
            method: such as ``GET``.
            path: below the service's address, quoted.
            query: parameters; those that are None are left out.
            body: of the request.
            headers: of the request.
            again: whether it may be made again: it changes nothing, or has an ``Idempotency-Key``.

        Raises:
            ServiceError: what the service said, or that there was no answer.
        """
        if not again:
            self.close()  # a kept connection may have been closed there, and then nobody knows whether it was done
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts or not again
            try:
                response = self._begin(method, path, query, body, headers)
                status, fields, content = response.status, _fields(response), response.read()
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if last or isinstance(error, TimeoutError):
                    raise ServiceUnreachable(
                        f"{self._host} does not answer ({type(error).__name__})", remedy="see that the service runs"
                    ) from error
                continue
            if status < 400:
                return Answer(fields, content)
            refused = error_of(status, fields, content)
            if last or not isinstance(refused, ServiceBusy):
                raise refused
            time.sleep(min(_LONGEST_PAUSE_S, refused.retry_after_s or 1.0))
        raise AssertionError  # the loop always ends before

    def lines(self, path: str, *, headers: Mapping[str, str] | None = None) -> Iterator[str]:
        """The lines of an answer as they come, over a connection of its own.

        Raises:
            ServiceError: what the service said, or that there was no answer.
        """
        other = copy.copy(self)
        other._connection = None
        try:
            response = other._begin("GET", path, None, None, headers)
            if response.status >= 400:
                raise error_of(response.status, _fields(response), response.read())
            for line in response:
                yield line.decode("utf-8").rstrip("\r\n")
        except (OSError, http.client.HTTPException) as error:
            raise ServiceUnreachable(f"{self._host} does not answer", remedy="see that the service runs") from error
        finally:
            other.close()

    def _begin(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = self._make(self._host, self._port, timeout=self._timeout_s)
        asked = urlencode([(name, text) for name, value in (query or {}).items() for text in _texts(value)])
        target = f"{self._base}{path}{'?' if asked else ''}{asked}"
        self._connection.request(method, target, body, {**self._headers, **(headers or {})})
        return self._connection.getresponse()


def address(*parts: str | int) -> str:
    """A path of parts, each quoted.

    Example:
        >>> address("v1", "jobs", "a/b")
        '/v1/jobs/a%2Fb'
    """
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


def _texts(value: Value) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(each) for each in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def _fields(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}
