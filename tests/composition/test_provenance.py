"""What a finished picture says of how it came about, and that it says nothing else."""

import io

import numpy as np
import pytest
from PIL import Image

from packshot.composition.compose import compose
from packshot.composition.provenance import made_how
from packshot.marketplace import load_profile
from packshot.photo import decode, source_type_of
from packshot.specs import Composition
from packshot.values import Cutout, Mask, SourceType

PLAIN, PICTURE, STATED = Composition(), Composition(background="picture"), load_profile("google").composition
STATED = STATED.model_copy(update={"background": "picture"})


@pytest.mark.parametrize(
    ("photo", "backdrop", "spec", "says"),
    [
        (None, None, PLAIN, None),
        (SourceType.GENERATED, None, PLAIN, SourceType.GENERATED),
        (SourceType.GENERATED, None, PICTURE, SourceType.COMPOSITE_GENERATED),
        (None, SourceType.GENERATED, PICTURE, SourceType.COMPOSITE_GENERATED),
        (None, SourceType.DRAWN, PICTURE, SourceType.COMPOSITE_SYNTHETIC),
        (SourceType.COMPOSITE_CAPTURE, None, PICTURE, SourceType.COMPOSITE),
        (None, None, PICTURE, None),
        (None, None, STATED, SourceType.COMPOSITE),
        (None, None, load_profile("google").composition, None),
    ],
)
def test_how_it_came_about(
    photo: SourceType | None, backdrop: SourceType | None, spec: Composition, says: SourceType | None
) -> None:
    assert made_how(photo, backdrop, spec) is says


def cutout(source_type: SourceType | None) -> Cutout:
    alpha = np.zeros((60, 60), np.float32)
    alpha[10:50, 10:50] = 1
    rgba = np.dstack([np.full((60, 60, 3), 90, np.uint8), (alpha * 255).astype(np.uint8)])
    return Cutout(rgba, Mask(alpha, 0.0, "drawn"), source_type)


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_mark_is_kept_and_creator_and_credit_are_written(codec: str) -> None:
    spec = Composition(format=codec, creator="Studio Nord", credit="Nord GmbH")
    data = compose(cutout(SourceType.GENERATED), spec).data
    assert source_type_of(data) is SourceType.GENERATED
    assert b"Studio Nord" in data
    assert b"Nord GmbH" in data
    quiet = compose(cutout(None), Composition(format=codec)).data
    assert source_type_of(quiet) is None
    assert b"Studio" not in quiet


def test_gps_and_serial_numbers_never_go_along_with_the_mark() -> None:
    from packshot.cutout.cut import cut_out

    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-0815"  # BodySerialNumber
    exif[0x010F] = "SecretCamera"
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="52,31N" aux:SerialNumber="SERIAL-1" '
        b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>'
        b"</x:xmpmeta>"
    )
    file = io.BytesIO()
    Image.fromarray(np.full((60, 60, 3), 90, np.uint8)).save(file, "JPEG", exif=exif, xmp=xmp)
    photo = decode(file.getvalue())
    mask = cutout(None).mask
    for codec in ("JPEG", "PNG", "WEBP", "AVIF"):
        data = compose(cut_out(photo, mask), Composition(format=codec)).data
        assert source_type_of(data) is SourceType.GENERATED
        for secret in (b"SERIAL", b"SecretCamera", b"GPS", b"52,31"):
            assert secret not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
