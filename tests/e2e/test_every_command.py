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
from typing import NamedTuple

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


#: How streams are set in each pass. The first imports everything, and does so without stderr.
PASSES = {
    "stderr closed": {"stderr": "closed"},
    "stdout full": {"stdout": "full"},
    "stdout gone": {"stdout": "gone"},
    "a photo on stdin": {"stdin": "photos/a/0.png"},
}


def with_photo_on_stdin() -> dict[str, str]:
    """The commands that are typed with photos, with ``-`` in their place, behind an index to search in."""
    lines = {name: line.replace(" photos/a ", " photos ") for name, line in TYPED.items()}
    lines = {name: line.replace(" photos", " -", 1) for name, line in lines.items() if f"{name} photos" in f"{line} "}
    return {"index (before)": TYPED["index"]} | {name: line for name, line in lines.items() if " - " in f"{line} "}


class Pass(NamedTuple):
    """What became of every command, with the streams of one of `PASSES`, in a folder of its own."""

    here: Path
    rows: dict[str, Row]


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory, web: str) -> dict[str, Pass]:
    """Everything is typed in one process of its own, which imports torch and all the rest once."""
    planned, lines, folders = [], dict[str, dict[str, str]](), dict[str, Path]()
    for name, streams in PASSES.items():
        here = folders[name] = tmp_path_factory.mktemp("pass")
        lines[name] = with_photo_on_stdin() if "stdin" in streams else TYPED
        every_command.lay(here)
        planned.append(
            {"stdin": os.devnull, "stdout": "file", "stderr": "file", **streams}
            | {"folder": str(here), "rows": "rows.jsonl"}
            | {"environment": {"PACKSHOT_MODEL_STORE": str(here / "store"), "PACKSHOT_MODEL_MIRROR": web}}
            | {
                "commands": [
                    [line.format(web=web, here=here).split(), STAYS.get(command, "")]
                    for command, line in lines[name].items()
                ]
            }
        )
    plan = tmp_path_factory.mktemp("plan") / "passes.json"
    plan.write_text(json.dumps(planned))
    subprocess.run([sys.executable, typed_in_turn.__file__, plan], capture_output=True, check=True)
    found = {name: map(json.loads, (here / "rows.jsonl").read_text().splitlines()) for name, here in folders.items()}
    return {name: Pass(folders[name], dict(zip(lines[name], found[name], strict=True))) for name in PASSES}


def otherwise(rows: dict[str, Row], *codes: int) -> dict[str, Row]:
    """Those that ended with none of the codes, or of their own in `ENDS`, or in a way that no person should see."""
    ugly = ("Traceback", "Exception ignored")
    return {
        name: row
        for name, row in rows.items()
        if row["code"] not in (codes or ENDS.get(name, {0})) or any(word in str(row["err"]) for word in ugly)
    }


def test_no_command_needs_stderr_nor_leaves_what_another_takes_for_a_photo(passes: dict[str, Pass]) -> None:
    here, rows = passes["stderr closed"]
    assert otherwise(rows) == {}
    assert {name for name, row in rows.items() if not row["out"]} <= SILENT
    found = [Path(each.path).relative_to(here / "photos") for each in find_sources([here / "photos"])]
    assert sorted(map(str, found)) == ["a/0.png", "b/1.png", "c/2.png"]


def test_a_full_disk_behind_stdout_is_told_by_every_command_that_prints(passes: dict[str, Pass]) -> None:
    rows = dict(passes["stdout full"].rows)
    silent = {name: rows.pop(name) for name in SILENT}
    assert otherwise(silent) == {}
    assert otherwise(rows, 1) == {}
    assert [name for name, row in rows.items() if "could not be printed to stdout" not in str(row["err"])] == []


def test_every_command_outlives_its_reader(passes: dict[str, Pass]) -> None:
    assert otherwise(passes["stdout gone"].rows) == {}


def test_a_photo_on_stdin_is_read_or_refused_in_a_line(passes: dict[str, Pass]) -> None:
    """By every command that is typed with photos."""
    rows = dict(passes["a photo on stdin"].rows)
    del rows["index (before)"]
    assert set(rows) > READS_STDIN
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
