"""What a review of thousands costs: `python benchmarks/bulk_review.py OUT FOLDER --photos 3000`.

FOLDER, which must be new, gets as many photos and results: those of OUT, which `packshot run` has written, again and
again under further names, each photo with a comment of its own in its file, so that it is another one; results are hard
links. Then it is reviewed as one types it, each command in a process of its own: the list, an approval of all that is
left, a category for many by a glob, undo, and `apply` after another mask was handed in for one photo. Times are
processor seconds (user and system), which other work on the machine hardly changes; the clock stands beside them. JPEG
photos only.
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
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from packshot.batch.pipeline import make_pipeline
from packshot.batch.resume import picture_key, resume_key
from packshot.marketplace import load_typed_profiles
from packshot.review import Review
from packshot.settings import Settings


def grow(out: Path, folder: Path, count: int) -> Path:
    """Photos and results of `out` as if it had `count` photos; the new output folder, below `folder`."""
    photos, grown = folder / "photos", folder / "out"
    photos.mkdir(parents=True)
    run = json.loads((out / ".packshot/run.json").read_bytes())
    profiles = run["typed"]["options"]["profiles"] or ["plain"]
    pipeline = make_pipeline(Settings(), load_typed_profiles(profiles))
    header, *lines = (out / ".packshot/journal.jsonl").read_bytes().splitlines(keepends=True)
    rows = list({row["stem"]: row for row in map(json.loads, lines)}.values())
    entries, names, manifest = [], {}, []
    for number in range(count):
        row = json.loads(json.dumps(rows[number % len(rows)]))
        old, stem = row["stem"], f"{number:05}"
        data = Path(row["path"]).read_bytes()
        comment = f"photo {number}".encode()
        data = data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]
        path = photos / f"{stem}.jpg"
        path.write_bytes(data)
        row = json.loads(json.dumps(row).replace(f"/{old}.", f"/{stem}."))
        sha256 = hashlib.sha256(data).hexdigest()
        key = resume_key(sha256, pipeline.cutout_fingerprint)
        row |= {"stem": stem, "path": str(path), "key": key, "size": len(data)}
        row["record"] |= {"source": f"photos/{stem}.jpg", "sha256": sha256}
        cutout = row["outputs"][row["record"]["cutout"]]
        for name, made in row["packshots"].items():
            made["key"] = picture_key(key, cutout, pipeline.fingerprint_of(name))
        for file in [*row["outputs"], *(file for made in row["packshots"].values() for file in made["outputs"])]:
            (grown / file).parent.mkdir(parents=True, exist_ok=True)
            os.link(out / file.replace(f"/{stem}.", f"/{old}."), grown / file)
        entries.append(json.dumps(row).encode() + b"\n")
        manifest.append(json.dumps(row["record"]).encode() + b"\n")
        names[stem] = {"path": str(path), "relative": path.name, "sku": None, "view": None}
    typed: dict[str, Any] = {**run["typed"]["options"], "sources": ["photos"], "out": "out"}
    state = grown / ".packshot"
    (state / "journal.jsonl").write_bytes(header + b"".join(entries))
    (state / "names.json").write_text(json.dumps(names))
    (state / "profiles.json").write_bytes((out / ".packshot/profiles.json").read_bytes())
    run |= {"stems": list(names), "typed": {"options": typed, "folder": str(folder)}}
    (state / "run.json").write_text(json.dumps(run))
    (grown / "manifest.jsonl").write_bytes(b"".join(manifest))
    return grown


def command(what: str, *words: str) -> None:
    """Time one command and print a line."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "packshot", "review", *words], capture_output=True, text=True, env=environment
    )
    after, clock = os.times(), time.perf_counter() - started
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"| {what} | {used:.2f} | {clock:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=3000)
    asked = parser.parse_args()
    out = grow(asked.out, asked.folder.resolve(), asked.photos)
    by = ("--by", "benchmark")
    print(f"{asked.photos} photos\n\n| command | processor s | s by the clock |\n|---|---|---|")
    command("list (imports are compiled)", "list", str(out))
    command("list", "list", str(out))
    command("approve --left --sample 20", "approve", str(out), "--left", "--sample", "20")
    command("approve --left --yes", "approve", str(out), "--left", "--yes", *by)
    command("list --all, all decided", "list", str(out), "--all")
    command("undo of all", "undo", str(out), *by)
    command("category of a third, by glob", "category", str(out), "*[147].jpg", "--to", "T-Shirt", "--yes", *by)
    command("apply of those", "apply", str(out))
    command("undo of those", "undo", str(out), *by)
    command("apply, back again", "apply", str(out))
    review = Review(out / "manifest.jsonl", root=asked.folder)
    alpha = review.mask("00007.jpg")
    assert alpha is not None
    rows = np.flatnonzero((alpha > 0.5).any(axis=1))
    alpha[: (rows[0] + rows[-1]) // 2] = 0
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "mask.png"
        Image.fromarray(np.rint(alpha * 255).astype(np.uint8)).save(drawn)
        command("mask of one", "mask", str(out), "00007.jpg", "--file", str(drawn), "--root", str(asked.folder), *by)
    command("apply of one mask", "apply", str(out))


if __name__ == "__main__":
    main()
