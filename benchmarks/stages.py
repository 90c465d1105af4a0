"""Where the processor time of `packshot run` goes, stage by stage, and whether two revisions make the same bytes.

    python benchmarks/stages.py FOLDER                    # this checkout
    python benchmarks/stages.py FOLDER --against REV      # REV as well, and every file that differs

One worker with one thread goes over the photos of FOLDER, networks loaded and first photo left out. "write" encodes
and writes what is kept of a photo; "networks" is what onnxruntime takes of all stages together. Processor time, because
the clock also counts what else the machine does; milliseconds a photo, the mean.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from before_after import ONE_THREAD, checkout

NETWORKS = "networks"


def measure(folder: Path) -> dict[str, dict[str, float] | dict[str, str]]:
    """Milliseconds a photo by stage, and the digest of every file; in a process of its own."""
    from packshot.batch import Progress
    from packshot.batch.pipeline import photo_processing
    from packshot.batch.run import run_batch
    from packshot.batch.run_options import Workers
    from packshot.machine import keep_freed_memory
    from packshot.runtime.session import Network
    from packshot.settings import Settings

    spent: defaultdict[str, float] = defaultdict(float)
    ask = Network.outputs

    def timed(*args: object, **more: object) -> object:
        started = time.process_time()
        answer = ask(*args, **more)  # type: ignore[arg-type]
        spent[NETWORKS] += (time.process_time() - started) * 1000
        return answer

    Network.outputs = timed  # type: ignore[method-assign, assignment]
    time.perf_counter = time.process_time  # stages say by it how long a photo took
    keep_freed_memory()
    photos = 0

    def count(step: Progress) -> None:
        nonlocal photos
        photos += 1
        if photos == 1:
            spent.clear()  # the first photo loads networks and tables
        else:
            for name, taken in step.record.timings_ms.items():
                spent[name] += taken

    with tempfile.TemporaryDirectory() as out:
        processing = photo_processing(Settings(threads=1), ("plain",))
        run_batch([folder], out, processing, workers=Workers(jobs=1), progress=count)
        made = {
            path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(Path(out).rglob("*"))
            if path.suffix in {".png", ".jpg", ".webp", ".npy", ".npz"}
        }
        for line in (Path(out) / "manifest.jsonl").read_text().splitlines():
            row = json.loads(line)
            row.pop("timings_ms", None)
            made[f"manifest: {row['source']}"] = hashlib.sha256(json.dumps(row).encode()).hexdigest()
    return {"ms": {name: total / max(1, photos - 1) for name, total in spent.items()}, "made": made}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", metavar="REV")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_this_process:
        json.dump(measure(options.folder), sys.stdout)
        return
    found = []
    for revision in [None] if options.against is None else [options.against, None]:
        with checkout(revision) as tree:
            line = [sys.executable, __file__, str(options.folder.resolve()), "--in-this-process"]
            environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(tree / "src")}
            found.append(json.loads(subprocess.run(line, env=environment, stdout=subprocess.PIPE, check=True).stdout))
    stages = sorted(set(found[-1]["ms"]) - {NETWORKS}, key=lambda name: -found[-1]["ms"][name])
    print("| stage | " + " | ".join(filter(None, [options.against, "this checkout"])) + " |")
    print("|---" * (1 + len(found)) + "|")
    for name in (*stages, NETWORKS):
        print(f"| {name} | " + " | ".join(f"{each['ms'].get(name, 0):.1f}" for each in found) + " |")
    totals = [sum(each["ms"].get(name, 0) for name in stages) for each in found]
    print("| **all** | " + " | ".join(f"{total:.1f}" for total in totals) + " |")
    if len(found) > 1:
        before, after = (each["made"] for each in found)
        differ = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        print(f"\n{len(after)} files and lines, {len(differ)} differ" + "".join(f"\n- {name}" for name in differ))


if __name__ == "__main__":
    main()
