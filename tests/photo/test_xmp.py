"""How a picture came about: read from any container, written into any, and nothing else is."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packshot.photo import decode, encode, source_type_of, xmp_packet
from packshot.values import SourceType

NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
ADDRESS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PIXELS = np.full((32, 40, 3), 255, np.uint8)


def described(packet: bytes) -> ET.Element:
    """The packet as an XML parser reads it."""
    found = ET.fromstring(packet.decode()).find(".//rdf:Description", NAMES)
    assert found is not None
    return found


def packet_of(file: bytes) -> bytes:
    """What Pillow, another reader than ours, finds in a file."""
    with Image.open(io.BytesIO(file)) as image:
        image.load()
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    return found.encode() if isinstance(found, str) else found


@pytest.mark.parametrize(
    ("codec", "alpha"),
    [("JPEG", False), *((codec, alpha) for codec in ("PNG", "WEBP", "AVIF") for alpha in (False, True))],
)
def test_what_is_written_is_read_by_others_and_by_us(codec: str, alpha: bool) -> None:
    pixels = np.dstack([PIXELS, np.full(PIXELS.shape[:2], 120, np.uint8)]) if alpha else PIXELS
    xmp = xmp_packet(source_type=SourceType.GENERATED, creator="Ann & <Söhne>", credit="Nord\x00 GmbH")
    data = encode(pixels, format=codec, xmp=xmp).data
    found = described(packet_of(data))
    assert found.findtext("ext:DigitalSourceType", namespaces=NAMES) == f"{ADDRESS}trainedAlgorithmicMedia"
    assert found.findtext("dc:creator/rdf:Seq/rdf:li", namespaces=NAMES) == "Ann & <Söhne>"
    assert found.findtext("photoshop:Credit", namespaces=NAMES) == "Nord GmbH"
    photo = decode(data)
    assert photo.source_type is SourceType.GENERATED
    plain = encode(pixels, format=codec).data
    assert np.array_equal(photo.rgb, decode(plain).rgb), "pixels are the same"
    assert decode(plain).source_type is None
    assert b"xmp" not in plain.lower()


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP"])
def test_the_packet_counts_for_the_size_limit(codec: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 120, 3), np.uint8)
    xmp = xmp_packet(source_type=None, creator="x" * 300, credit="y" * 300)
    quality = None if codec == "PNG" else 80
    most = len(encode(noise, format=codec, quality=quality, xmp=xmp).data)
    assert len(encode(noise, format=codec, quality=quality, max_bytes=most, xmp=xmp).data) <= most
    assert b"y" * 300 in encode(noise, format=codec, quality=quality, max_bytes=most, xmp=xmp).data


def test_nothing_given_nothing_written() -> None:
    assert xmp_packet(source_type=None, creator=None, credit=None) is None


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=40))
def test_any_name_makes_a_packet_that_parses(name: str) -> None:
    packet = xmp_packet(source_type=None, creator=name, credit=None)
    assert packet is not None
    described(packet)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f'Iptc4xmpExt:DigitalSourceType="{ADDRESS}trainedAlgorithmicMedia"', SourceType.GENERATED),
        (
            "<Iptc4xmpExt:DigitalSourceType>trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>",
            SourceType.GENERATED,
        ),
        (f"digitalSourceType\x78\x46{ADDRESS}compositeWithTrainedAlgorithmicMedia", SourceType.COMPOSITE_GENERATED),
        (f"{ADDRESS}digitalCapture", None),
        (f"{ADDRESS}digitalCapture {ADDRESS}trainedAlgorithmicMedia", SourceType.GENERATED),
        (f"{ADDRESS}composite {ADDRESS}trainedAlgorithmicMedia", SourceType.GENERATED),
        (f"{ADDRESS}", None),
        ("DigitalSourceType=" + "a" * 200, None),
        ("trainedAlgorithmicMedia", None),
        ("", None),
    ],
)
def test_it_is_read_however_it_is_spelled(text: str, kind: SourceType | None) -> None:
    assert source_type_of(b"\xff\xd8" + text.encode("latin-1") + b"\x00") is kind
