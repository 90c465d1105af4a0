"""Time and memory of one network under onnxruntime's session options, each in a fresh process.

    python benchmarks/onnxruntime_options.py [--model cutout]

Columns: best and median wall time, best processor time (all threads), resident memory the session added after 10
and after 60 runs (flat means equal).
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from packshot.runtime import resolve
from packshot.settings import Settings


def resident() -> float:
    """Resident memory in 10^6 bytes (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def measure(path: str, arena: bool, spinning: bool, threads: int) -> None:
    """Print one row."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = arena
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
    data = Path(path).read_bytes()
    before = resident()
    session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    first = session.get_inputs()[0]
    batch = np.random.default_rng(0).random([1, *first.shape[1:]], np.float32)
    wall, cpu, grown = [], [], []
    for run in range(60):
        start, start_cpu = time.perf_counter(), time.process_time()
        session.run(None, {first.name: batch})
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - start_cpu) * 1e3)
        if run in (9, 59):
            grown.append(resident() - before)
    figures = f"{min(wall):7.1f} {np.median(wall):7.1f} {min(cpu):7.1f} {grown[0]:7.0f} {grown[1]:7.0f}"
    print(f"{arena!s:6s} {spinning!s:9s} {threads:7d} {figures}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--row", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        measure(options.model, bool(options.row[0]), bool(options.row[1]), options.row[2])
        return
    path = options.model if Path(options.model).is_file() else str(resolve(options.model, Settings()).path)
    head = [f"{name:>7s}" for name in ("best", "median", "cpu", "MB@10", "MB@60")]
    print(f"{'arena':6s} {'spinning':9s} {'threads':>7s}", *head)
    for arena, spinning, threads in itertools.product((1, 0), (1, 0), (1, 2)):
        row = [str(arena), str(spinning), str(threads)]
        subprocess.run([sys.executable, __file__, "--model", path, "--row", *row], check=True)


if __name__ == "__main__":
    main()
