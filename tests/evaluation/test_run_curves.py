"""Runs drawn over each other: learning curves, runs that diverged, and ROC curves with their areas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from packshot_tests.command import run, run_alone
from scipy.stats import mannwhitneyu

from packshot.errors import UsageError
from packshot.evaluation import BinaryAnswers
from packshot.evaluation.binary import ANSWERS, answers_text, read_answers
from packshot.evaluation.histories import read_history

RunFolder = Callable[..., Path]
GOOD = BinaryAnswers("premium", ("a", "b", "c", "d"), (0.9, 0.8, 0.3, 0.1), (True, True, False, False))
FAIR = BinaryAnswers("premium", ("a", "b", "c", "d"), (0.9, 0.2, 0.3, 0.1), (True, True, False, False))


def history(folder: Path, rows: list[str], *, headline: str = "iou") -> None:
    header = f"epoch,step,seconds,learning_rate,train/loss,validation/{headline},validation/loss"
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    (folder / "csv" / "metrics.csv").write_text("\n".join([header, *rows]) + "\n")


def texts(file: Path) -> str:
    return " ".join("".join(each.itertext()) for each in ET.parse(file).getroot().iter())


def test_all_runs_are_in_one_chart_and_those_that_diverged_are_named(run_folder: RunFolder, tmp_path: Path) -> None:
    history(run_folder("calm", name="calm"), ["1,9,3,0.1,0.7,0.5,0.6", "2,18,3,0.1,0.5,0.6,0.5"])
    history(run_folder("wild", name="wild"), ["1,9,3,0.1,0.7,0.5,0.6", "2,18,3,0.1,nan,,nan"])
    history(run_folder("rising", name="rising"), ["1,9,3,0.1,0.7,0.5,0.6", "2,18,3,0.1,3.5,0.1,4.5"])
    chart = tmp_path / "curves.svg"
    done = run_alone("leaderboard", tmp_path / "runs", "--curves", chart, blocked=("torch", "matplotlib"))
    assert done.code == 0, done.err
    assert "wild diverged: its loss is no number from epoch 2 on" in done.err
    assert "rising diverged: its loss rose from 0.7 to 3.5" in done.err
    assert "calm diverged" not in done.err
    words = texts(chart)
    assert all(name in words for name in ("calm", "wild (diverged)", "rising (diverged)", "train loss"))
    lines = [each.get("points", "") for each in ET.parse(chart).getroot().iter() if each.tag.endswith("polyline")]
    assert all("nan" not in points for points in lines)


def test_a_cross_validation_is_drawn_as_the_mean_of_its_folds(tmp_path: Path) -> None:
    history(tmp_path / "fold-1", ["1,9,3,0.1,0.8,0.5,0.6", "2,9,3,0.1,0.6,0.5,0.6"])
    history(tmp_path / "fold-2", ["1,9,3,0.1,0.4,0.7,0.6"])
    epochs, losses = read_history(tmp_path).points("train/loss")
    assert epochs == [1, 2]
    assert losses == pytest.approx([0.6, 0.6])


def test_a_run_of_one_epoch_has_not_diverged(tmp_path: Path) -> None:
    history(tmp_path, ["1,9,3,0.1,0.8,0.5,0.6"])
    assert read_history(tmp_path).diverged == ""


def test_a_damaged_history_is_named(run_folder: RunFolder, tmp_path: Path) -> None:
    folder = run_folder("a")
    history(folder, ["1,9,3,0.1,oops,0.5,0.6"])
    done = run("leaderboard", folder, "--curves", tmp_path / "c.svg")
    assert done.code == 2
    assert "metrics.csv cannot be read" in done.err


def test_the_area_is_the_mann_whitney_statistic_and_lies_in_its_interval() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(300) < 0.3
    scores = rng.normal(size=300) + truth
    answers = BinaryAnswers("x", tuple(map(str, range(300))), tuple(scores), tuple(map(bool, truth)))
    expected = mannwhitneyu(scores[truth], scores[~truth]).statistic / (truth.sum() * (~truth).sum())
    area = answers.area()
    assert area.value == pytest.approx(expected)
    assert area.low < area.value < area.high
    assert 0.05 < area.high - area.low < 0.2  # Hanley and McNeil 1982: deviation about 0.03 at 90 and 210


def test_answers_are_read_back_as_written(tmp_path: Path) -> None:
    odd = BinaryAnswers("pre,mium", ('a "b".jpg', "ü.jpg"), (0.25, 0.5), (True, False))
    (tmp_path / ANSWERS).write_text(answers_text({"validation": GOOD, "holdout": odd}), encoding="utf-8")
    found = read_answers(tmp_path)
    assert list(found) == ["validation", "holdout"]
    assert (found["holdout"].photos, found["holdout"].scores, found["holdout"].truth) == (
        odd.photos,
        odd.scores,
        odd.truth,
    )
    assert read_answers(tmp_path / "elsewhere") == {}


def test_roc_curves_of_several_models_have_their_areas_in_the_legend(run_folder: RunFolder, tmp_path: Path) -> None:
    for name, answers in (("good", GOOD), ("fair", FAIR)):
        folder = run_folder(name, name=name)
        (folder / ANSWERS).write_text(answers_text({"validation": answers, "holdout": answers}))
    done = run("leaderboard", tmp_path / "runs", "--roc", tmp_path / "roc.svg")
    assert done.code == 0, done.err
    words = texts(tmp_path / "roc.svg")
    assert "good: area 1.000 (1.000 to 1.000), 4 photos" in words
    assert "fair: area 0.750" in words
    assert "share of premium (holdout)" in words


def test_without_a_yes_or_no_question_there_is_no_roc_curve(run_folder: RunFolder, tmp_path: Path) -> None:
    done = run("leaderboard", run_folder("a"), "--roc", tmp_path / "roc.svg")
    assert done.code == 2
    assert "no run here answers yes or no" in done.err


@pytest.mark.parametrize("text", ["", "split,photo\na,b\n", "split,photo,positive,true,score\nx,a,b,1,much\n"])
def test_a_damaged_file_of_answers_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / ANSWERS).write_text(text)
    if not text:
        assert read_answers(tmp_path) == {}
        return
    with pytest.raises(UsageError, match=r"answers\.csv cannot be read"):
        read_answers(tmp_path)
