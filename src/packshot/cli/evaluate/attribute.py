"""``packshot evaluate attribute``: how good an attribute is, or the tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.head import AskedHead, Job, Reply, describe_options
from packshot.cli.evaluate.selection import Unreadable, check_data, data_options, make_folder, photo_name, spread
from packshot.cli.evaluate.telling import ask_all, say_unreadable, tell, write
from packshot.cli.options import settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.datasets import Described
    from packshot.description import Describer
    from packshot.evaluation import AttributeAnswer, ChoiceScore, TagsScore
    from packshot.heads import Head
    from packshot.values import Rgb

__all__ = ["attribute"]

_NAMED = 20  # labels that are listed in a message


@click.command(name="attribute")
@data_options("Photos and their values: a CSV with a column of the attribute's name, class folders, the public sets.")
@click.option("--head", metavar="NAME", help="Which attribute; `tags` for tags. Needed where there are several.")
@describe_options
def attribute(
    data: str, split: str, out: str | None, limit: int | None, as_json: bool, head: str | None, **how: Any
) -> int:
    """Score one attribute a network gives, or its tags, on photos whose values are known.

    An attribute's accuracy stands beside that of always giving the most frequent value, and every value has its average
    precision beside its base rate, and its ROC AUC: a rare value cannot hide. Tags have the mean average precision over
    the tags that occur. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate attribute --data $PACKSHOT_DATA --head kids --split validation
    packshot evaluate attribute --data shop/list.csv --head sleeves -o quality/ --model mine.onnx
    packshot evaluate attribute --data $PACKSHOT_DATA --head tags
    """
    return _score(Job(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)), head)


def _score(job: Job, name: str | None) -> int:
    from packshot.datasets import described_items
    from packshot.evaluation import AttributeAnswer, score_choices, score_tags
    from packshot.heads import HeadKind
    from packshot.web.evaluation_report import Mistakes

    check_data(job.data)
    describer = job.describer()
    head = _head(describer, name)
    tags = head.kind is HeadKind.TAGS
    every = described_items(job.data, attributes=() if tags else (head.name,))
    known = [item for item in every if (item.tags if tags else head.name in item.attributes)]
    items = spread(known, data=job.data, split=job.split, limit=job.limit)
    _check_labels(items, head, job.data, describer.network.id)
    if job.out:
        make_folder(job.out)
    asked, mistakes, answers = AskedHead(describer, head), Mistakes(), list[AttributeAnswer]()
    labels = [(place, label) for place, label in enumerate(head.labels) if label not in head.ignored]

    def seen(item: Described, rgb: Rgb, reply: Reply) -> None:
        answer = AttributeAnswer(
            name=photo_name(item.photo, job.data),
            set=item.source,
            true=_truth(item, head),
            said=reply.said,
            probabilities={label: float(reply.probabilities[place]) for place, label in labels},
        )
        answers.append(answer)
        wrong = next((label for label in answer.said if label not in answer.true), None) if tags else answer.likeliest
        if wrong is not None and wrong not in answer.true:
            mistakes.add(
                rgb,
                lambda: reply.draw(wrong),
                badness=(answer.probabilities[wrong],),
                name=answer.name,
                set=answer.set,
                said=wrong,
                true=", ".join(sorted(answer.true)),
                numbers={"Score": f"{answer.probabilities[wrong]:.2f}"},
            )

    unreadable = ask_all(items, job, asked, seen)
    summary: Sequence[ChoiceScore | TagsScore]
    if tags:
        summary = score_tags(answers)
        header, lines = _tags_table(summary)
    else:
        summary = score_choices(answers)
        header, lines = _choice_table(summary)
    tell(summary, unreadable, header=header, lines=lines, left=1 if tags else 2, as_json=job.as_json)
    if answers and job.out:
        _write(job, head, summary, answers, mistakes, unreadable, describer)
    return say_unreadable(unreadable, len(items))


def _head(describer: Describer, name: str | None) -> Head:
    from packshot.heads import HeadKind

    heads = {head.name: head for head in describer.heads if head.kind is not HeadKind.TREE}
    there = ", ".join(heads) or "none"
    if name is None and len(heads) == 1:
        return next(iter(heads.values()))
    if name is None:
        raise UsageError("which attribute?", remedy=f"name one with --head; {describer.network.id} has {there}")
    if name not in heads:
        also = "; the category: packshot evaluate category" if any(h.name == name for h in describer.heads) else ""
        raise UsageError(f"{describer.network.id} has no attribute {name!r}", remedy=f"it has {there}{also}")
    return heads[name]


def _truth(item: Described, head: Head) -> frozenset[str]:
    from packshot.heads import HeadKind

    if head.kind is HeadKind.TAGS:
        return (item.tags or frozenset()) & frozenset(head.labels) - frozenset(head.ignored)
    return frozenset({item.attributes[head.name]})


def _check_labels(items: Sequence[Described], head: Head, data: Path, network: str) -> None:
    """Values the network cannot say are an error; tags it cannot say are named and left out, as in training."""
    from packshot.heads import HeadKind

    tags = head.kind is HeadKind.TAGS
    there = {label for item in items for label in (item.tags or () if tags else (item.attributes[head.name],))}
    strange = sorted(there - set(head.labels))
    if not strange:
        return
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    named = ", ".join(map(repr, strange[:_NAMED])) + more
    if tags:
        click.echo(f"tags that {network} does not know are left out: {named}", err=True)
        return
    raise UsageError(
        f"{data}: {head.name} has values that {network} does not know: {named}",
        remedy=f"it knows {', '.join(head.labels[:_NAMED])}; correct them, leave their photos out, or train on them",
    )


def _tags_table(summary: Sequence[TagsScore]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows; the tags themselves are in the report, there are too many."""
    from packshot.web.evaluation_report.answers import fixed, ranged

    return ("set", "photos", "mAP", "95 % interval", "by guessing", "precision", "recall", "ECE"), [
        (
            row.set,
            f"{row.photos}",
            fixed(row.mean_average_precision.value if row.mean_average_precision else None),
            ranged(row.mean_average_precision),
            fixed(row.base_rate),
            fixed(row.precision),
            fixed(row.recall),
            fixed(row.calibration_error),
        )
        for row in summary
    ]


def _choice_table(summary: Sequence[ChoiceScore]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows: each set, and below it its values."""
    from packshot.web.evaluation_report.answers import fixed, ranged

    header = ("set", "value", "photos", "accuracy", "95 % interval", "majority", "answered", "right", "ECE")
    lines: list[tuple[str, ...]] = []
    for row in summary:
        figures = (
            fixed(row.accuracy.value),
            ranged(row.accuracy),
            fixed(row.majority),
            fixed(row.answered.value),
            fixed(row.right.value if row.right else None),
            fixed(row.calibration_error),
        )
        lines.append((row.set, "", f"{row.photos}", *figures, "", "", ""))
        lines += [
            (
                "",
                value.label,
                f"{value.support}",
                *[""] * len(figures),
                fixed(value.base_rate),
                fixed(value.average_precision.value if value.average_precision else None),
                fixed(value.roc_auc.value if value.roc_auc else None),
            )
            for value in row.labels
        ]
    return (*header, "base rate", "AP", "ROC AUC"), lines


def _write(
    job: Job,
    head: Head,
    summary: Any,
    answers: Sequence[AttributeAnswer],
    mistakes: Any,
    unreadable: Unreadable,
    describer: Describer,
) -> None:
    from packshot.heads import HeadKind
    from packshot.web.evaluation_report import render_choice, render_tags

    def page(facts: Mapping[str, str]) -> str:
        facts = {"Head": head.name, **facts}
        reasons = [str(error) for _, error in unreadable]
        if head.kind is HeadKind.TAGS:
            return render_tags(
                summary, mistakes, head=head.name, precision=describer.precision, facts=facts, unreadable=reasons
            )
        return render_choice(
            summary, answers, mistakes, head=head.name, precision=describer.precision, facts=facts, unreadable=reasons
        )

    write(
        job,
        "attribute",
        describer,
        page=page,
        summary=summary,
        lines=[
            {
                "name": answer.name,
                "set": answer.set,
                "true": sorted(answer.true),
                "said": list(answer.said),
                "likeliest": answer.likeliest,
                "score": answer.confidence,
                "right": answer.right,
                "probabilities": dict(answer.probabilities),
            }
            for answer in answers
        ],
        unreadable=unreadable,
        head=head.name,
    )
