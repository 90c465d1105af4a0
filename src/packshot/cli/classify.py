"""``packshot classify``: what is in photos, where, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.each import Output, answer_each, content_of, photos_named, shown
from packshot.cli.options import (
    json_option,
    limit_option,
    own_tree_options,
    precision_option,
    settings_from,
    sources_argument,
)
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.cli.pictures import Pictures
    from packshot.description import Describer
    from packshot.values import Description, Mask, Photo

__all__ = ["command"]

# Of a row besides `source` and `error`; all null where the photo could not be read.
_KEYS = (
    "head",
    "path",
    "names",
    "score",
    "sure",
    "uncertainty",
    "top",
    "seen",
    "products",
    "attributes",
    "known",
    "familiar",
    "model",
    "heatmaps",
)


@click.command(name="classify")
@sources_argument
@click.option("--head", metavar="NAME", help="Which question to answer: category, tags or kids. [default: category]")
@precision_option
@click.option("--model", "describe_model", metavar="NAME|FILE", help="describe, or an ONNX file. [default: describe]")
@own_tree_options
@click.option("--heatmaps", metavar="OUT", help="Folder for pictures of where each answer was seen.")
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    head: str | None,
    precision: float | None,
    describe_model: str | None,
    taxonomy: str | None,
    mapping: str | None,
    heatmaps: str | None,
    max_megapixels: float | None,
    as_json: bool,
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
    """
    from pathlib import Path

    from packshot.batch import output_stems
    from packshot.cli.pictures import Pictures
    from packshot.description import describer
    from packshot.description.row import description_row
    from packshot.photo import decode

    settings = settings_from(
        max_megapixels=max_megapixels,
        describe_model=describe_model,
        precision=precision,
        taxonomy=taxonomy,
        mapping=mapping,
    )
    found = photos_named(sources, pictures=None if heatmaps is None else Path(heatmaps))
    pictures = None if heatmaps is None else Pictures(heatmaps, found, option="--heatmaps", many=True)
    describe = describer(settings.describe_model, settings)
    if describe is None:
        raise UsageError("--model none describes nothing", remedy="name a network: `packshot models` lists them")
    asked = _head(describe, head)
    stems = dict(zip(found, output_stems(found), strict=True))

    def look(source: Source) -> Output:
        photo = decode(content_of(source, settings.limits), name=shown(source), limits=settings.limits)
        description = describe(photo.rgb, _own_mask(photo))
        row = description_row(description, asked) | {"heatmaps": []}
        if pictures is not None:
            row["heatmaps"] = _draw(photo, description, stems[source], only=head, pictures=pictures)
        text = _line(shown(source), description, asked)
        if pictures is not None and not row["heatmaps"]:
            text += f"; no heatmap: {_why_none(describe, description, head)}"
        return Output(row, text)

    return answer_each(found, look, as_json=as_json, nothing=dict.fromkeys(_KEYS), pictures=pictures)


def _head(describe: Describer, head: str | None) -> str:
    from packshot.values import CATEGORY

    names = [each.name for each in describe.heads]
    if not names:
        raise UsageError(f"{describe.network.id} has no heads, it only embeds", remedy="name another with --model")
    if head is None:
        return CATEGORY if CATEGORY in names else names[0]
    if head not in names:
        raise UsageError(f"{describe.network.id} has no head {head!r}", remedy=f"it has {', '.join(names)}")
    return head


def _line(name: str, description: Description, head: str) -> str:
    """The answer for a person."""
    said = description.answer(head)
    if not description.familiar:
        return f"{name}\tnot a kind of product I know ({description.known or 0.0:.2f})"
    if said is not None and said.seen is not None and not said.path and not said.top:
        return f"{name}\tnothing of your tree (perhaps {said.seen.name}, {said.seen.score:.2f})"
    if said is None or not said.path:
        return f"{name}\tnothing recognised (uncertainty {1.0 if said is None else said.uncertainty:.2f})"
    further = "" if said.sure else ", not sure enough to say more"
    return f"{name}\t{' > '.join(choice.name for choice in said.path)} ({said.score:.2f}){further}"


def _why_none(describe: Describer, description: Description, head: str | None) -> str:
    """Why nothing was drawn."""
    if not description.heatmaps and not description.familiar:
        return "nothing in it is known"
    if not description.heatmaps:
        return f"{describe.network.id} gave none"
    heads = ", ".join(sorted({heatmap.head for heatmap in description.heatmaps}))
    return f"none of {head}, only of {heads}"


def _own_mask(photo: Photo) -> Mask | None:
    """Where a photo whose transparency outlines a product has it."""
    from packshot.photo import outlines_something
    from packshot.values import Mask

    if photo.alpha is None or not outlines_something(photo.alpha):
        return None
    return Mask(alpha=photo.alpha, uncertainty=0.0, model="given-alpha")


def _draw(photo: Photo, description: Description, stem: str, *, only: str | None, pictures: Pictures) -> list[str]:
    from packshot.explanation import draw_heatmap, file_stems
    from packshot.photo import encode

    written = []
    for heatmap, name in zip(description.heatmaps, file_stems(description.heatmaps), strict=True):
        if only not in (None, heatmap.head):
            continue
        target = pictures.target(stem, f".{name}")
        pictures.write(target, encode(draw_heatmap(photo.rgb, heatmap.heat), format="PNG").data)
        written.append(str(target))
    return written
