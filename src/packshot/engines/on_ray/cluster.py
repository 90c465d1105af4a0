"""To a Ray cluster and away from it: one that is there, or one of this machine's own for the length of a run."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator

import ray

from packshot.errors import UsageError

__all__ = ["connected"]

_STARTS = 3
_ANSWER_S = 10.0
_OBJECT_STORE_BYTES = 100_000_000  # no pixels pass through it, only names and records


@contextlib.contextmanager
def connected(address: str | None, cpus: int) -> Iterator[None]:
    """Be connected while the context lasts. A connection that is there already is used, and left.

    Args:
        address: of the cluster's head; None for ``RAY_ADDRESS``, or a cluster of this machine's own.
        cpus: of a cluster of this machine's own.

    Raises:
        UsageError: there is no cluster, or it has another version of Ray or Python.
    """
    if ray.is_initialized():
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS") or None
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent to anybody
    # Ray's warning about a future default; packshot uses no GPU through it.
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        with _handlers_kept():
            _join(address) if address else _start(cpus)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        first = str(error).strip().split("\n", 1)[0]
        where = f"no Ray cluster can be used at {address}" if address else "Ray did not start"
        raise UsageError(
            f"{where} ({first})",
            remedy="start one with `ray start --head` and the same versions of Python and Ray, or leave --address out",
        ) from error
    try:
        yield
    finally:
        with _handlers_kept():
            ray.shutdown()


def _join(address: str) -> None:
    host, found, port = address.rpartition(":")
    if found and port.isdigit() and "://" not in address:
        socket.create_connection((host, int(port)), _ANSWER_S).close()  # Ray itself tries for minutes
    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)


def _start(cpus: int) -> None:
    for attempt in range(_STARTS):
        try:
            ray.init(
                num_cpus=cpus,
                object_store_memory=_OBJECT_STORE_BYTES,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except Exception as error:
            # Ray gives its own processes 30 s, which a busy machine may not have.
            ray.shutdown()
            if "timed out" not in str(error):
                raise
            if attempt == _STARTS - 1:
                raise ConnectionError(str(error)) from error
        else:
            return


@contextlib.contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray takes SIGTERM for itself; a run has plans for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
