"""``packshot data``: look at labelled pictures before training on them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import copied_data
from packshot.cli.options import GROUP_COLUMN, JSON
from packshot.cli.printing import print_row

__all__ = ["command"]


@packshot_command("data")
def command(
    source: str = argument("DIR|FILE"),
    task: Literal["segmentation", "classification"] = option(
        "--task", default="segmentation", help="What the pictures are for: masks, or classes."
    ),
    out: str | None = option(
        "-o",
        "--out",
        metavar="FILE",
        help="Write the pictures and their splits as CSV, to freeze or correct them.",
    ),
    group: str | None = GROUP_COLUMN,
    as_json: bool = JSON,
) -> int:
    """Check labelled pictures: how many of what, broken files, wrong masks, leaks between splits.

    Takes images/ and masks/, class folders, a CSV manifest, COCO JSON, or the public sets; exits 3 when something
    must be mended first.

    \b
    packshot data shop/
    packshot data shop/ --task classification --json
    packshot data annotations/instances_train.json
    packshot data shop/ -o shop/split.csv
    packshot data s3://shop/labelled
    """
    from packshot.cli.progress import Bar
    from packshot.datasets import check_items, open_items, write_manifest
    from packshot.datasets.manifest import GROUP

    items = open_items(copied_data(source), task=task, group=group or GROUP)
    with Bar(len(items), unit="picture") as bar:
        report = check_items(items, task, progress=bar.update)
    if out:
        write_manifest(Path(out), items)
    print_row({"source": source, **report.row()}, str(report), as_json=as_json)
    return 3 if report.errors else 0
