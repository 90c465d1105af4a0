"""Commands that stay until they are ended: started, asked once as a newcomer would ask them, and ended by SIGTERM."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["Staying", "free_port", "stays"]

Asked = Callable[["Staying"], str | None]
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png")


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Staying:
    """A command that was started.

    Args:
        typed: the command.
        folder: where it is typed.
        environment: with ``PACKSHOT_SERVE_PORT``.
        said: file that takes what it says.
    """

    def __init__(self, typed: str, *, folder: Path, environment: Mapping[str, str], said: Path) -> None:
        self.typed, self.folder, self._said = typed, folder, said
        self.port = int(environment["PACKSHOT_SERVE_PORT"])
        with said.open("wb") as file:
            self.process = subprocess.Popen(  # noqa: S603 - what our own pages say
                ["/bin/bash", "-c", f"exec {typed}"],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """All it has said so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def ask(self, *, limit_s: float) -> str | None:
        """Ask it once it answers; what it answered, or None where it ended before or took too long."""
        ask = next(ask for start, ask in _ASKED.items() if self.typed.startswith(start))
        until = time.monotonic() + limit_s
        while time.monotonic() < until and self.process.poll() is None:
            answered = ask(self)
            if answered is not None:
                return answered
            time.sleep(0.2)
        return None

    def end(self, *, limit_s: float) -> int:
        """End it by SIGTERM; its exit code, -9 where it did not end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGKILL)
            return self.process.wait()


def stays(command: str) -> bool:
    """Whether a command stays until it is ended."""
    return command.startswith(tuple(_ASKED)) and "--new-" not in command


def _ask_service(one: Staying) -> str | None:
    """Whether it is ready; whoever sends a key has that of nobody, so this alone is open to all."""
    name = re.search(r"--host-name (\S+)", one.typed)
    return None if _sent(f"http://127.0.0.1:{one.port}/ready", host=name and name[1]) is None else "/ready answers"


def _label(one: Staying) -> str | None:
    """Decide every photo as the person of these pages would: framed are those whose name says so."""
    found = re.search(r"(http://127\.0\.0\.1:\d+)/\S+/", one.said)
    state = _sent(f"{found[0]}state") if found else None
    if found is None or state is None:
        return None
    photos = json.loads(state)["photos"]
    for index, photo in enumerate(photos):
        framed, (width, height) = photo["name"].startswith("framed"), photo["size"]
        box = [20, 20, width - 20, height - 20] if framed else None
        if _sent(f"{found[0]}decide", {"photo": index, "framed": framed, "box": box}, origin=found[1]) is None:
            return None
    return f"{len(photos)} photos decided"


def _sent(
    url: str, body: Mapping[str, object] | None = None, *, origin: str = "", host: str | None = None
) -> bytes | None:
    """The answer of this machine; None where there is none yet."""
    headers = {"Content-Type": "application/json", "Origin": origin} if origin else {}
    if host:
        headers["Host"] = host
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - http alone, and this machine
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content: bytes = answer.read()
            return content
    except OSError:
        return None


def _arrived(one: Staying) -> str | None:
    """Whether every photo of the watched folders stands in the manifest."""
    words = one.typed.split()
    out, folders = words[words.index("-o") + 1], [word for word in words[2:] if word.endswith("/")]
    manifest = one.folder / out / "manifest.jsonl"
    done = len(manifest.read_text(encoding="utf-8").splitlines()) if manifest.exists() else 0
    watched = [name for name in folders if name != out]
    photos = [path for name in watched for path in (one.folder / name).iterdir() if path.suffix in PHOTO_ENDINGS]
    return f"{done} photos done" if done >= len(photos) else None


_ASKED: dict[str, Asked] = {
    "packshot serve": _ask_service,
    "packshot label": _label,
    "packshot watch": _arrived,
}
