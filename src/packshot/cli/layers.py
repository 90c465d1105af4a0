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
    from packshot.values import Rgb

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
    filters: pictures made to excite a unit most, beside
    the photos that excite it most, a row a unit: those that differ most from photo to photo. dream: the photo in which
    the layer finds more and more of what it looks for.

    \b
    packshot layers shirt.jpg --layer 12 -o seen/
    packshot layers shirt.jpg --model mine.onnx --before start.onnx --layer 12 -o seen/
    packshot layers car.jpg --model vgg16.onnx --layer block3_conv1 -o seen/
    packshot layers photos/ --show filters --layer -20 -o seen/
    packshot layers shirt.jpg --show dream --layer 25 --guide flowers.jpg -o seen/
    """
    from packshot.cli.pictures import Pictures
    from packshot.photo import decode
    from packshot.runtime import load, resolve

    try:
        from packshot.training.explanation import (
            TorchCopy,
            compared_picture,
            dream,
            layer_outputs,
            layer_picture,
            same_layer,
        )
    except ImportError as error:
        raise UsageError("layers are looked into with torch", remedy="pip install 'packshot[train]'") from error
    if guide is not None and show != "dream":
        raise UsageError("--guide is for dreams", remedy="add --show dream, or leave it out")
    if before is not None and show != "outputs":
        raise UsageError("--before is for outputs", remedy="add --show outputs, or leave it out")
    settings = settings_from(max_megapixels=max_megapixels, threads=threads)
    found = photos_named(sources, pictures=Path(out))
    network, copy = load(model, settings), TorchCopy(resolve(model, settings).path)
    name = copy.layer(layer)
    pictures = Pictures(out, found, as_json=as_json, many=True)
    earlier = None if before is None else (load(before, settings), TorchCopy(resolve(before, settings).path))
    its_layer = "" if earlier is None else same_layer(copy, earlier[1], layer)

    def picture(rgb: Rgb) -> Rgb:
        if earlier is not None:
            first = layer_outputs(*earlier, rgb, its_layer)
            return compared_picture(first, layer_outputs(network, copy, rgb, layer))[0]
        if show == "dream":
            return dream(copy, network.card, rgb, layer, guide=guided)
        return layer_picture(layer_outputs(network, copy, rgb, layer))

    def look(source: Source) -> Output:
        target = pictures.target(source, f".{show}" if before is None else ".compared")
        pictures.write(target, picture(decoded(source, settings.limits).rgb))
        return Output({"layer": name, "output": str(target)}, f"{shown(source)}\t{name}\t{target}")

    def look_at_all(first: Source) -> Output:
        from packshot.training.explanation import filter_sheet

        target = pictures.target(first, ".filters")
        reads = [lambda source=source: decoded(source, settings.limits).rgb for source in found]
        sheet, chosen = filter_sheet(network, copy, reads, layer, units=units)
        pictures.write(target, sheet)
        row = {"layer": name, "output": str(target), "units": chosen}
        return Output(row, f"{name}\tunits {', '.join(map(str, chosen))}\t{target}")

    guided = None if guide is None else decode(guide, limits=settings.limits).rgb
    filters = show == "filters"
    return answer_each(
        found[:1] if filters else found,
        look_at_all if filters else look,
        as_json=as_json,
        nothing=dict.fromkeys(("layer", "output")),
        pictures=pictures,
    )
