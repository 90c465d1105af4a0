"""``packshot overlay``: which photos have text, logos, badges or watermarks laid over them, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, settings_from

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("overlay")
def command(
    sources: tuple[str, ...] = SOURCES,
    overlay_model: str | None = option(
        "--model", metavar="NAME|FILE", help="overlay, or an ONNX file. [default: overlay]"
    ),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Find text, logos, badges, prices and watermarks that were laid over photos.

    Print on the product or its package is none. Boxes are rough, in pixels of the upright photo; the fields are those
    of the 10 x 10 grid by which Rakuten counts.

    \b
    packshot overlay photos/
    packshot overlay photos/ --json > overlays.jsonl
    """
    from packshot.batch.reading import decoded
    from packshot.overlay.finder import required_overlay_finder

    settings = settings_from(max_megapixels=max_megapixels, overlay_model=overlay_model)
    find = required_overlay_finder(settings)

    def answer(source: Source) -> Output:
        found = find(decoded(source, settings.limits), None)
        return Output(found.row(), f"{source.shown}\t{found.words()}")

    nothing = dict.fromkeys(("found", "score", "boxes", "fields", "on_product"))
    return answer_each(photos_named(sources), answer, as_json=as_json, nothing=nothing)
