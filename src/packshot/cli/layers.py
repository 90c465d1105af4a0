"""``packshot layers``: what the layers of a network see (extra ``train``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, settings_from
from packshot.cli.printing import print_row
from packshot.errors import UsageError
from packshot.extras import installing

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.cli.pictures import Pictures
    from packshot.limits import Limits
    from packshot.training.explanation import LayerPhoto, LayerViews

__all__ = ["command"]


@packshot_command("layers")
def command(
    sources: tuple[str, ...] = SOURCES,
    out: str = option("-o", "--out", metavar="OUT", help="Folder for the pictures."),
    show: Literal["outputs", "filters", "dream"] = option("--show", default="outputs", help="What; see below."),
    layer: str = option(
        "--layer", default="-10", metavar="NAME|N", help="By name, or by number: 0 is next to the photo, -1 the last."
    ),
    units: int = option("--units", default=4, type=click.IntRange(1, 64), help="For filters: how many."),
    guide: Path | None = option("--guide", metavar="PHOTO", help="For dream: whose excited channels are followed."),
    octaves: int | None = option(
        "--octaves", type=click.IntRange(1, 8), help="For dream: sizes, each 1.4 times the one before. [default: 3]"
    ),
    steps: int | None = option(
        "--steps", type=click.IntRange(1, 200), help="For dream: of each octave; more change more. [default: 10]"
    ),
    model: str = option("--model", default="describe", metavar="NAME|FILE", help="Any network."),
    before: str | None = option(
        "--before", metavar="NAME|FILE", help="For outputs and filters: the network before fine-tuning, side by side."
    ),
    threads: int | None = option(
        "--threads",
        type=click.IntRange(1, 1024),
        help="More gain only where cores have nothing else to do. [default: 1]",
    ),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Show what the layers of a network see, of ours and of foreign ones (extra: train).

    outputs: every channel of a layer under its number, for each photo, as a grid, those that say most first; with
    --before, the 24 pairs that changed most.
    filters: pictures made to excite a unit most, beside the photos that excite it most, for the units that differ most
    from photo to photo; with --before, for those that changed most, before beside after. Some seconds a unit; each is
    written when it is done, into a folder called as the layer, and the same command repeated goes on where it was
    stopped. dream: the photo in which the layer finds more and more of
    what it looks for.

    \b
    packshot layers shirt.jpg --layer 12 -o seen/
    packshot layers shirt.jpg --model mine.onnx --before start.onnx --layer 12 -o seen/
    packshot layers car.jpg --model vgg16.onnx --layer block3_conv1 -o seen/
    packshot layers photos/ --show filters --layer -20 -o seen/
    packshot layers photos/ --show filters --model mine.onnx --before start.onnx --layer 12 -o seen/
    packshot layers shirt.jpg --show dream --layer 25 --guide flowers.jpg -o seen/
    packshot layers shirt.jpg --show dream --layer 12 --octaves 5 --steps 20 -o seen/
    """
    from packshot.batch.reading import decoded
    from packshot.cli.pictures import Pictures
    from packshot.photo import decode

    try:
        from packshot.training.explanation import LayerViews
    except ImportError as error:
        raise UsageError("layers are looked into with torch", remedy=installing("train")) from error
    for name, value in {"--guide": guide, "--octaves": octaves, "--steps": steps}.items():
        if value is not None and show != "dream":
            raise UsageError(f"{name} is for dreams", remedy="add --show dream, or leave it out")
    if before is not None and show == "dream":
        raise UsageError("--before is not for dreams", remedy="take --show outputs or filters, or leave it out")
    settings = settings_from(max_megapixels=max_megapixels, threads=threads)
    found = photos_named(sources, pictures=Path(out))
    layers = LayerViews(model, layer, settings, before=before)
    pictures = Pictures(out, found, as_json=as_json, many=True)
    guided = None if guide is None else decode(guide, limits=settings.limits).rgb

    def look(source: Source) -> Output:
        target = pictures.target(source, f".{show}" if before is None else ".compared")
        rgb = decoded(source, settings.limits).rgb
        if show == "dream":
            pictures.write(target, layers.dream(rgb, guide=guided, octaves=octaves or 3, steps=steps or 10))
        else:
            pictures.write(target, layers.outputs(rgb))
        return Output({"layer": layers.name, "output": str(target)}, f"{source.shown}\t{layers.name}\t{target}")

    if show == "filters":
        return _make_filters(found, layers, pictures, Path(out), settings.limits, units=units, as_json=as_json)
    return answer_each(found, look, as_json=as_json, nothing=dict.fromkeys(("layer", "output")), pictures=pictures)


def _make_filters(
    found: Sequence[Source],
    layers: LayerViews,
    pictures: Pictures,
    out: Path,
    limits: Limits,
    *,
    units: int,
    as_json: bool,
) -> int:
    """Look at all photos, then make one unit's pictures after the other."""
    from packshot.batch import Failure, each_photo
    from packshot.cli.progress import Bar

    bad = 0
    with layers.filters(out, pictures.write) as folder:
        seen = []
        with Bar(len(found), unit="photo") as bar:
            for looked in each_photo(found, lambda source: folder.look(_layer_photo(source, limits))):
                if isinstance(looked, Failure):
                    bad += 1
                    bar.step(looked.error, of=looked.source.shown)
                    row = {"source": looked.source.path, "layer": layers.name, "error": looked.error.to_dict()}
                    print_row(row, "", as_json=as_json)
                else:
                    seen.append(looked.answer)
                    bar.update()
        with Bar(units, unit="unit") as bar:
            for made in folder.make(seen, units=units):
                told = {"layer": layers.name, **made.row(), "error": None}
                print_row(told, f"{layers.name}\t{made.words}", as_json=as_json)
                bar.update()
            for lost in pictures.lost():
                bar.write_line(str(lost))
                bad += 1
    return 3 if bad else 0


def _layer_photo(source: Source, limits: Limits) -> LayerPhoto:
    """A photo that a layer is asked about again and again; stdin can be read once only."""
    from packshot.batch import STDIN
    from packshot.batch.reading import decoded
    from packshot.training.explanation import LayerPhoto

    if source.path != STDIN:
        return LayerPhoto.of_file(source.path, source.shown, limits)
    piped = decoded(source, limits)
    return LayerPhoto(source.shown, piped.sha256, lambda: piped.rgb)
