"""A store that answers as Google's documentation of the XML API says, in this process: no server of Google's.

Conditions are on generations alone (``x-goog-if-generation-match``), a deletion of what is not there is 404. Source:
cloud.google.com/storage/docs/xml-api/reference-headers and .../put-object, .../delete-object, .../list-objects (2026).
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

DATE = "Tue, 01 Dec 2026 12:00:00 GMT"
BUCKET = "shop"


class GoogleServer(ThreadingHTTPServer):
    """Objects by key: content and generation; parts of uploads by their number."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.objects: dict[str, tuple[bytes, int]] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.generations = itertools.count(1)
        self.mutex = threading.Lock()

    @property
    def host(self) -> str:
        """As ``STORAGE_EMULATOR_HOST`` has it."""
        return f"127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: GoogleServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def _asked(self) -> tuple[str, dict[str, str], bytes]:
        place = urlsplit(self.path)
        bucket, _, key = unquote(place.path).removeprefix("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if bucket != BUCKET:
            self._answer(
                404, b"<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message></Error>"
            )
            raise ConnectionAbortedError
        return key, {n: v[0] for n, v in parse_qs(place.query, keep_blank_values=True).items()}, body

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _object(self, content: bytes, generation: int) -> dict[str, str]:
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        return {"ETag": etag, "x_goog_generation": str(generation), "Last_Modified": DATE}

    def _missing(self) -> None:
        self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionAbortedError):
            super().handle_one_request()

    def do_PUT(self) -> None:
        key, query, body = self._asked()
        with self.server.mutex:
            if "uploadId" in query:
                self.server.parts[query["uploadId"]][int(query["partNumber"])] = body
                return self._answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')
            wanted = self.headers.get("x-goog-if-generation-match")
            if wanted is not None and int(wanted) != self.server.objects.get(key, (b"", 0))[1]:
                return self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            made = (body, next(self.server.generations))
            self.server.objects[key] = made
        return self._answer(200, **self._object(*made))

    def do_POST(self) -> None:
        key, query, _ = self._asked()
        if "uploads" in query:
            upload = str(next(self.server.generations))
            self.server.parts[upload] = {}
            told = f"<InitiateMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>k</Key><UploadId>{upload}</UploadId>"
            return self._answer(200, f"{told}</InitiateMultipartUploadResult>".encode())
        parts = self.server.parts.pop(query["uploadId"])
        made = (b"".join(parts[number] for number in sorted(parts)), next(self.server.generations))
        self.server.objects[key] = made
        etag = escape(self._object(*made)["ETag"])
        told = f"<CompleteMultipartUploadResult><ETag>{etag}</ETag></CompleteMultipartUploadResult>"
        return self._answer(200, told.encode(), **self._object(*made))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        key, query, _ = self._asked()
        if not key:
            return self._list(query)
        if key not in self.server.objects:
            return self._missing()
        content, generation = self.server.objects[key]
        headers = self._object(content, generation)
        if asked := self.headers.get("Range"):
            first, last = map(int, asked.removeprefix("bytes=").split("-"))
            headers["Content_Range"] = f"bytes {first}-{min(last, len(content) - 1)}/{len(content)}"
            return self._answer(206, content[first : last + 1], **headers)
        return self._answer(200, content, **headers)

    def do_DELETE(self) -> None:
        key, _, _ = self._asked()
        return self._missing() if self.server.objects.pop(key, None) is None else self._answer(204)

    def _list(self, query: dict[str, str]) -> None:
        after = query.get("continuation-token") or query.get("start-after") or query.get("startAfter") or ""
        keys = sorted(self.server.objects, key=str.encode)
        found = [k for k in keys if k.startswith(query.get("prefix", "")) and k.encode() > after.encode()]
        page = found[:4]  # pages small enough that there are several
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.server.objects[key][0])}</Size>"
            f"<LastModified>2026-12-01T12:00:00.000Z</LastModified>"
            f"<ETag>{escape(self._object(*self.server.objects[key])['ETag'])}</ETag></Contents>"
            for key in page
        )
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if len(found) > len(page) else ""
        self._answer(200, f"<ListBucketResult>{more}{rows}</ListBucketResult>".encode())


@contextlib.contextmanager
def google_server() -> Iterator[GoogleServer]:
    """Started and ended."""
    server = GoogleServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
