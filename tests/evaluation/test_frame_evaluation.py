"""``packshot evaluate frame`` as typed: detectors beside each other on labelled pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run, run_alone
from PIL import Image

from packshot.datasets import open_items
from packshot.evaluation.frame_evaluation import evaluate_frames
from packshot.values import Box, Frame


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Six noisy pictures, every second with a thick blue band of 12 pixels around it; and the table that says so."""
    rows = ["path,label,split,inner_box"]
    for index in range(6):
        rgb = np.random.default_rng(index).integers(0, 256, (96, 96, 3)).astype(np.uint8)
        rgb = rgb[::8, ::8].repeat(8, axis=0).repeat(8, axis=1)
        framed = index % 2 == 0
        if framed:
            band = np.full_like(rgb, (20, 40, 220))
            band[12:-12, 12:-12] = rgb[12:-12, 12:-12]
            rgb = band
        Image.fromarray(rgb).save(tmp_path / f"{index}.png")
        rows.append(f"{index}.png,{'framed' if framed else 'unframed'},holdout,{'12 12 84 84' if framed else ''}")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "labels.csv"


def test_figures_are_those_of_the_answers(labelled: Path) -> None:
    items = open_items(labelled, task="frame")

    def sees_blue(rgb: np.ndarray) -> Frame:
        blue = float(rgb[0, 0, 2] > 200)
        return Frame(framed=blue > 0.5, score=blue, inner_box=Box(12, 12, 84, 48))

    def alarmed(rgb: np.ndarray) -> Frame:
        return Frame(framed=True, score=0.7, inner_box=Box(0, 0, 96, 96))

    right, alarm = evaluate_frames(items, {"right": sees_blue, "alarm": alarmed}, data=labelled).summary
    assert (right.accuracy.value, right.found.value, right.false_alarms.value) == (1, 1, 0)
    assert right.roc_auc.value == 1
    assert right.box_iou.value == pytest.approx(0.5)  # half of the true box
    assert (alarm.accuracy.value, alarm.found.value, alarm.false_alarms.value, alarm.majority) == (0.5, 1, 1, 0.5)
    assert alarm.roc_auc.value == 0.5, "one score for all is guessing"
    assert alarm.box_iou.value == pytest.approx(72 * 72 / 96**2)


def test_the_command_compares_without_torch_and_leaves_report_and_chart(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "quality"
    done = run_alone(
        "evaluate",
        "frame",
        "--data",
        labelled,
        "-o",
        out,
        "--roc",
        tmp_path / "roc.svg",
        blocked=("torch", "matplotlib"),
    )
    assert done.code == 0, done.err
    assert [line.split()[0] for line in done.out.splitlines()[1:3]] == ["frame", "classical"]
    rows = [json.loads(line) for line in (out / "scores.jsonl").read_text().splitlines()]
    assert len(rows) == 12
    assert {row["method"] for row in rows} == {"frame", "classical"}
    summary = json.loads((out / "summary.json").read_text())["summary"]
    by_hand = np.mean([row["framed"] == row["true"] for row in rows if row["method"] == "classical"])
    assert summary[1]["accuracy"]["value"] == pytest.approx(by_hand)
    assert "classical: area" in (tmp_path / "roc.svg").read_text()
    assert "<svg" in (out / "report.html").read_text()


def test_one_kind_alone_has_no_roc_curve(labelled: Path, tmp_path: Path) -> None:
    text = labelled.read_text().splitlines()
    labelled.write_text("\n".join(line for line in text if ",unframed," not in line) + "\n")
    done = run("evaluate", "frame", "--data", labelled, "--model", "classical", "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["roc_auc"] is None
    assert "there is no ROC curve" in done.err
    assert run("evaluate", "frame", "--data", labelled, "--model", "classical", "--roc", tmp_path / "r.svg").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--model", "frame", "--model", "frame"), "two detectors have this name"),
        (("--model", "gone.onnx"), "gone.onnx"),
        (("--model", "describe"), "describe"),
        (("--roc", "roc.png"), ".svg"),
    ],
)
def test_what_cannot_be_scored_is_said(labelled: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run("evaluate", "frame", "--data", labelled, *arguments)
    assert done.code == 2
    assert words in done.err


def test_other_labels_are_refused(tmp_path: Path, labelled: Path) -> None:
    labelled.write_text(labelled.read_text().replace(",framed,", ",red,"))
    done = run("evaluate", "frame", "--data", labelled)
    assert done.code == 2
    assert "label 'red', expected framed, unframed" in done.err
