"""``packshot index``: photos into the catalogue."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.catalogue.options import CATALOGUE, Embedding, Ground, background
from packshot.cli.command import option, packshot_command
from packshot.cli.options import JSON, ROOT, SOURCES
from packshot.cli.printing import print_row
from packshot.counting import counted
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.catalogue.indexing import IndexProgress

__all__ = ["command"]


@packshot_command("index")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    catalogue: str = CATALOGUE,
    ground: Ground = option(
        "--ground", help="What products stand on in the catalogue, the same for all. [default: photo]"
    ),
    again: bool = option("--again", help="Embed photos anew that are in the catalogue already."),
    root: str = ROOT,
    embedding: Embedding,
    as_json: bool = JSON,
) -> int:
    """Add photos to a catalogue, to be found again by `packshot search`.

    SRC are photos, folders or globs; the folder `packshot run` wrote to gives its photos with all that was found, also
    one in a bucket (s3://, gs://, az://), whose embeddings are taken over as the run kept them.
    Repeat the command to go on where it was stopped, or to add what is new: a file that is in the catalogue is not
    embedded again. Products stand on their photo's own ground; for photos taken on beds and floors --ground white cuts
    every product out first.

    \b
    packshot index photos/ -c shop.catalogue
    packshot run photos/ -o out/ && packshot index out/ -c shop.catalogue
    packshot index s3://shop/out -c s3://shop/catalogue
    packshot index 'new/*.jpg' -c s3://bucket/shop --json > indexed.jsonl
    """
    from packshot.batch.pipeline import make_pipeline
    from packshot.catalogue.indexing import Background, IndexSummary, check_network, index_bucket_runs, index_photos
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar
    from packshot.storage.encodable import printable
    from packshot.storage.objects import is_object_uri

    in_bucket = _all_in_buckets([is_object_uri(source) for source in sources], again=again, ground=ground)
    settings = embedding.settings()
    stands_on = background(ground) or Background.PHOTO
    with contextlib.ExitStack() as opened:
        store = opened.enter_context(open_store(catalogue, create=True))
        if not in_bucket:
            check_network(store, settings, background=stands_on)
        bar = opened.enter_context(Bar(None, unit="photo"))

        def tell(step: IndexProgress) -> None:
            if step.status == "known":
                bar.skip()
            else:
                bar.step(step.error, of=printable(step.source))
            print_row(step.row(), "", as_json=as_json)

        def photos() -> IndexSummary:
            return index_photos(
                sources,
                store,
                functools.partial(make_pipeline, settings),
                background=stands_on,
                again=again,
                root=Path(root),
                progress=tell,
                found=bar.expect,
                **embedding.workers(settings),
            )

        summary = index_bucket_runs(sources, store, progress=tell) if in_bucket else photos()
        if not as_json:
            click.echo(f"{summary.words()}\n{catalogue}: {counted(store.count(), 'item')}")
    return summary.exit_code


def _all_in_buckets(uris: list[bool], *, again: bool, ground: Ground) -> bool:
    """Whether the sources are runs in buckets.

    Raises:
        UsageError: some are, or an option needs their photos.
    """
    if not any(uris):
        return False
    if not all(uris):
        raise UsageError("photos and runs in buckets cannot be indexed together", remedy="use a command for each")
    if again or ground not in (None, "photo"):
        raise UsageError(
            "of a run in a bucket the embeddings are taken as they were kept", remedy="leave --again and --ground out"
        )
    return True
