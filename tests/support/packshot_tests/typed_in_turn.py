"""Types commands one after the other in one process, each with the streams that a shell could have set.

``python typed_in_turn.py PASSES.json``: a list of passes. Each has a ``folder`` and an ``environment`` of its own;
``commands`` are words, and the file that has to be there before SIGTERM ends the command ("" where it ends by itself);
``stdin`` is a file, ``stdout`` file, full or gone (a pipe that nobody reads), ``stderr`` file or closed. In ``rows`` of
the folder there is a line for each command: its exit code, and what it said.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

_LOOK_S = 0.05
_Pass = dict[str, Any]


def _reader_gone() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def _put(descriptor: int, opened: int) -> None:
    os.dup2(opened, descriptor)
    os.close(opened)


def _set_streams(streams: _Pass, out: int, err: int) -> None:
    _put(0, os.open(streams["stdin"], os.O_RDONLY))
    sys.stdin = os.fdopen(os.dup(0))  # before a number is free that a stream has
    match streams["stdout"]:
        case "full":
            _put(1, os.open("/dev/full", os.O_WRONLY))
        case "gone":
            _put(1, _reader_gone())
        case _:
            os.dup2(out, 1)
    if streams["stderr"] == "closed":
        os.close(2)
    else:
        os.dup2(err, 2)


def _end_when(file: Path, ended: threading.Event) -> None:
    """Send SIGTERM once the command listens to it and the file is there."""
    while not ended.wait(_LOOK_S):
        if file.exists() and signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _typed(words: list[str], until: str, streams: _Pass) -> dict[str, object]:
    from packshot.cli.main import main

    said = {name: os.open(f"{name}.said", os.O_RDWR | os.O_CREAT | os.O_TRUNC) for name in ("out", "err")}
    _set_streams(streams, said["out"], said["err"])
    ended = threading.Event()
    if until:
        threading.Thread(target=_end_when, args=(Path(until), ended), daemon=True).start()
    try:
        main(words)
        code: object = "did not exit"
    except SystemExit as error:
        code = error.code
    except BaseException as error:  # what a person would see as a traceback
        code = f"{type(error).__name__}: {error}"
    ended.set()
    sys.stdin.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for descriptor in said.values():
        os.close(descriptor)
    return {"code": code, **{name: Path(f"{name}.said").read_bytes().decode("latin-1") for name in said}}


def main() -> None:
    """Type them all; what is done is on the disk at once."""
    for each in json.loads(Path(sys.argv[1]).read_text()):
        os.chdir(each["folder"])
        os.environ.update(each["environment"])
        with Path(each["rows"]).open("w") as rows:
            for words, until in each["commands"]:
                rows.write(json.dumps(_typed(words, until, each)) + "\n")
                rows.flush()


if __name__ == "__main__":
    main()
