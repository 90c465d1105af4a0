"""Run the application with uvicorn until SIGINT or SIGTERM, then answer what was let in and end."""

from __future__ import annotations

import ipaddress
import signal
import sys

import uvicorn
from fastapi import FastAPI

from packshot.errors import UsageError
from packshot.service.app import create_app
from packshot.service.keys import KeyRing, read_keys
from packshot.service.pages.shell import Place
from packshot.service.protocol import head_limited
from packshot.service.settings import ServiceSettings
from packshot.service.tracing import traces_from_environment
from packshot.settings import Settings

__all__ = ["opening_words", "serve", "uvicorn_config"]

_MAX_HEADERS = 32_768  # bytes of a request's head


def serve(settings: Settings, serving: ServiceSettings) -> None:
    """Serve until a signal ends it; after SIGTERM this returns.

    Raises:
        UsageError: it can be reached from elsewhere and there are no keys, the port is taken, or traces are asked for
            and cannot be made.
    """
    keys = KeyRing() if serving.keys is None else read_keys(serving.keys)
    app = create_app(settings, serving, keys=keys, traces=traces_from_environment())
    server = _Server(uvicorn_config(app, serving))
    app.state.server = server
    app.state.service.ending = lambda: server.should_exit
    # Whoever ends a service wanted that: uvicorn raises the signal once more when all is answered. Heeded also where it
    # comes before uvicorn listens.
    signal.signal(signal.SIGTERM, lambda *_: server.end())
    try:
        server.run()
    except SystemExit as error:  # uvicorn's way to say that it could not listen; it has printed why
        raise UsageError(
            f"cannot listen on {serving.host}:{serving.port}", remedy="choose another with --host and --port"
        ) from error


def uvicorn_config(app: FastAPI, serving: ServiceSettings) -> uvicorn.Config:
    """How uvicorn runs it: limits of heads and connections, and nothing on the way that a request could forge."""
    return uvicorn.Config(
        app,
        host=serving.host,
        port=serving.port,
        http=head_limited(serving.head_s),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=serving.connections,
        timeout_graceful_shutdown=int(serving.grace_s) or 1,
        h11_max_incomplete_event_size=_MAX_HEADERS,
    )


def opening_words(host: str, port: int, serving: ServiceSettings) -> str:
    """Which addresses a person opens in a browser, a line for each page that there is something on.

    Args:
        host: that it listens on, an address.
        port: likewise.
        serving: what it serves.

    Example:
        >>> print(opening_words("127.0.0.1", 8080, ServiceSettings(runs=("out",))))
        try a photo: http://127.0.0.1:8080/
        review: http://127.0.0.1:8080/review
        runs: http://127.0.0.1:8080/runs
        Ctrl-C ends it
    """
    here = ipaddress.ip_address(host)
    if here.is_unspecified:  # it listens everywhere, here among others
        here = ipaddress.ip_address("::1" if here.version == 6 else "127.0.0.1")
    address = f"http://{f'[{here}]' if here.version == 6 else here}:{port}"
    pages = {"try a photo": Place.TRY}
    if serving.runs:
        pages |= {"review": Place.REVIEW, "runs": Place.RUNS}
    if serving.catalogues:
        pages["catalogue"] = Place.CATALOGUE
    return "\n".join([*(f"{name}: {address}{place}" for name, place in pages.items()), "Ctrl-C ends it"])


class _Server(uvicorn.Server):
    """Says where it listens: in the log, and to a person at a terminal."""

    def end(self) -> None:
        """Answer what was let in, and end."""
        self.should_exit = True

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in getattr(self, "servers", ()):
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                service = self.config.app.state.service  # type: ignore[union-attr]
                service.metrics.log.info("listening", host=host, port=port)
                if sys.stdout.isatty():
                    sys.stdout.write(f"{opening_words(host, port, service.serving)}\n")
                    sys.stdout.flush()
