"""``packshot classify``: what is in photos, where, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.heatmap_options import HeatmapStyle
from packshot.cli.options import JSON, MEGAPIXELS, PRECISION, SOURCES, OwnTree, settings_from

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.cli.pictures import Pictures
    from packshot.cutout.scene_maps import SceneMaps
    from packshot.description import Describer
    from packshot.values import Description, Photo, Thing

__all__ = ["command"]


@packshot_command("classify")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    head: str | None = option(
        "--head", metavar="NAME", help="Which question to answer: category, tags or kids. [default: category]"
    ),
    precision: float | None = PRECISION,
    describe_model: str | None = option(
        "--model", metavar="NAME|FILE", help="describe, or an ONNX file. [default: describe]"
    ),
    own_tree: OwnTree,
    heatmaps: str | None = option(
        "--heatmaps", metavar="OUT", help="Folder for pictures of where each answer was seen."
    ),
    style: HeatmapStyle,
    scene: bool = option(
        "--scene",
        help="Look for several products, each told on its own crop. Misses most; see docs/how-to/describing.md.",
    ),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Say what is in photos, where, and how sure that is.

    The answer goes as deep into the category tree as is sure enough for the precision asked for; where that is not the
    whole way, the line says so. Heatmaps keep the photo's relative path below OUT: one PNG for each answer, or for
    those of --head alone.

    \b
    packshot classify photos/
    packshot classify photos/ --head kids
    packshot classify photos/ --precision 0.99 --json > categories.jsonl
    packshot classify photos/dress.jpg --heatmaps seen/
    packshot classify photos/dress.jpg --heatmaps seen/ --colours jet --opacity 0.5
    packshot classify street.jpg --scene --json
    """
    from packshot.batch.reading import decoded
    from packshot.cli.pictures import Pictures
    from packshot.cutout.scene_maps import scene_maps
    from packshot.description import required_describer
    from packshot.description.row import KEYS, description_row, description_words, no_heatmap_words
    from packshot.photo import given_mask

    settings = settings_from(
        own_tree, max_megapixels=max_megapixels, describe_model=describe_model, precision=precision
    )
    found = photos_named(sources, pictures=None if heatmaps is None else Path(heatmaps))
    if heatmaps is None:
        style.refuse_without("--heatmaps")
    pictures = None if heatmaps is None else Pictures(heatmaps, found, option="--heatmaps", many=True)
    describe = required_describer(settings)
    asked = describe.head_named(head)
    find_maps = scene_maps(settings) if scene else None

    def classified(source: Source) -> Output:
        photo = decoded(source, settings.limits)
        description = describe(photo.rgb, given_mask(photo))
        drawn = [] if pictures is None else _draw(photo, description, source, style, only=head, pictures=pictures)
        text = f"{source.shown}\t{description_words(description, asked)}"
        if pictures is not None and not drawn:
            text += f"; no heatmap: {no_heatmap_words(description, head)}"
        things = _scene(photo, describe, find_maps)
        text += "".join(f"\n  {thing.path[-1].name} ({thing.score:.2f}) at {thing.box.as_tuple()}" for thing in things)
        row = {**description_row(description, asked), "heatmaps": drawn}
        return Output({**row, "things": [thing.row() for thing in things]} if scene else row, text)

    return answer_each(
        found, classified, as_json=as_json, nothing=dict.fromkeys((*KEYS, "heatmaps")), pictures=pictures
    )


def _scene(photo: Photo, describe: Describer, find_maps: Callable[[Photo], SceneMaps] | None) -> tuple[Thing, ...]:
    """Several products; none where nobody asked for them."""
    from packshot.description.scene import things_in_scene

    if find_maps is None:
        return ()
    maps = find_maps(photo)
    return things_in_scene(describe, photo.rgb, maps.garment, maps.mask, maps.person)


def _draw(
    photo: Photo, description: Description, source: Source, style: HeatmapStyle, *, only: str | None, pictures: Pictures
) -> list[str]:
    from packshot.explanation import file_stems

    written = []
    for heatmap, name in zip(description.heatmaps, file_stems(description.heatmaps), strict=True):
        if only in (None, heatmap.head):
            target = pictures.target(source, f".{name}")
            pictures.write(target, style.draw(photo.rgb, heatmap.heat))
            written.append(str(target))
    return written
