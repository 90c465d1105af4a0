"""What of this machine a process may use: processor cores and memory, as affinity and control groups allow.

A container sees all cores and all memory of its host, and is throttled or killed beyond its own share.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

__all__ = ["FreedMemory", "keep_blas_to_one_thread", "keep_freed_memory", "usable_cores", "usable_memory"]

_ROOT = Path("/")

# Parameters of mallopt(3), and what they are set to: bytes.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_MOST_KEPT, _GROWTH, _OWN_MAPPING = 256 << 20, 32 << 20, 64 << 20


def keep_blas_to_one_thread() -> None:
    """Let OpenBLAS, which multiplies numpy's matrices, work in one thread, here and in processes started from here.

    It asks the environment once, when numpy is imported. Our matrices are small: on a busy machine its threads spend
    more processor time waiting for each other than multiplying, and each worker process would have as many as there are
    cores. What the user has set in ``OPENBLAS_NUM_THREADS`` stands.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def usable_cores(*, root: Path = _ROOT) -> int:
    """How many cores this process may keep busy, at least 1.

    Of the cores there are, of those it is bound to, and of its control groups' quotas (part of a core counts as one)
    the fewest.

    Args:
        root: where ``proc`` and ``sys`` are mounted.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [_quota_v2(group) for group in _groups(root, "")] + [_quota_v1(group) for group in _groups(root, "cpu")]
    return max(1, min([bound, *(math.ceil(quota) for quota in quotas if quota is not None)]))


def usable_memory(*, root: Path = _ROOT) -> int | None:
    """How many bytes of memory are free for this process and its children; None where the system does not say.

    Free in the machine, or left of a control group's limit, whichever is less. The page cache counts as free.

    Args:
        root: where ``proc`` and ``sys`` are mounted.
    """
    v2 = ("memory.max", "memory.current", "inactive_file")
    v1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    left = [_left(group, *v2) for group in _groups(root, "")] + [_left(group, *v1) for group in _groups(root, "memory")]
    return min((size for size in (_available(root), *left) if size is not None), default=None)


def keep_freed_memory() -> bool:
    """Let this process keep the memory of freed arrays for the next ones, where its C library can (glibc).

    By default every array of some megabytes is given back to the system and its pages are made anew for the next one,
    which takes longer than to calculate what goes into them. Arrays of 64 MiB and more are still given back, and of
    the rest what is free beyond 256 MiB, so that a large photo leaves nothing behind (docs/decisions/0049-speed.md).

    Returns:
        Whether it could.
    """
    import ctypes  # noqa: PLC0415 - not for `packshot --help`

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return False
    wanted = {_MMAP_THRESHOLD: _OWN_MAPPING, _TRIM_THRESHOLD: _MOST_KEPT, _TOP_PAD: _GROWTH}
    return all(mallopt(parameter, size) == 1 for parameter, size in wanted.items())


class FreedMemory:
    """Freed memory that this process keeps (`keep_freed_memory`), given back to the system from time to time.

    What is kept lies between what is in use, and each photo takes a few other pages of it: without this the memory of a
    worker grows by some megabytes in ten thousand photos, up to all that it ever kept. The pages are made anew by the
    next photo, which is nothing once in half a minute.

    Args:
        every_s: seconds between two times.
    """

    def __init__(self, *, every_s: float = 30.0) -> None:
        self._every_s = every_s
        self._last = time.monotonic()

    def give_back(self) -> bool:
        """Give it back if it is time, where the C library can (glibc); whether that was done."""
        now = time.monotonic()
        if now - self._last < self._every_s:
            return False
        self._last = now
        import ctypes  # noqa: PLC0415 - not for `packshot --help`

        try:
            return bool(ctypes.CDLL(None).malloc_trim(0))
        except (AttributeError, OSError, TypeError):  # another C library
            return False


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of this process's control group and all above it; of version 2 where no controller is named."""
    with contextlib.suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace").splitlines():
            _, names, place = line.split(":", 2)
            if controller not in names.split(","):
                continue
            top = root / "sys/fs/cgroup" / (names if controller else "")
            group = PurePosixPath(place.lstrip("/"))
            for each in (group, *group.parents):
                yield top / each


def _quota_v2(group: Path) -> float | None:
    quota, _, period = (_text(group / "cpu.max") or "max").partition(" ")
    return None if quota == "max" else _share(quota, period)


def _quota_v1(group: Path) -> float | None:
    quota = _text(group / "cpu.cfs_quota_us")
    return None if quota is None or quota.startswith("-") else _share(quota, _text(group / "cpu.cfs_period_us") or "")


def _share(quota: str, period: str) -> float | None:
    try:
        return int(quota) / int(period or 100_000)
    except (ValueError, ZeroDivisionError):
        return None


def _left(group: Path, most: str, used: str, cache: str) -> int | None:
    """What is left of a group's limit."""
    limit = _text(group / most)
    if limit is None or not limit.isdigit():
        return None
    spent = _text(group / used) or "0"
    cached = next((line.split()[1] for line in _lines(group / "memory.stat") if line.startswith(f"{cache} ")), "0")
    return max(0, int(limit) - int(spent) + int(cached))


def _available(root: Path) -> int | None:
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):  # other systems say only how much there is
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return None


def _text(path: Path) -> str | None:
    with contextlib.suppress(OSError, ValueError):
        return path.read_text(encoding="ascii").strip()
    return None


def _lines(path: Path) -> list[str]:
    return (_text(path) or "").splitlines()
