"""Pictures beside photos: where each lies, what is never written over, and what is missed at the end."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.photos import save, soft

from packshot.batch import find_sources
from packshot.batch.picture_files import PictureFiles
from packshot.errors import OutputError


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name in ("hats/a.jpg", "shoes/a.jpg"):
        save(tmp_path / "in" / name, soft(1))
    return tmp_path / "in"


def test_a_picture_keeps_the_path_of_its_photo(shop: Path, tmp_path: Path) -> None:
    sources = find_sources([shop])
    files = PictureFiles(tmp_path / "out", sources)
    files.require_folder()
    targets = [files.target(source, ".overlay") for source in sources]
    assert targets == [tmp_path / "out/hats/a.overlay.png", tmp_path / "out/shoes/a.overlay.png"]
    files.write(targets[0], soft(2))
    assert np.array_equal(cv2.cvtColor(cv2.imread(str(targets[0])), cv2.COLOR_BGR2RGB), soft(2))
    assert files.lost() == []
    targets[0].unlink()
    assert [str(targets[0]) in str(error) for error in files.lost()] == [True]


def test_one_picture_lies_where_it_was_named(shop: Path, tmp_path: Path) -> None:
    (source, _) = find_sources([shop])
    files = PictureFiles(tmp_path / "look.png", [source], one=True)
    assert (files.target(source), files.target(source, ".overlay")) == (
        tmp_path / "look.png",
        tmp_path / "look.overlay.png",
    )
    assert files.folder == tmp_path


def test_a_photo_is_never_written_over_under_any_of_its_names(tmp_path: Path) -> None:
    photo = save(tmp_path / "in/a.png", soft(1))
    sources = find_sources([photo])
    with pytest.raises(OutputError, match="is one of the photos"):
        PictureFiles(tmp_path / "in", sources).target(sources[0])
    (tmp_path / "linked").mkdir()
    os.link(photo, tmp_path / "linked/a.png")
    with pytest.raises(OutputError, match="another folder with --heatmaps"):
        PictureFiles(tmp_path / "linked", sources, option="--heatmaps").target(sources[0])


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is no folder"):
        PictureFiles(tmp_path / "file/below", []).require_folder()
