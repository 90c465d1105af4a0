"""``packshot frame``: which photos have a frame around them, and the pictures without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from packshot.cli.options import json_option, settings_from, sources_argument
from packshot.errors import OutputError, PackshotError, UsageError

__all__ = ["command"]


@click.command(name="frame")
@sources_argument
@click.option("--crop", is_flag=True, help="Write every photo, without its frame where that is sure, to OUT.")
@click.option("-o", "--out", metavar="OUT", help="Folder for the cropped pictures, with --crop.")
@click.option("--model", "frame_model", metavar="NAME|FILE", help="frame, classical, or an ONNX file. [default: frame]")
@json_option
def command(sources: tuple[str, ...], crop: bool, out: str | None, frame_model: str | None, as_json: bool) -> int:
    """Find frames, bars, banners and lines around photos; --crop cuts them off.

    A frame is cut off only where it is sure; otherwise the photo is written as it is, and the line says so. Photos keep
    their relative path below OUT and become PNG, transparent ones on white.

    \b
    packshot frame photos/
    packshot frame photos/ --crop -o unframed/
    packshot frame photos/ --json > frames.jsonl
    """
    from packshot.batch import find_sources, output_stems, write_atomic
    from packshot.cli.progress import Bar
    from packshot.frame import frame_finder, remove_frame
    from packshot.photo import decode, encode

    if crop != (out is not None):
        raise UsageError("--crop and -o belong together", remedy="packshot frame photos/ --crop -o unframed/")
    settings = settings_from(frame_model=frame_model)
    find = frame_finder(settings.frame_model, settings)
    found = find_sources(sources)
    stems = output_stems(found)
    inputs = {Path(source.path).resolve() for source in found}
    failed = 0
    with Bar(len(found), unit="photo") as bar:
        for source, stem in zip(found, stems, strict=True):
            row: dict[str, Any] = {"source": source.path}
            try:
                photo = decode(source.path, limits=settings.limits)
                frame = find(photo)
                row |= {"framed": frame.framed, "score": round(frame.score, 6), "inner_box": frame.inner_box.as_tuple()}
                inside = remove_frame(photo, frame)
                row |= {"removable": inside is not photo, "output": None, "error": None}
                if out is not None:
                    target = Path(out) / f"{stem}.png"
                    if target.resolve() in inputs:
                        raise OutputError(f"{target} is one of the photos", remedy="write to another folder with -o")
                    write_atomic(target, encode(inside.rgb, format="PNG").data)
                    row["output"] = str(target)
                line = _line(row)
            except PackshotError as error:
                failed += 1
                bar.write_line(str(error))
                line = None
                fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                nothing = dict.fromkeys(("framed", "score", "inner_box", "removable", "output"))
                row = {"source": source.path, **nothing, "error": fault}
            if as_json:
                click.echo(json.dumps(row))
            elif line is not None:
                click.echo(line)
            bar.update()
    return 3 if failed else 0


def _line(row: dict[str, Any]) -> str:
    if not row["framed"]:
        return f"{row['source']}\tno frame ({row['score']:.2f})"
    x0, y0, x1, y1 = row["inner_box"]
    sure = "" if row["removable"] else ", not sure enough to cut it off"
    return f"{row['source']}\tframed ({row['score']:.2f}), picture inside {x0},{y0} to {x1},{y1}{sure}"
