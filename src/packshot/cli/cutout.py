"""``packshot cutout``: masks or cut-outs only, corrected by strokes where a person drew some."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, model_options, settings_from, sources_argument
from packshot.errors import NothingToCutOut, OutputError, PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.cutout import Strokes
    from packshot.limits import Limits
    from packshot.values import Mask, Photo

__all__ = ["command"]


@click.command(name="cutout")
@sources_argument
@click.option("-o", "--out", required=True, metavar="OUT", help="Folder for the results.")
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

    Names in OUT keep the source's relative path. To correct a mask, look at its overlay, write strokes in the
    photo's pixels (recipes/grabcut/README.md shows the form), and repeat the command with --strokes.

    \b
    packshot cutout photos/ -o cutouts/
    packshot cutout photos/ -o masks/ --mask --overlay
    packshot cutout photos/ -o masks/ --mask --overlay --strokes strokes/
    packshot cutout photos/ -o cutouts/ --model grabcut --json
    """
    import numpy as np

    from packshot.batch import find_sources, output_stems, write_atomic
    from packshot.cli.progress import Bar
    from packshot.cutout import cut_out, overlay, segmenter
    from packshot.photo import decode, encode

    settings = settings_from(**options)
    segment = segmenter(settings.model, settings)
    found = find_sources(sources)
    stems = output_stems(found)
    drawn = _stroke_files(strokes, stems)
    inputs = {Path(source.path).resolve() for source in found}
    failed = 0
    with Bar(len(found), unit="photo") as bar:
        for source, stem in zip(found, stems, strict=True):
            target, view = Path(out) / f"{stem}.png", Path(out) / f"{stem}.overlay.png"
            try:
                for path in (target, view) if overlays else (target,):
                    if path.resolve() in inputs:
                        raise OutputError(f"{path} is one of the photos", remedy="write to another folder with -o")
                photo = decode(source.path, limits=settings.limits)
                start = segment if mask_from is None else _opener(Path(mask_from) / f"{stem}.png", settings.limits)
                mask, painted = _corrected(photo, start, drawn.get(stem))
                pixels = np.rint(mask.alpha * 255).astype(np.uint8) if masks else cut_out(photo, mask).rgba
                write_atomic(target, encode(pixels, format="PNG").data)
                if overlays:
                    picture = overlay(photo.rgb, mask.alpha, strokes=painted)
                    write_atomic(view, encode(picture, format="PNG").data)
                line = f"{target}\tuncertainty {mask.uncertainty:.3f}{''.join(f', {doubt}' for doubt in mask.doubts)}"
                row = {"source": source.path, "output": str(target), "uncertainty": mask.uncertainty, "error": None}
                row |= {"ready": mask.ready, "doubts": list(map(str, mask.doubts)), "parts": mask.parts}
                row |= {
                    "overlay": str(view) if overlays else None,
                    "strokes": None if painted is None else str(drawn[stem]),
                }
            except PackshotError as error:
                failed += 1
                bar.write_line(str(error))
                line = None
                fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                row = {"source": source.path, "output": None, "uncertainty": None, "error": fault}
                row |= {"ready": None, "doubts": [], "parts": None, "overlay": None, "strokes": None}
            if as_json:
                click.echo(json.dumps(row))
            elif line is not None:
                click.echo(line)
            bar.update()
    return 3 if failed else 0


def _corrected(photo: Photo, segment: Callable[[Photo], Mask], path: Path | None) -> tuple[Mask, Strokes | None]:
    """The mask, and the strokes that corrected it."""
    from packshot.cutout import Strokes, refine, require_subject

    if path is None:
        return segment(photo), None
    strokes = Strokes.read(path)
    strokes.require_photo(photo)
    try:
        start = None if strokes.box is not None else segment(photo)
    except NothingToCutOut as error:
        raise NothingToCutOut(error.message, remedy=f'add a "box" around the product to {path}') from error
    mask = refine(photo, start, strokes)
    require_subject(mask.alpha, doubt=0.0, source=photo.source)  # somebody has seen it, but it may be empty
    return mask, strokes


def _stroke_files(strokes: str | None, stems: list[str]) -> dict[str, Path]:
    """Stem -> the strokes drawn on that photo.

    Raises:
        UsageError: there are none, or one file for several photos.
    """
    if strokes is None:
        return {}
    path = Path(strokes)
    if path.is_dir():
        files = {stem: path / f"{stem}.json" for stem in stems}
        found = {stem: file for stem, file in files.items() if file.is_file()}
        if not found:
            expected = next(iter(files.values()), path)
            raise UsageError(f"{path}: no strokes for any of the photos", remedy=f"name them like {expected}")
        return found
    if len(stems) != 1:
        raise UsageError(
            f"--strokes {path}: one file, but {len(stems)} photos", remedy="give a folder with NAME.json for each photo"
        )
    return {stems[0]: path}


def _opener(path: Path, limits: Limits) -> Callable[[Photo], Mask]:
    """What finds the mask of a photo in a file: its transparency, or else its brightness."""

    def read(photo: Photo) -> Mask:
        import numpy as np

        from packshot.cutout import require_subject
        from packshot.photo import decode
        from packshot.values import Mask

        picture = decode(path, limits=limits)
        if picture.rgb.shape != photo.rgb.shape:
            came, expected = (f"{one.width} x {one.height}" for one in (picture, photo))
            raise UsageError(
                f"{path}: expected {expected} pixels like the photo, got {came}", remedy="take the photo's own"
            )
        alpha = picture.rgb[..., 1].astype(np.float32) / np.float32(255) if picture.alpha is None else picture.alpha
        require_subject(alpha, doubt=0.0, source=str(path))
        return Mask(alpha=alpha, uncertainty=0.0, model="file")

    return read
