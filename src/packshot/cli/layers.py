"""``packshot layers``: what the layers of a network see (extra ``train``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, decoded, photos_named, shown
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, THREADS, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("layers")
def command(
    sources: tuple[str, ...] = SOURCES,
    out: str = option("-o", "--out", metavar="OUT", help="Folder for the pictures."),
    show: Literal["outputs", "filters", "dream"] = option("--show", default="outputs", help="What; see below."),
    layer: str = option(
        "--layer", default="-10", metavar="NAME|N", help="By name, or by number: 0 is next to the photo, -1 the last."
    ),
    units: int = option("--units", default=6, type=click.IntRange(1, 64), help="Filters to show."),
    guide: Path | None = option("--guide", metavar="PHOTO", help="For dream: whose excited channels are followed."),
    model: str = option("--model", default="describe", metavar="NAME|FILE", help="Any network."),
    before: str | None = option(
        "--before", metavar="NAME|FILE", help="For outputs: the same network before fine-tuning, side by side."
    ),
    threads: int | None = THREADS,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Show what the layers of a network see, of ours and of foreign ones (extra: train).

    outputs: every channel of a layer, for each photo, as a grid; with --before, pairs, those that changed most first.
    filters: pictures made to excite a unit most, beside the photos that excite it most, a row a unit: those that
    differ most from photo to photo. dream: the photo in which the layer finds more and more of what it looks for.

    \b
    packshot layers shirt.jpg --layer 12 -o seen/
    packshot layers shirt.jpg --model mine.onnx --before start.onnx --layer 12 -o seen/
    packshot layers car.jpg --model vgg16.onnx --layer block3_conv1 -o seen/
    packshot layers photos/ --show filters --layer -20 -o seen/
    packshot layers shirt.jpg --show dream --layer 25 --guide flowers.jpg -o seen/
    """
    from packshot.cli.pictures import Pictures
    from packshot.photo import decode

    try:
        from packshot.training.explanation import LayerViews
    except ImportError as error:
        raise UsageError("layers are looked into with torch", remedy="pip install 'packshot[train]'") from error
    if guide is not None and show != "dream":
        raise UsageError("--guide is for dreams", remedy="add --show dream, or leave it out")
    if before is not None and show != "outputs":
        raise UsageError("--before is for outputs", remedy="add --show outputs, or leave it out")
    settings = settings_from(max_megapixels=max_megapixels, threads=threads)
    found = photos_named(sources, pictures=Path(out))
    layers = LayerViews(model, layer, settings, before=before)
    pictures = Pictures(out, found, as_json=as_json, many=True)
    guided = None if guide is None else decode(guide, limits=settings.limits).rgb

    def look(source: Source) -> Output:
        target = pictures.target(source, f".{show}" if before is None else ".compared")
        rgb = decoded(source, settings.limits).rgb
        pictures.write(target, layers.dream(rgb, guide=guided) if show == "dream" else layers.outputs(rgb))
        return Output({"layer": layers.name, "output": str(target)}, f"{shown(source)}\t{layers.name}\t{target}")

    def look_at_all(first: Source) -> Output:
        target = pictures.target(first, ".filters")
        reads = [lambda source=source: decoded(source, settings.limits).rgb for source in found]
        sheet, chosen = layers.filters(reads, units=units)
        pictures.write(target, sheet)
        row = {"layer": layers.name, "output": str(target), "units": chosen}
        return Output(row, f"{layers.name}\tunits {', '.join(map(str, chosen))}\t{target}")

    filters = show == "filters"
    return answer_each(
        found[:1] if filters else found,
        look_at_all if filters else look,
        as_json=as_json,
        nothing=dict.fromkeys(("layer", "output")),
        pictures=pictures,
    )
