"""How well frames are found on real pictures, labelled by eye: recall by kind of frame, at 1 % false alarms.

    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/real_frames.py                     # shipped and classical
    GENERAL_PHOTOS=... python benchmarks/real_frames.py --model frame --model frame.onnx --split test --sheet worst.png

The pictures are those of frames_by_eye.csv, of Caltech-101 (MachineLearning2020/Homework2-Caltech101, CC BY 4.0), and
are not here; one whose bytes are not those that were labelled is refused. Half of the hundred kinds of things are
validation, which may choose; the other half is test, which only reports.

A frame is what belongs to the file and not to the scene: a mat, line, bar, banner, title card, bevel, soft edge or
shadow that somebody put around a picture. A plain studio or white background is none, neither is a framed thing that
was photographed, nor the black corners of a turned picture (left out of the set, as are documents and banknotes).
Kinds are one word each; `thin-line` is one pixel wide. The box, x0 y0 x1 y1 in pixels, is empty where no edge is
sharp or nobody measured it. Unframed are `plain` photos, five of each kind drawn at random, and `hard` ones, on which
the network of 2026-11-28, the classical rules or a search for plain edges had answered "frame" or nearly; the latter
are chosen against those detectors and say nothing of how often there are false alarms.

The threshold of "1 %" is the lowest score that calls at most one plain validation photo in a hundred framed. Intervals
are 95 % bootstrap intervals over pictures. "within 2 %" is the share of framed pictures with a known box whose every
side is found within 2 % of the picture's width or height, at the network's own threshold. `--alone` adds the first
network without the rule on its card (`frame_rule.py`). What the first detector finds more than each other one is told
with the interval of the pairs. "cut off": without a person's look, by `can_remove`; "ms": processor time a picture,
mean. The last line is of the pixels alone: how many lines of one pixel the rule `no-border` names, and how many plain
photos it finds a border on.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets.items import read_rgb
from packshot.evaluation import bootstrap_interval
from packshot.frame import FrameDetector, can_remove, frame_detector
from packshot.inspection import border_widths
from packshot.runtime import resolve
from packshot.settings import Settings
from packshot.training.figures.grid import Cell, draw_grid, outlined
from packshot.values import Box, Frame, Rgb

TABLE = Path(__file__).with_name("frames_by_eye.csv")
PLAIN, HARD = "plain", "hard"  # without a frame
ALARMS = 0.01
CLOSE = 0.02  # of the picture's width or height
ACROSS = 8  # pictures in a row of a sheet


@dataclass(frozen=True)
class Labelled:
    """A picture of the table.

    Attributes:
        file: where it lies.
        split: ``validation`` or ``test``.
        kind: of frame, or ``plain`` or ``hard``.
        box: the picture inside the frame; None where nobody measured it, and without a frame.
    """

    file: Path
    split: str
    kind: str
    box: Box | None

    @property
    def framed(self) -> bool:
        """Whether there is a frame."""
        return self.kind not in {PLAIN, HARD}

    @property
    def rgb(self) -> Rgb:
        """uint8 (h, w, 3)."""
        return read_rgb(self.file)


def labelled(photos: Path) -> list[Labelled]:
    """The rows of the table, with their pictures.

    Raises:
        SystemExit: a picture is missing, or not the one that was labelled.
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        place = photos.parent / row["path"]
        if not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != row["sha256"]:
            raise SystemExit(f"{place}: not the picture that was labelled")
        box = Box(*map(int, row["box"].split())) if row["box"] else None
        found.append(Labelled(place, row["split"], row["kind"], box))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="classical, a shipped name, or an .onnx file; may be repeated")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--photos", type=Path, default=os.environ.get("GENERAL_PHOTOS"), help="101_ObjectCategories")
    parser.add_argument("--alone", action="store_true", help="also the first network without its card's rule")
    parser.add_argument("--sheet", type=Path, help="the wrong answers of the first detector, as a picture")
    options = parser.parse_args()
    if options.photos is None:
        raise SystemExit("name the folder 101_ObjectCategories with --photos or GENERAL_PHOTOS")
    cv2.setNumThreads(1)
    pictures = labelled(options.photos)
    mine = [picture for picture in pictures if picture.split == options.split]
    names = options.model or ["frame", "classical"]
    print(f"{sum(p.framed for p in mine)} framed, {sum(not p.framed for p in mine)} unframed, {options.split}\n")
    print("| detector | found | false alarms | hard | found at 1 % | false alarms | threshold | box IoU | within 2 % |")
    print("|---|---|---|---|---|---|---|---|---|")
    tables = []
    detectors = {name: frame_detector(name) for name in names}
    if options.alone:
        detectors["network alone"] = alone(names[0])
    for name, detect in detectors.items():
        chosen = threshold([detect(p.rgb).score for p in pictures if p.split == "validation" and p.kind == PLAIN])
        answers = [detect(picture.rgb) for picture in mine]
        print_summary(Path(name).stem, mine, answers, chosen)
        tables.append((name, answers, chosen))
    print_pairs(mine, tables)
    print_cut(mine, tables, list(detectors.values()))
    for name, answers, chosen in tables:
        print_kinds(Path(name).stem, mine, answers, chosen)
    print_thin(mine)
    if options.sheet is not None:
        write_sheet(options.sheet, mine, *tables[0][1:])


def alone(model: str) -> FrameDetector:
    """A network whose answer is not weighed by its card's rule."""
    found = resolve(model, Settings())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(found.path, folder))
        copy.with_suffix(".json").write_text(found.card.model_copy(update={"frame": None}).to_json(), encoding="utf-8")
        return FrameDetector(str(copy))


def threshold(scores: Sequence[float]) -> float:
    """The lowest score above so many unframed pictures that at most `ALARMS` of them are called framed."""
    highest = sorted(scores, reverse=True)
    return float(np.nextafter(highest[int(ALARMS * len(scores))], 2.0))


def share(hits: Sequence[bool]) -> str:
    """A share with its interval."""
    if not hits:
        return "-"
    low, high = bootstrap_interval(np.array(hits, float))
    return f"{np.mean(hits):.3f} ({low:.3f}-{high:.3f})"


def print_summary(name: str, mine: Sequence[Labelled], answers: Sequence[Frame], chosen: float) -> None:
    pairs = list(zip(mine, answers, strict=True))

    def called(wanted: Callable[[Labelled], bool], least: float | None = None) -> str:
        return share([a.framed if least is None else a.score >= least for p, a in pairs if wanted(p)])

    boxes = [(p, p.box, a.inner_box) for p, a in pairs if p.box is not None]
    ious = [found.iou(true) for _, true, found in boxes]
    cells = (
        called(lambda p: p.framed),
        called(lambda p: p.kind == PLAIN),
        called(lambda p: p.kind == HARD),
        called(lambda p: p.framed, chosen),
        called(lambda p: p.kind == PLAIN, chosen),
        f"{chosen:.3f}",
        f"{np.mean(ious):.3f}",
        share([within(p, true, found) for p, true, found in boxes]),
    )
    print(f"| {name} | {' | '.join(cells)} |")


def print_pairs(mine: Sequence[Labelled], tables: Sequence[tuple[str, Sequence[Frame], float]]) -> None:
    """What the first detector calls framed more often than each other one, picture by picture."""
    print("\n| the first less | framed | plain | hard | framed, at 1 % | plain | hard |\n|---|---|---|---|---|---|---|")
    calls = [[[a.framed for a in answers], [a.score >= least for a in answers]] for _, answers, least in tables]
    for (name, _, _), other in zip(tables[1:], calls[1:], strict=True):
        cells = []
        for first, second in zip(calls[0], other, strict=True):
            more = np.subtract(first, second, dtype=float)
            for those in (None, PLAIN, HARD):
                here = np.array([p.framed if those is None else p.kind == those for p in mine])
                low, high = bootstrap_interval(more[here])
                cells.append(f"{more[here].mean():+.3f} ({low:+.3f} to {high:+.3f})")
        print(f"| {Path(name).stem} | {' | '.join(cells)} |")


def print_cut(
    mine: Sequence[Labelled],
    tables: Sequence[tuple[str, Sequence[Frame], float]],
    detectors: Sequence[Callable[[Rgb], Frame]],
) -> None:
    """Which pictures lose something without a person's look, and what a look costs."""
    print("\n| cut off | framed | plain | hard | ms, framed | ms, plain |\n|---|---|---|---|---|---|")
    sets = [[p for p in mine if p.framed], *([p for p in mine if p.kind == kind] for kind in (PLAIN, HARD))]
    for (name, answers, _), detect in zip(tables, detectors, strict=True):
        cut = {p.file: can_remove(a, p.rgb.shape[1::-1]) for p, a in zip(mine, answers, strict=True)}
        shares = (share([cut[p.file] for p in those]) for those in sets)
        times = (f"{milliseconds(detect, [p.rgb for p in those]):.2f}" for those in sets[:2])
        print(f"| {Path(name).stem} | {' | '.join((*shares, *times))} |")


def milliseconds(detect: Callable[[Rgb], Frame], pictures: Sequence[Rgb]) -> float:
    """Processor time a picture, mean."""
    start = time.process_time()
    for rgb in pictures:
        detect(rgb)
    return 1000 * (time.process_time() - start) / len(pictures)


def within(picture: Labelled, true: Box, found: Box) -> bool:
    """Whether every side of the box is close enough."""
    height, width = picture.rgb.shape[:2]
    off = np.abs(np.subtract(true.as_tuple(), found.as_tuple()))
    return bool((off <= CLOSE * np.array([width, height] * 2)).all())


def print_kinds(name: str, mine: Sequence[Labelled], answers: Sequence[Frame], chosen: float) -> None:
    print(f"\n| {name} | pictures | called framed | at 1 % |\n|---|---|---|---|")
    for kind in sorted({picture.kind for picture in mine}):
        of_kind = [a for p, a in zip(mine, answers, strict=True) if p.kind == kind]
        framed, sure = (float(np.mean(v)) for v in ([a.framed for a in of_kind], [a.score >= chosen for a in of_kind]))
        print(f"| {kind} | {len(of_kind)} | {framed:.2f} | {sure:.2f} |")


def print_thin(mine: Sequence[Labelled]) -> None:
    thin, plain = ([p for p in mine if p.kind == kind] for kind in ("thin-line", PLAIN))
    named = sum(any(width <= 2 for width in border_widths(p.rgb).values()) for p in thin)
    bordered = sum(bool(border_widths(p.rgb)) for p in plain)
    alarms = f"a border on {bordered} of {len(plain)} plain photos"
    print(f"\nno-border names {named} of {len(thin)} thin lines, and {alarms}")


def write_sheet(file: Path, mine: Sequence[Labelled], answers: Sequence[Frame], chosen: float) -> None:
    """The wrong answers, the surest first: missed frames, then false alarms."""
    wrong = [(p, a) for p, a in zip(mine, answers, strict=True) if (a.score >= chosen) != p.framed]
    wrong.sort(key=lambda pair: (not pair[0].framed, pair[1].score if pair[0].framed else -pair[1].score))
    cells = []
    for picture, answer in wrong:
        seen = outlined(picture.rgb, truth=picture.box, found=answer.inner_box if answer.framed else None)
        cells.append(Cell(seen, f"{picture.kind} {answer.score:.2f} {picture.file.parent.name}", not picture.framed))
    rows = [cells[start : start + ACROSS] for start in range(0, len(cells), ACROSS)]
    draw_grid(rows, file, title=f"wrong at {chosen:.3f}")


if __name__ == "__main__":
    main()
