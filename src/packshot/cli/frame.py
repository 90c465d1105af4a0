"""``packshot frame``: which photos have a frame around them, and the pictures without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.each import Output, answer_each, content_of, photos_named, shown
from packshot.cli.options import json_option, limit_option, settings_from, sources_argument
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.values import Frame

__all__ = ["command"]


@click.command(name="frame")
@sources_argument
@click.option("--crop", is_flag=True, help="Write every photo, without its frame where that is sure, to OUT.")
@click.option("-o", "--out", metavar="OUT", help="Folder for the cropped pictures, with --crop; or NAME.png, or -.")
@click.option("--model", "frame_model", metavar="NAME|FILE", help="frame, classical, or an ONNX file. [default: frame]")
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    crop: bool,
    out: str | None,
    frame_model: str | None,
    max_megapixels: float | None,
    as_json: bool,
) -> int:
    """Find frames, bars, banners and lines around photos; --crop cuts them off.

    A frame is cut off only where it is sure; otherwise the photo is written as it is, and the line says so. Photos keep
    their relative path below OUT and become PNG, transparent ones on white.

    \b
    packshot frame photos/
    packshot frame photos/ --crop -o unframed/
    packshot frame photos/ --json > frames.jsonl
    """
    from packshot.batch import output_stems
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.frame import frame_finder, remove_frame
    from packshot.photo import decode, encode

    if crop != (out is not None):
        raise UsageError("--crop and -o belong together", remedy="packshot frame photos/ --crop -o unframed/")
    settings = settings_from(max_megapixels=max_megapixels, frame_model=frame_model)
    found = photos_named(sources, pictures=None if out is None else folder_of(out))
    pictures = None if out is None else Pictures(out, found, as_json=as_json)
    find = frame_finder(settings.frame_model, settings)
    stems = dict(zip(found, output_stems(found), strict=True))

    def look(source: Source) -> Output:
        target = None if pictures is None else pictures.target(stems[source])
        photo = decode(content_of(source, settings.limits), name=shown(source), limits=settings.limits)
        frame = find(photo)
        inside = remove_frame(photo, frame)
        if pictures is not None and target is not None:
            pictures.write(target, encode(inside.rgb, format="PNG").data)
        row = {
            "framed": frame.framed,
            "score": round(frame.score, 6),
            "inner_box": frame.inner_box.as_tuple(),
            "removable": inside is not photo,
            "output": None if target is None else str(target),
        }
        return Output(row, _line(shown(source), frame, removable=inside is not photo))

    nothing = dict.fromkeys(("framed", "score", "inner_box", "removable", "output"))
    return answer_each(found, look, as_json=as_json, nothing=nothing, pictures=pictures)


def _line(name: str, frame: Frame, *, removable: bool) -> str:
    if not frame.framed:
        return f"{name}\tno frame ({frame.score:.2f})"
    x0, y0, x1, y1 = frame.inner_box.as_tuple()
    sure = "" if removable else ", not sure enough to cut it off"
    return f"{name}\tframed ({frame.score:.2f}), picture inside {x0},{y0} to {x1},{y1}{sure}"
