"""The loop of commands that go from photo to photo: one photo's fault is its own."""

from __future__ import annotations

import errno
import json
import os
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.batch import Failure, Source, Success, each_photo, find_sources
from packshot.cli.main import main
from packshot.errors import CatalogueDamaged, DamagedPhoto, OutputError
from packshot.storage import output_error
from packshot.values import Heatmap, Mask

SOURCES = [Source(relative=name, path=name, root="") for name in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DamagedPhoto("b is damaged", remedy="upload it again"), "DamagedPhoto"),
        (OutputError("b is one of the photos", remedy="write elsewhere"), "OutputError"),
        (output_error(Path("b"), OSError(errno.ENAMETOOLONG, "too long")), "OutputError"),
        (MemoryError(), "InternalError"),
        (RuntimeError("Symlink loop"), "InternalError"),
        (UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed"), "InternalError"),
        (AssertionError(), "InternalError"),
    ],
)
def test_whatever_goes_wrong_with_one_photo_the_others_go_on(error: Exception, code: str) -> None:
    def work(source: Source) -> str:
        if source.path == "b":
            raise error
        return source.path.upper()

    first, second, third = each_photo(SOURCES, work)
    assert (first, third) == (Success(SOURCES[0], "A"), Success(SOURCES[2], "C"))
    assert isinstance(second, Failure)
    assert (second.source, second.error.code) == (SOURCES[1], code)


@pytest.mark.parametrize(
    "error",
    [
        output_error(Path("out"), OSError(errno.ENOSPC, "No space left on device")),
        output_error(Path("out"), OSError(errno.EACCES, "Permission denied")),
        CatalogueDamaged("it is", remedy="restore it"),
        KeyboardInterrupt(),
    ],
)
def test_what_would_meet_every_photo_ends_everything(error: BaseException) -> None:
    done = []

    def work(source: Source) -> None:
        done.append(source.path)
        raise error

    with pytest.raises(type(error)):
        list(each_photo(SOURCES, work, fatal=(CatalogueDamaged,)))
    assert done == ["a"]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One good photo, one whose decoding needs too much memory, a link to itself, and a name that is not UTF-8."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "shelf"
    folder.mkdir()
    picture = Image.linear_gradient("L").resize((96, 96)).convert("RGB")
    picture.paste((200, 30, 30), (30, 30, 66, 66))
    for name in ("good.png", "huge.png"):
        picture.save(folder / name)
    (folder / "loop.png").symlink_to("loop.png")
    try:
        picture.save(folder / os.fsdecode(b"caf\xe9.png"))
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    return folder


COMMANDS = {
    "cutout": ["-o", "cut", "--model", "grabcut", "--overlay"],
    "frame": ["--model", "classical", "--crop", "-o", "framed"],
    "classify": ["--heatmaps", "seen"],
    "check": ["--profile", "amazon"],
    "search": ["-c", "shop.catalogue"],
    "run": ["-o", "out", "--model", "grabcut", "--describe-model", "none"],
}
#: Where a command finds what opens photos.
DECODERS = {
    "check": "packshot.photo.read_bytes",
    "duplicates": "packshot.catalogue.duplicate_scan.decode",
    "run": "packshot.photo.stage.decode",
    "search": "packshot.photo.stage.decode",
}


def let_huge_photos_need_too_much(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    module, _, name = DECODERS.get(command, "packshot.photo.decode").rpartition(".")
    home = import_module(module)
    real = getattr(home, name)

    def greedy(source: object, **options: object) -> object:
        if "huge" in str(source):
            raise MemoryError
        return real(source, **options)

    monkeypatch.setattr(home, name, greedy)


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_names_each_photo_and_goes_on(
    shelf: Path, command: str, as_json: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == "search":
        pytest.importorskip("lancedb")
        with pytest.raises(SystemExit):
            main(["index", "shelf/good.png", "-c", "shop.catalogue"])
        capsys.readouterr()
    let_huge_photos_need_too_much(monkeypatch, command)
    with pytest.raises(SystemExit) as end:
        main([command, "shelf", *COMMANDS[command], *["--json"][:as_json]])
    assert end.value.code == 3
    out, err = capsys.readouterr()
    assert "shelf/huge.png: the photo needed more memory than there is" in err
    assert "loop.png" in err
    assert "Traceback" not in err + out
    if as_json:
        key = "query" if command == "search" else "source"
        rows = {Path(row[key]).name: row for row in map(json.loads, out.splitlines())}
        assert sorted(rows) == ["caf\udce9.png", "good.png", "huge.png", "loop.png"]
        assert (rows["huge.png"]["error"]["code"], rows["loop.png"]["error"]["code"]) == (
            "InternalError",
            "UnreadablePhoto",
        )
        assert rows["good.png"]["error"] is rows["caf\udce9.png"]["error"] is None
        assert len({tuple(sorted(row)) for row in rows.values()}) == 1, "the same keys for every photo"
    elif command == "run":
        assert "4 photos: " in out
        assert " 2 failed" in out
    else:
        assert "good" in out
        assert "caf" in out


def test_duplicates_are_found_among_the_photos_that_can_be_read(
    shelf: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_huge_photos_need_too_much(monkeypatch, "duplicates")
    with pytest.raises(SystemExit) as end:
        main(["duplicates", "shelf", "--json"])
    out, err = capsys.readouterr()
    assert end.value.code == 3
    rows = [json.loads(line) for line in out.splitlines()]
    assert {Path(row["source"]).name: row["error"]["code"] for row in rows if "error" in row} == {
        "huge.png": "InternalError",
        "loop.png": "UnreadablePhoto",
    }
    (group,) = [row for row in rows if "group" in row]
    assert {Path(member).name for member in group["members"]} == {"good.png", "caf\udce9.png"}
    assert "shelf/huge.png: the photo needed more memory" in err


@pytest.mark.parametrize("share", [1.0000001, -1e-8])
def test_a_share_may_miss_its_range_by_rounding(share: float) -> None:
    """As a mean of ones in float32 does."""
    assert Mask(np.ones((2, 2), np.float32), uncertainty=share, model="x").uncertainty == share
    heat = Heatmap("category", "shoes", "Shoes", share, np.full((2, 2), share, np.float32))
    assert heat.score == share
    with pytest.raises(ValueError, match=r"0\.\.1"):
        Mask(np.ones((2, 2), np.float32), uncertainty=1.01, model="x")


def test_a_link_to_itself_is_an_input_like_any_other(shelf: Path) -> None:
    assert "loop.png" in {source.relative for source in find_sources([shelf])}
