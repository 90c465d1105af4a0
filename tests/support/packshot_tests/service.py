"""The service in this process: its own jobs in a thread, its own layers, no sockets."""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import anyio.to_thread
import numpy as np
import uvicorn
from PIL import Image
from starlette.testclient import TestClient

from packshot.service.app import create_app
from packshot.service.keys import KeyRing
from packshot.service.settings import ServiceSettings
from packshot.service.work import ServiceWork
from packshot.settings import Settings

RED = (200, 30, 40, 255)
#: Photos with an outline of their own need no network, and nothing is described: what is tested is the service.
QUICK = Settings(describe_model="none", frame_model="none", threads=1)


class Inline:
    """Does jobs in a thread of this process."""

    def __init__(self, settings: Settings = QUICK) -> None:
        self.work = ServiceWork(settings)
        self.draining = False
        self.ready = True

    def start(self) -> None: ...

    async def close(self) -> None: ...

    def observe(self) -> None: ...

    @contextlib.contextmanager
    def admit(self) -> Iterator[float]:
        yield time.monotonic() + 60

    async def run_behind(self, job: Any, seconds: float) -> Any:
        return await anyio.to_thread.run_sync(self.work, job)

    async def run(self, job: Any, due: float) -> Any:
        return await anyio.to_thread.run_sync(self.work, job)


def client(
    serving: ServiceSettings | None = None,
    *,
    keys: KeyRing | None = None,
    workers: Any = None,
    log: Any = None,
    settings: Settings = QUICK,
    peer: str = "127.0.0.1",
    **more: Any,
) -> TestClient:
    """A client of a service in this process, at some address."""
    serving = serving or ServiceSettings()
    workers = workers or Inline(serving.narrowed(settings))
    app = create_app(settings, serving, keys=keys, workers=workers, log_to=log or io.StringIO(), **more)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False, client=(peer, 50_000))


def outlined(width: int = 80, height: int = 60, *, box: tuple[int, int, int, int] = (20, 10, 60, 40)) -> bytes:
    """A PNG that is transparent but for a red L in a box (left, top, right, bottom): its own mask, no network runs."""
    pixels = np.zeros((height, width, 4), np.uint8)
    x0, y0, x1, y1 = box
    pixels[y0:y1, x0:x1] = RED
    pixels[y0 : (y0 + y1) // 2, (x0 + x1) // 2 : x1] = 0
    return png(pixels)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def opened(data: bytes) -> np.ndarray:
    """The pixels of an encoded picture, as it stores them."""
    return np.asarray(Image.open(io.BytesIO(data)))


@contextlib.contextmanager
def listening(app: Any) -> Iterator[str]:
    """An application at a free port of this computer; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
