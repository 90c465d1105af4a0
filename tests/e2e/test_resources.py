"""A command keeps to the cores and the memory it may use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from packshot_tests.command import line, run
from packshot_tests.photos import save, soft

from packshot.engines import Done, MemoryGate, MemoryPlan, ProcessEngine
from packshot.limits import Limits
from packshot.machine import usable_cores, usable_memory
from packshot.photo import memory_to_decode


def system(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


V2 = {"proc/self/cgroup": "0::/docker/ab\n"}
V1 = {"proc/self/cgroup": "5:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n1:name=systemd:/x\n"}
GROUP = "sys/fs/cgroup/docker/ab"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        (V2 | {f"{GROUP}/cpu.max": "100000 100000\n"}, 1),
        (V2 | {f"{GROUP}/cpu.max": "max 100000\n", "sys/fs/cgroup/docker/cpu.max": "50000 100000"}, 1),
        (V2 | {"sys/fs/cgroup/cpu.max": "90000"}, 1),  # a container sees its own group as the uppermost
        (V1 | {"sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us": "100000"}, 1),
        (V1 | {"sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us": "-1\n"}, None),
        (V2 | {f"{GROUP}/cpu.max": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_quota_bounds_the_cores(tmp_path: Path, files: dict[str, str], cores: int | None) -> None:
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert usable_cores(root=system(tmp_path, files)) == (cores or bound)


def test_part_of_a_core_counts_as_one_and_the_machine_is_the_bound(tmp_path: Path) -> None:
    root = system(tmp_path, V2 | {f"{GROUP}/cpu.max": "110000 100000"})
    assert usable_cores(root=root) == min(2, usable_cores(root=tmp_path / "none"))
    assert usable_cores(root=system(tmp_path, {f"{GROUP}/cpu.max": "99900000 100000"})) <= (os.cpu_count() or 1)


MEMINFO = {"proc/meminfo": "MemTotal: 9000 kB\nMemFree: 10 kB\nMemAvailable: 8000 kB\n"}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        (MEMINFO, 8_192_000),
        (
            MEMINFO | V2
            | {f"{GROUP}/memory.max": "5000000", f"{GROUP}/memory.current": "3000000"}
            | {f"{GROUP}/memory.stat": "anon 1\ninactive_file 500000\n"},
            2_500_000,
        ),
        (MEMINFO | V2 | {f"{GROUP}/memory.max": "max\n"}, 8_192_000),
        (MEMINFO | V2 | {f"{GROUP}/memory.max": "100", f"{GROUP}/memory.current": "900"}, 0),
        (
            MEMINFO | V1
            | {"sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes": "4000000"}
            | {"sys/fs/cgroup/memory/docker/ab/memory.usage_in_bytes": "1000000"},
            3_000_000,
        ),
    ],
)  # fmt: skip
def test_a_limit_bounds_the_memory(tmp_path: Path, files: dict[str, str], free: int) -> None:
    assert usable_memory(root=system(tmp_path, files)) == free


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_a_command_bound_to_a_core_says_so() -> None:
    one = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{one}}}); "
    words = line("doctor", "--json")
    words[2] = code + words[2]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)
    assert json.loads(done.stdout)["cores"] == 1


@pytest.mark.parametrize(("variable", "option", "threads"), [("3", (), 3), ("3", ("--threads", "2"), 2)])
def test_the_threads_that_were_asked_for_are_used_by_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, option: tuple[str, ...], threads: int
) -> None:
    import packshot.batch.pipeline

    seen = []
    real = packshot.batch.pipeline.Pipeline

    def spy(**options: object) -> object:
        seen.append(options["settings"].threads)  # type: ignore[attr-defined]
        return real(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(packshot.batch.pipeline, "Pipeline", spy)
    monkeypatch.setenv("PACKSHOT_THREADS", variable)
    save(tmp_path / "a.png", soft())
    run("run", tmp_path / "a.png", "-o", tmp_path / "out", "--model", "grabcut", "--describe-model", "none", *option)
    assert seen == [threads]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system does not list a process's threads")
@pytest.mark.parametrize(("asked", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_a_command_multiplies_matrices_in_one_thread_unless_the_user_says_otherwise(
    asked: dict[str, str], threads: str
) -> None:
    code = """
import contextlib, os
from packshot.cli.main import main
with contextlib.suppress(SystemExit):
    main(["--version"])
import numpy
print(len(os.listdir("/proc/self/task")))
"""
    environment = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, env=environment | asked, capture_output=True, text=True, check=True, timeout=240)
    assert done.stdout.split()[-1] == threads or (os.cpu_count() == 1 and done.stdout.split()[-1] == "1")


def test_how_much_a_photo_needs_is_told_by_its_header(tmp_path: Path) -> None:
    small, large = save(tmp_path / "a.jpg", soft(size=(100, 100))), save(tmp_path / "b.jpg", soft(size=(1000, 1000)))
    limits = Limits()
    assert 0 < memory_to_decode(small, limits=limits) * 50 < memory_to_decode(large, limits=limits)
    reduced = Limits(full_megapixels=0.25)
    assert memory_to_decode(large, limits=reduced) < memory_to_decode(large, limits=limits)
    assert memory_to_decode(tmp_path / "none.jpg", limits=limits) == 0
    os.mkfifo(tmp_path / "pipe.jpg")
    assert memory_to_decode(tmp_path / "pipe.jpg", limits=limits) == 0
    (tmp_path / "text.jpg").write_text("no photo")
    assert memory_to_decode(tmp_path / "text.jpg", limits=limits) >= 0


class Named:
    def __init__(self, stem: str) -> None:
        self.stem = stem


class Span:
    """Says from when to when it worked."""

    def __call__(self, task: Named) -> tuple[float, float]:
        started = time.monotonic()
        time.sleep(0.3)
        return started, time.monotonic()


def overlapping(plan: MemoryPlan | None, needs: int = 4) -> int:
    """How many of four tasks were at work at once, at most, with four workers."""
    engine = ProcessEngine(4, memory=plan)
    done = engine.run([Named(str(number)) for number in range(needs)], Span, stop_requested=lambda: False)
    spans = [each.outcome for each in done if isinstance(each, Done)]
    assert len(spans) == needs
    return max(sum(start <= moment < end for start, end in spans) for moment, _ in spans)


@pytest.mark.parametrize(("budget", "most"), [(30, 1), (1, 1), (60, 2)])
def test_tasks_that_do_not_fit_beside_each_other_wait(budget: int, most: int) -> None:
    assert overlapping(MemoryPlan(budget, 10, lambda _: 20)) <= most


def test_a_gate_lets_through_what_fits_and_always_one() -> None:
    gate, inside, most = MemoryGate(10), [], []

    def work(need: int) -> None:
        with gate.reserve(need):
            inside.append(need)
            most.append(sum(inside))
            time.sleep(0.02)
            inside.remove(need)

    threads = [threading.Thread(target=work, args=(need,)) for need in (4, 4, 4, 50, 1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(most) == 6
    assert all(total <= 10 or total == 50 for total in most)


def test_a_run_says_that_memory_lowered_its_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSHOT_MEMORY_MEGABYTES", "700")
    for number in range(2):
        save(tmp_path / "photos" / f"{number}.png", soft(number))
    quick = ("--model", "grabcut", "--describe-model", "none")
    done = run("run", tmp_path / "photos", "-o", tmp_path / "out", "--jobs", 8, *quick)
    assert "worker processes: 2 instead of 8, to fit into 700 MB of memory" in done.err
    assert len((tmp_path / "out/manifest.jsonl").read_text().splitlines()) == 2
