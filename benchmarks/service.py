"""What the service costs beside the same work called directly, and how it behaves under load.

    python benchmarks/service.py [--photos 120] [--steady 600]

Columns: seconds for one cut-out, called and served in turn; cut-outs a second by two processes that only work, and by a
service of two workers with 16 and 64 clients; what was refused; memory before and after many requests; requests
answered after SIGTERM.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2

from packshot.service.tools import Tools
from packshot.service.v1_jobs import CutoutJob
from packshot.settings import Settings

PHOTO = (Path(__file__).parents[1] / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg").read_bytes()
WORKERS = 2


class Served:
    """``packshot serve`` in a process of its own."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "packshot", "serve", "--port", "0", "--threads", "1", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        lines = (line for line in self.process.stderr if line.startswith("{"))
        self.port = next(entry["port"] for entry in map(json.loads, lines) if entry["event"] == "listening")
        threading.Thread(target=lambda: list(lines), daemon=True).start()
        while self.ask("GET", "/ready")[0] != 200 or self.number("packshot_workers") < int(options[1]):
            time.sleep(0.2)
        self.cut_out()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request(method, path, body, {"Content-Type": "image/jpeg"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def cut_out(self) -> int:
        """Status."""
        return self.ask("POST", "/v1/cutout", PHOTO)[0]

    def number(self, name: str) -> float:
        """Sum of a metric over its labels."""
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", self.ask("GET", "/metrics")[1].decode(), re.MULTILINE)
        return sum(map(float, found))

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()


def _timed(work: object) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _work(count: int, ready: object, go: object) -> None:
    cv2.setNumThreads(1)
    tools, job = Tools(Settings(threads=1)), CutoutJob(PHOTO, "cutout")
    job.do(tools)
    ready.release()
    go.wait()
    for _ in range(count):
        job.do(tools)


def by_processes(count: int) -> float:
    """Cut-outs a second by processes that do nothing else."""
    spawn = multiprocessing.get_context("spawn")
    ready, go = spawn.Semaphore(0), spawn.Event()
    working = [spawn.Process(target=_work, args=(count // WORKERS, ready, go)) for _ in range(WORKERS)]
    for each in working:
        each.start()
    for _ in working:
        ready.acquire()
    started = time.perf_counter()
    go.set()
    for each in working:
        each.join()
    return count / (time.perf_counter() - started)


def by_clients(served: Served, clients: int, count: int) -> tuple[float, list[float], Counter[int]]:
    """Cut-outs a second, seconds of each, and statuses."""
    codes: Counter[int] = Counter()
    seconds: list[float] = []

    def one(_: int) -> None:
        seconds.append(_timed(lambda: codes.update([served.cut_out()])))

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(one, range(count)))
    return codes[200] / (time.perf_counter() - started), seconds, codes


def after_sigterm(served: Served) -> Counter[int]:
    """Statuses of requests that were let in when SIGTERM came."""
    with ThreadPoolExecutor(16) as clients:
        answers = [clients.submit(served.cut_out) for _ in range(16)]
        while served.number("packshot_requests_admitted") < 16:
            time.sleep(0.01)
        served.process.send_signal(signal.SIGTERM)
        return Counter(answer.result() for answer in answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=120)
    parser.add_argument("--steady", type=int, default=600)
    asked = parser.parse_args()
    one = Served("--workers", "1", "--deadline", "600")
    called, answered = [], []
    tools, job = Tools(Settings(threads=1)), CutoutJob(PHOTO, "cutout")
    cv2.setNumThreads(1)
    job.do(tools)
    for _ in range(asked.photos // 4):
        called.append(_timed(lambda: job.do(tools)))
        answered.append(_timed(one.cut_out))
    one.end()
    print("| what | figure |\n|---|---|")
    middle, served_middle = statistics.median(called), statistics.median(answered)
    print(f"| one cut-out, called | {middle:.3f} s |")
    print(f"| one cut-out, served | {served_middle:.3f} s ({served_middle / middle:.2f} times) |")
    print(f"| {WORKERS} processes that only work | {by_processes(asked.photos):.2f} a second |")
    served = Served("--workers", str(WORKERS), "--deadline", "600", "--queue", "64")
    for clients in (16, 64):
        rate, seconds, codes = by_clients(served, clients, asked.photos)
        low, high = statistics.median(seconds), statistics.quantiles(seconds, n=100)[98]
        print(f"| {clients} clients | {rate:.2f} a second, p50 {low:.2f} s, p99 {high:.2f} s, {dict(codes)} |")
    before = served.number("packshot_worker_memory_bytes")
    by_clients(served, 16, asked.steady)
    after = served.number("packshot_worker_memory_bytes")
    print(f"| memory of {WORKERS} workers over {asked.steady} requests | {before / 1e6:.1f} to {after / 1e6:.1f} MB |")
    served.end()
    short = Served("--workers", "1", "--deadline", "600", "--queue", "2")
    _, _, codes = by_clients(short, 32, asked.photos)
    print(f"| 32 clients, a queue of 2 | {dict(codes)} |")
    short.end()
    ending = Served("--workers", str(WORKERS), "--deadline", "600", "--queue", "64")
    print(f"| answered after SIGTERM, of 16 | {dict(after_sigterm(ending))} |")
    ending.process.wait()


if __name__ == "__main__":
    main()
