"""Whether the command line still does what it did: some 75 commands over up to 100 photos, compared with a kept record.

``python benchmarks/behaviour.py`` compares with ``behaviour.json`` beside this file and lists every difference;
``--record FILE`` writes a new record, ``--against FILE`` names another one to compare with. A record holds, for each
command, the exit code, stdout, stderr and every file it wrote, as SHA-256 with paths, dates and timings masked. Pixels
and scores depend on the processor and the libraries, so a record is only comparable on the machine that made it; it
names that machine, and a comparison says where it differs. The record that is kept is of commit 39670ef, before the
rooms were rebuilt; docs/decisions/0026-the-house.md lists what differs since, and why. ``--only PREFIX`` runs a part of
the commands, ``--keep FOLDER`` keeps what they wrote and printed (in ``home/``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shlex
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import packshot.cli.main
import packshot.pipeline  # with all its libraries, once for every command
from behaviour_commands import COMMANDS
from behaviour_photos import write_all

KEPT = Path(__file__).with_suffix(".json")
_LIBRARIES = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "pillow-heif", "scikit-image")
_DIGITS = 16  # of each SHA-256
_STATE = ("journal.jsonl", "lock", "log.jsonl")  # of a run's own memory, whose form may change
_STORES = ("shop", "runs")  # a store's own binary files hold random names and times
#: What differs each time, in texts and pages.
_MASKS = (
    (re.compile(r"\d+(\.\d+)? photos/s"), "# photos/s"),
    (re.compile(r"\b\d+(\.\d+)?\s?(ms|s)\b"), "# s"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"--share: ?[\d.]+%?|width: ?[\d.]+%|\b\d+ %(?=</td>)"), "# %"),
)
_BAR = re.compile(r"^\s*$|\d+%\||\d(photo|picture|query) \[|\d+/\d+ \[")
_TIMED = frozenset({"timings_ms", "at", "added", "updated", "seconds", "ms", "ms_per_photo", "elapsed_s"})


def digest(data: bytes) -> str:
    """The first digits of the SHA-256."""
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def masked(text: str, work: Path) -> str:
    """A text without paths, dates and timings."""
    text = text.replace(str(work), "<work>")
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def untimed(value: Any) -> Any:
    """A JSON value without keys that hold times."""
    if isinstance(value, dict):
        return {key: untimed(entry) for key, entry in value.items() if key not in _TIMED}
    return [untimed(entry) for entry in value] if isinstance(value, list) else value


def text_digests(text: str, work: Path) -> str | list[str] | dict[str, dict[str, str]]:
    """What is kept of a text: JSON lines by their source and key, so that a difference says where; else one digest."""
    try:
        rows = [json.loads(text)]
    except ValueError:
        try:
            rows = [json.loads(line) for line in text.splitlines()]
        except ValueError:
            return digest(masked(text, work).encode())
    if not rows or not all(isinstance(row, dict) for row in rows):
        return digest(masked(text, work).encode())
    kept: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows):
        name = str(row.get("source") or row.get("query") or number)
        entry = {key: digest(masked(json.dumps(value), work).encode())[:8] for key, value in untimed(row).items()}
        kept[name if name not in kept else f"{name}#{number}"] = entry
    return kept


def files_of(work: Path) -> dict[str, Path]:
    """Every file below the working folder that counts as output, by its relative path."""
    found = {}
    for folder, folders, names in os.walk(work):
        here = Path(folder).relative_to(work)
        if here == Path():
            folders[:] = [name for name in folders if name not in (*_STORES, "home")]
        for name in names:
            if not (here.name == ".packshot" and name in _STATE):
                found[(here / name).as_posix()] = Path(folder) / name
    return found


def file_digest(path: Path, work: Path) -> Any:
    """What is kept of a file."""
    data = path.read_bytes()
    if path.suffix in {".json", ".jsonl", ".html", ".csv", ".svg", ".md", ".toml"}:
        return text_digests(data.decode("utf-8", "surrogateescape"), work)
    return digest(data)


def stamps(files: dict[str, Path]) -> dict[str, tuple[int, int]]:
    """What changes when a file is written again."""
    return {name: (path.stat().st_mtime_ns, path.stat().st_ino) for name, path in files.items()}


def environment() -> dict[str, str]:
    """What pixels and scores depend on beside the code."""
    models = Path(__file__).parents[1] / "src" / "packshot" / "models"
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    return {
        "cpu": cpu.rpartition(":")[2].strip(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        **{path.stem: digest(path.read_bytes()) for path in sorted(models.glob("*.onnx"))},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).is_file() else []


def observe(work: Path, *, only: str | None) -> Iterator[tuple[str, dict[str, Any], float]]:
    """Run the commands: name, what is kept of it, and seconds."""
    logs = work / "home"
    logs.mkdir(exist_ok=True)
    before = stamps(files_of(work))
    for name, words in COMMANDS.items():
        if only is not None and not name.startswith(tuple(only.split(","))):
            continue
        started = time.monotonic()
        code = run_forked(shlex.split(words), work, out=logs / f"{name}.out", err=logs / f"{name}.err")
        seconds = time.monotonic() - started
        files = files_of(work)
        after = stamps(files)
        stdout, stderr = (
            (logs / f"{name}.{part}").read_text("utf-8", "surrogateescape").replace("\r", "\n")
            for part in ("out", "err")
        )
        row = {
            "exit": code,
            "stdout": text_digests(stdout, work),
            "stderr": digest(
                masked("\n".join(line for line in stderr.splitlines() if not _BAR.search(line)), work).encode()
            ),
            "files": {
                each: file_digest(files[each], work) for each in sorted(files) if after[each] != before.get(each)
            },
            "removed": sorted(set(before) - set(files)),
        }
        before = after
        yield name, row, seconds


def run_forked(words: list[str], work: Path, *, out: Path, err: Path) -> int:
    """One command in a child of this process, which has the libraries loaded: much quicker than a fresh interpreter.

    Args:
        words: after ``packshot``.
        work: folder it runs in.
        out: gets stdout.
        err: gets stderr.

    Returns:
        The exit code.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 70
    try:
        os.chdir(work)
        for number, target in ((1, out), (2, err)):
            os.dup2(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(HOME=str(work / "home"), PACKSHOT_THREADS="1", COLUMNS="100", USER="tester", LOGNAME="tester")
        os.environ.pop("PACKSHOT_DATA", None)
        sys.argv = ["packshot", *words]
        packshot.cli.main.main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def differences(kept: Any, found: Any, path: str = "") -> Iterator[str]:
    """Where two records differ, one line each."""
    if isinstance(kept, dict) and isinstance(found, dict):
        for key in dict.fromkeys([*kept, *found]):
            where = f"{path} / {key}" if path else key
            if key not in found:
                yield f"{where}: gone"
            elif key not in kept:
                yield f"{where}: new"
            else:
                yield from differences(kept[key], found[key], where)
    elif kept != found:
        yield f"{path}: {kept if len(str(kept)) < 40 else '...'} -> {found if len(str(found)) < 40 else '...'}"


def main() -> int:
    """Record or compare; 1 where there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=Path, metavar="FILE", help="write a record instead of comparing")
    parser.add_argument("--against", type=Path, default=KEPT, metavar="FILE", help="the record to compare with")
    parser.add_argument("--photos", type=int, default=40, help="photos of the large run [default: 40]")
    parser.add_argument("--only", metavar="PREFIX,...", help="only the commands whose names begin so")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="work in this new folder and leave it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = (given.keep or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        write_all(work, count=given.photos)
        commands, seconds = {}, {}
        for name, row, took in observe(work, only=given.only):
            commands[name], seconds[name] = row, round(took, 1)
            print(f"{name:24}{row['exit']:4}{len(row['files']):6} files{took:8.1f} s", file=sys.stderr)
    record = {"environment": environment(), "photos": given.photos, "commands": commands}
    print(f"{len(commands)} commands, {sum(seconds.values()):.0f} s", file=sys.stderr)
    if given.record:
        given.record.write_text(json.dumps(record, separators=(",", ":")) + "\n")
        return 0
    kept = json.loads(given.against.read_text())
    for line in differences(kept["environment"], record["environment"]):
        print(f"another machine: {line}")
    asked = {name: row for name, row in kept["commands"].items() if given.only is None or name in commands}
    found = list(differences(asked, commands))
    print("\n".join(found) or "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
