"""``packshot evaluate category``: how good categories along the tree are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.head import AskedHead, Job, Reply, describe_options
from packshot.cli.evaluate.selection import Unreadable, check_data, data_options, make_folder, photo_name, spread
from packshot.cli.evaluate.telling import ask_all, say_unreadable, tell, write
from packshot.cli.options import settings_from
from packshot.errors import ModelMismatch, UsageError

if TYPE_CHECKING:
    from packshot.datasets import Described
    from packshot.description import Describer
    from packshot.description.taxonomy import Taxonomy
    from packshot.evaluation import CategoryAnswer, CategoryScore
    from packshot.heads import Head
    from packshot.values import Rgb

__all__ = ["category"]

_NAMED = 20  # labels that are listed in an error


@click.command(name="category")
@data_options("Photos and their categories: class folders, a CSV with the column `label`, the public sets.")
@describe_options
def category(data: str, split: str, out: str | None, limit: int | None, as_json: bool, **how: Any) -> int:
    """Score the categories a network gives, along its tree, on photos whose category is known.

    Labels are ids, names or paths in the network's tree. Accuracy and levels are those of the likeliest leaf, given
    always; "answered" is the share of photos with an answer that is sure enough for the precision asked for, parents
    included, "right" the share of these answers that are right as far as they go. Beside them stands the accuracy of
    always giving the most frequent category. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate category --data shop/
    packshot evaluate category --data shop/ --split validation -o quality/ --model mine.onnx
    packshot evaluate category --data $PACKSHOT_DATA --split validation --precision 0.99 --limit 500
    """
    return _score(Job(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)))


def _score(job: Job) -> int:
    from packshot.datasets import described_items
    from packshot.evaluation import CategoryAnswer, score_categories
    from packshot.web.evaluation_report import Mistakes

    check_data(job.data)
    describer = job.describer()
    head = _head(describer)
    every = [item for item in described_items(job.data) if item.category is not None]
    items = spread(every, data=job.data, split=job.split, limit=job.limit)
    true = _places(items, _tree(head, describer.network.id), job.data, describer.network.id)
    if job.out:
        make_folder(job.out)
    asked, mistakes, answers = AskedHead(describer, head), Mistakes(), list[CategoryAnswer]()
    inner = {head.labels[parent] for parent in head.parents if parent >= 0}

    def seen(item: Described, rgb: Rgb, reply: Reply) -> None:
        truth = true[item.category or ""]
        answer = CategoryAnswer(
            name=photo_name(item.photo, job.data),
            set=item.source,
            true=asked.path(truth),
            leaf=truth not in inner,
            said=reply.said,
            score=reply.answer.score,
            likeliest=asked.path(reply.answer.top[0].label),
            confidence=reply.answer.top[0].score,
            top={choice.label: choice.score for choice in reply.answer.top},
        )
        answers.append(answer)
        if not answer.right:
            mistakes.add(
                rgb,
                lambda: reply.draw(answer.likeliest[-1]),
                badness=(answer.distance, answer.confidence),
                name=answer.name,
                set=answer.set,
                said=asked.title(answer.likeliest[-1]),
                true=asked.title(truth),
                numbers={
                    "Score": f"{answer.confidence:.2f}",
                    "Score of the truth": f"{reply.probabilities[head.labels.index(truth)]:.2f}",
                    "Edges apart": f"{answer.distance}",
                    "Served": asked.title(answer.said[-1]) if answer.said else "nothing recognised",
                },
            )

    unreadable = ask_all(items, job, asked, seen)
    summary = score_categories(answers, precision=describer.precision)
    tell(summary, unreadable, lines=_lines(summary), header=_header(summary), as_json=job.as_json)
    if answers and job.out:
        _write(job, asked, summary, answers, mistakes, unreadable, describer)
    return say_unreadable(unreadable, len(items))


def _head(describer: Describer) -> Head:
    from packshot.heads import HeadKind
    from packshot.values import CATEGORY

    for head in describer.heads:
        if head.name == CATEGORY and head.kind is not HeadKind.TAGS:
            return head
    names = ", ".join(head.name for head in describer.heads) or "none, it only embeds"
    raise UsageError(
        f"{describer.network.id} has no head {CATEGORY!r}; its heads: {names}",
        remedy="name another network with --model, or score a head: packshot evaluate attribute --head NAME",
    )


def _tree(head: Head, network: str) -> Taxonomy:
    """The network's own tree: what it was trained on may differ from the one that ships."""
    from packshot.description.taxonomy import Category, Taxonomy

    parents = [head.labels[parent] if parent >= 0 else None for parent in head.parents] or [None] * len(head.labels)
    try:
        categories = tuple(
            Category(label, head.title(place), parents[place])
            for place, label in enumerate(head.labels)
            if label != head.nothing
        )
        return Taxonomy(network, "tree", categories)
    except ValueError as error:
        raise ModelMismatch(f"{network}: its card has no tree ({error})", remedy="export it again") from error


def _places(items: Sequence[Described], tree: Taxonomy, data: Path, network: str) -> dict[str, str]:
    """Label in the data -> id in the tree."""
    found, strange = {}, []
    for label in sorted({item.category or "" for item in items}):
        try:
            found[label] = tree.lookup(label).id
        except UsageError as error:
            meant = error.remedy if "did you mean" in error.remedy or "path" in error.remedy else ""
            strange.append(f"{label!r}" + (f" ({meant})" if meant else ""))
    if strange:
        more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
        raise UsageError(
            f"{data}: {len(strange)} of {len(found) + len(strange)} labels are not in the tree of {network}: "
            f"{', '.join(strange[:_NAMED])}{more}",
            remedy="name them by id, name or path in that tree, leave their photos out, or train on a tree that has "
            "them (docs/how-to/taxonomy.md)",
        )
    return found


def _header(summary: Sequence[CategoryScore]) -> tuple[str, ...]:
    depth = max((len(row.levels) for row in summary), default=0)
    levels = [f"level {level + 1}" for level in range(depth)]
    return (
        "set",
        "photos",
        "accuracy",
        "95 % interval",
        "majority",
        *levels,
        "answered",
        "right",
        "F",
        "severity",
        "ECE",
    )


def _lines(summary: Sequence[CategoryScore]) -> list[tuple[str, ...]]:
    from packshot.web.evaluation_report.answers import fixed, ranged

    depth = max((len(row.levels) for row in summary), default=0)
    return [
        (
            row.set,
            f"{row.photos}",
            fixed(row.accuracy.value if row.accuracy else None),
            ranged(row.accuracy),
            fixed(row.majority),
            *(fixed(level.accuracy.value) for level in row.levels),
            *[""] * (depth - len(row.levels)),
            fixed(row.served.answered.value),
            fixed(row.served.right.value if row.served.right else None),
            fixed(row.f.value),
            f"{row.severity.value:.2f}" if row.severity else "–",
            fixed(row.calibration_error),
        )
        for row in summary
    ]


def _write(
    job: Job,
    asked: AskedHead,
    summary: Sequence[CategoryScore],
    answers: Sequence[CategoryAnswer],
    mistakes: Any,
    unreadable: Unreadable,
    describer: Describer,
) -> None:
    from packshot.evaluation import class_table, frequent_confusions
    from packshot.web.evaluation_report import render_category

    def page(facts: Mapping[str, str]) -> str:
        return render_category(
            summary,
            answers,
            mistakes,
            title=asked.title,
            precision=describer.precision,
            facts=facts,
            unreadable=[str(error) for _, error in unreadable],
        )

    ends = [a.true[-1] for a in answers], [a.judged(a.likeliest)[-1] for a in answers]
    write(
        job,
        "category",
        describer,
        page=page,
        summary=summary,
        lines=[{**asdict(answer), "right": answer.right, "distance": answer.distance} for answer in answers],
        unreadable=unreadable,
        classes=[asdict(row) for row in class_table(*ends)],
        confusions=[asdict(row) for row in frequent_confusions(*ends)],
    )
