"""``packshot run``: the whole flow over a folder."""

from __future__ import annotations

from pathlib import Path

from packshot.cli.command import option, packshot_command
from packshot.cli.flow import Flow
from packshot.cli.options import SOURCES
from packshot.cli.run_options import Cluster

__all__ = ["command"]


@packshot_command("run")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    out: str = option(
        "-o",
        "--out",
        address=True,
        metavar="OUT",
        help="Where results go, a folder or URI; repeat the command to resume.",
    ),
    flow: Flow,
    cluster: Cluster,
    decided_only: bool = option(
        "--decided-only", help="Make anew only what persons corrected since; look for no new photos."
    ),
) -> int:
    """Turn photos into packshots that meet a marketplace's rules, with a report of what still needs a person.

    OUT gets packshots/ cutouts/ masks/ heatmaps/ (each source's relative path kept), manifest.jsonl with all that was
    found, and report.html. Repeat the command to finish an interrupted run; what is done is not done twice.

    Of several profiles the first one has packshots/, each other one channels/PROFILE/; one that is added later gets its
    pictures from the cut-outs that are there. Options for the picture change it for every profile.

    What was decided with `packshot review` is obeyed: pictures of all profiles are made from the masks that persons
    corrected, and what they decided is not to be looked at again.

    With -c a picture that the catalogue has already, also mirrored, cropped or on another background, is named and left
    out.

    SRC and OUT may be URIs (s3://, gs://, az://, file://; extra: cloud): any number of photos is then done in shards,
    and a table of URIs (CSV, Parquet or Lance, anywhere) is a source too: new.parquet, or s3://shop/new.csv:photo with
    the name of its column; of a catalogue CATALOGUE/items.lance.

    \b
    packshot run photos/ -o out/
    packshot run 'new/*.jpg' -o out/ --profile amazon
    packshot run photos/ -o out/ --profile amazon,ebay,zalando,shop.toml
    packshot run photos/ -o out/ --sku products.csv:gtin --name gs1
    packshot run photos/ -o out/ --background '#f4f4f4' --shadow 0.4 --format webp --max-kb 200
    packshot run photos/ -o out/ --model u2net.onnx --json > results.jsonl
    packshot run photos/ -o out/ --describe-model mine.onnx --precision 0.99
    packshot run street/ -o out/ --scene
    packshot run arrivals/ -o out/ -c shop.catalogue
    packshot run s3://shop/photos -o s3://shop/out --profile amazon
    packshot run s3://shop/photos -o s3://shop/out --engine ray --address head:6379
    packshot run new.parquet:photo -o s3://shop/out
    packshot run s3://shop/photos -o s3://shop/out --sku s3://shop/products.csv:gtin
    """
    from packshot.storage.lock import folder_lock

    folder_lock(Path(out)).refuse()  # before anything is loaded or listed; of a URI there is none
    from packshot.cli.folders import run_folders
    from packshot.cli.objects import run_objects
    from packshot.sharded.sources import in_shards

    if in_shards(sources, out):
        return run_objects(flow, cluster, sources, out, decided_only=decided_only)
    flow.check()  # before photos are listed and networks are loaded
    engine = cluster.engine_for(flow.jobs, flow.time_limit)
    return run_folders(flow, sources, out, decided_only=decided_only, engine=engine)
