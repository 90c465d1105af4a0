"""How bad files fare: one table of refused, processed and the slowest, for each kind of badness.

Command: ``python benchmarks/hostile.py`` decodes one file after another in this process;
``python benchmarks/hostile.py --run`` sends the whole folder through ``packshot run`` and reads its report;
``python benchmarks/hostile.py --answers`` opens files whose right answer is known, and counts for each kind right,
wrong, refused rightly (or told to be damaged) and refused wrongly, before these files were cared for and now. What was
before is kept in ``hostile_before.json``; after a change of the files it is recorded anew by that commit's package:
``PYTHONPATH=THAT/src python benchmarks/hostile.py --answers --record benchmarks/hostile_before.json``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import numpy as np

from packshot.errors import NothingToCutOut, PhotoError
from packshot.photo import decode

HOSTILE = Path(__file__).parents[1] / "tests" / "hostile"
#: Verdicts of commit ca6ae44f, the last before strangers' files were opened.
BEFORE = Path(__file__).with_name("hostile_before.json")


def load(name: str) -> ModuleType:
    """The tests' own generators: what is measured here is what is tested there."""
    spec = importlib.util.spec_from_file_location(f"hostile_{name}", HOSTILE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{HOSTILE} is not there: run this from a checkout")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def by_decoding(files: Iterable[tuple[str, Path]]) -> list[tuple[str, str, float, str]]:
    """(kind, verdict, milliseconds, file name) of each file."""
    rows = []
    for kind, path in files:
        started = time.perf_counter()
        try:
            decode(path)
            verdict = "processed"
        except PhotoError:
            verdict = "refused"
        except Exception as error:
            verdict = f"CRASHED {type(error).__name__}"
        rows.append((kind, verdict, 1000 * (time.perf_counter() - started), path.name))
    return rows


def by_running(folder: Path, files: Iterable[tuple[str, Path]]) -> list[tuple[str, str, float, str]]:
    """The same from the manifest of one whole run; a file without a line was lost."""
    output = folder.parent / "out"
    kinds = {str(path): kind for kind, path in files}
    named = [str(path) for _, path in files]  # a folder alone would leave out what has no photo's suffix
    command = [sys.executable, "-m", "packshot", "run", *named, "-o", str(output), "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"packshot run: exit code {done.returncode}, {time.perf_counter() - started:.1f} s", file=sys.stderr)
    rows = []
    for line in done.stdout.splitlines():
        record = json.loads(line)
        source = str(folder / record["source"])
        kind = kinds.pop(source, None) or kinds.pop(record["source"], "not asked for")
        error = record["error"]
        # A picture of nothing was read all the same.
        verdict = "processed" if error is None or error["code"] == NothingToCutOut.__name__ else "refused"
        rows.append((kind, verdict, sum((record.get("timings_ms") or {}).values()), Path(source).name))
    lost = ((source, kind) for source, kind in kinds.items() if not Path(source).is_dir())  # a folder gives its photos
    return rows + [(kind, "LOST", 0.0, Path(source).name) for source, kind in lost]


def print_table(rows: list[tuple[str, str, float, str]]) -> None:
    """One line for each kind, and the sum."""
    kinds: dict[str, list[tuple[str, str, float, str]]] = defaultdict(list)
    for row in rows:
        kinds[row[0]].append(row)
    print(f"{'kind':16}{'files':>7}{'refused':>9}{'processed':>11}{'other':>7}{'slowest ms':>12}  slowest file")
    for kind, members in [*kinds.items(), ("all", rows)]:
        verdicts = Counter(row[1] for row in members)
        slowest = max(members, key=lambda row: row[2])
        other = len(members) - verdicts["refused"] - verdicts["processed"]
        counts = f"{len(members):7}{verdicts['refused']:9}{verdicts['processed']:11}{other:7}"
        print(f"{kind:16}{counts}{slowest[2]:12.0f}  {ascii(slowest[3])[1:-1]}")
    for row in rows:
        if row[1] not in ("refused", "processed"):
            print(f"{row[1]}: {row[0]}, {row[3]!a}")


VERDICTS = ("right", "wrong", "refused rightly", "refused wrongly")


def by_answers() -> list[tuple[str, str, str]]:
    """(kind, verdict, file name) of each file whose right answer is known."""
    rows = []
    for one in load("answers").answers():
        try:
            photo = decode(one.data, name=one.name)
        except PhotoError:
            rows.append((one.kind, "refused rightly" if one.rgb is None else "refused wrongly", one.name))
            continue
        if one.rgb is None:
            told = getattr(photo, "damage", None) is not None  # versions before 2026-11-28 could not tell
            rows.append((one.kind, "refused rightly" if told else "wrong", one.name))
            continue
        same = photo.rgb.shape == one.rgb.shape
        near = same and np.abs(photo.rgb.astype(float) - one.rgb).mean() <= one.tolerance
        rows.append((one.kind, "right" if near and getattr(photo, "damage", None) is None else "wrong", one.name))
    return rows


def print_answers(rows: list[tuple[str, str, str]], before: dict[str, str]) -> None:
    """One line for each kind and the sum, before and now, then each file that goes wrong now."""
    kinds = list(dict.fromkeys(row[0] for row in rows))
    print(f"{'before > now':20}{'files':>7}" + "".join(f"{verdict:>18}" for verdict in VERDICTS))
    for kind in (*kinds, "all"):
        files = [(verdict, f"{each}/{name}") for each, verdict, name in rows if kind in (each, "all")]
        now, then = Counter(verdict for verdict, _ in files), Counter(before.get(name, "unknown") for _, name in files)
        print(f"{kind:20}{len(files):7}" + "".join(f"{then[each]:12} > {now[each]:3}" for each in VERDICTS))
    for kind, verdict, name in rows:
        if verdict in ("wrong", "refused wrongly"):
            print(f"{verdict}: {kind}, {name}")


def main() -> None:
    """Make the files, run them, print the table; exit code 1 if a file crashed or was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="store_true", help="through `packshot run` instead of `decode`")
    parser.add_argument("--answers", action="store_true", help="files whose right answer is known")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep these answers as those of before")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.answers:
        rows = by_answers()
        if arguments.record is not None:
            found = {f"{kind}/{name}": verdict for kind, verdict, name in rows}
            arguments.record.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print_answers(rows, json.loads(BEFORE.read_text(encoding="utf-8")))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        files = [(file.kind, file.path) for file in load("generator").generate(folder, seed=arguments.seed)]
        rows = by_running(folder, files) if arguments.run else by_decoding(files)
    print_table(rows)
    if any(row[1] not in ("refused", "processed") for row in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
