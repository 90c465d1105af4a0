"""``packshot cutout``: masks or cut-outs only, corrected by strokes where a person drew some."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.each import Output, answer_each, content_of, photos_named, shown
from packshot.cli.options import json_option, limit_option, model_options, settings_from, sources_argument

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@click.command(name="cutout")
@sources_argument
@click.option(
    "-o", "--out", required=True, metavar="OUT", help="Folder for the results; NAME.png for one photo; - for stdout."
)
@click.option("--mask", "masks", is_flag=True, help="Write 8-bit masks instead of transparent cut-outs.")
@click.option(
    "--strokes",
    metavar="FILE|FOLDER",
    help="Correct by keep and erase strokes: the JSON of the one photo, or a folder with NAME.json for some of them.",
)
@click.option(
    "--mask-from",
    metavar="FOLDER",
    help="Start from the masks or cut-outs in this folder (NAME.png), not from a network.",
)
@click.option("--overlay", "overlays", is_flag=True, help="Also write NAME.overlay.png: outline, rulers and strokes.")
@model_options
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    out: str,
    masks: bool,
    strokes: str | None,
    mask_from: str | None,
    overlays: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Cut the product out of each photo: a transparent PNG of the photo's size, straight alpha.

    Names in OUT keep the source's relative path. SRC may be - for a photo on stdin. To correct a mask, look at
    its overlay, write strokes in the photo's pixels (recipes/grabcut/README.md shows the form), and repeat the command
    with --strokes.

    \b
    packshot cutout photos/ -o cutouts/
    packshot cutout shoe.jpg -o shoe.png
    cat shoe.jpg | packshot cutout - -o - > shoe.png
    packshot cutout photos/ -o masks/ --mask --overlay
    packshot cutout photos/ -o masks/ --mask --overlay --strokes strokes/
    packshot cutout photos/ -o cutouts/ --model grabcut --json
    """
    import numpy as np

    from packshot.batch import output_stems
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.cutout import Strokes, correct_mask, cut_out, mask_reader, overlay, segmenter, strokes_by_stem
    from packshot.photo import decode, encode, printable

    settings = settings_from(**options)
    found = photos_named(sources, pictures=folder_of(out))
    pictures = Pictures(out, found, as_json=as_json)
    segment = segmenter(settings.model, settings)
    stems = dict(zip(found, output_stems(found), strict=True))
    drawn = {} if strokes is None else strokes_by_stem(Path(strokes), list(stems.values()))

    def cut(source: Source) -> Output:
        stem = stems[source]
        target = pictures.target(stem)
        view = pictures.target(stem, ".overlay") if overlays else None
        photo = decode(content_of(source, settings.limits), name=shown(source), limits=settings.limits)
        find = segment if mask_from is None else mask_reader(Path(mask_from) / f"{stem}.png", settings.limits)
        painted = Strokes.read(drawn[stem]) if stem in drawn else None
        mask = find(photo) if painted is None else correct_mask(photo, painted, find, name=str(drawn[stem]))
        pixels = np.rint(mask.alpha * 255).astype(np.uint8) if masks else cut_out(photo, mask).rgba
        pictures.write(target, encode(pixels, format="PNG").data)
        if view is not None:
            pictures.write(view, encode(overlay(photo.rgb, mask.alpha, strokes=painted), format="PNG").data)
        row = {
            "output": str(target),
            "uncertainty": mask.uncertainty,
            "ready": mask.ready,
            "doubts": list(map(str, mask.doubts)),
            "parts": mask.parts,
            "overlay": None if view is None else str(view),
            "strokes": None if painted is None else str(drawn[stem]),
        }
        doubts = "".join(f", {doubt}" for doubt in mask.doubts)
        return Output(row, f"{printable(str(target))}\tuncertainty {mask.uncertainty:.3f}{doubts}")

    nothing = dict.fromkeys(("output", "uncertainty", "ready", "parts", "overlay", "strokes")) | {"doubts": []}
    return answer_each(found, cut, as_json=as_json, nothing=nothing, pictures=pictures)
