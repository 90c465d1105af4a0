"""Programs that start ahead of the tests that read their result: `packshot_tests.ahead`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests import ahead
from packshot_tests.ahead import Ahead


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ahead]:
    """The programs of a run of their own."""
    monkeypatch.delenv(ahead.FOLDER, raising=False)
    monkeypatch.delenv(ahead.RUN, raising=False)
    started = Ahead()
    yield started
    started.stop()


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def appears(path: Path) -> bool:
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.exists()


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if done.stdout.strip()[:1] in {"", "Z"}:
            return True
        time.sleep(0.05)
    return False


def test_one_run_of_a_program_serves_every_process_of_tests(programs: Ahead, tmp_path: Path) -> None:
    lines = "import pathlib, sys\nprint('out')\nprint('err', file=sys.stderr)\n"
    lines += f"pathlib.Path(sys.argv[1], 'left').touch()\nopen({str(tmp_path / 'runs')!r}, 'a').write('x')\nsys.exit(4)"
    script = written(tmp_path / "script.py", lines)
    programs.start(script)
    other = Ahead()  # of a worker, which inherits the environment
    for each in (programs.result(script), other.result(script)):
        assert (each.code, each.out, each.err) == (4, "out\n", "err\n")
        assert (each.folder / "left").exists()
    other.stop()  # a worker ends before the run does
    assert programs.result(script).code == 4
    assert (tmp_path / "runs").read_text() == "x"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_program_has_its_time_from_when_somebody_waits(tmp_path: Path) -> None:
    place = tmp_path / "script"
    (place / "left").mkdir(parents=True)
    script = written(tmp_path / "script.py", "import time\ntime.sleep(600)")
    lines = f"import sys\nsys.path.insert(0, {str(Path(ahead.__file__).parent)!r})\nimport ahead\n"
    lines += "from pathlib import Path\nahead.LIMIT_S = 0.5\n"
    lines += f"ahead.watch(Path({str(place)!r}), Path({str(script)!r}), {os.getpid()})"
    with subprocess.Popen([sys.executable, "-c", lines]) as watcher:
        time.sleep(3)
        assert watcher.poll() is None
        (place / ahead.AWAITED).touch()
        assert watcher.wait(60) == 0
    assert '"code": null' in (place / ahead.ENDED).read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_end_of_a_run_stops_what_runs_and_leaves_no_file(programs: Ahead, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    lines = f"import os, time\nopen({str(pid)!r} + 'new', 'w').write(str(os.getpid()))\n"
    lines += f"os.rename({str(pid)!r} + 'new', {str(pid)!r})\ntime.sleep(600)"
    programs.start(written(tmp_path / "script.py", lines))
    folder = Path(os.environ[ahead.FOLDER])
    assert appears(pid)
    programs.stop()
    assert ends(int(pid.read_text()))
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_run_stops_what_runs_too(programs: Ahead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as run:
        monkeypatch.setenv(ahead.RUN, str(run.pid))
        script = written(tmp_path / "script.py", "import time\ntime.sleep(600)")
        programs.start(script)
        run.kill()
    began = time.monotonic()
    folder = Path(os.environ[ahead.FOLDER])
    while folder.exists() and time.monotonic() < began + 60:
        time.sleep(0.05)
    assert not folder.exists()
