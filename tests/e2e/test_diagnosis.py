"""What goes wrong is called by its name: the photo, the option, the cause."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import line, run, run_alone
from packshot_tests.photos import save, soft
from PIL import Image

from packshot.photo import decode

QUICK = ("--describe-model", "none", "--model", "grabcut")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    picture = soft(1, (120, 120))
    picture[30:90, 30:90] = (200, 30, 30)
    for name in ("a.png", "b.png"):
        save(tmp_path / "photos" / name, picture)
    return tmp_path / "photos"


def png_that_declares(path: Path, width: int, height: int) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--max-kb", "1", "--size", "600x600"), "--max-kb"), (("--size", "29000x29000"), "--size")],
)
def test_an_error_of_an_option_names_the_photo_and_the_option(
    photos: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    done = run("run", photos, "-o", tmp_path / "out", *QUICK, *options)
    assert done.code == 3
    for name in ("a.png", "b.png"):
        (told,) = [each for each in done.err.splitlines() if name in each]
        assert says in told


def test_a_folder_for_temporary_files_that_cannot_be_used_is_called_that(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("lancedb")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    done = run("index", photos, "-c", tmp_path / "shop.catalogue")
    assert done.code == 1, done.err
    assert "temporary files" in done.err
    assert "TMPDIR" in done.err
    assert "damaged" not in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("cutout", "--model", "grabcut", "-o"),
        ("frame", "--model", "classical", "--crop", "-o"),
        ("classify", "--heatmaps"),
    ],
)
@pytest.mark.parametrize("place", ["notes.txt", "notes.txt/below"])
def test_results_that_cannot_be_written_end_a_command_before_its_first_photo(
    photos: Path, tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = run(command[0], photos, *command[1:], tmp_path / place)
    assert done.code == 1
    assert "is no folder" in done.err
    assert "a.png" not in done.err + done.out
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_disk_that_is_full_ends_a_command_at_the_first_photo(photos: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    for name in ("a.png", "b.png"):  # large enough to exceed it
        picture = np.full((300, 300, 3), 200, np.uint8)
        picture[70:230, 70:230] = soft(1, (160, 160), cells=(80, 80)) // 3
        save(photos / name, picture)
    words = line("cutout", photos, "-o", tmp_path / "cut", "--model", "grabcut")
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("could not be written") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "variable", "says"),
    [
        ("--max-megapixels", "PACKSHOT_LIMITS__MAX_MEGAPIXELS", "0.0 megapixels"),
        (None, "PACKSHOT_LIMITS__MAX_SIDE", "no side above 100"),
        (None, "PACKSHOT_LIMITS__MAX_FILE_MEGABYTES", "MB"),
    ],
)
def test_a_limit_names_the_variable_that_raises_it(
    photos: Path, monkeypatch: pytest.MonkeyPatch, option: str | None, variable: str, says: str
) -> None:
    tight = {"PACKSHOT_LIMITS__MAX_MEGAPIXELS": "0.01", "PACKSHOT_LIMITS__MAX_SIDE": "100"}
    monkeypatch.setenv(variable, tight.get(variable, "0.0001"))
    done = run("frame", photos, "--model", "classical")
    assert done.code == 3
    assert says in done.err
    assert variable in done.err
    if option is not None:
        assert option in done.err
        assert run("frame", photos, "--model", "classical", option, "1").code == 0, "the remedy works"
    monkeypatch.setenv(variable, "120")
    assert run("frame", photos, "--model", "classical").code == 0, "and so does the variable"


def test_a_wrong_variable_is_named_as_it_is_spelled(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSHOT_LIMITS__MAX_MEGAPIXELS", "many")
    done = run("frame", photos, "--model", "classical")
    assert done.code == 2
    assert "PACKSHOT_LIMITS__MAX_MEGAPIXELS" in done.err


@pytest.mark.parametrize(("side", "says"), [(10_600, "112.4 megapixels"), (20_000, "400.0 megapixels")])
def test_a_photo_above_the_limit_is_told_one_size_and_one_limit(photos: Path, side: int, says: str) -> None:
    png_that_declares(photos / "huge.png", side, side)
    done = run("frame", photos / "huge.png", "--model", "classical")
    assert done.code == 3
    assert f"{says}), expected at most 110 megapixels" in done.err
    raised = run("frame", photos / "huge.png", "--model", "classical", "--max-megapixels", "500")
    assert "megapixels" not in raised.err, "it is only damaged then"


def test_a_twin_of_a_photo_that_failed_is_no_known_photo(photos: Path, tmp_path: Path) -> None:
    pytest.importorskip("lancedb")
    (photos / "c.png").write_bytes((photos / "a.png").read_bytes()[:200])
    shutil.copy(photos / "c.png", photos / "d.png")
    done = run("index", photos, "-c", tmp_path / "shop.catalogue", "--json")
    rows = {Path(row["source"]).name: row["status"] for row in done.lines}
    assert rows == {"a.png": "indexed", "b.png": "known", "c.png": "failed", "d.png": "failed"}
    assert done.code == 3
    assert "d.png" in done.err


@pytest.mark.parametrize("kind", ["tiff_adobe_deflate", "tiff_lzw", "tiff_lzma", "group4"])
def test_a_decoder_says_nothing_on_stderr_by_itself(photos: Path, kind: str) -> None:
    mode = "1" if kind == "group4" else "RGB"
    Image.fromarray(soft(3, (300, 300), cells=(60, 60))).convert(mode).save(photos / "scan.tif", compression=kind)
    data = bytearray((photos / "scan.tif").read_bytes())
    for place in range(len(data) // 3, 2 * len(data) // 3, 41):
        data[place] ^= 0x5A
    (photos / "scan.tif").write_bytes(data)
    done = run_alone("frame", photos / "scan.tif", "--model", "classical")
    told = [each for each in done.err.replace("\r", "\n").splitlines() if each.strip() and "|" not in each]
    assert all("scan.tif" in each for each in told), told
    if kind == "group4":
        assert str(decode(photos / "scan.tif").damage).startswith("its decoder says: Fax4Decode"), "it is evidence"
