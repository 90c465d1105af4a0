"""Answers that a study or an evaluation kept hold for the photos they were given for, not for their names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import Done, run
from packshot_tests.networks import write_classifier, write_red_network
from packshot_tests.photos import save

COUNT = 12


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on a set of photos, with networks that say what colour a photo has and where it is red."""
    monkeypatch.setenv("PACKSHOT_MODEL", str(write_red_network(tmp_path / "red.onnx")))
    model = write_classifier(tmp_path / "colours.onnx")
    study = tmp_path / "study.toml"
    study.write_text('head = "label"\ninterventions = ["grey", "blend 0.5"]\n')

    def asked(command: str, data: Path, *words: object) -> Done:
        named = ["study", study] if command == "study" else ["evaluate", "explanation", "--head", "label"]
        return run(*named, "--data", data, "--split", "all", "--model", model, "--json", *words)

    return asked


def shop(folder: Path, colours: str) -> Path:
    """A table of photos, a square of one colour each; `colours` is of r and b, and each photo's name is its place."""
    rows = ["path,label"]
    folder.mkdir(exist_ok=True)
    for place, colour in enumerate(colours):
        picture = np.full((48, 48, 3), 200, np.uint8)
        picture[12:36, 12:36] = (220 - place, 20, 20) if colour == "r" else (20, 20, 220 - place)
        save(folder / f"{place}.png", picture)
        rows.append(f"{place}.png,{'red' if colour == 'r' else 'blue'}")
    (folder / "list.csv").write_text("\n".join(rows))
    return folder / "list.csv"


def labels(out: Path) -> dict[str, str]:
    """What the report counts: the last row of each photo."""
    rows = [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()[1:]]
    return {row["photo"]: row["plain"]["label"] for row in rows}


def asked_since(out: Path, count: int) -> list[str]:
    """The photos that were asked about after so many."""
    return [json.loads(line)["photo"] for line in (out / "answers.jsonl").read_text().splitlines()[1 + count :]]


def test_another_set_with_the_same_names_is_asked_anew(ask, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = ask("study", shop(tmp_path / "one", "rb" * 6), "-o", out)
    assert first.code == 0, first.err
    second = ask("study", shop(tmp_path / "two", "br" * 6), "-o", out)
    assert second.code == 0, second.err
    assert labels(out) == {f"{place}.png": "blue" if place % 2 == 0 else "red" for place in range(COUNT)}
    fresh = ask("study", tmp_path / "two" / "list.csv", "-o", tmp_path / "fresh")
    assert second.out == fresh.out
    again = (out / "answers.jsonl").read_bytes()
    assert ask("study", tmp_path / "two" / "list.csv", "-o", out).out == fresh.out
    assert (out / "answers.jsonl").read_bytes() == again, "known by now"


def test_one_changed_photo_or_label_is_asked_about_again_alone(ask, tmp_path: Path) -> None:
    out, data = tmp_path / "out", shop(tmp_path / "one", "rb" * 6)
    assert ask("study", data, "-o", out).code == 0
    data.write_text(data.read_text().replace("3.png,blue", "3.png,red"))
    done = ask("study", data, "-o", out)
    assert done.lines[0]["accuracy"] == pytest.approx(11 / 12), "one label is wrong now"
    asked = asked_since(out, COUNT)
    assert "3.png" in asked
    assert len(asked) < COUNT, "beside it those alone that are laid over another photo now, as its kind is another"
    save(data.with_name("3.png"), np.full((48, 48, 3), (200, 20, 20), np.uint8))
    assert ask("study", data, "-o", out).lines[0]["accuracy"] == 1
    asked = asked_since(out, COUNT + len(asked))
    assert "3.png" in asked
    assert len(asked) < COUNT, "beside it those alone that it is laid over"


def test_answers_hold_when_more_photos_are_asked_about(ask, tmp_path: Path) -> None:
    """Also of a study that lays another photo over each: which one does not hang on how many are asked."""
    out, data, study = tmp_path / "out", shop(tmp_path / "one", "rb" * 6), tmp_path / "study.toml"
    whole = study.read_text()
    study.write_text(f"photos = 10\n{whole}")
    assert ask("study", data, "-o", out).code == 0
    study.write_text(f"photos = 12\n{whole}")
    more = ask("study", data, "-o", out)
    assert len((out / "answers.jsonl").read_text().splitlines()) == 1 + COUNT
    assert more.out == ask("study", data, "-o", tmp_path / "fresh").out


def test_another_cut_out_is_another_study(ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, data = tmp_path / "out", shop(tmp_path / "one", "rb" * 6)
    assert ask("study", data, "-o", out).code == 0
    monkeypatch.setenv("PACKSHOT_MODEL", "grabcut")
    done = ask("study", data, "-o", out)
    assert (done.code, "another folder with -o" in done.err) == (2, True), done.err


@pytest.mark.train
def test_maps_of_another_set_with_the_same_names_are_made(ask, tmp_path: Path) -> None:
    out, words = tmp_path / "out", ("--method", "centre")
    first = ask("explanation", shop(tmp_path / "one", "rb" * 6), *words, "-o", out)
    assert first.code == 0, first.err
    second = ask("explanation", shop(tmp_path / "two", "br" * 6), *words, "-o", out)
    fresh = ask("explanation", tmp_path / "two" / "list.csv", *words, "-o", tmp_path / "fresh")
    assert [{**row, "seconds": 0} for row in second.lines] == [{**row, "seconds": 0} for row in fresh.lines]
    kept = [json.loads(line) for line in (out / "maps.jsonl").read_text().splitlines()[1:]]
    assert len({row["sha256"] for row in kept}) == 2 * COUNT
