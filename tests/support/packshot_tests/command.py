"""One way to run a `packshot` command: in this process, as fast as a call, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from packshot.cli.main import main


class Done(NamedTuple):
    """What a command left behind: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """What ``--json`` printed, a value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def exit_code(*args: object) -> int:
    """Run a command in this process and leave what it says to `capsys`.

    Args:
        args: what would be typed behind ``packshot``.
    """
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in args])
    return int(ended.value.code or 0)


def run(*args: object, cwd: Path | None = None, stdin: bytes = b"") -> Done:
    """Run a command in this process, in folder `cwd` if there is one, with `stdin` to read."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(cwd or Path.cwd()),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = exit_code(*args)
    return Done(code, out.getvalue(), err.getvalue())


def line(*args: object, blocked: Sequence[str] = ()) -> list[str]:
    """The words that start a command in a process of its own, for `subprocess.Popen`.

    Args:
        args: what would be typed behind ``packshot``.
        blocked: modules that cannot be imported there.
    """
    code = f"import sys; sys.modules.update(dict.fromkeys({list(blocked)!r}))"
    return [sys.executable, "-c", f"{code}; from packshot.cli.main import main; main()", *map(str, args)]


def run_alone(*args: object, cwd: Path | None = None, blocked: Sequence[str] = (), timeout: float = 120) -> Done:
    """Run a command in a process of its own: slower by its imports, and separate in everything.

    Args:
        args: what would be typed behind ``packshot``.
        cwd: the folder it runs in.
        blocked: modules that cannot be imported there.
        timeout: seconds it may take.
    """
    words = line(*args, blocked=blocked)
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, timeout=timeout)
    return Done(done.returncode, done.stdout, done.stderr)
