"""How well overlays are found on real pictures: text, logos, badges, watermarks over a photo, but no print on products.

    PACKSHOT_DATA=../shared/data python benchmarks/overlay_set.py pictures --clones clones
    python benchmarks/overlays.py pictures --model overlay.onnx
    python benchmarks/overlays.py pictures --model overlay.onnx --split test --sheet worst.png
    python benchmarks/overlays.py pictures --db ch_PP-OCRv4_det_infer.onnx --product

Pictures and labels are those of overlays_by_eye.csv. Beside the network stand detectors of text, which cannot know what
a text is written on: ``gradient`` (lines of dense strokes in the morphological gradient) and ``mser`` (rows of extremal
regions), both OpenCV's, and with --db a published network of the DB kind (Liao et al. 2020), such as the one in the
wheel rapidocr-onnxruntime. --product adds the network where only what lies off the product counts, by the shipped
cut-out.

Each detector gives a score and a map. The score's threshold is the one of the best F1 on the validation half, for each
alike; the test half only reports. "print" and "none" are false alarms among pictures with print on the product, and
with neither. "boxes" is the share of labelled boxes of which a fifth is found, "inside" the share of what is found, on
pictures that have overlays, that lies in a box or within 4 % of the side of one. Intervals are 95 % bootstrap intervals
over pictures. Times are processor time on one core after decoding, medians. --write puts the threshold of the first
detector on a model card, where packshot reads it. --ordinary asks the networks about so many photos of the public sets'
validation and holdout parts, which bear no overlays but for a few that nobody labelled: the share that reaches the
threshold, and the score from which on `packshot run` sends a photo to review.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from overlay_set import WITHOUT, labelled
from packshot.datasets import Split
from packshot.datasets.items import read_rgb
from packshot.evaluation import roc_auc
from packshot.overlay import SURE
from packshot.runtime import load, read_card
from packshot.settings import Settings
from packshot.training.drawing.photos import public_photos
from packshot.values import Rgb

SIDE = 32  # cells of a map
NEAR = 0.04  # of the side around a box
LONG = 640  # pixels of the picture that text detectors look at
RESAMPLES, SEED = 2000, 64

Map = NDArray[np.float32]
Detector = Callable[[Rgb], tuple[float, Map]]


@dataclass(frozen=True)
class Answer:
    """What a detector said of one picture, and what is there."""

    row: dict[str, str]
    score: float
    places: Map
    seconds: float

    @property
    def overlaid(self) -> bool:
        """Whether the label says so."""
        return self.row["kinds"] not in WITHOUT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path, help="what overlay_set.py gathered")
    parser.add_argument("--model", action="append", default=[], help="a network of task overlay")
    parser.add_argument("--db", type=Path, help="a text detector of the DB kind")
    parser.add_argument("--product", action="store_true", help="also count only what lies off the product")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--sheet", type=Path, help="the wrong answers of the first detector, as a picture")
    parser.add_argument("--write", type=Path, metavar="CARD", help="put the first detector's threshold on this card")
    parser.add_argument("--ordinary", type=int, metavar="PHOTOS", help="also ask about ordinary photos")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    detectors: dict[str, Detector] = {Path(model).stem: network(model) for model in options.model}
    if options.product and options.model:
        detectors[f"{Path(options.model[0]).stem}, off the product"] = off_product(network(options.model[0]))
    detectors |= {"gradient": gradient, "mser": mser}
    if options.db:
        detectors[options.db.stem] = db_text(options.db)
    rows = [(row, file) for row in labelled() if (file := found(options.pictures, row)) is not None]
    print(f"{len(rows)} of {len(labelled())} pictures")
    print("detector | F1 | precision | recall | AUC | print | none | boxes | inside | threshold | ms")
    print("--- | --- | --- | --- | --- | --- | --- | --- | --- | --- | ---")
    for name, detect in detectors.items():
        answers = {split: ask(detect, rows, split) for split in {"validation", options.split}}
        threshold = best_threshold(answers["validation"])
        report(name, answers[options.split], threshold)
        if options.ordinary and name in {Path(model).stem for model in options.model}:
            ordinary(detect, options.ordinary, threshold)
        if options.write and name == next(iter(detectors)):
            card = read_card(options.write).model_copy(update={"threshold": round(threshold, 4)})
            options.write.write_text(card.to_json(), encoding="utf-8")
        if options.sheet and name == next(iter(detectors)):
            draw_wrong(answers[options.split], threshold, options.pictures, options.sheet)
            by_kind(answers[options.split], threshold)


def found(folder: Path, row: dict[str, str]) -> Path | None:
    """The file of a row's picture."""
    file = folder / (row["sha256"][:16] + Path(row["path"]).suffix)
    return file if file.is_file() else None


def ask(detect: Detector, rows: list[tuple[dict[str, str], Path]], split: str) -> list[Answer]:
    """The answers on one half."""
    answers = []
    for row, file in rows:
        if row["split"] != split:
            continue
        rgb = read_rgb(file)
        start = time.process_time()
        score, places = detect(rgb)
        answers.append(Answer(row, score, places, time.process_time() - start))
    return answers


def counts(answers: list[Answer], threshold: float) -> NDArray[np.int64]:
    """For each answer whether it is right positive, false positive, missed: int (n, 3)."""
    called = np.array([answer.score >= threshold for answer in answers])
    truth = np.array([answer.overlaid for answer in answers])
    return np.stack([called & truth, called & ~truth, ~called & truth], axis=1).astype(np.int64)


def f1(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of sums (..., 3)."""
    return 2 * sums[..., 0] / np.maximum(1, 2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def best_threshold(answers: list[Answer]) -> float:
    """The score from which on a picture is called overlaid, by F1; of equal ones the highest."""
    scores = sorted({answer.score for answer in answers})
    return max(scores, key=lambda score: (float(f1(counts(answers, score).sum(axis=0))), score))


def report(name: str, answers: list[Answer], threshold: float) -> None:
    """One row of the table."""
    each = counts(answers, threshold)
    right, false, missed = each.sum(axis=0)
    draws = np.random.default_rng(SEED).integers(0, len(each), (RESAMPLES, len(each)))
    low, high = np.percentile(f1(each[draws].sum(axis=1)), [2.5, 97.5])
    alarms = {
        kind: np.mean([answer.score >= threshold for answer in answers if answer.row["kinds"] == kind])
        for kind in sorted(WITHOUT)
    }
    area = roc_auc(np.array([a.score for a in answers]), np.array([a.overlaid for a in answers]))
    hits, inside = places_fit(answers)
    cells = (
        f"{f1(each.sum(axis=0)):.3f} ({low:.3f}-{high:.3f})",
        f"{right / max(1, right + false):.3f}",
        f"{right / max(1, right + missed):.3f}",
        f"{area:.3f}",
        f"{alarms['print']:.2f}",
        f"{alarms['none']:.2f}",
        f"{hits:.2f}",
        f"{inside:.2f}",
        f"{threshold:.3g}",
        f"{1000 * np.median([answer.seconds for answer in answers]):.1f}",
    )
    print(" | ".join((name, *cells)), flush=True)


def ordinary(detect: Detector, count: int, threshold: float) -> None:
    """How many ordinary photos are called overlaid, and how many go to review if the mark lies on the product."""
    root = Path(os.environ["PACKSHOT_DATA"])
    every = [path for split in (Split.VALIDATION, Split.HOLDOUT) for path in public_photos(root, split)]
    chosen = [every[int(place)] for place in np.linspace(0, len(every) - 1, min(count, len(every)))]
    scores = np.array([detect(read_rgb(path))[0] for path in chosen])
    shares = ", ".join(f"{(scores >= bar).mean():.3f} from {bar:.3g} on" for bar in (threshold, SURE))
    print(f"of {len(chosen)} ordinary photos: {shares}", flush=True)


def by_kind(answers: list[Answer], threshold: float) -> None:
    """Recall of each kind of overlay, and the scores of what is none."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        for kind in answer.row["kinds"].split():
            kinds[kind].append((answer.score >= threshold) == answer.overlaid)
    print(
        "right by kind:",
        ", ".join(f"{kind} {np.mean(hits):.2f} of {len(hits)}" for kind, hits in sorted(kinds.items())),
    )


def boxes_of(row: dict[str, str]) -> list[tuple[float, ...]]:
    """x0, y0, x1, y1 as fractions."""
    return [tuple(map(float, box.split())) for box in row["boxes"].split(";") if box]


def places_fit(answers: list[Answer]) -> tuple[float, float]:
    """Boxes hit, and how much of what is found lies in one."""
    hits: list[bool] = []
    inside: list[float] = []
    for answer in answers:
        if not answer.overlaid:
            continue
        cells = answer.places >= 0.5
        height, width = cells.shape
        ys, xs = (np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width
        allowed = np.zeros_like(cells)
        for x0, y0, x1, y1 in boxes_of(answer.row):
            half = 0.5 / width  # a thin line of text has no cell's middle in it
            within = np.outer((ys > y0 - half) & (ys < y1 + half), (xs > x0 - half) & (xs < x1 + half))
            hits.append(bool(cells[within].mean() >= 0.2) if within.any() else False)
            allowed |= np.outer((ys > y0 - NEAR) & (ys < y1 + NEAR), (xs > x0 - NEAR) & (xs < x1 + NEAR))
        if cells.any():
            inside.append(float(allowed[cells].mean()))
    return float(np.mean(hits)), float(np.mean(inside)) if inside else 0.0


def network(model: str) -> Detector:
    """A network of task overlay."""
    run = load(model, Settings(threads=1), task="overlay")

    def detect(rgb: Rgb) -> tuple[float, Map]:
        answer = run.outputs(run.prepare(rgb), names=["overlaid", "places"])
        return float(answer["overlaid"][0]), np.asarray(answer["places"][0], np.float32)

    return detect


def off_product(detect: Detector) -> Detector:
    """The same where only what lies off the product counts; the score is the map's highest place there."""
    from packshot.cutout import segmenter
    from packshot.photo import decode

    cut = segmenter("cutout", Settings(threads=1))

    def elsewhere(rgb: Rgb) -> tuple[float, Map]:
        places = detect(rgb)[1]
        alpha = cut(decode(rgb)).alpha
        product = cv2.resize(alpha, places.shape[::-1], interpolation=cv2.INTER_AREA) >= 0.5
        off = np.where(product, 0, places).astype(np.float32)
        return float(off.max()), off

    return elsewhere


def gradient(rgb: Rgb) -> tuple[float, Map]:
    """Lines of dense strokes in the morphological gradient; the score is their share of the picture's width."""
    grey = reduced(rgb)
    strokes = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 60
    joined = cv2.morphologyEx(strokes.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined)[2][1:]
    places, score = np.zeros(grey.shape, np.uint8), 0.0
    for x, y, w, h, area in stats:
        if not (5 <= h <= 0.2 * grey.shape[0] and w >= 2 * h and area >= 0.45 * w * h):
            continue
        turns = np.abs(np.diff(strokes[y : y + h, x : x + w].astype(np.int8), axis=1)).sum() / (w * h)
        if turns > 0.1:
            places[y : y + h, x : x + w] = 1
            score += w / grey.shape[1]
    return score, in_cells(places)


def mser(rgb: Rgb) -> tuple[float, Map]:
    """Rows of at least three extremal regions of a letter's size and shape; the score counts those letters."""
    grey = reduced(rgb)
    finder = cv2.MSER_create(delta=3, min_area=12, max_area=max(60, grey.size // 100))
    boxes = np.unique(finder.detectRegions(grey)[1], axis=0)
    letters = [box for box in boxes if 5 <= box[3] <= 0.15 * grey.shape[0] and 0.15 <= box[2] / box[3] <= 1.8]
    places, count = np.zeros(grey.shape, np.uint8), 0
    for x, y, w, h in letters:
        row = [
            other
            for other in letters
            if abs(other[1] + other[3] / 2 - y - h / 2) < 0.3 * h
            and 0.6 < other[3] / h < 1.7
            and abs(other[0] - x) < 6 * h
        ]
        if len({int(other[0]) // max(1, h // 3) for other in row}) >= 3:
            places[y : y + h, x : x + w] = 1
            count += 1
    return float(count), in_cells(cv2.morphologyEx(places, cv2.MORPH_CLOSE, np.ones((5, 15), np.uint8)))


def db_text(file: Path) -> Detector:
    """A network that gives each pixel's chance to be text; the score is the share of text."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def detect(rgb: Rgb) -> tuple[float, Map]:
        scale = LONG / max(rgb.shape[:2])
        size = [max(32, round(side * scale / 32) * 32) for side in (rgb.shape[1], rgb.shape[0])]
        pixels = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        bgr = (pixels[..., ::-1] / 255.0 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)  # as its authors feed it
        chances = session.run(None, {name: bgr.transpose(2, 0, 1)[None].astype(np.float32)})[0][0, 0]
        text = (chances >= 0.3).astype(np.uint8)
        return float(text.mean()), in_cells(text)

    return detect


def reduced(rgb: Rgb) -> NDArray[np.uint8]:
    """Grey, the longer side at most `LONG` pixels."""
    scale = min(1.0, LONG / max(rgb.shape[:2]))
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def in_cells(places: NDArray[np.uint8]) -> Map:
    """1 where at least a sixteenth of a cell is marked."""
    share = cv2.resize(places.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return (share >= 1 / 16).astype(np.float32)


def draw_wrong(answers: list[Answer], threshold: float, pictures: Path, file: Path) -> None:
    """The wrong answers with what was found tinted, and the labelled boxes in green."""
    tiles = []
    wrong = [answer for answer in answers if (answer.score >= threshold) != answer.overlaid]
    for answer in sorted(wrong, key=lambda answer: answer.overlaid):
        source = found(pictures, answer.row)
        if source is None:
            continue
        rgb = cv2.resize(read_rgb(source), (220, 220), interpolation=cv2.INTER_AREA)
        tint = cv2.resize(answer.places, (220, 220), interpolation=cv2.INTER_NEAREST)[..., None] * 0.5
        rgb = np.ascontiguousarray((rgb * (1 - tint) + np.array([255, 0, 200]) * tint).astype(np.uint8))
        for x0, y0, x1, y1 in boxes_of(answer.row):
            cv2.rectangle(rgb, (int(x0 * 220), int(y0 * 220)), (int(x1 * 220), int(y1 * 220)), (0, 200, 0), 1)
        tile = np.full((240, 224, 3), 90, np.uint8)
        tile[2:222, 2:222] = rgb
        words = f"{answer.row['kinds']} {answer.score:.3f}"
        cv2.putText(tile, words, (3, 236), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1, cv2.LINE_AA)
        tiles.append(tile)
    tiles += [np.full((240, 224, 3), 90, np.uint8)] * (-len(tiles) % 8)
    if tiles:
        grid = np.concatenate([np.concatenate(tiles[start : start + 8], axis=1) for start in range(0, len(tiles), 8)])
        cv2.imwrite(str(file), grid[..., ::-1])


if __name__ == "__main__":
    main()
