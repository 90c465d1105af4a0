"""One photo, one mask, four channels: the time of one run beside that of four, and whether the bytes are the same.

    python benchmarks/channels.py                   # 200 photos: PACKSHOT_DATA's if it is set, else scikit-image's
    python benchmarks/channels.py --photos 40 --kills 3

Times are processor seconds (user and system) of the whole command with its workers, start-up, files, manifest and
report included: they hardly depend on what else the machine does. Seconds by the clock stand beside them. The baseline
is what a shop did before: a run into a folder of its own for each channel.

Bytes are compared over every file of an output folder but the lock, the journal, and the times that manifest and report
print: of one run for all profiles, of the same killed with SIGKILL at random moments and repeated, and of a run for all
but one profile to which that one is added.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/support"))

from packshot_tests.killing import kill_amid_work

SHOP = """title = "A shop of our own"
[composition]
aspect = 0.8
longest_side = 1600
fill = 0.8
background = "#f4f4f4"
shadow = 0.3
format = "WEBP"
[[rules]]
id = "aspect"
kind = "aspect"
parameters = { ratio = 0.8 }
wording = "4 : 5"
source = "own"
evidence = "own"
"""
PROFILES = ("amazon", "ebay", "zalando", "shop.toml")
CHANNELS = ("channels/ebay", "channels/zalando", "channels/shop")


def gather(folder: Path, count: int, side: int) -> str:
    """`count` photos into a folder; where they are from, in words."""
    folder.mkdir()
    root = None if side else os.environ.get("PACKSHOT_DATA")
    found: list[Path] = []
    if root:
        for part in ("clothing/images", "ccp/photos", "grocery/val"):
            every = sorted((Path(root) / part).rglob("*.jpg"))
            found += every[:: max(1, len(every) * 3 // count)][: count // 3 + 1]
    for number, path in enumerate(found[:count]):
        (folder / f"{number:04}.jpg").write_bytes(path.read_bytes())
    for number in range(len(found[:count]), count):
        (folder / f"{number:04}.jpg").write_bytes(altered(number, side or 800))
    return "clothing, ccp and grocery" if found else "scikit-image, altered"


def altered(seed: int, side: int) -> bytes:
    """A photo of scikit-image, `side` pixels wide, brightness and place of the crop by `seed`."""
    chance = np.random.default_rng(seed)
    picture = Image.fromarray(getattr(data, ("astronaut", "chelsea", "coffee", "rocket")[seed % 4])())
    left, top = (int(chance.integers(0, 20)) for _ in range(2))
    cropped = picture.crop((left, top, picture.width - 20 + left, picture.height - 20 + top)).resize(
        (side, round(0.8 * side))
    )
    light = np.clip(np.asarray(cropped) * chance.uniform(0.8, 1.1), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(light).save(file, "JPEG", quality=90)
    return file.getvalue()


def command(photos: Path, out: Path, profiles: tuple[str, ...], jobs: int) -> list[str]:
    """`packshot run` for these profiles."""
    names = [str(photos.parent / name) if name.endswith(".toml") else name for name in profiles]
    typed = ["run", str(photos), "-o", str(out), "--profile", ",".join(names), "--jobs", str(jobs)]
    return [sys.executable, "-m", "packshot", *typed]


def timed(words: list[str]) -> tuple[float, float]:
    """Processor seconds and seconds by the clock."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return processor, time.perf_counter() - started


def tree(out: Path) -> dict[str, str]:
    """Digest of every file, without measured times."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name not in ("journal.jsonl", "lock", "run.json"):
            content = path.read_bytes()
            if path.name == "manifest.jsonl":
                content = re.sub(rb'"timings_ms": \{[^}]*\}', b"", content)
            elif path.name == "report.html":
                content = re.sub(rb"\b[0-9.]+ m?s\b|width:[0-9.]+%", b"", content)
            found[path.relative_to(out).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def killed(words: list[str], out: Path, kills: int) -> int:
    """Run a command, kill its process group at random moments while it writes, then let it finish; how often."""
    chance, journal, done = random.Random(0), out / ".packshot/journal.jsonl", 0

    def written() -> int:
        return journal.stat().st_size if journal.exists() else 0

    for _ in range(kills):
        process = subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done += kill_amid_work(process, written, chance, within_s=2)
    timed(words)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--side", type=int, default=0, help="scikit-image's photos, so many pixels wide")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder) / "in"
        print(f"{options.photos} photos ({gather(photos, options.photos, options.side)}), {options.jobs} jobs\n")
        (photos.parent / "shop.toml").write_text(SHOP)
        print("| run | processor s | s by the clock | processor ms a photo |\n|---|---|---|---|")

        def row(name: str, times: tuple[float, float]) -> tuple[float, float]:
            print(f"| {name} | {times[0]:.1f} | {times[1]:.1f} | {1000 * times[0] / options.photos:.0f} |", flush=True)
            return times

        def run(name: str, out: str, *profiles: str) -> tuple[float, float]:
            return row(name, timed(command(photos, Path(folder) / out, profiles, options.jobs)))

        alone = [run(f"{profile} alone", f"alone-{profile}", profile) for profile in PROFILES]
        four = row("four runs, one after another", (sum(cpu for cpu, _ in alone), sum(wall for _, wall in alone)))
        one = run("one run, four profiles", "one", *PROFILES)
        run("the first three", "added", *PROFILES[:3])
        run("the fourth added", "added", *PROFILES)
        dearest = max(alone)
        print("\n| figure | asked | processor | clock |\n|---|---|---|---|")
        print(f"| times of the dearest alone | <= 1.8 | {one[0] / dearest[0]:.2f} | {one[1] / dearest[1]:.2f} |")
        print(f"| times as fast as four runs | >= 1.8 | {four[0] / one[0]:.2f} | {four[1] / one[1]:.2f} |")
        kept = tree(Path(folder) / "one")
        same = tree(Path(folder) / "added") == kept
        alone_trees = [tree(Path(folder) / f"alone-{profile}" / "packshots") for profile in PROFILES]
        shared = [tree(Path(folder) / "one" / where) for where in ("packshots", *CHANNELS)]
        print(f"| same pictures as four runs | yes | {'yes' if alone_trees == shared else 'NO'} | |")
        print(f"| same bytes, a profile added | yes | {'yes' if same else 'NO'}, {len(kept)} files | |", flush=True)
        words = command(photos, Path(folder) / "killed", PROFILES, options.jobs)
        times = killed(words, Path(folder) / "killed", options.kills)
        same = tree(Path(folder) / "killed") == kept
        print(f"| same bytes, killed {times} times | yes | {'yes' if same else 'NO'} | |")


if __name__ == "__main__":
    main()
