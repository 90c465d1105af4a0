"""The page's server: this computer alone, and on it only who has the address.

Any page open in the same browser may send requests to 127.0.0.1, and a name of its own may be made to lead there (DNS
rebinding). So every request must name this host, carry the token of this run, and come from this page itself.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import re
import secrets
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from packshot.errors import OutputError, PackshotError, UsageError
from packshot.review.labelling.messages import answer, opening
from packshot.review.labelling.session import Session
from packshot.web.rendering import asset

__all__ = ["serving"]

_HOST = "127.0.0.1"
_LAST_ANSWER_S = 2.0
_LONGEST_BODY = 4096  # bytes; a decision has about 100
_FILES = {
    "": ("labelling/label.html", "text/html; charset=utf-8"),
    "tokens.css": ("tokens.css", "text/css; charset=utf-8"),
    "label.css": ("labelling/label.css", "text/css; charset=utf-8"),
    "label.js": ("labelling/label.js", "text/javascript; charset=utf-8"),
    "stage.js": ("labelling/stage.js", "text/javascript; charset=utf-8"),
    "loupe.js": ("labelling/loupe.js", "text/javascript; charset=utf-8"),
    "page_keys.js": ("service/page_keys.js", "text/javascript; charset=utf-8"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@contextlib.contextmanager
def serving(session: Session, *, port: int = 0) -> Iterator[str]:
    """Serve a sitting on 127.0.0.1, in threads of its own, while the context lasts.

    Args:
        session: what is shown and decided.
        port: to listen on; 0 takes a free one.

    Yields:
        The address of the page, with its token.

    Raises:
        UsageError: the port is taken or not allowed.
    """
    try:
        server = _Server((_HOST, port), _Handler)
    except OSError as error:
        raise UsageError(
            f"port {port} cannot be used ({error.strerror or error})", remedy="leave --port out, or name another one"
        ) from error
    server.session = session
    server.token = secrets.token_urlsafe(24)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_address[1]}/{server.token}/"
    finally:
        server.shutdown()
        thread.join()
        server.finish_answers()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser keeps idle connections open
    session: Session
    token: str

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._answering = 0
        self._changed = threading.Condition()
        super().__init__(address, handler)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Around everything between a request and the end of its answer."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    def finish_answers(self) -> None:
        """Let the answers in hand reach the page, the one to "finish" above all, for a moment at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._answering == 0, timeout=_LAST_ANSWER_S)

    def server_bind(self) -> None:
        # HTTPServer's own looks up the host's name, which takes seconds where no name server answers.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.server_address[1]

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        # A browser that goes away is no news.
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "packshot"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        with self.server.answering():
            self._get()

    def do_POST(self) -> None:
        with self.server.answering():
            self._post()

    def _get(self) -> None:
        name = self._name()
        if name is None:
            return
        if name in _FILES:
            file, kind = _FILES[name]
            self._send(HTTPStatus.OK, asset(file), kind)
        elif name == "state":
            self._answer(lambda: opening(self.server.session))
        elif photo := re.fullmatch(r"photo/([0-9]{1,9})", name):
            self._send_photo(int(photo[1]))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def _post(self) -> None:
        name = self._name()
        if name is None:
            return
        origin = self.headers.get("Origin")
        if origin != f"http://{self.headers.get('Host')}":
            self._refuse(HTTPStatus.FORBIDDEN, "only the page itself may send decisions")
            return
        if self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected application/json")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {_LONGEST_BODY} bytes")
            return
        body = self.rfile.read(int(length))
        self._answer(lambda: answer(self.server.session, name, body))

    def _name(self) -> str | None:
        """What is asked for below the token; None if the request was refused."""
        port = self.server.server_address[1]
        if self.headers.get("Host") not in {f"{_HOST}:{port}", f"localhost:{port}"}:
            self._refuse(HTTPStatus.FORBIDDEN, "unknown host")
            return None
        token, _, name = self.path.removeprefix("/").partition("?")[0].partition("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()) or self.path.count("/") < 2:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")
            return None
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            self._refuse(HTTPStatus.FORBIDDEN, "another page may not ask")
            return None
        return name

    def _send_photo(self, index: int) -> None:
        try:
            self._send(HTTPStatus.OK, self.server.session.picture(index), "image/jpeg")
        except PackshotError as error:
            self._refuse(HTTPStatus.NOT_FOUND, str(error))

    def _answer(self, make: Callable[[], Mapping[str, object]]) -> None:
        try:
            status, content = HTTPStatus.OK, make()
        except PackshotError as error:
            status = HTTPStatus.INTERNAL_SERVER_ERROR if isinstance(error, OutputError) else HTTPStatus.BAD_REQUEST
            content = {"error": str(error)}
        self._send(status, json.dumps(content).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        self.close_connection = True  # a body that was not read must not be taken for the next request
        self._send(status, json.dumps({"error": words}).encode(), "application/json")

    def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the terminal belongs to the command."""
