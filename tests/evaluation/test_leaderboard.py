"""``packshot leaderboard`` as typed, over run folders in every state."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from packshot_tests.command import Done, run, run_alone

from packshot.evaluation.leaderboard import SortBy, find_runs, read_row, sort_rows
from packshot.web.model_chart import model_chart

RunFolder = Callable[..., Path]


def leaderboard(*args: object) -> Done:
    return run("leaderboard", *args)


def scores(validation: float | None, holdout: float | None = None) -> dict[str, float | None]:
    return {"train": 0.99, "validation": validation, "holdout": holdout}


def test_rows_are_ordered_by_validation_and_show_what_there_is(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("b", scores=scores(0.8, 0.95))
    run_folder("deep/a", name="a", scores=scores(0.9, 0.7))
    run_folder("c", scores={}, status="running", finished=None, intervals={}, ms_per_photo=None, epochs_done=3)
    done = run_alone("leaderboard", tmp_path / "runs", blocked=("torch",))
    assert done.code == 0, done.err
    header, *rows = done.out.splitlines()
    runs = tmp_path / "runs"
    assert [row.split()[:2] for row in rows] == [
        [str(runs / "deep" / "a"), "a"], [str(runs / "b"), "b"], [str(runs / "c"), "c"]
    ]  # fmt: skip
    assert header.split()[:8] == ["run", "name", "task", "metric", "start", "train", "validation", "holdout"]
    assert rows[0].split()[1:] == [
        "a", "segmentation", "iou", "0.990", "0.900", "0.700", "0.860-0.900", "1,234,567", "42", "12", "finished",
        "2026-11-20",
    ]  # fmt: skip
    assert rows[2].split()[1:] == ["c", "segmentation", "iou", "1,234,567", "3", "killed", "2026-11-20"]
    assert len({len(row) for row in (header, *rows)}) == 1, "the columns line up"


@pytest.mark.parametrize(
    ("by", "order"), [("validation", "abc"), ("holdout", "bac"), ("ms", "cab"), ("parameters", "bca")]
)
def test_each_order_has_its_best_first(run_folder: RunFolder, by: str, order: str) -> None:
    folders = [
        run_folder("a", scores=scores(0.9, 0.7), ms_per_photo=20, parameters=900),
        run_folder("b", scores=scores(0.8, 0.9), ms_per_photo=None, parameters=100),
        run_folder("c", scores=scores(None, None), ms_per_photo=10, parameters=500),
    ]
    rows = sort_rows([read_row(folder) for folder in folders], SortBy(by))
    assert "".join(row.name for row in rows) == order


def test_a_cross_validation_is_one_row_with_its_deviation(run_folder: RunFolder, tmp_path: Path) -> None:
    for k, value in ((1, 0.8), (2, 0.9)):
        run_folder(f"cv/fold-{k}", name="unet", scores=scores(value, 0.5 + k / 10))
    folds = {"folds": 2, "headline": "iou", "mean": 0.85, "deviation": 0.0707, "scores": [0.8, 0.9]}
    (tmp_path / "runs" / "cv" / "folds.json").write_text(json.dumps(folds))
    run_folder("plain")
    assert [run.name for run in find_runs([tmp_path / "runs"])] == ["cv", "plain"]
    row = read_row(tmp_path / "runs" / "cv")
    assert (row.name, row.validation, row.deviation, row.status) == ("unet (2 folds)", 0.85, 0.0707, "finished")
    assert row.holdout == pytest.approx(0.65)
    done = leaderboard(tmp_path / "runs")
    assert "0.850 ± 0.071" in done.out


def test_folds_that_are_not_all_done_are_not_called_finished(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("cv/fold-1", status="interrupted")
    (tmp_path / "runs" / "cv" / "folds.json").write_text(json.dumps({"folds": 2, "mean": 0.9, "deviation": 0.0}))
    assert read_row(tmp_path / "runs" / "cv").status == "interrupted"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting property name"),
        ("[]", "expected an object, got list"),
        ("\x00\xff", "run.json"),
        ('{"name": "x", "task": "t", "headline": "iou"}', "status: expected a word, got None"),
        (
            '{"name": "x", "task": "t", "headline": "iou", "status": "finished", "scores": 3}',
            "scores: expected an object",
        ),
        (
            '{"name": "x", "task": "t", "headline": "iou", "status": "f", "scores": {"validation": "high"}}',
            "validation: expected a number, got 'high'",
        ),
        (
            '{"name": "x", "task": "t", "headline": "iou", "status": "f", "intervals": {"holdout": [1]}}',
            "intervals.holdout: expected two numbers",
        ),
    ],
)
def test_a_broken_run_is_named_and_the_others_are_shown(
    run_folder: RunFolder, tmp_path: Path, text: str, why: str
) -> None:
    run_folder("good")
    (run_folder("bad") / "run.json").write_text(text, encoding="latin-1")
    done = leaderboard(tmp_path / "runs")
    assert done.code == 3
    assert str(tmp_path / "runs" / "bad" / "run.json") in done.err
    assert why in done.err
    assert "Traceback" not in done.err
    assert [line.split()[1] for line in done.out.splitlines()] == ["name", "good"]


def test_a_score_that_is_no_number_yet_is_left_out(run_folder: RunFolder) -> None:
    assert read_row(run_folder("nan", scores={"validation": float("nan")})).validation is None


def test_rows_of_other_data_are_not_passed_off_as_comparable(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a")
    run_folder("b")
    assert leaderboard(tmp_path / "runs").err == ""
    run_folder("c", data={"sha256": "other"})
    assert "different data" in leaderboard(tmp_path / "runs").err


def test_json_has_one_run_a_line(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a")
    (row,) = [json.loads(line) for line in leaderboard(tmp_path / "runs", "--json").out.splitlines()]
    assert (row["name"], row["validation"], row["interval"]) == ("a", 0.9, [0.86, 0.9])


def test_the_table_is_written_in_every_shape(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a", name="a | <b>")
    for suffix in ("html", "md", "csv"):
        done = leaderboard(tmp_path / "runs", "-o", tmp_path / f"board.{suffix}")
        assert done.code == 0, done.err
    page = (tmp_path / "board.html").read_text()
    assert "<td>a | &lt;b&gt;</td>" in page
    assert page.count("<svg") == 1
    assert "<b>" not in page
    assert "| a \\| <b> |" in (tmp_path / "board.md").read_text()
    with (tmp_path / "board.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["name"] == "a | <b>"


def test_the_table_says_what_a_run_began_with(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a", start="ImageNet", scores=scores(0.9))
    run_folder("b", start="scratch", scores=scores(0.8))
    _, *rows = leaderboard(tmp_path / "runs").out.splitlines()
    assert [row.split()[4] for row in rows] == ["ImageNet", "scratch"]


def test_a_run_runs_as_long_as_somebody_holds_its_lock(run_folder: RunFolder) -> None:
    """A killed process cannot write that it stopped; the operating system lets go of its lock."""
    run = run_folder("a", status="running", finished=None)
    code = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire(); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(run / ".lock")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert read_row(run).status == "running"
        holder.kill()
    assert read_row(run).status == "killed"
    assert read_row(run_folder("b", status="interrupted")).status == "interrupted"


def test_a_row_has_the_best_trivial_score_of_its_own_metric(run_folder: RunFolder) -> None:
    baselines = {"all_background_iou": 0.0, "all_foreground_iou": 0.3, "all_background_accuracy": 0.7}
    assert read_row(run_folder("a", baselines=baselines)).baseline == 0.3
    assert read_row(run_folder("b")).baseline is None


def test_the_chart_shows_every_model_at_its_place(run_folder: RunFolder, tmp_path: Path) -> None:
    """Read from the SVG: dots on one linear scale, bars as long as what they stand for."""
    both = {"validation": [0.75, 1.0], "holdout": [0.5, 0.75]}
    run_folder("a", name="<a & b>", scores=scores(0.875, 0.75), intervals=both, parameters=3_000_000, seconds=90)
    run_folder("b", scores=scores(0.5, 0.5), intervals={}, parameters=1_000_000, seconds=7200, start="scratch")
    run_folder("c", scores={}, intervals={}, status="running", parameters=None, ms_per_photo=None)
    done = leaderboard(tmp_path / "runs", "--chart", tmp_path / "m.svg")
    assert done.code == 0, done.err
    tree = ET.parse(tmp_path / "m.svg")

    def of(kind: str, *names: str) -> list[list[float]]:
        return [[float(e.attrib[n]) for n in names] for e in tree.iter() if e.get("class") == kind]

    dots, rings = of("dot", "cx"), of("ring", "cx")  # the last of each is the legend's
    (dot_a,), (dot_b,), _ = dots
    (ring_a,), (ring_b,), _ = rings
    assert dot_b == ring_b
    assert (ring_a - dot_b) / (dot_a - dot_b) == pytest.approx((0.75 - 0.5) / (0.875 - 0.5), abs=0.01)
    (low, high), *_ = of("whisker", "x1", "x2")
    assert (low + high) / 2 == pytest.approx(dot_a, abs=0.1)
    (three,), (one,), *_ = of("bar", "width")
    assert three == pytest.approx(3 * one, abs=0.2)
    words = [element.text for element in tree.iter() if element.text]
    assert {"<a & b>", "from scratch", "killed", "3 M", "1 M", "42 ms", "90 s", "2.0 h", "iou"} <= set(words)


def test_a_chart_needs_scores_of_nobody(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a", scores={}, intervals={}, parameters=None, ms_per_photo=None, status="running")
    assert leaderboard(tmp_path / "runs", "--chart", tmp_path / "m.svg").code == 0
    ET.parse(tmp_path / "m.svg")
    with pytest.raises(ValueError, match="at least one row"):
        model_chart([])


def test_wrong_usage_is_told_in_a_line(run_folder: RunFolder, tmp_path: Path) -> None:
    run_folder("a")
    (tmp_path / "empty").mkdir()
    for args, said in [
        ([tmp_path / "no-such"], "no such folder"),
        ([tmp_path / "empty"], "no run.json"),
        ([tmp_path / "runs", "-o", "table.xlsx"], ".html, .md, .csv"),
        ([tmp_path / "runs", "--chart", "models.pdf"], ".svg"),
        ([tmp_path / "runs", "--sort", "luck"], "'luck' is not one of"),
    ]:
        done = leaderboard(*args)
        assert done.code == 2
        assert said in done.err
