"""Whether memory stays flat over many photos: peak resident memory of every worker, against the photos done.

python benchmarks/memory.py               # 1,000 photos of 1 megapixel
python benchmarks/memory.py --photos 200
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from speed import photos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    files = photos()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in"
        source.mkdir()
        for index in range(options.photos):
            (source / f"{index:05}.jpg").write_bytes(files[index % len(files)])
        command = [sys.executable, "-m", "packshot", "run", str(source), "-o", f"{folder}/out"]
        run = subprocess.Popen(
            [*command, "--jobs", str(options.jobs)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        print("| photos done | largest worker, MB | command, MB |")
        print("|---|---|---|")
        peaks: dict[int, tuple[float, float]] = {}
        masks = Path(folder) / "out" / "masks"
        while run.poll() is None:
            time.sleep(0.5)
            try:
                parent = psutil.Process(run.pid)
                workers = max((child.memory_info().rss for child in parent.children(recursive=True)), default=0)
                mine = parent.memory_info().rss
            except psutil.NoSuchProcess:
                break
            tenth = 10 * sum(1 for _ in masks.rglob("*.png")) // options.photos if masks.is_dir() else 0
            before = peaks.get(tenth, (0.0, 0.0))
            peaks[tenth] = max(before[0], workers / 1e6), max(before[1], mine / 1e6)
        for tenth, (worker, mine) in sorted(peaks.items()):
            print(f"| {tenth * options.photos // 10}+ | {worker:.0f} | {mine:.0f} |")
        print(f"\nexit code {run.returncode}")


if __name__ == "__main__":
    main()
