"""A prefix of a bucket; the only import of obstore (extra ``cloud``)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from packshot.errors import ObjectChanged, ObjectExists, ObjectNotFound, UsageError
from packshot.extras import installing
from packshot.storage.objects.credentials import aws_profile
from packshot.storage.objects.endpoints import azure_plain_http, google_config, google_plain_http
from packshot.storage.objects.failures import storage_error
from packshot.storage.objects.folder import ObjectInfo
from packshot.storage.objects.uri import ObjectUri

try:
    import obstore
    from obstore import exceptions, store
except ImportError as missing:
    raise UsageError("buckets need obstore, which is not installed", remedy=installing("cloud")) from missing

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ClientConfig, RetryConfig

    from packshot.errors import PackshotError

__all__ = ["BucketFolder"]

_PAGE = 1000  # keys; what a store answers at once
_PIECE_BYTES = 8 * 1024 * 1024  # of a multipart upload: 10,000 of them are 80 GB
_PIECES_AT_ONCE = 4
_REMOVED_AT_ONCE = 256  # keys; what Azure takes in one request
_CHECK_S = 10.0  # a wrong endpoint is told soon


class BucketFolder:
    """See `packshot.storage.objects.ObjectFolder`.

    Args:
        uri: of the folder.
        retry_s: seconds for which a request is repeated that fails for a reason that passes.
    """

    def __init__(self, uri: ObjectUri, *, retry_s: float = 120.0) -> None:
        self._uri = uri
        self._retry_s = retry_s
        self._store = _open(uri, retry_s)

    def __reduce__(self) -> tuple[object, ...]:
        return _reopened, (self._uri, self._retry_s)

    @property
    def uri(self) -> ObjectUri:
        """See `ObjectFolder.uri`."""
        return self._uri

    def check(self) -> None:
        """See `ObjectFolder.check`."""
        with self._told():
            for _ in obstore.list(_open(self._uri, min(_CHECK_S, self._retry_s)), self._uri.path or None, chunk_size=1):
                return

    def list(self, below: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectFolder.list`."""
        offset = self._key(f"{below}/{after.removeprefix(f'{below}/')}" if below else after) if after else None
        with self._told(below):
            for page in obstore.list(self._store, self._key(below) or None, offset=offset, chunk_size=_PAGE):
                for found in page:
                    yield ObjectInfo(self._below(found["path"]), found["size"], self._etag(found["e_tag"]))

    def head(self, path: str) -> ObjectInfo:
        """See `ObjectFolder.head`."""
        with self._told(path):
            found = obstore.head(self._store, self._key(path))
        return ObjectInfo(path, found["size"], self._etag(found["e_tag"]))

    def read(self, path: str) -> tuple[bytes, ObjectInfo]:
        """See `ObjectFolder.read`."""
        with self._told(path):
            answer = obstore.get(self._store, self._key(path))
            data = bytes(answer.bytes())
        return data, ObjectInfo(path, answer.meta["size"], self._etag(answer.meta["e_tag"]))

    def read_range(self, path: str, start: int, length: int) -> bytes:
        """See `ObjectFolder.read_range`."""
        with self._told(path):
            return bytes(obstore.get_range(self._store, self._key(path), start=start, length=length))

    def write(self, path: str, data: bytes, *, content_type: str | None = None) -> str | None:
        """See `ObjectFolder.write`."""
        attributes = {"Content-Type": content_type} if content_type else None
        with self._told(path):
            return obstore.put(self._store, self._key(path), data, attributes=attributes, use_multipart=False)["e_tag"]

    def write_stream(self, path: str, pieces: Iterable[bytes], *, content_type: str | None = None) -> None:
        """See `ObjectFolder.write_stream`."""
        attributes = {"Content-Type": content_type} if content_type else None
        with self._told(path):
            # Not `obstore.put` with an iterator: that runs it where no other request can be made. What is not closed
            # does not come into being.
            writer = obstore.open_writer(
                self._store,
                self._key(path),
                attributes=attributes,
                buffer_size=_PIECE_BYTES,
                max_concurrency=_PIECES_AT_ONCE,
            )
            for piece in pieces:
                writer.write(piece)
            writer.close()

    def create(self, path: str, data: bytes) -> str | None:
        """See `ObjectFolder.create`."""
        try:
            with self._told(path):
                return obstore.put(self._store, self._key(path), data, mode="create", use_multipart=False)["e_tag"]
        except ObjectExists as met:
            return self._mine(path, data, met)

    def replace(self, path: str, data: bytes, *, etag: str) -> str | None:
        """See `ObjectFolder.replace`."""
        try:
            with self._told(path):
                version = self._version(path, etag)
                return obstore.put(self._store, self._key(path), data, mode=version, use_multipart=False)["e_tag"]
        except ObjectChanged as met:
            return self._mine(path, data, met)
        except ObjectNotFound as gone:
            raise ObjectChanged(f"{self.uri.child(path)} was removed", remedy="make it anew") from gone

    def delete(self, paths: Iterable[str]) -> None:
        """See `ObjectFolder.delete`."""
        keys = [self._key(path) for path in paths]
        for start in range(0, len(keys), _REMOVED_AT_ONCE):
            some = keys[start : start + _REMOVED_AT_ONCE]
            try:
                with self._told():
                    obstore.delete(self._store, some)
            except ObjectNotFound:
                # Azure says so of a request that removed the others. Google is asked key by key, and not for the rest.
                for key in some if self._uri.scheme == "gs" and len(some) > 1 else ():
                    with contextlib.suppress(ObjectNotFound), self._told():
                        obstore.delete(self._store, [key])

    def _version(self, path: str, etag: str) -> UpdateVersion:
        """What the store compares before it replaces an object: its etag, or the generation that has this etag.

        Raises:
            ObjectChanged: it has another etag now.
        """
        if self._uri.scheme != "gs":
            return {"e_tag": etag}
        found = obstore.head(self._store, self._key(path))  # Google compares generations alone
        if found["e_tag"] != etag:
            raise storage_error("changed", "", uri=self._uri, path=path)
        return {"e_tag": etag, "version": found["version"]}

    def _mine(self, path: str, data: bytes, met: PackshotError) -> str | None:
        """The etag of an object that a request of ours had written already, and whose answer was lost.

        Raises:
            PackshotError: `met`, where the content is another one.
        """
        try:
            found, info = self.read(path)
        except ObjectNotFound:
            raise met from None
        if found != data:
            raise met
        return info.etag

    def _etag(self, told: str | None) -> str | None:
        """An etag in one form: Azure puts it into quotes, but not in a listing."""
        return f'"{told}"' if self._uri.scheme == "az" and told and not told.startswith(('"', "W/")) else told

    def _key(self, path: str) -> str:
        return "/".join(part for part in (self._uri.path, path) if part)

    def _below(self, key: str) -> str:
        return key.removeprefix(f"{self._uri.path}/") if self._uri.path else key

    @contextlib.contextmanager
    def _told(self, path: str = "") -> Iterator[None]:
        """Errors of the library as the project's own."""
        try:
            yield
        except (exceptions.BaseError, FileNotFoundError, PermissionError, OSError) as error:
            raise self._error(path, error) from error

    def _error(self, path: str, error: Exception) -> PackshotError:
        kinds: list[tuple[type[Exception], str]] = [
            (exceptions.AlreadyExistsError, "exists"),
            (exceptions.PreconditionError, "changed"),
            (exceptions.NotFoundError, "missing"),
            (FileNotFoundError, "missing"),
            (exceptions.PermissionDeniedError, "denied"),
            (exceptions.UnauthenticatedError, "denied"),
            (exceptions.NotSupportedError, "unsupported"),
            (exceptions.InvalidPathError, "path"),
        ]
        kind = next((name for each, name in kinds if isinstance(error, each)), "failed")
        return storage_error(kind, str(error), uri=self._uri, path=path)


def _reopened(uri: ObjectUri, retry_s: float) -> BucketFolder:
    return BucketFolder(uri, retry_s=retry_s)


def _open(uri: ObjectUri, retry_s: float) -> store.S3Store | store.GCSStore | store.AzureStore:
    client: ClientConfig = {"timeout": timedelta(seconds=60), "connect_timeout": timedelta(seconds=5)}
    retry: RetryConfig = {
        "max_retries": 12,
        "retry_timeout": timedelta(seconds=retry_s),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=10), "base": 2},
    }
    try:
        if uri.scheme == "gs":
            client["allow_http"] = google_plain_http()
            return store.GCSStore(uri.bucket, config=google_config(), client_options=client, retry_config=retry)
        if uri.scheme == "az":
            client["allow_http"] = azure_plain_http()
            return store.AzureStore(uri.bucket, client_options=client, retry_config=retry)
        profile = aws_profile()
        client["allow_http"] = profile.plain_http
        return store.S3Store(uri.bucket, config=profile.config(), client_options=client, retry_config=retry)
    except (exceptions.BaseError, ValueError, OSError) as error:
        raise storage_error("settings", str(error), uri=uri, path="") from error
