"""What a finished picture shall be: its files."""

from PIL import Image

from packshot.specs import MEDIA_TYPES, FileFormat


def test_media_types_are_those_of_pillow() -> None:
    Image.init()
    assert {each.value: each.media_type for each in FileFormat} == {each.value: Image.MIME[each] for each in FileFormat}
    known = {suffix: Image.MIME[Image.EXTENSION[suffix]] for suffix in MEDIA_TYPES}
    assert known == MEDIA_TYPES
