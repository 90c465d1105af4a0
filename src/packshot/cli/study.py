"""``packshot study``: what is left of a network's answers when photos are changed, over a whole set."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import JSON, THREADS, data_option, settings_from
from packshot.cli.printing import print_notes, print_table

__all__ = ["command"]


@packshot_command("study")
def command(
    study: Path = argument("STUDY.toml"),
    data: Path = data_option("Described photos, as for training."),
    out: Path = option("-o", "--out", metavar="OUT", help="Folder for report.html, figures.json and answers.jsonl."),
    split: Literal["holdout", "validation", "train", "all"] = option(
        "--split", default="validation", help="Which photos."
    ),
    describe_model: str | None = option(
        "--model", once=True, metavar="NAME|FILE", help="The network that is asked. [default: describe]"
    ),
    threads: int | None = THREADS,
    as_json: bool = JSON,
) -> int:
    """Change every photo of a set in many ways, and see what is left of a network's answers.

    STUDY.toml names the question and the changes; each stands in the report with accuracy, share of other answers,
    change of the log odds, intervals with products drawn whole, McNemar's test, and the photos it hurt most. Repeat the
    command to go on where it was stopped.

    \b
    packshot study study.toml --data shop/list.csv -o study/

    \b
    name = "What the category hangs on"
    head = "category"
    photos = 300
    interventions = ["grey", "silhouette", "texture", "background-white", "mirrored", "jpeg 20"]
    [[hidden]]                       # a part of the product, beside a control of equal size
    name = "chest"
    box = [0.3, 0.2, 0.7, 0.4]
    [[hidden]]                       # drawn in each photo: path,left,top,right,bottom, or a table of packshot label
    name = "logo"
    regions = "logos.csv"
    """
    from packshot.storage.lock import folder_lock

    folder_lock(out).refuse()  # before photos are listed and networks are loaded
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.explaining import Questions
    from packshot.explaining.study import left_out, read_plan, run_study, study_figures, study_photos, write_report
    from packshot.values import CATEGORY
    from packshot.web.study_page import HEADER, study_cells

    plan = read_plan(study)
    settings = settings_from(describe_model=describe_model, threads=threads)
    describer = Questions(settings).describer
    items = described_items(data, attributes=() if plan.head == CATEGORY else (plan.head,))
    photos = study_photos(plan, items, data=data, split=split)
    with Bar(len(photos), unit="photo") as bar:
        found = run_study(plan, photos, data=data, out=out, settings=settings, describer=describer, progress=bar.step)
    figures = study_figures(found.answers)
    facts = {"Network": describer.network.id, "Data": str(data), "Split": split, "Photos": str(len(found.answers))}
    report = write_report(out, plan, found, figures, settings=settings, facts=facts)
    print_table(map(asdict, figures), HEADER, study_cells(figures), as_json=as_json)
    print_notes(f"{name}: {words}" for name, words in left_out(plan, found.answers).items())
    click.echo(f"report: {report}", err=as_json)
    return 3 if found.unreadable else 0
