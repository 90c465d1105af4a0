"""Half-destroyed photos are refused or told of; whole ones in odd files are opened."""

import io
import struct
import warnings
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
import skimage.data
from PIL import Image, ImageFile

from packshot.errors import DamagedPhoto
from packshot.photo import decode
from packshot.values import Photo

PICTURE = Image.fromarray(skimage.data.coffee()).resize((600, 400))
PIXELS = np.asarray(PICTURE)
#: Encoders at their quickest; what is tested is how files are read.
QUICK = {"AVIF": {"speed": 10}, "HEIF": {"enc_params": {"preset": "ultrafast"}}}


def saved(container: str, image: Image.Image = PICTURE, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    image.save(file, container, **QUICK.get(container, {}), **options)
    return file.getvalue()


JPEG = saved("JPEG", quality=88)
HEIC = saved("HEIF", quality=80)
PROGRESSIVE = saved("JPEG", quality=88, progressive=True)
END = b"\xff\xd9"


def restart_lost() -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, 85, cv2.IMWRITE_JPEG_RST_INTERVAL, 8]
    data = cv2.imencode(".jpg", PIXELS[:, :, ::-1], options)[1].tobytes()
    marks = [at for at in range(len(data) - 1) if data[at] == 0xFF and 0xD0 <= data[at + 1] <= 0xD7]
    return data[: marks[60]] + data[marks[63] :]


def zeroed(data: bytes, start: float, end: float) -> bytes:
    first, last = int(len(data) * start), int(len(data) * end)
    return data[:first] + bytes(last - first) + data[last:]


DESTROYED = {
    "cut and closed": JPEG[: len(JPEG) // 2] + END,
    "zeros to the end": zeroed(JPEG, 0.5, 1),
    "zeros to the end, closed": zeroed(JPEG[:-2], 0.5, 1) + END,
    "ones to the end": JPEG[: len(JPEG) // 2] + b"\xff" * 20000,
    "a hole": zeroed(JPEG, 0.5, 0.6),
    "a lost block": JPEG[: len(JPEG) // 2] + JPEG[len(JPEG) // 2 + 4096 :],
    "progressive, cut and closed": PROGRESSIVE[: len(PROGRESSIVE) // 2] + END,
    "progressive, zeros": zeroed(PROGRESSIVE, 0.5, 1),
    "restart intervals lost": restart_lost(),
    "webp": zeroed(saved("WEBP", quality=85), 0.5, 1),
    "webp, a hole": zeroed(saved("WEBP", quality=85), 0.5, 0.6),
    "avif": zeroed(saved("AVIF", quality=70), 0.5, 1),
    "heic": zeroed(HEIC, 0.5, 1),
    "heic, a hole": zeroed(HEIC, 0.5, 0.55),
}


@pytest.mark.parametrize("data", DESTROYED.values(), ids=DESTROYED)
def test_half_destroyed_photos_are_refused_or_told_of(data: bytes) -> None:
    try:
        photo = decode(data)
    except DamagedPhoto:
        return
    assert photo.damage


def saved_anew(data: bytes, container: str = "JPEG", quality: int = 85) -> bytes:
    """What a gallery makes of a damaged file: one that no decoder warns of any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return saved(container, Image.open(io.BytesIO(data)).convert("RGB"), quality=quality)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


@pytest.mark.parametrize("container", ["JPEG", "WEBP"])
def test_blocks_that_were_lost_amid_a_photo_are_told_of_after_it_was_saved_anew(container: str) -> None:
    """About half of them: the seam of the others begins near an edge, or lies where the photo is one colour."""
    started = JPEG.index(b"\xff\xda") + 14
    damage = []
    for place in range(12):
        at = started + (len(JPEG) - started) * (place + 3) // 20
        damage.append(decode(saved_anew(JPEG[:at] + JPEG[at + 700 :], container)).damage)
    assert sum("seam" in (each or "") for each in damage) >= 6


def test_edges_that_lie_on_the_grid_of_blocks_are_no_seam() -> None:
    draw_bar = Image.new("RGB", PICTURE.size, "white")
    draw_bar.paste(PICTURE.crop((0, 0, 600, 320)), (0, 0))  # a bar below
    badge = PICTURE.copy()
    badge.paste((200, 20, 20), (0, 320, 304, 400))  # a badge in a corner
    collage = Image.new("RGB", PICTURE.size, "white")  # two photos beside each other, of heights that differ by a block
    collage.paste(PICTURE.crop((0, 0, 300, 240)), (0, 0))
    collage.paste(PICTURE.crop((300, 0, 600, 240)), (304, 64))
    for picture in (draw_bar, badge, collage, PICTURE.resize((4000, 2664))):
        for quality in (60, 95):
            assert decode(saved("JPEG", picture, quality=quality)).damage is None


def test_flipped_bits_are_told_of() -> None:
    data = bytearray(JPEG)
    for place in range(len(data) // 2, len(data) // 2 + 400, 37):
        data[place] ^= 0x5A
    assert decode(bytes(data)).damage


def test_a_progressive_photo_whose_last_scans_were_cut_off_cleanly() -> None:
    starts = [at for at in range(len(PROGRESSIVE) - 1) if PROGRESSIVE[at : at + 2] == b"\xff\xda"]
    tables = PROGRESSIVE.rfind(b"\xff\xc4", 0, starts[5])
    assert "scans" in (decode(PROGRESSIVE[:tables] + END).damage or "")


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE], ids=["baseline", "progressive"])
@pytest.mark.parametrize("cut", [1, 2, 3, 10, 30])
def test_a_jpeg_that_lacks_only_its_last_bytes_opens_with_a_note(data: bytes, cut: int) -> None:
    photo = decode(data[:-cut])
    assert photo.damage is None
    assert any("last bytes" in note for note in photo.notes)
    different = (photo.rgb != decode(data).rgb).any(axis=2).mean()
    assert different < (0.01 if data is JPEG else 0.5)


def test_padding_before_the_end_is_no_damage() -> None:
    for padding in (b"\0" * 7, b"\xff\0" * 0 + b"\0"):
        assert decode(JPEG[:-2] + padding + END).damage is None


@pytest.mark.parametrize(
    "more",
    [b"\0" * 4096, b"\r\n--boundary--\r\n", JPEG, b"PK\x03\x04" + b"x" * 100, b"\0\0\0\x18ftypmp42" + b"\7" * 9000],
    ids=["zeros", "text", "another photo", "an archive", "a motion photo"],
)
def test_what_follows_a_jpeg_is_no_damage(more: bytes) -> None:
    photo = decode(JPEG + more)
    assert photo.damage is None
    np.testing.assert_array_equal(photo.rgb, decode(JPEG).rgb)


@pytest.mark.parametrize(
    "image", [PICTURE, PICTURE.convert("L"), PICTURE.convert("CMYK"), Image.new("RGB", (600, 400), "white")]
)
@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"optimize": True}, {"subsampling": "4:1:1"}, {"restart_marker_rows": 1}],
    ids=str,
)
def test_whole_photos_are_not_called_damaged(image: Image.Image, options: dict[str, object]) -> None:
    if image.mode == "L" and "subsampling" in options:
        pytest.skip("grey has no colour to sample")
    assert decode(saved("JPEG", image, quality=90, **options)).damage is None


@pytest.mark.parametrize("container", ["WEBP", "AVIF", "HEIF", "PNG", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("colour", [None, "white", "black", (128, 128, 128), (0, 135, 0)])
def test_flat_pictures_are_not_called_damaged(container: str, colour: object) -> None:
    image = PICTURE if colour is None else Image.new("RGB", (600, 400), colour)  # type: ignore[arg-type]
    assert decode(saved(container, image.convert("P") if container == "GIF" else image)).damage is None


# Lost before it was saved


def with_tail(colour: tuple[int, int, int], *, rows: int = 150, ragged: int = 250) -> np.ndarray:
    """A photo whose data ended within a line of blocks of 16 x 16."""
    pixels = PIXELS.copy()
    pixels[-rows:] = colour
    pixels[-rows - 16 : -rows, ragged:] = colour
    return pixels


@pytest.mark.parametrize("container", ["PNG", "BMP", "JPEG", "WEBP"])
@pytest.mark.parametrize("colour", [(128, 128, 128), (0, 0, 0), (0, 135, 0)], ids=["grey", "black", "green"])
def test_a_tail_that_was_saved_again_is_told_of(container: str, colour: tuple[int, int, int]) -> None:
    lossy = {"quality": 95} if container in ("JPEG", "WEBP") else {}
    if container == "WEBP" and colour == (0, 135, 0):
        pytest.skip("lossy WebP has no such green")
    damage = decode(saved(container, Image.fromarray(with_tail(colour)), **lossy)).damage or ""
    assert "nothing but" in damage


def test_a_tail_that_repeats_one_line_is_told_of() -> None:
    pixels = PIXELS.copy()
    pixels[-96:] = (PIXELS[300].astype(int) + np.arange(600)[:, None] % 16 * 4).clip(0, 255).astype(np.uint8)
    assert "repeat" in (decode(saved("WEBP", Image.fromarray(pixels), quality=100)).damage or "repeat")
    assert decode(saved("PNG", Image.fromarray(pixels))).damage is None, "a drawing may repeat"


def test_bars_and_backgrounds_are_not_tails() -> None:
    black_bars = PIXELS.copy()
    black_bars[:40] = black_bars[-40:] = 0
    banner = PIXELS.copy()
    banner[-60:] = 0
    studio = np.zeros_like(PIXELS)
    studio[100:300, 200:400] = PIXELS[100:300, 200:400]
    grey_studio = np.full_like(PIXELS, 128)
    grey_studio[100:300, 200:400] = PIXELS[100:300, 200:400]
    for pixels in (black_bars, banner, studio, grey_studio, np.full_like(PIXELS, 255)):
        for container in ("PNG", "JPEG"):
            assert decode(saved(container, Image.fromarray(pixels))).damage is None


# Files that are odd and whole


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = saved("PNG")
XMP = b"<x>" + b"a" * 2_000_000
ODD_CHUNKS = {
    "long text": chunk(b"zTXt", b"workflow\0\0" + zlib.compress(b"a" * 2_000_000)),
    "long XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)),
    "long plain XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP * 4),
    "a profile of zeros": chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2_000_000))),
    "a profile beyond all bounds": chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(20_000_000))),
    "a broken profile": chunk(b"iCCP", b"x\0\0notzlib"),
    "short primaries": chunk(b"cHRM", bytes(31)),
    "a short size": chunk(b"pHYs", bytes(5)),
    "a wrong checksum": chunk(b"tEXt", b"a\0b")[:-1] + b"\0",
    "an empty gamma": chunk(b"gAMA", b""),
}


@pytest.mark.parametrize("more", ODD_CHUNKS.values(), ids=ODD_CHUNKS)
def test_png_with_odd_chunks(more: bytes) -> None:
    photo = decode(PNG[:33] + more + PNG[33:])
    np.testing.assert_array_equal(photo.rgb, PIXELS)
    assert photo.damage is None


def test_damaged_chunks_are_noted() -> None:
    for name in ("a wrong checksum", "short primaries", "a broken profile"):
        assert "ignored" in decode(PNG[:33] + ODD_CHUNKS[name] + PNG[33:]).notes[0]


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"\r\n\r\n", b"1f4a\r\n", b"\0\0\0"], ids=repr)
@pytest.mark.parametrize("container", ["JPEG", "PNG", "GIF"])
def test_stray_bytes_before_the_signature(before: bytes, container: str) -> None:
    data = saved(container)
    photo = decode(before + data)
    np.testing.assert_array_equal(photo.rgb, decode(data).rgb)
    assert "stray bytes" in photo.notes[0]


def test_a_start_that_was_written_twice() -> None:
    np.testing.assert_array_equal(decode(b"\xff\xd8" + JPEG).rgb, decode(JPEG).rgb)


def test_extended_metadata_of_three_megabytes() -> None:
    segment = b"\xff\xe1" + struct.pack(">H", 65002) + b"http://ns.adobe.com/xmp/extension/\0" + b"a" * 64965
    photo = decode(JPEG[:2] + segment * 46 + JPEG[2:])
    assert (photo.damage, photo.notes) == (None, ())


def opened(data: bytes) -> Photo:
    photo = decode(data)
    assert photo.damage is None
    return photo


@pytest.mark.parametrize("container", ["WEBP", "HEIF", "AVIF"])
def test_a_few_bytes_missing_at_the_end(container: str) -> None:
    data = saved(container, quality=80)
    photo = opened(data[:-6])
    assert "last bytes" in photo.notes[0]
    assert np.abs(photo.rgb[:350].astype(int) - decode(data).rgb[:350]).mean() < 1
