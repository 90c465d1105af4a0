"""The command as it is run: uvicorn, worker processes, signals, sockets."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from packshot_tests.command import run
from packshot_tests.event_loop import no_event_loop
from packshot_tests.service import client, opened, outlined

from packshot.service import ServiceSettings
from packshot.service.server import opening_words, serve
from packshot.settings import Settings

PHOTOS = Path(__file__).parents[2] / "src" / "packshot" / "demo" / "photos"
PATIENCE_S = 240  # networks load, also where the machine is busy


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    log: list[dict[str, Any]]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def cut_out(self, photo: bytes) -> tuple[int, Any, bytes]:
        return self.ask("POST", "/v1/cutout", photo, **{"Content-Type": "image/jpeg"})

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self.ask("GET", "/ready")[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.2)

    def workers(self) -> list[int]:
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        found = [int(pid) for thread in threads for pid in thread.read_text().split()]
        return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def served(*options: str, **variables: str) -> Served:
    command = [sys.executable, "-m", "packshot", "serve", "--port", "0", "--workers", "1", "--threads", "1", *options]
    # Loggers and libraries of the child may warn as they like: what is tested is what it answers.
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | variables)
    log: list[dict[str, Any]] = []
    said: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                said.append(line)
                if line.startswith("{"):
                    log.append(json.loads(line))

    lines = threading.Thread(target=read, daemon=True)
    lines.start()
    until = time.monotonic() + PATIENCE_S
    made = Served(process, 0, log)
    while not made.port:
        assert process.poll() is None, said
        assert time.monotonic() < until
        time.sleep(0.05)
        made.port = next((entry["port"] for entry in list(log) if entry["event"] == "listening"), 0)
    made.wait()
    return made


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    made = served("--deadline", "120", "--max-mb", "5", PACKSHOT_SERVE_HEAD_S="1", PACKSHOT_SERVE_BODY_S="3")
    yield made
    made.process.kill()
    made.process.wait()


def test_it_listens_on_this_machine_alone(service: Served) -> None:
    listening = next(entry for entry in service.log if entry["event"] == "listening")
    assert listening["host"] == "127.0.0.1"
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", service.port)) != 0


def test_a_cutout_is_the_commands(service: Served, tmp_path: Path) -> None:
    photo = PHOTOS / "sneakers.jpg"
    status, headers, body = service.cut_out(photo.read_bytes())
    assert (status, headers["Content-Type"]) == (200, "image/png")
    done = run("cutout", str(photo), "-o", str(tmp_path), "--threads", "1", "--json")
    said = json.loads(done.out)
    assert body == Path(said["output"]).read_bytes()
    assert float(headers["X-Uncertainty"]) == pytest.approx(said["uncertainty"], abs=1e-4)
    assert headers["X-Doubts"] == ", ".join(said["doubts"])


def test_what_is_in_a_photo(service: Served) -> None:
    photo = (PHOTOS / "sneakers.jpg").read_bytes()
    status, _, body = service.ask("POST", "/v1/classify", photo, **{"Content-Type": "image/jpeg"})
    said = json.loads(body)
    assert status == 200
    assert {"head", "path", "score", "sure", "top", "products", "attributes", "familiar", "model"} <= set(said)


def test_a_body_shorter_than_declared(service: Served) -> None:
    head = "POST /v1/cutout HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as short:
        short.sendall(head.encode() + b"x" * 10)
        short.shutdown(socket.SHUT_WR)
        assert short.recv(1000)[:12] in {b"", b"HTTP/1.1 400"}
    assert service.ask("GET", "/ready")[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 100_000 + "\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/cutout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "nonsense\r\n\r\n",
    ],
    ids=["huge head", "negative", "two lengths", "no HTTP"],
)
def test_heads_that_are_none(service: Served, head: str) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as raw:
        try:
            raw.sendall(head.encode())
            answer = raw.recv(1000)
        except ConnectionError:
            answer = b""
    assert answer[:12] in {b"", b"HTTP/1.1 400", b"HTTP/1.1 431"}
    assert service.ask("GET", "/health")[0] == 200


@pytest.mark.parametrize("first", [b"", b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"], ids=["new", "kept"])
def test_a_head_that_drips_is_given_up(service: Served, first: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as slow:
        slow.sendall(first)
        if first:
            assert slow.recv(10_000).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started < 60:
                slow.sendall(b"G")
                slow.settimeout(0.2)
                with contextlib.suppress(TimeoutError):
                    if not slow.recv(100):
                        break
        assert time.monotonic() - started < 30


def test_a_body_that_drips_is_given_up(service: Served) -> None:
    head = b"POST /v1/cutout HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as slow:
        slow.sendall(head + b"x")
        assert slow.recv(1000).startswith(b"HTTP/1.1 408")


def test_a_client_that_leaves_harms_nobody(service: Served) -> None:
    photo = (PHOTOS / "sneakers.jpg").read_bytes()
    head = f"POST /v1/cutout HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: {len(photo)}"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as leaving:
            leaving.sendall(head.encode() + b"\r\n\r\n" + photo)
    assert service.cut_out(outlined())[0] == 200


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker in /proc")
def test_memory_does_not_grow_with_requests(service: Served) -> None:
    """Each asks for something else, as far as there is a choice: nothing is kept by what callers say."""
    photo = outlined()
    choices = [
        f"?subject={subject}&several={several}&format={format_}&mask={mask}"
        for subject in ("auto", "product", "garment")
        for several in ("all", "largest")
        for format_ in ("png", "webp")
        for mask in ("true", "false")
    ]

    def ask(numbers: range) -> set[int]:
        statuses = set()
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            for number in numbers:
                path = f"/v1/cutout{choices[number % len(choices)]}" if number % 3 else f"/v1/profiles/none-{number}"
                headers = {"Content-Type": "image/png", "Idempotency-Key": str(number), "X-Number": str(number)}
                connection.request("POST" if number % 3 else "GET", path, photo if number % 3 else None, headers)
                answer = connection.getresponse()
                answer.read()
                statuses.add(answer.status)
        return statuses

    def memory() -> float:
        processes = [service.process.pid, *service.workers()]
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes) * 4096 / 1e6

    assert ask(range(300)) == {200, 404}
    before = memory()
    assert ask(range(300, 2300)) == {200, 404}
    assert memory() - before < 6


def test_a_worker_that_is_killed_fails_one_request(service: Served) -> None:
    photo = (PHOTOS / "sneakers.jpg").read_bytes()
    (worker,) = service.workers()
    os.kill(worker, signal.SIGSTOP)  # it hangs
    with ThreadPoolExecutor(2) as clients:
        asked = [clients.submit(service.cut_out, photo) for _ in range(2)]
        until = time.monotonic() + PATIENCE_S
        while b"packshot_queue_waiting 1.0" not in service.ask("GET", "/metrics")[2] and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(worker, signal.SIGKILL)
        failed, answered = sorted((each.result() for each in asked), key=lambda answer: -answer[0])
    assert (failed[0], json.loads(failed[2])["error"]["code"]) == (500, "WorkerDied")
    assert answered[0] == 200
    assert service.workers() != [worker]


def test_sigterm_answers_what_was_let_in() -> None:
    made = served("--deadline", "120")
    with ThreadPoolExecutor(6) as clients:
        answers = [clients.submit(made.cut_out, outlined(800, 600, box=(100, 100, 700, 500))) for _ in range(6)]
        until = time.monotonic() + PATIENCE_S
        while sum(entry["event"] == "request" for entry in made.log) < 1 and time.monotonic() < until:
            time.sleep(0.01)
        made.process.send_signal(signal.SIGTERM)
        statuses = [answer.result()[0] for answer in answers]
    assert statuses == [200] * 6
    assert opened(answers[0].result()[2]).shape == (600, 800, 4)
    assert made.process.wait(PATIENCE_S) == 0
    with pytest.raises(ConnectionError):
        made.ask("GET", "/health")


def test_wrong_usage(tmp_path: Path) -> None:
    for options, words in (
        (["--host", "0.0.0.0"], "no key is asked for"),
        (["--model", "../x.onnx"], "no such model file"),
        (["--keys", str(tmp_path / "none")], "cannot be read"),
        (["--per-minute", "5"], "--new-key"),
        (["--run", __file__], "is a file, expected a folder"),
        (["--run", f"shop=/{'x' * 300}"], "cannot be read (File name too long)"),
        (["--run", "shop=s3://shop/out"], "a run is shown from a folder"),
        (["--catalogue", __file__], "is a file, expected a folder"),
        (["--catalogue", f"shop={Path(__file__).parent}"], "is no catalogue: it holds"),
    ):
        done = run("serve", *options)
        assert done.code == 2
        assert words in done.err


@pytest.mark.parametrize("option", ["--state", "--tagged"])
def test_a_folder_of_its_own_that_cannot_be_made_ends_it_before_it_listens(option: str) -> None:
    done = run("serve", "--port", "0", "--workers", "1", option, __file__)
    assert (done.code, "is no folder" in done.err, f"choose another with {option}" in done.err) == (1, True, True)


def test_runs_and_catalogues_that_are_not_there_yet_are_warned_of(tmp_path: Path) -> None:
    log, there, empty = io.StringIO(), tmp_path / "there", tmp_path / "empty"
    (there / "items.lance").mkdir(parents=True)
    (there / "manifest.jsonl").touch()
    empty.mkdir()
    serving = ServiceSettings(
        runs=(f"a={there}", f"b={tmp_path / 'new'}"), catalogues=(str(there), str(tmp_path / "c"), str(empty))
    )
    client(serving, log=log)
    warned = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(one["level"], one["event"], one.get("run") or one["catalogue"]) for one in warned] == [
        ("warning", "no_run_yet", "b"),
        ("warning", "no_catalogue_yet", "c"),
        ("warning", "no_catalogue_yet", "empty"),
    ]
    assert warned[0]["remedy"] == f"packshot run PHOTOS -o {tmp_path / 'new'}"
    assert not (tmp_path / "c").exists()


def test_a_new_key_is_shown_once() -> None:
    done = run("serve", "--new-key", "studio", "--per-minute", "60")
    secret, line = done.out.splitlines()
    assert done.code == 0
    assert line.startswith("studio sha256:")
    assert line.endswith(" 60/min")
    assert secret not in line


def test_a_stop_that_comes_before_it_listens_to_signals_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = uvicorn.Server.run, signal.getsignal(signal.SIGTERM)
    ended = []

    def stopped(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        real(server, sockets)
        ended.append(server.should_exit)

    monkeypatch.setattr(uvicorn.Server, "run", stopped)
    try:
        with no_event_loop():
            serve(Settings(), ServiceSettings(port=0, workers=1))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended == [True]  # a lost signal leaves it serving


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")]
)
def test_a_person_is_told_what_to_open(host: str, address: str) -> None:
    nothing = opening_words(host, 80, ServiceSettings()).splitlines()
    assert nothing == [f"try a photo: http://{address}:80/", "Ctrl-C ends it"]
    all_of_it = opening_words(host, 80, ServiceSettings(runs=("out",), catalogues=("shop",))).splitlines()
    assert all_of_it[1:-1] == [f"{page}: http://{address}:80/{page}" for page in ("review", "runs", "catalogue")]


def test_the_addresses_are_told_at_a_terminal() -> None:
    person, program = os.openpty()
    command = [sys.executable, "-m", "packshot", "serve", "--port", "0", "--workers", "1", "--threads", "1"]
    with subprocess.Popen(command, stdout=program, stderr=subprocess.DEVNULL) as process:
        os.close(program)
        try:
            with os.fdopen(person, encoding="utf-8") as terminal:
                first, last = terminal.readline().strip(), terminal.readline().strip()
        finally:
            process.kill()
    assert first.startswith("try a photo: http://127.0.0.1:")
    assert last == "Ctrl-C ends it"
