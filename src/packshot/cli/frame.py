"""``packshot frame``: which photos have a frame around them, and the pictures without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("frame")
def command(
    sources: tuple[str, ...] = SOURCES,
    crop: bool = option("--crop", help="Write every photo, without its frame where that is sure, to OUT."),
    out: str | None = option(
        "-o",
        "--out",
        stdout=True,
        metavar="OUT",
        help="Folder for the cropped pictures, with --crop; or NAME.png, or -.",
    ),
    frame_model: str | None = option(
        "--model", metavar="NAME|FILE", help="frame, classical, or an ONNX file. [default: frame]"
    ),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Find frames, bars, banners and lines around photos; --crop cuts them off.

    A frame is cut off only where it is sure; otherwise the photo is written as it is, and the line says so. Photos keep
    their relative path below OUT and become PNG, transparent ones on white.

    \b
    packshot frame photos/
    packshot frame photos/ --crop -o unframed/
    packshot frame photos/ --json > frames.jsonl
    """
    from packshot.batch.reading import decoded
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.frame import frame_finder, unframe

    if crop != (out is not None):
        raise UsageError("--crop and -o belong together", remedy="packshot frame photos/ --crop -o unframed/")
    settings = settings_from(max_megapixels=max_megapixels, frame_model=frame_model)
    found = photos_named(sources, pictures=None if out is None else folder_of(out))
    pictures = None if out is None else Pictures(out, found, as_json=as_json)
    find = frame_finder(settings.frame_model, settings)

    def answer(source: Source) -> Output:
        target = None if pictures is None else pictures.target(source)
        inside = unframe(decoded(source, settings.limits), find)
        if pictures is not None and target is not None:
            pictures.write(target, inside.picture.rgb)
        row = {**inside.row(), "output": None if target is None else str(target)}
        return Output(row, f"{source.shown}\t{inside.words()}")

    nothing = dict.fromkeys(("framed", "score", "inner_box", "removable", "output"))
    return answer_each(found, answer, as_json=as_json, nothing=nothing, pictures=pictures)
