"""Every command there is: with stderr closed, a full disk or nobody behind stdout, and amid its own results.

`packshot_tests.every_command` has a line for each, and a command without one fails a test here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
from packshot_tests import every_command, typed_in_turn
from packshot_tests.command import run
from packshot_tests.every_command import ENDS, READS_STDIN, SILENT, STAYS, TYPED

from packshot.batch import find_sources
from packshot.cli.main import program

pytestmark = [pytest.mark.train, pytest.mark.timeout(1200)]

Row = dict[str, object]


def commands(command: click.Command = program, name: str = "") -> Iterator[str]:
    """The names of all commands that do something."""
    if not isinstance(command, click.Group):
        yield name
        return
    if command.invoke_without_command:
        yield name
    context = click.Context(command)
    for each in command.list_commands(context):
        found = command.get_command(context, each)
        assert found is not None
        yield from commands(found, f"{name} {each}".strip())


def test_every_command_is_typed_here() -> None:
    assert {name.partition(" (")[0] for name in TYPED} == set(commands())


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    """The address of a shop with one product."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            kind, body = every_command.WEB.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def typed(
    here: Path, lines: dict[str, str], web: str, *, stdin: str = os.devnull, stdout: str = "file", stderr: str = "file"
) -> dict[str, Row]:
    """Type lines in a fresh folder, with streams as `typed_in_turn` names them."""
    every_command.lay(here)
    words = [[line.format(web=web, here=here).split(), STAYS.get(name, "")] for name, line in lines.items()]
    streams = {"stdin": stdin, "stdout": stdout, "stderr": stderr, "commands": words}
    (here / "pass.json").write_text(json.dumps(streams))
    subprocess.run(
        [sys.executable, typed_in_turn.__file__, "pass.json", "rows.jsonl"],
        cwd=here,
        env={**os.environ, "PACKSHOT_MODEL_STORE": str(here / "store"), "PACKSHOT_MODEL_MIRROR": web},
        capture_output=True,
        check=True,
    )
    return dict(zip(lines, map(json.loads, (here / "rows.jsonl").read_text().splitlines()), strict=True))


def otherwise(rows: dict[str, Row], *codes: int) -> dict[str, Row]:
    """Those that ended with none of the codes, or of their own in `ENDS`, or in a way that no person should see."""
    ugly = ("Traceback", "Exception ignored")
    return {
        name: row
        for name, row in rows.items()
        if row["code"] not in (codes or ENDS.get(name, {0})) or any(word in str(row["err"]) for word in ugly)
    }


def test_no_command_needs_stderr_nor_leaves_what_another_takes_for_a_photo(tmp_path: Path, web: str) -> None:
    rows = typed(tmp_path, TYPED, web, stderr="closed")
    assert otherwise(rows) == {}
    assert {name for name, row in rows.items() if not row["out"]} <= SILENT
    found = [Path(each.path).relative_to(tmp_path / "photos") for each in find_sources([tmp_path / "photos"])]
    assert sorted(map(str, found)) == ["a/0.png", "b/1.png", "c/2.png"]


def test_a_full_disk_behind_stdout_is_told_by_every_command_that_prints(tmp_path: Path, web: str) -> None:
    rows = typed(tmp_path, TYPED, web, stdout="full")
    silent = {name: rows.pop(name) for name in SILENT}
    assert otherwise(silent) == {}
    assert otherwise(rows, 1) == {}
    assert [name for name, row in rows.items() if "could not be printed to stdout" not in str(row["err"])] == []


def test_every_command_outlives_its_reader(tmp_path: Path, web: str) -> None:
    assert otherwise(typed(tmp_path, TYPED, web, stdout="gone")) == {}


def test_a_photo_on_stdin_is_read_or_refused_in_a_line(tmp_path: Path, web: str) -> None:
    """By every command that is typed with photos."""
    lines = {name: line.replace(" photos/a ", " photos ") for name, line in TYPED.items()}
    lines = {name: line.replace(" photos", " -", 1) for name, line in lines.items() if f"{name} photos" in f"{line} "}
    lines = {name: line for name, line in lines.items() if " - " in f"{line} "}
    assert set(lines) > READS_STDIN
    rows = typed(tmp_path, {"index (before)": TYPED["index"], **lines}, web, stdin="photos/a/0.png")
    del rows["index (before)"]
    reading = {name: rows.pop(name) for name in READS_STDIN}
    assert otherwise(reading) == {}
    assert otherwise(rows, 2, 3) == {}
    words = ("reads files only", "no folder to watch")
    assert [name for name, row in rows.items() if not any(each in str(row["err"]) for each in words)] == []


@pytest.mark.parametrize("name", [name for name, line in TYPED.items() if " -o " in line])
def test_nothing_is_ever_called_like_stdout(name: str, tmp_path: Path) -> None:
    """`-o -` is one picture on stdout, or refused before anything is read."""
    words = TYPED[name].format(web="http://localhost:9", here=tmp_path).split()
    words[words.index("-o") + 1] = "-"
    done = run(*words, cwd=tmp_path)
    assert done.code in {2, 3}, done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []
