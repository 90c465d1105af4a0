"""``packshot cutout``: masks or cut-outs only, corrected by strokes where a person drew some."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, Network, settings_from

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("cutout")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    out: str = option(
        "-o", "--out", stdout=True, metavar="OUT", help="Folder for the results; NAME.png for one photo; - for stdout."
    ),
    masks: bool = option("--mask", help="Write 8-bit masks instead of transparent cut-outs."),
    strokes: Path | None = option(
        "--strokes",
        metavar="FILE|FOLDER",
        help="Correct by keep and erase strokes: the JSON of the one photo, or a folder with NAME.json for some of"
        " them.",
    ),
    mask_from: Path | None = option(
        "--mask-from",
        metavar="FOLDER",
        help="Start from the masks or cut-outs in this folder (NAME.png), not from a network.",
    ),
    overlays: bool = option("--overlay", help="Also write NAME.overlay.png: outline, rulers and strokes."),
    network: Network,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Cut the product out of each photo: a transparent PNG of the photo's size, straight alpha.

    Names in OUT keep the source's relative path. SRC may be - for a photo on stdin. To correct a mask, look at
    its overlay, write strokes in the photo's pixels (docs/how-to/masks-by-hand.md shows the form), and repeat the
    command with --strokes.

    \b
    packshot cutout photos/ -o cutouts/
    packshot cutout shoe.jpg -o shoe.png
    cat shoe.jpg | packshot cutout - -o - > shoe.png
    packshot cutout photos/ -o masks/ --mask --overlay
    packshot cutout photos/ -o masks/ --mask --overlay --strokes strokes/
    packshot cutout photos/ -o cutouts/ --model grabcut --json
    """
    from packshot.batch.reading import decoded
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.cutout import Cutter, picture_of
    from packshot.storage.encodable import printable

    settings = settings_from(network, max_megapixels=max_megapixels)
    found = photos_named(sources, pictures=folder_of(out))
    pictures = Pictures(out, found, as_json=as_json)
    cutter = Cutter(settings, list(pictures.stems.values()), strokes=strokes, masks=mask_from)

    def cut(source: Source) -> Output:
        target = pictures.target(source)
        view = pictures.target(source, ".overlay") if overlays else None
        done = cutter(decoded(source, settings.limits), pictures.stems[source])
        pictures.write(target, picture_of(done.photo, done.mask, grey=masks))
        if view is not None:
            pictures.write(view, done.overlay())
        row = {"output": str(target), **done.row(), "overlay": None if view is None else str(view)}
        return Output(row, f"{printable(str(target))}\t{done.words()}")

    nothing = dict.fromkeys(("output", "uncertainty", "ready", "parts", "overlay", "strokes")) | {"doubts": []}
    return answer_each(found, cut, as_json=as_json, nothing=nothing, pictures=pictures)
