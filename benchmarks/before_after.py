"""Processor time of three commands before and after a change: two revisions over the same photos, in turn.

    PACKSHOT_DATA=... python benchmarks/before_after.py REV             # REV, and this checkout as it lies here
    python benchmarks/before_after.py REV OTHER --photos FOLDER         # two revisions, photos of your own

Each revision is checked out into a temporary worktree, which is removed at the end. ``run``, ``cutout``, ``classify``
go over the photos with one thread and one worker, one revision after the other in every round, so that what else the
machine does meets both alike; the first round is not counted. Time is user and system time of the process and its
children, start-up included. "after / before" is the median of the rounds' ratios, with the least and the largest.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

HERE = Path(__file__).parents[1]
SETS = ("ccp/photos", "clothing/images", "grocery/val")
COMMANDS = ("run", "cutout", "classify")
REFUSED = 2  # exit code of a command line that was not understood
ONE_THREAD = dict.fromkeys(("PACKSHOT_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@contextmanager
def checkout(revision: str | None) -> Iterator[Path]:
    """A folder with the sources of a revision; of None, this checkout."""
    if revision is None:
        yield HERE
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(tree), revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def choose(folders: list[Path], number: int, into: Path) -> None:
    """Links to so many JPEGs and PNGs, evenly spread over the folders and the names in each."""
    for place, folder in enumerate(folders):
        files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg", ".png"})
        if not files:
            raise SystemExit(f"{folder}: no photos")
        wanted = min(number // len(folders), len(files))
        for index in np.linspace(0, len(files) - 1, wanted).astype(int):
            (into / f"{place}_{index:05}{files[index].suffix}").symlink_to(files[index].resolve())


def seconds(tree: Path, command: str, photos: Path) -> float:
    """Processor seconds of one command over the photos."""
    with tempfile.TemporaryDirectory() as out:
        line = [sys.executable, "-m", "packshot", command, str(photos)]
        if command != "classify":
            line += ["-o", f"{out}/out"]
        if command == "run":
            line += ["--jobs", "1"]
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(tree / "src")}
        with (Path(out) / "log").open("wb") as log:
            process = subprocess.Popen(line, stdout=log, stderr=log, env=environment, cwd=out)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == REFUSED or process.returncode < 0:
            raise SystemExit(f"{tree}: {' '.join(line[2:])}: {(Path(out) / 'log').read_text()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", help="revision")
    parser.add_argument("after", nargs="?", help="revision; this checkout by default")
    parser.add_argument("--photos", type=Path, action="append", help="folder; may be given several times")
    parser.add_argument("--number", type=int, default=60, help="of photos")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    data = Path(os.environ.get("PACKSHOT_DATA", "."))
    with tempfile.TemporaryDirectory() as folder, checkout(options.before) as old, checkout(options.after) as new:
        photos = Path(folder)
        choose(options.photos or [data / name for name in SETS], options.number, photos)
        print(f"{len(list(photos.iterdir()))} photos, {options.rounds} rounds, processor seconds on one thread (least)")
        print(f"| command | {options.before} | {options.after or 'this checkout'} | after / before |")
        print("|---|---|---|---|", flush=True)
        for command in COMMANDS:
            pairs = np.array(
                [[seconds(tree, command, photos) for tree in (old, new)] for _ in range(options.rounds + 1)][1:]
            )
            before, after = pairs.min(axis=0)
            ratios = pairs[:, 1] / pairs[:, 0]
            told = f"{np.median(ratios):.3f} ({ratios.min():.3f} to {ratios.max():.3f})"
            print(f"| {command} | {before:.1f} | {after:.1f} | {told} |", flush=True)


if __name__ == "__main__":
    main()
