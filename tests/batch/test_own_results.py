"""Results are inputs only where they were asked for."""

from pathlib import Path

import pytest

from packshot.batch import PassedOver, PhotoProcessing, find_sources, run_batch
from packshot.batch.picture_files import PictureFiles
from packshot.errors import UsageError
from packshot.pipeline import Pipeline
from packshot.storage import STATE_FOLDER, write_result

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("photos/a.jpg", "photos/sub/b.jpg"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(JPEG)
    return tmp_path


def made(*names: str, below: str) -> None:
    for name in names:
        write_result(Path(below, name), JPEG, folder=Path(below))


def relatives(*sources: str, **options: object) -> list[str]:
    return [source.relative for source in find_sources(sources, **options)]  # type: ignore[arg-type]


def test_results_within_the_photos_are_left_out_and_told(shelf: Path) -> None:
    made("a.png", "sub/b.png", below="photos/cut")
    left: list[PassedOver] = []
    assert relatives("photos", passed_over=left) == ["a.jpg", "sub/b.jpg"]
    assert [(one.reason, one.path) for one in left] == [
        ("made by packshot", "photos/cut/a.png"),
        ("made by packshot", "photos/cut/sub/b.png"),
    ]
    assert relatives("photos/**/*") == ["a.jpg", "sub/b.jpg"]


def test_a_command_leaves_out_what_it_made_itself_without_a_word(shelf: Path) -> None:
    made("a.png", below="photos/cut")
    left: list[PassedOver] = []
    assert relatives("photos", pictures=Path("photos/cut"), passed_over=left) == ["a.jpg", "sub/b.jpg"]
    assert left == []


def test_results_between_the_photos_are_left_out_and_the_photos_stay(shelf: Path) -> None:
    made("a.png", "sub/b.png", below="photos")
    assert relatives("photos") == ["a.jpg", "sub/b.jpg"]
    assert relatives("photos/sub") == ["b.jpg"]
    assert relatives("photos", pictures=Path("photos")) == ["a.jpg", "sub/b.jpg"]


def test_results_that_were_named_are_inputs(shelf: Path) -> None:
    made("a.png", "sub/b.png", below="cut")
    assert relatives("cut") == ["a.png", "sub/b.png"]
    assert relatives("cut/sub") == ["b.png"]
    assert relatives("cut/*.png") == ["a.png"]
    assert relatives("cut/a.png") == ["a.png"]
    assert relatives("photos", "cut") == ["a.jpg", "a.png", "sub/b.jpg", "sub/b.png"]


def test_results_of_a_run_that_were_named_are_inputs_with_their_folders(shelf: Path) -> None:
    (shelf / "out" / STATE_FOLDER).mkdir(parents=True)
    for name in ("packshots/a.jpg", "packshots/sub/deep/b.jpg", "masks/a.png"):
        (shelf / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (shelf / "out" / name).write_bytes(JPEG)
    assert relatives("out/packshots") == ["a.jpg", "sub/deep/b.jpg"]
    assert relatives("out/packshots/sub") == ["deep/b.jpg"]
    assert relatives("out/packshots/**/*.jpg") == ["a.jpg", "sub/deep/b.jpg"]
    assert relatives("out/packshots", out=Path("again")) == ["a.jpg", "sub/deep/b.jpg"]
    with pytest.raises(UsageError, match="no photos found in out") as caught:
        relatives("out")
    assert "out/packshots" in caught.value.remedy


@pytest.mark.parametrize("source", ["cut/a.png", "cut"])
def test_what_a_command_would_write_over_is_refused(shelf: Path, source: str) -> None:
    made("a.png", below="cut")
    with pytest.raises(UsageError, match=r"result of an earlier run|made by packshot"):
        relatives(source, pictures=Path("cut"))
    (shelf / "out" / STATE_FOLDER).mkdir(parents=True)
    made("a.jpg", below="out/packshots")
    with pytest.raises(UsageError, match="result of an earlier run"):
        relatives("out/packshots", out=Path("out"))


def test_a_list_that_is_damaged_names_what_can_be_read(shelf: Path) -> None:
    made("a.png", below="photos/cut")
    with Path("photos/cut/.packshot-results").open("ab") as file:
        file.write(b'\n"torn.p')
    made("c.png", below="photos/cut")
    assert relatives("photos") == ["a.jpg", "sub/b.jpg"]


def test_a_folder_that_was_emptied_meanwhile_gets_its_list_anew(shelf: Path) -> None:
    made("a.png", below="photos/cut")
    for path in Path("photos/cut").iterdir():
        path.unlink()
    made("a.png", below="photos/cut")
    assert relatives("photos") == ["a.jpg", "sub/b.jpg"]


def test_a_name_that_is_no_utf8_is_listed_too(shelf: Path) -> None:
    try:
        made("caf\udce9.png", below="photos/cut")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    assert relatives("photos") == ["a.jpg", "sub/b.jpg"]


@pytest.mark.parametrize("place", ["out/packshots", "out/masks/sub", "out/channels/ebay", "out/../out/catalogue"])
def test_nothing_is_written_among_the_results_of_a_run(shelf: Path, place: str) -> None:
    (shelf / "out" / STATE_FOLDER).mkdir(parents=True)
    with pytest.raises(UsageError, match="lies among the results of the run in") as caught:
        run_batch(["photos"], place, PhotoProcessing(make_pipeline=Pipeline))
    assert str(shelf / "out") in caught.value.message
    with pytest.raises(UsageError, match="among the results of the run"):
        PictureFiles(Path(place), find_sources(["photos"])).require_folder()
    assert not (shelf / place).exists()


def test_a_folder_that_is_only_called_like_results_may_be_written_to(shelf: Path) -> None:
    folder, sources = shelf / "shop" / "packshots", find_sources(["photos"])
    files = PictureFiles(folder, sources)
    files.require_folder()
    assert files.target(sources[0]).is_relative_to(folder)
