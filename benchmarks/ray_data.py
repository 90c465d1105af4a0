"""Ray Data as an engine, beside worker processes and Ray's actors: throughput, a killed worker, a poison task.

    python benchmarks/ray_data.py rate [--photos 60]    # a run in shards with each engine; the same bytes?
    python benchmarks/ray_data.py faults                # 40 tasks of 0.2 s each: a SIGKILL, then a poison task

Ray Data maps the tasks over a pool of two actors of 0.9 cores each, once with its own settings and once with restarts,
one repetition of a task, and blocks that may fail. Each trial of `faults` is a process of its own, ended after 120 s.
Times by the clock say how busy the machine was; the processor's do not.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import ray

import scale
from packshot.engines import Abandoned, Done, Engine, ProcessEngine, ray_engine
from packshot.engines.base import Outcome, Task
from packshot.engines.on_ray.cluster import connected
from packshot.sharded import run_sharded
from packshot.sharded.entries import PhotoEntry
from packshot.sharded.work import PhotoTask

WORKERS, SECONDS, TASKS, LIMIT_S = 2, 0.2, 40, 120
WARM = 10  # photos before what a photo costs is measured


class _Mapped:
    """One actor of Ray Data; makes its work once."""

    def __init__(self, make_work: Callable[[], Callable[[object], object]]) -> None:
        self.work = make_work()

    def __call__(self, row: Mapping[str, bytes]) -> dict[str, bytes]:
        task = pickle.loads(row["task"])
        return {"done": pickle.dumps((task, self.work(task)))}


@dataclass(frozen=True)
class RayDataEngine:
    """All tasks as one dataset, mapped by a pool of actors. A task that is given up is not told."""

    workers: int
    remote: Mapping[str, int] = field(default_factory=dict)
    errored_blocks: int = 0

    def run(
        self,
        tasks: Iterable[Task],
        make_work: Callable[[], Callable[[Task], Outcome]],
        *,
        stop_requested: Callable[[], bool],
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task]]:
        """The tasks that ended, in the order of the dataset."""
        with connected(None, self.workers):
            context = ray.data.DataContext.get_current()
            context.enable_progress_bars = False
            context.max_errored_blocks = self.errored_blocks
            found = ray.data.from_items([{"task": pickle.dumps(task)} for task in tasks])
            pool = ray.data.ActorPoolStrategy(size=self.workers)
            done = found.map(_Mapped, fn_constructor_args=(make_work,), compute=pool, num_cpus=0.9, **self.remote)
            for row in done.iter_rows():
                yield Done(*pickle.loads(row["done"]))


ENGINES: dict[str, Callable[[], Engine]] = {
    "processes": lambda: ProcessEngine(WORKERS, time_limit_s=60),
    "ray": lambda: ray_engine(None, WORKERS, time_limit_s=60),
    "ray data": lambda: RayDataEngine(WORKERS),
    "ray data, restarts": lambda: RayDataEngine(WORKERS, {"max_restarts": -1, "max_task_retries": 1}, -1),
}


def processor_seconds() -> float:
    """User and system time of this process and all that it started and that lives."""
    total = 0.0
    for each in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            used = each.cpu_times()
            total += used.user + used.system
    return total


def rate(photos: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "in").mkdir()
        for number in range(photos):
            scale.drawn(number, 600).save(f"{name}/in/{number:04}.jpg")
        found = []
        for place, engine in enumerate(("processes", "ray data", "ray")):
            ends: list[tuple[float, float]] = []

            def progress(_: object, ends: list[tuple[float, float]] = ends) -> None:
                ends.append((time.perf_counter(), processor_seconds() if len(ends) + 1 in {WARM, photos} else 0.0))

            started, out = time.perf_counter(), f"file://{name}/{place}"
            run_sharded(
                [f"file://{name}/in"], out, scale.amazon(threads=1), engine=ENGINES[engine](), progress=progress
            )
            (begin, used), (end, all_used) = ends[WARM - 1], ends[-1]
            print(
                f"{engine}: first photo after {ends[0][0] - started:.1f} s, then {(photos - WARM) / (end - begin):.2f} "
                f"a second, {(all_used - used) / (photos - WARM):.3f} s of processor each",
                flush=True,
            )
            found.append(scale.contents(out))
        print("the same bytes" if all(each == found[0] for each in found) else "OTHER BYTES")


@dataclass(frozen=True)
class _Logged:
    """Work that notes each begin in a file; a poison task ends its process."""

    log: str

    def __call__(self) -> Callable[[PhotoTask], str]:
        return self.work

    def work(self, task: PhotoTask) -> str:
        with Path(self.log).open("a") as file:
            file.write(f"{task.entry.source} {os.getpid()}\n")
        time.sleep(SECONDS)
        if task.entry.source == "poison":
            os._exit(7)
        return task.entry.source


def begun(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def kill_tenth(log: Path) -> None:
    """SIGKILL the worker that begins the tenth task."""
    while len(begun(log)) < WARM:
        time.sleep(0.02)
    os.kill(int(begun(log)[-1][1]), signal.SIGKILL)


def trial(fault: str, name: str) -> None:
    engine = ENGINES[name]()
    names = [f"{number:02}" for number in range(TASKS)]
    names[15] = "poison" if fault == "poison" else names[15]
    good, given_up = set[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        if fault == "kill":
            threading.Thread(target=kill_tenth, args=(log,), daemon=True).start()

        def run() -> None:
            nonlocal given_up
            tasks = (PhotoTask("shard", PhotoEntry(each, each)) for each in names)
            for each in engine.run(tasks, _Logged(str(log)), stop_requested=lambda: False):
                if isinstance(each, Done):
                    good.add(each.outcome)
                else:
                    given_up += 1

        started = time.monotonic()
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(LIMIT_S)
        lasted = f"not ended after {LIMIT_S} s" if thread.is_alive() else f"{time.monotonic() - started:.0f} s"
        again = {task: n for task, n in collections.Counter(task for task, _ in begun(log)).items() if n > 1}
    counts = f"{len(good)} of {TASKS} done, {given_up} given up by name"
    print(f"{fault}, {name}: {lasted}; {counts}; begun again: {again}", flush=True)
    os._exit(0)  # what did not end is not waited for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("rate", "faults", "trial"))
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--fault", choices=("kill", "poison"), default="kill", help="of a trial")
    parser.add_argument("--engine", choices=tuple(ENGINES), default="ray data", help="of a trial")
    options = parser.parse_args()
    if options.what == "rate":
        rate(options.photos)
    elif options.what == "trial":
        trial(options.fault, options.engine)
    else:
        for fault in ("kill", "poison"):
            for engine in ENGINES:
                line = [sys.executable, __file__, "trial", "--fault", fault, "--engine", engine]
                subprocess.run(line, stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
