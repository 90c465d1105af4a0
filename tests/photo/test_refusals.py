"""What is refused: with which error, naming the file and a way out."""

import hashlib
import io
import os
import pickle
import socket
import struct
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from packshot.errors import (
    DamagedPhoto,
    EmptyFile,
    LimitExceeded,
    MislabelledPhoto,
    PhotoError,
    UnreadablePhoto,
    UnsupportedFormat,
)
from packshot.limits import Limits
from packshot.photo import SUFFIXES, decode
from packshot.photo.scans import read_scans

PICTURE = Image.fromarray(skimage.data.coffee()[:120, :160])


def saved(container: str, image: Image.Image = PICTURE, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, container, **options)
    return file.getvalue()


def refuse(kind: type[PhotoError], source: object, **options: object) -> PhotoError:
    with pytest.raises(kind) as caught:
        decode(source, **options)  # type: ignore[arg-type]
    error = caught.value
    assert error.remedy
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error


# Files that are none


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert "front.jpg is not there" in str(refuse(UnreadablePhoto, tmp_path / "front.jpg"))


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in str(refuse(UnreadablePhoto, str(tmp_path)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "photo.jpg")
    started = time.perf_counter()
    assert "named pipe" in str(refuse(UnreadablePhoto, tmp_path / "photo.jpg"))
    assert time.perf_counter() - started < 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a POSIX device")
def test_an_endless_device(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").symlink_to("/dev/zero")
    assert "device" in str(refuse(UnreadablePhoto, tmp_path / "photo.jpg"))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Unix sockets are a POSIX thing")
def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jpg")
        assert "socket" in str(refuse(UnreadablePhoto, "s.jpg"))


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    assert "symbolic links" in str(refuse(UnreadablePhoto, tmp_path / "a.jpg"))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    assert "permission" in str(refuse(UnreadablePhoto, tmp_path / "a.jpg"))


@pytest.mark.parametrize("name", ["a\0b.jpg", "\ud800.jpg", "x" * 300 + ".jpg"])
def test_names_no_file_can_have(name: str) -> None:
    message = str(refuse(UnreadablePhoto, name))
    message.encode("utf-8")
    assert message.isprintable()


def test_names_are_shown_printable(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.png"
    try:
        Path(os.fsdecode(path)).write_bytes(saved("PNG"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    photo = decode(os.fsdecode(path))
    assert photo.source.endswith("caf\\xe9\\n.png")


# Content


def test_empty_files_and_arrays(tmp_path: Path) -> None:
    (tmp_path / "front.jpg").touch()
    assert "front.jpg is empty" in str(refuse(EmptyFile, tmp_path / "front.jpg"))
    refuse(EmptyFile, b"")
    refuse(EmptyFile, np.zeros((0, 4, 3), np.uint8))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
        (b"8BPS\0\1" + b"\0" * 40, "PSD"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04" + b"\0" * 30, "ZIP"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "video"),
        (b"\0\0\x01\0\x01\0", "icon"),
        (b"\xff\x0a\0\0", "JPEG XL"),
        (b"II*\0\x10\0\0\0CR\x02\0", "raw"),
        (b"just a line of text\n", "text"),
        (b"\0" * 64, "zero bytes"),
        (bytes(range(128, 256)), "unknown"),
    ],
)
def test_other_formats_are_named(content: bytes, words: str) -> None:
    assert words in str(refuse(UnsupportedFormat, content))


def test_camera_raw_files_are_not_taken_for_their_preview() -> None:
    preview = saved("TIFF", tiffinfo={50706: b"\1\4\0\0"})
    assert "raw" in str(refuse(UnsupportedFormat, preview))
    assert "raw" in str(refuse(UnsupportedFormat, saved("TIFF"), name="photo.NEF"))


def test_the_content_decides_and_a_wrong_name_is_noted_or_refused_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "front.PNG"
    path.write_bytes(saved("JPEG"))
    photo = decode(path)
    assert photo.format == "JPEG"
    assert photo.notes == ("the name says .png, the content is JPEG",)
    strict = Limits(refuse_mislabelled=True)
    told = str(refuse(MislabelledPhoto, path, limits=strict))
    assert "rename it to front.jpg" in told
    assert "PACKSHOT_LIMITS__REFUSE_MISLABELLED=false" in told
    refuse(MislabelledPhoto, saved("JPEG"), name="invoice.pdf", limits=strict)
    assert "rename it to front.png" in str(refuse(MislabelledPhoto, saved("PNG"), name="front.jpg", limits=strict))
    assert decode(path.read_bytes(), name="front.jpeg", limits=strict).notes == ()


@pytest.mark.parametrize("name", ["front", "front.JPEG", "2024.08.15", "front.jpg_large", None])
def test_names_that_promise_nothing_else_are_fine(name: str | None) -> None:
    assert decode(saved("JPEG"), name=name).format == "JPEG"


def test_the_suffixes_name_every_format_in_lower_case() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
def test_every_truncation_is_refused_or_told(container: str) -> None:
    data = saved(container)
    for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98):
        if container == "JPEG" and share > 0.75:  # so much of the picture is there that a person may decide
            assert "missing" in (decode(data[: int(len(data) * share)]).damage or "")
        else:
            refuse(DamagedPhoto, data[: int(len(data) * share)])
    if container in ("TIFF", "BMP"):
        refuse(DamagedPhoto, data[:-2])
    elif container != "AVIF":  # nothing of the picture is lost with the last bytes, or a corner; AV1 may refuse
        assert decode(data[:-2]).damage is None


def test_flipped_bits_in_a_png_are_found() -> None:
    data = bytearray(saved("PNG"))
    data[len(data) // 2] ^= 1
    assert "checksum" in str(refuse(DamagedPhoto, bytes(data)))


def test_errors_name_the_file_once_and_never_an_address() -> None:
    message = str(refuse(DamagedPhoto, b"\x89PNG\r\n\x1a\n", name="front.png"))
    assert message.count("front.png") == 1
    assert "0x" not in message


@pytest.mark.parametrize("source", [None, 3, ["a.jpg"], io.BytesIO(b"")])
def test_other_types_are_a_programming_error(source: object) -> None:
    with pytest.raises(TypeError, match="expected a path, bytes or an array"):
        decode(source)  # type: ignore[arg-type]


# Limits


def test_too_many_bytes(tmp_path: Path) -> None:
    limits = Limits(max_file_megabytes=0.001)
    path = tmp_path / "front.png"
    path.write_bytes(saved("PNG"))
    assert "max_file_megabytes" in str(refuse(LimitExceeded, path, limits=limits))
    refuse(LimitExceeded, saved("PNG"), limits=limits)


def test_a_sparse_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        try:
            file.truncate(10**12)
        except OSError:
            pytest.skip("this file system cannot hold it")
    assert "1000000.0 MB" in str(refuse(LimitExceeded, path))


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
def test_too_many_pixels_or_too_long_a_side(container: str) -> None:
    data = saved(container)
    assert decode(data, limits=Limits(max_megapixels=0.0192, max_side=160)).width == 160
    assert "megapixels" in str(refuse(LimitExceeded, data, limits=Limits(max_megapixels=0.0191)))
    assert "megapixels" in str(refuse(LimitExceeded, data, limits=Limits(max_megapixels=0.001)))
    assert "max_side" in str(refuse(LimitExceeded, data, limits=Limits(max_side=159)))


def test_limits_above_pillows_own_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert decode(saved("PNG")).width == 160
    assert Image.MAX_IMAGE_PIXELS == 100


def with_scans(count: int, size: tuple[int, int] = (64, 64)) -> bytes:
    """A progressive grey JPEG whose last scan is sent again and again."""
    data = saved("JPEG", Image.new("L", size, 90), progressive=True)
    last, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
    return data[:last] + data[last:end] * (count - 5) + data[end:]


def test_scans_are_counted() -> None:
    # libjpeg's standard progression (jcparam.c, jpeg_simple_progression): 10 scans for colour, 6 for grey
    assert read_scans(saved("JPEG"), stop_after=100).count == 1
    assert read_scans(saved("JPEG", progressive=True), stop_after=100).count == 10
    assert read_scans(saved("JPEG", PICTURE.convert("L"), progressive=True), stop_after=100).count == 6
    assert read_scans(with_scans(40), stop_after=100).count == 40
    assert read_scans(with_scans(400), stop_after=100).count == 101


def test_scans_of_a_thumbnail_do_not_count() -> None:
    thumbnail = saved("JPEG", PICTURE.resize((16, 12)), progressive=True)
    segment = b"\xff\xe2" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    data = saved("JPEG")
    assert read_scans(data[:2] + segment + data[2:], stop_after=100).count == 1


def test_too_many_scans() -> None:
    assert decode(with_scans(100)).width == 64
    assert "JPEG scans" in str(refuse(LimitExceeded, with_scans(101)))
    # at the largest area a fifth of the scans take all the time there is
    data = with_scans(30, (640, 480))
    refuse(LimitExceeded, data, limits=Limits(max_megapixels=0.31))
    assert decode(data, limits=Limits(max_megapixels=0.6)).width == 640


def test_padding_and_empty_blocks_are_not_walked_through_for_ever() -> None:
    jpeg, gif, png = saved("JPEG"), saved("GIF", PICTURE.convert("P")), saved("PNG")
    table = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    for data in (
        jpeg[:2] + b"\xff" * 5_000_000 + jpeg[2:],
        jpeg[:2] + b"\xff\xe5\0\2" * 1_000_000 + jpeg[2:],
        gif[:table] + b"!\xfe" + b"\1a" * 5_000_000 + b"\0" + gif[table:],
        gif[:table] + b"!\xfe\1a\0" * 5_000_000 + gif[table:],
        png[:33] + (b"\0\0\0\0prVt" + b"\0" * 4) * 1_000_000 + png[33:],
    ):
        started = time.process_time()  # how long it takes by the clock says how busy the machine is
        refuse(DamagedPhoto, data)
        assert time.process_time() - started < 2


# Metadata


def test_nothing_of_the_metadata_goes_along_but_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "front.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 13.0, 24.0)
    data = saved("JPEG", exif=exif.tobytes(), comment=b"my address")
    path.write_bytes(data)
    photo = decode(path)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.source == str(path)


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP"])
def test_broken_metadata_is_ignored_with_a_note(container: str) -> None:
    header = b"Exif\0\0" if container == "JPEG" else b""
    looping = header + b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff" * 3
    photo = decode(saved(container, exif=looping))
    assert photo.rgb.shape == (120, 160, 3)
    assert any("metadata" in note for note in photo.notes)


def test_many_threads_decode_at_once_and_leave_the_warning_filters_alone() -> None:
    import warnings

    before = list(warnings.filters)
    data = [saved("JPEG"), saved("TIFF"), saved("PNG", exif=b"II*\0\x08\0\0\0\xff\xff")]
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                for one in data:
                    decode(one)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert warnings.filters == before
