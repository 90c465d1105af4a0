"""``packshot catalogue reindex``."""

from __future__ import annotations

import functools

from packshot.cli.catalogue.options import CATALOGUE, Embedding, Ground, background
from packshot.cli.command import option, packshot_command
from packshot.cli.options import JSON
from packshot.cli.printing import print_row

__all__ = ["reindex"]


@packshot_command("reindex")
def reindex(
    *,
    catalogue: str = CATALOGUE,
    ground: Ground = option("--ground", help="What products stand on from now on. [default: as until now]"),
    leave_out: bool = option("--leave-out", help="Move although some photos are gone; their items are left out."),
    embedding: Embedding,
    as_json: bool = JSON,
) -> int:
    """Move a catalogue to another network's embedding: the new one is made beside the old one.

    Searches go on with the old embeddings, and ask the new ones all at once when every item has its own. Stopped or
    killed at any moment, the catalogue answers as before; repeat the command to go on. What is indexed meanwhile comes
    along. Exit code 3 where photos are gone or changed: the catalogue does not move then, unless with --leave-out. The
    former embeddings are deleted by `packshot catalogue compact`. In a folder and in a bucket; not in Milvus.

    \b
    packshot catalogue reindex -c shop.catalogue                                 to the network that ships
    packshot catalogue reindex -c shop.catalogue --describe-model mine.onnx
    packshot catalogue reindex -c shop.catalogue --ground white                  the same network, products on white
    """
    from packshot.batch.pipeline import make_pipeline
    from packshot.catalogue.indexing import ReindexProgress, describing_network
    from packshot.catalogue.indexing import reindex as move
    from packshot.cli.progress import Bar
    from packshot.storage.encodable import printable

    settings = embedding.settings()
    network = describing_network(settings)
    with Bar(None, unit="item") as bar:

        def tell(step: ReindexProgress) -> None:
            bar.step(step.error, of=printable(step.source))
            print_row(step.row(), "", as_json=as_json)

        done = move(
            catalogue,
            functools.partial(make_pipeline, settings),
            network=network,
            background=background(ground),
            leave_out=leave_out,
            progress=tell,
            tell=bar.write_line,
            **embedding.workers(settings),
        )
    print_row(done.row(), done.words(catalogue), as_json=as_json)
    return done.exit_code
