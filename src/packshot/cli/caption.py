"""``packshot caption``: one sentence on each photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, THREADS, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("caption")
def command(
    sources: tuple[str, ...] = SOURCES,
    languages: str = option(
        "--language", default="en", metavar="CODES", help="Of the sentence, one or more: en,de,pl, or your own."
    ),
    texts: str | None = option("--texts", metavar="FILE", help="Your own words (TOML), see docs/how-to/texts.md."),
    writer: str | None = option(
        "--model", once=True, metavar="FILE", help="A captioning network of yours (ONNX). [default: from what is known]"
    ),
    threads: int | None = THREADS,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Write one sentence on each photo: the product, its colours, what else is in it and where.

    Every word has evidence, as in the texts of `packshot run`. In several languages there is a line for each, and with
    --json `captions` has them all. With --model the sentence is your network's; its words
    for products, colours and attributes are checked, and those that nothing stands behind are named.

    \b
    packshot caption shirt.jpg
    packshot caption photos/ --language de,en --json > captions.jsonl
    packshot caption photos/ --model captions.onnx
    """
    from pathlib import Path

    from packshot.batch.reading import decoded
    from packshot.batch.record import record_of
    from packshot.description import Captioner
    from packshot.description.taxonomy import load_taxonomy
    from packshot.pipeline import Pipeline
    from packshot.wording import CAPTION_KEYS, caption_of, category_names, load_languages

    codes = [code.strip().lower() for code in languages.split(",") if code.strip()]
    if not codes:
        raise UsageError(f"--language {languages!r}: expected a language", remedy="name one, as in --language en,de")
    if writer is not None and len(codes) > 1:
        raise UsageError(
            f"--language {languages}: the network of --model writes in one language", remedy="name the one it writes in"
        )
    settings = settings_from(max_megapixels=max_megapixels, threads=threads)
    spoken = load_languages(codes, own=None if texts is None else Path(texts))
    names = category_names(load_taxonomy())
    write = None if writer is None else Captioner(writer, settings)
    found, pipeline = photos_named(sources), Pipeline(settings=settings)

    def answer(source: Source) -> Output:
        photo = decoded(source, settings.limits)
        record = record_of(source.path, pipeline.run(photo.rgb, name=source.shown, until="description"), files={})
        written, by = (None, None) if write is None else (write(photo.rgb), write.id)
        said = [caption_of(record, language, names, written=written, by=by) for language in spoken]
        starts = [f"{source.shown}\t{each.language}" if len(said) > 1 else source.shown for each in said]
        lines = [f"{start}\t{each.words}" for start, each in zip(starts, said, strict=True)]
        row = {**said[0].row(), "captions": {each.language: each.sentence for each in said}}
        return Output(row, "\n".join(lines))

    return answer_each(found, answer, as_json=as_json, nothing=dict.fromkeys((*CAPTION_KEYS, "captions")))
