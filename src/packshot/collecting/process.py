"""Run a crawl in a process of its own, and hear what happens there."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import IO

import packshot.errors
from packshot.collecting.job import Job
from packshot.collecting.result import Collected, Happening
from packshot.errors import InternalError, PackshotError, UsageError
from packshot.extras import installing
from packshot.signals import stop_on_signals

__all__ = ["collect", "require_scrapy"]


def require_scrapy() -> None:
    """Refuse politely when the extra is not installed.

    Raises:
        UsageError: Scrapy is missing.
    """
    if find_spec("scrapy") is None:
        raise UsageError("collecting needs scrapy", remedy=installing("collect"))


def collect(job: Job, *, tell: Callable[[Happening], None] | None = None) -> Collected:
    """Collect into ``job.out``; call it again to finish a run that was killed.

    The first SIGINT or SIGTERM ends the run after what is under way; a second one at once. The process ends by itself
    when this one is killed.

    Args:
        job: what, from where, how gently.
        tell: called with everything that happens.

    Raises:
        UsageError: the extra is not installed.
        OutputError: another run holds the folder, or a result could not be written.
        InternalError: the crawl broke down.
    """
    require_scrapy()
    with tempfile.TemporaryFile() as errors, stop_on_signals() as stop_requested:
        child = subprocess.Popen(
            [sys.executable, "-m", "packshot.collecting.crawl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for this process, which passes it on by closing the pipe
        )
        assert child.stdin is not None  # noqa: S101 - it is a pipe, as the next
        assert child.stdout is not None  # noqa: S101
        try:
            with contextlib.suppress(BrokenPipeError):  # it broke down at once; its last words tell why
                child.stdin.write(job.model_dump_json().encode() + b"\n")
                child.stdin.flush()
            threading.Thread(target=_pass_on, args=(stop_requested, child), daemon=True).start()
            result: Collected | None = None
            for line in child.stdout:
                said = json.loads(line)
                if "error" in said:
                    kind: type[PackshotError] = getattr(packshot.errors, said["error"])
                    raise kind(said["message"], remedy=said["remedy"])
                if "collected" in said:
                    result = Collected(**said["collected"])
                elif tell is not None:
                    tell(Happening(**said["happening"]))
            child.wait()
        except BaseException:
            child.kill()
            child.wait()
            raise
        finally:
            child.stdin.close()
            child.stdout.close()
        if result is None:
            raise InternalError(
                f"the crawl broke down ({_last_line(errors)})", remedy="repeat the command; report it if it comes again"
            )
        return result


def _pass_on(stop_requested: Callable[[], bool], child: subprocess.Popen[bytes]) -> None:
    while child.poll() is None:
        if stop_requested() and child.stdin:
            child.stdin.close()
            return
        time.sleep(0.1)


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read(1_000_000).decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "without a word")
