"""How well frames are found and boxed on drawn pictures, by kind of frame and of negative, worst first.

    PACKSHOT_DATA=../shared/data python benchmarks/frames.py                            # rules and shipped network
    PACKSHOT_DATA=../shared/data python benchmarks/frames.py --split holdout
    PACKSHOT_DATA=../shared/data python benchmarks/frames.py --model classical --model run/model.onnx --pictures out

Drawn by packshot.training.frame.drawing around photos of the validation (or holdout) split of the public sets, with the
settings "validation": other photos, textures, fonts, words and hues than training, and a seed no training uses. Half of
the pictures are framed; the other half are the same scenes without. Rectangular products are phones, books and boxes,
and framed prints that are themselves for sale. A frame that was missed counts with the whole photo as its box. "within
1 %" is the share of framed pictures with every side of the box within 1 % of the picture's width or height. Intervals
are 95 % bootstrap intervals of the mean, over pairs where a picture and its framed twin count together. Times are
processor time on one core after decoding, medians: at the drawn size, and for pictures enlarged to 1 megapixel.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Split
from packshot.evaluation import BinaryAnswers, bootstrap_interval, roc_auc
from packshot.training.drawing.photos import public_photos
from packshot.training.drawing.scenes import SceneKind
from packshot.training.figures.roc import draw_roc
from packshot.training.frame.drawing.generator import FrameGenerator
from packshot.training.frame.drawing.sample import FrameSample
from packshot.values import Box, Frame, Rgb

SEEDS = {Split.VALIDATION: 2016, Split.HOLDOUT: 2026}  # of no training
RECTANGLES = {SceneKind.RECTANGLE, SceneKind.PRINT}
CLOSE = 0.01  # of the picture's width or height
EVERY = 20  # pictures, of which one is also timed at 1 megapixel
WORST, TILE = 40, 220  # pictures of a sheet, and pixels of one


@dataclass(frozen=True)
class Answer:
    """What a detector said of one sample."""

    sample: FrameSample = field(repr=False)
    frame: Frame
    iou: float
    close: bool

    @property
    def right(self) -> bool:
        """Whether framed and unframed were not mistaken for each other."""
        return self.frame.framed == self.sample.framed


@dataclass(frozen=True)
class Answered:
    """An answer without its picture."""

    kind: str
    framed: bool
    rectangle: bool
    right: bool
    score: float
    iou: float
    close: bool


class Bench:
    """One detector, its answers, its times and its worst pictures."""

    def __init__(self, name: str, detect: Callable[[Rgb], Frame]) -> None:
        self.name, self.detect = name, detect
        self.answered: list[Answered] = []
        self.seconds: list[float] = []
        self.large: list[float] = []
        self.worst: dict[str, list[tuple[float, NDArray[np.uint8]]]] = defaultdict(list)

    def ask(self, sample: FrameSample, *, pictures: bool) -> None:
        """Evaluate one sample; keep its picture if it is among the worst."""
        height, width = sample.rgb.shape[:2]
        frame, seconds = self._timed(sample.rgb)
        self.seconds.append(seconds)
        off = np.abs(np.subtract(frame.inner_box.as_tuple(), sample.inner_box.as_tuple()))
        answer = Answer(
            sample,
            frame,
            frame.inner_box.iou(sample.inner_box),
            bool((off <= CLOSE * np.array([width, height] * 2)).all()),
        )
        rectangle = sample.kind in RECTANGLES
        self.answered.append(
            Answered(str(sample.kind), sample.framed, rectangle, answer.right, frame.score, answer.iou, answer.close)
        )
        if len(self.answered) % EVERY == 0:
            scale = (1e6 / (width * height)) ** 0.5
            large = np.asarray(cv2.resize(sample.rgb, None, fx=scale, fy=scale), np.uint8)
            self.large.append(self._timed(large)[1])
        if pictures:
            self._keep(answer)

    def _timed(self, rgb: Rgb) -> tuple[Frame, float]:
        start = time.process_time()
        frame = self.detect(rgb)
        return frame, time.process_time() - start

    def _keep(self, answer: Answer) -> None:
        score = answer.frame.score
        if not answer.right:
            sheet, badness = ("missed", 1 - score) if answer.sample.framed else ("false-alarms", score)
        elif answer.sample.framed and not answer.close:
            sheet, badness = "boxes", 1 - answer.iou
        else:
            return
        kept = self.worst[sheet]
        kept.append((badness, tile(answer)))
        kept.sort(key=lambda pair: -pair[0])
        del kept[WORST:]


def tile(answer: Answer) -> NDArray[np.uint8]:
    """The picture with the true box in green and the one found in magenta."""
    height, width = answer.sample.rgb.shape[:2]
    scale = (TILE - 24) / max(height, width)
    rgb = cv2.resize(answer.sample.rgb, (max(1, round(width * scale)), max(1, round(height * scale))))
    for box, colour in ((answer.sample.inner_box, (0, 200, 0)), (answer.frame.inner_box, (255, 0, 255))):
        corners = [round(value * scale) for value in box.as_tuple()]
        if box != Box(0, 0, width, height):
            cv2.rectangle(rgb, (corners[0], corners[1]), (corners[2] - 1, corners[3] - 1), colour, 1)
    canvas = np.full((TILE, TILE, 3), 90, np.uint8)
    canvas[4 : 4 + rgb.shape[0], 4 : 4 + rgb.shape[1]] = rgb
    words = f"{answer.sample.kind} {answer.frame.score:.2f} {answer.iou:.2f}"
    cv2.putText(canvas, words, (4, TILE - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    return canvas


def write_sheets(bench: Bench, folder: Path) -> None:
    """One sheet a mistake: missed frames, false alarms, wrong boxes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kept in bench.worst.items():
        tiles = [picture for _, picture in kept]
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 8)
        sheet = np.concatenate([np.concatenate(tiles[row : row + 8], axis=1) for row in range(0, len(tiles), 8)])
        cv2.imwrite(str(folder / f"{Path(bench.name).stem}-{name}.jpg"), sheet[..., ::-1])


def mean(values: Sequence[float]) -> str:
    """A mean and its interval."""
    if not len(values):
        return "-"
    low, high = bootstrap_interval(np.asarray(values, float), resamples=1000)
    return f"{np.mean(values):.4f} ({low:.4f}-{high:.4f})"


def paired(answered: Sequence[Answered]) -> list[float]:
    """Of each pair the share that is right."""
    right = np.array([answer.right for answer in answered], float)
    return list(right[: len(right) // 2 * 2].reshape(-1, 2).mean(axis=1))


def print_summary(benches: Sequence[Bench]) -> None:
    print("| detector | accuracy | ROC AUC | false alarms | on rectangular products", end=" ")
    print("| box IoU | within 1 % | ms | ms, 1 MP |")
    print("|---|---|---|---|---|---|---|---|---|")
    for bench in benches:
        framed = [a for a in bench.answered if a.framed]
        others = [a for a in bench.answered if not a.framed]
        cells = (
            mean(paired(bench.answered)),
            f"{roc_auc([a.score for a in bench.answered], [a.framed for a in bench.answered]):.4f}",
            mean([not a.right for a in others]),
            mean([not a.right for a in others if a.rectangle]),
            mean([a.iou for a in framed]),
            mean([a.close for a in framed]),
            f"{1000 * np.median(bench.seconds):.2f}",
            f"{1000 * np.median(bench.large):.2f}" if bench.large else "-",
        )
        print(f"| {bench.name} | {' | '.join(cells)} |")


def print_kinds(bench: Bench) -> None:
    kinds: dict[tuple[bool, str], list[Answered]] = defaultdict(list)
    for answer in bench.answered:
        kinds[answer.framed, answer.kind].append(answer)
    ordered = sorted(
        kinds.items(), key=lambda pair: (np.mean([a.right for a in pair[1]]), np.mean([a.iou for a in pair[1]]))
    )
    print(f"\n| {bench.name}: frame | pictures | found | box IoU | within 1 % |\n|---|---|---|---|---|")
    for (framed, kind), answers in ordered:
        if framed:
            figures = mean([a.right for a in answers]), mean([a.iou for a in answers]), mean([a.close for a in answers])
            print(f"| {kind} | {len(answers)} | {' | '.join(figures)} |")
    print(f"\n| {bench.name}: no frame | pictures | left alone |\n|---|---|---|")
    for (framed, kind), answers in ordered:
        if not framed:
            print(f"| {kind} | {len(answers)} | {mean([a.right for a in answers])} |")


def detector(model: str) -> Callable[[Rgb], Frame]:
    from packshot.frame import frame_detector

    return frame_detector(model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["validation", "holdout"], default="validation")
    parser.add_argument("--model", action="append", help="classical, a shipped name, or an .onnx file; may be repeated")
    parser.add_argument("--samples", type=int, default=4000, help="half of them framed (4000)")
    parser.add_argument("--pictures", type=Path, help="folder for contact sheets of the worst, and roc.png")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    split, root = Split(options.split), Path(options.data)
    photos = public_photos(root, split)
    if split is Split.HOLDOUT:  # one set's scenes have no holdout: its validation photos are left out
        photos = sorted(set(photos) - set(public_photos(root, Split.VALIDATION)))
    if not photos:
        raise SystemExit(f"no photos of the {split.value} split under {root}: name the public sets with --data")
    cv2.setNumThreads(1)
    generator = FrameGenerator(photos, seed=SEEDS[split], settings="validation")
    benches = [Bench(model, detector(model)) for model in options.model or ["classical", "frame"]]
    for index in range(options.samples):
        sample = generator(index)
        for bench in benches:
            bench.ask(sample, pictures=options.pictures is not None)
    print(f"{options.samples} pictures drawn from {len(photos)} photos of the {split.value} split\n")
    print_summary(benches)
    for bench in benches:
        print_kinds(bench)
        if options.pictures is not None:
            write_sheets(bench, options.pictures)
    if options.pictures is not None:
        names = tuple(str(index) for index in range(options.samples))
        answers = {
            Path(b.name).stem: BinaryAnswers(
                "framed", names, tuple(a.score for a in b.answered), tuple(a.framed for a in b.answered)
            )
            for b in benches
        }
        draw_roc(answers, options.pictures / "roc.png", close=True)


if __name__ == "__main__":
    main()
