"""What the service costs beside the same work called directly, and how it behaves under load.

    python benchmarks/service.py [--photos 96] [--steady 2000] [--rembg VENV/bin/rembg --u2net FOLDER]

Clock times tell of this machine and of whatever else runs on it, processor times (user and system) of the work alone:
both are given. "Work" is the share of the processor time of service and workers that the same cut-outs take when they
are called: the throughput that the service can reach, of that of processes which do nothing else. Rounds of the service
and of such processes take turns, so that what else runs meets both alike.

rembg's server is measured in the same run where one is at hand: `pip install "rembg[cpu,cli]"` in an environment of
its own, and a folder that holds ``u2netp.onnx``.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import io
import json
import multiprocessing
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import psutil
from PIL import Image

from packshot.service.tools import Tools
from packshot.service.v1_jobs import CutoutJob
from packshot.settings import Settings

PHOTO = (Path(__file__).parents[1] / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg").read_bytes()
WORKERS = 2
ROUNDS = 3


class Server:
    """A server in a process of its own, with what its processes use."""

    def __init__(self, command: list[str], **variables: str) -> None:
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | variables)
        self.port = 0

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "image/jpeg") -> tuple[int, bytes]:
        """Status and body; 0 where the connection ended."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=900)
        try:
            connection.request(method, path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    @property
    def children(self) -> list[psutil.Process]:
        """Its worker processes."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [each for each in found if "resource_tracker" not in " ".join(each.cmdline())]

    def used(self) -> tuple[float, float]:
        """Processor seconds of the server itself, and of its workers."""
        return _cpu(psutil.Process(self.process.pid)), sum(map(_cpu, self.children))

    def memory(self) -> float:
        """Megabytes of all its processes."""
        return sum(each.memory_info().rss for each in (psutil.Process(self.process.pid), *self.children)) / 1e6

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()


class Packshot(Server):
    """``packshot serve``."""

    def __init__(self, workers: int, *options: str) -> None:
        settings = ["--workers", str(workers), "--threads", "1", "--deadline", "900", "--port", "0", *options]
        super().__init__([sys.executable, "-m", "packshot", "serve", *settings])
        lines = (line for line in self.process.stderr if line.startswith("{"))
        self.port = next(entry["port"] for entry in map(json.loads, lines) if entry["event"] == "listening")
        threading.Thread(target=lambda: list(lines), daemon=True).start()
        while self.ask("GET", "/ready")[0] != 200 or self.number("packshot_workers") < workers:
            time.sleep(0.2)
        self.cut_out()

    def cut_out(self, photo: bytes = PHOTO) -> int:
        """Status."""
        return self.ask("POST", "/v1/cutout", photo)[0]

    def number(self, name: str) -> float:
        """Sum of a metric over its labels."""
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", self.ask("GET", "/metrics")[1].decode(), re.MULTILINE)
        return sum(map(float, found))


class Rembg(Server):
    """``rembg s`` with u2netp."""

    def __init__(self, command: str, home: str) -> None:
        super().__init__(
            [command, "s", "--host", "127.0.0.1", "--port", "7013", "--threads", "64", "--no-ui"],
            U2NET_HOME=home,
            OMP_NUM_THREADS=str(WORKERS),
        )
        self.port = 7013
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        while self.cut_out() != 200:
            time.sleep(1)

    def cut_out(self, photo: bytes = PHOTO) -> int:
        """Status."""
        head = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nu2netp\r\n'
        head += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        return self.ask("POST", "/api/remove", head + photo + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")[0]


@dataclass
class Load:
    """What clients met."""

    seconds: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    wall_s: float = 0.0
    server_s: float = 0.0
    workers_s: float = 0.0
    clients_s: float = 0.0

    @property
    def row(self) -> str:
        """Statuses and quantiles."""
        low = statistics.median(self.seconds)
        high = statistics.quantiles(self.seconds, n=100)[98] if len(self.seconds) > 1 else low
        return f"{self.codes[200] / self.wall_s:.2f} a second, p50 {low:.2f} s, p99 {high:.2f} s, {dict(self.codes)}"

    @property
    def per_photo(self) -> str:
        """Processor milliseconds."""
        count = sum(self.codes.values())
        parts = {"workers": self.workers_s, "server": self.server_s, "clients": self.clients_s}
        return ", ".join(f"{name} {1000 * spent / count:.1f}" for name, spent in parts.items())


def load(server: Packshot | Rembg, clients: int, count: int, photo: bytes = PHOTO, into: Load | None = None) -> Load:
    """Let clients ask, each again as soon as it has its answer."""
    found = into or Load()

    def one(_: int) -> None:
        started = time.perf_counter()
        found.codes[server.cut_out(photo)] += 1
        found.seconds.append(time.perf_counter() - started)

    before, own, started = server.used(), _own(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(one, range(count)))
    found.wall_s += time.perf_counter() - started
    after = server.used()
    found.server_s += after[0] - before[0]
    found.workers_s += after[1] - before[1]
    found.clients_s += _own() - own
    return found


def _cpu(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        spent = process.cpu_times()
        return spent.user + spent.system
    return 0.0


def _own() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def _called() -> Callable[[], object]:
    cv2.setNumThreads(1)
    tools, job = Tools(Settings(threads=1)), CutoutJob(PHOTO, "cutout")
    job.do(tools)
    return lambda: job.do(tools)


def _work(count: int, ready: object, go: object) -> None:
    work = _called()
    ready.release()
    go.wait()
    for _ in range(count):
        work()


def by_processes(count: int) -> float:
    """Seconds that processes which do nothing else need."""
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
    return time.perf_counter() - started


def one_client(count: int) -> float:
    """One client beside the same work called; gives processor seconds of a call."""
    work, served = _called(), Packshot(1)
    clocks: tuple[list[float], list[float]] = ([], [])
    spent, one = 0.0, Load()
    for _ in range(count):
        started, before = time.perf_counter(), time.process_time()
        work()
        spent += time.process_time() - before
        clocks[0].append(time.perf_counter() - started)
        load(served, 1, 1, into=one)
    clocks[1].extend(one.seconds)
    served.end()
    called, answered = map(statistics.median, clocks)
    mine = spent / count
    theirs = (one.server_s + one.workers_s + one.clients_s) / count
    print(f"| one cut-out, called | {called:.3f} s by the clock, {1000 * mine:.0f} ms of processor |")
    print(
        f"| one client | {answered:.3f} s ({answered / called:.2f} times), {1000 * theirs:.0f} ms of processor", end=""
    )
    print(f" ({theirs / mine:.2f} times; {one.per_photo}) |")
    return mine


def many_clients(photos: int, call_s: float) -> None:
    """16 and 64 clients beside processes that only work, in turns."""
    served = Packshot(WORKERS, "--queue", "64")
    found: dict[int, Load] = {16: Load(), 64: Load()}
    alone = 0.0
    each = photos // ROUNDS // WORKERS * WORKERS
    for _ in range(ROUNDS):
        alone += by_processes(each)
        for clients, into in found.items():
            load(served, clients, each, into=into)
    rate = ROUNDS * each / alone
    print(f"| {WORKERS} processes that only work | {rate:.2f} a second |")
    for clients, one in found.items():
        count = sum(one.codes.values())
        share = call_s * count / (one.server_s + one.workers_s)
        print(f"| {clients} clients | {one.row} |")
        print(f"| | {one.codes[200] / one.wall_s / rate:.2f} of those processes; work {share:.0%};", end="")
        print(f" processor ms a photo: {one.per_photo} |")
    served.end()


def steady(count: int) -> None:
    """Memory over many requests with a picture that needs no network."""
    pixels = np.zeros((60, 80, 4), np.uint8)
    pixels[10:40, 20:60] = (200, 30, 40, 255)
    pixels[10:25, 40:60] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    served = Packshot(1)
    load(served, 16, count // 10, file.getvalue())
    before = served.memory()
    answered = load(served, 16, count, file.getvalue())
    print(f"| {count} small pictures, 16 clients | {answered.row} |")
    print(f"| memory of service and worker | {before:.1f} MB before, {served.memory():.1f} MB after |")
    served.end()


def refused(photos: int) -> None:
    """More clients than there is room for."""
    short = Packshot(1, "--queue", "2")
    print(f"| 32 clients, a queue of 2 | {dict(load(short, 32, photos).codes)} |")
    short.end()


def killed() -> None:
    """A worker that is killed while it works."""
    served = Packshot(WORKERS, "--queue", "64")
    with ThreadPoolExecutor(12) as clients:
        answers = [clients.submit(served.cut_out) for _ in range(12)]
        while served.number("packshot_requests_admitted") < 12:
            time.sleep(0.01)
        served.children[0].kill()
        codes = Counter(answer.result() for answer in answers)
    print(f"| a worker killed, of 12 requests | {dict(codes)}; the next: {served.cut_out()} |")
    served.end()


def after_sigterm() -> None:
    """Requests that were let in when SIGTERM came."""
    ending = Packshot(WORKERS, "--queue", "64")
    with ThreadPoolExecutor(16) as clients:
        answers = [clients.submit(ending.cut_out) for _ in range(16)]
        while ending.number("packshot_requests_admitted") < 16:
            time.sleep(0.01)
        ending.process.send_signal(signal.SIGTERM)
        codes = Counter(answer.result() for answer in answers)
    print(f"| answered after SIGTERM, of 16 | {dict(codes)}, exit code {ending.process.wait()} |")


def beside_rembg(command: str, home: str, photos: int) -> None:
    """Rembg's server with u2netp, and this one again, in turns."""
    theirs, ours = Rembg(command, home), Packshot(WORKERS, "--queue", "64")
    loads = {"rembg's server, u2netp": (theirs, Load()), "packshot's": (ours, Load())}
    each = photos // ROUNDS
    for _ in range(ROUNDS):
        for server, into in loads.values():
            load(server, 16, each, into=into)
    for name, (server, one) in loads.items():
        print(f"| {name}, 16 clients | {one.row}; processor ms a photo: {one.per_photo}; {server.memory():.0f} MB |")
        server.end()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=96)
    parser.add_argument("--steady", type=int, default=2000)
    parser.add_argument("--rembg", metavar="COMMAND")
    parser.add_argument("--u2net", metavar="FOLDER", default="")
    asked = parser.parse_args()
    print("| what | figure |\n|---|---|")
    call_s = one_client(asked.photos // 4)
    many_clients(asked.photos, call_s)
    steady(asked.steady)
    refused(asked.photos)
    killed()
    after_sigterm()
    if asked.rembg:
        beside_rembg(asked.rembg, asked.u2net, asked.photos)


if __name__ == "__main__":
    main()
