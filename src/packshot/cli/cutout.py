"""``packshot cutout``: masks or cut-outs only."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np

from packshot.cli.options import json_option, model_options, settings_from, sources_argument

__all__ = ["command"]


@click.command(name="cutout")
@sources_argument
@click.option("-o", "--out", required=True, metavar="OUT", help="Folder for the results.")
@click.option("--mask", "masks", is_flag=True, help="Write 8-bit masks instead of transparent cut-outs.")
@model_options
@json_option
def command(
    sources: tuple[str, ...],
    out: str,
    masks: bool,
    as_json: bool,
    model: str | None,
    provider: str | None,
    threads: int | None,
    allow_non_commercial: bool,
) -> int:
    """Cut the product out of each photo: a transparent PNG of the photo's size, straight alpha.

    Names in OUT keep the source's relative path.

    \b
    packshot cutout photos/ -o cutouts/
    packshot cutout shirt.jpg -o masks/ --mask
    packshot cutout photos/ -o cutouts/ --model grabcut --json
    """
    from packshot.batch import find_sources, output_stems, write_atomic
    from packshot.cli.progress import Bar
    from packshot.cutout import cut_out, segmenter
    from packshot.errors import OutputError, PackshotError
    from packshot.photo import decode, encode

    settings = settings_from(model=model, provider=provider, threads=threads, allow_non_commercial=allow_non_commercial)
    segment = segmenter(settings.model, settings)
    found = find_sources(sources)
    inputs = {Path(source.path).resolve() for source in found}
    failed = 0
    with Bar(len(found), unit="photo") as bar:
        for source, stem in zip(found, output_stems(found), strict=True):
            target = Path(out) / f"{stem}.png"
            try:
                if target.resolve() in inputs:
                    raise OutputError(f"{target} is one of the photos", remedy="write to another folder with -o")
                photo = decode(source.path, limits=settings.limits)
                mask = segment(photo)
                pixels = np.rint(mask.alpha * 255).astype(np.uint8) if masks else cut_out(photo, mask).rgba
                write_atomic(target, encode(pixels, format="PNG").data)
                line = f"{target}\tuncertainty {mask.uncertainty:.3f}"
                row = {"source": source.path, "output": str(target), "uncertainty": mask.uncertainty, "error": None}
            except PackshotError as error:
                failed += 1
                bar.write_line(str(error))
                line = None
                fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                row = {"source": source.path, "output": None, "uncertainty": None, "error": fault}
            if as_json:
                click.echo(json.dumps(row))
            elif line is not None:
                click.echo(line)
            bar.update()
    return 3 if failed else 0
