"""What `packshot evaluate` scores: a task asks a network about photos whose truth is known, and has table and page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.cutout.prediction import MaskPredictor
from packshot.description import Describer
from packshot.evaluation.attribute_evaluation import attribute_head, evaluate_attribute, unknown_tags
from packshot.evaluation.category_evaluation import category_head, category_labels, evaluate_category
from packshot.evaluation.contradicted import Contradiction, contradiction_of
from packshot.evaluation.files import Evaluation
from packshot.evaluation.mask_evaluation import evaluate_masks
from packshot.evaluation.photos import Progress
from packshot.heads import HeadKind
from packshot.settings import Settings
from packshot.web.evaluation_report.answers import Table
from packshot.web.evaluation_report.gallery import Gallery
from packshot.web.evaluation_report.mistakes import Mistakes
from packshot.web.evaluation_report.pages import Facts, attribute_page, category_page, keep_wrong, mask_page
from packshot.web.evaluation_report.tables import category_table, choice_table, mask_table, tags_table

if TYPE_CHECKING:
    from packshot.datasets import Described, Item

__all__ = ["AttributeTask", "CategoryTask", "MaskTask", "Scored"]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """An evaluation, ready to be shown.

    Attributes:
        task: its name.
        model: name and hash of the network.
        found: what was scored.
        table: its summary.
        page: makes the report, given what was evaluated on what: name -> words.
        precision: that answers were asked for, where they have one.
        more: further parts of ``summary.json``.
        contradicted: labels that the network contradicts; None where pictures have no label.
    """

    task: str
    model: str
    found: Evaluation
    table: Table
    page: Callable[[Facts], str]
    precision: float | None = None
    more: Mapping[str, object] = field(default_factory=dict)
    contradicted: Sequence[Contradiction] | None = None


class MaskTask:
    """Masks of the cut-out stage, as users get them.

    Args:
        settings: of the stage.
        data: where the photos are from.

    Raises:
        ModelError: the network cannot be used.
    """

    def __init__(self, settings: Settings, data: Path) -> None:
        self._predict, self._data = MaskPredictor(settings), data
        shipped = settings.model == type(settings).model_fields["model"].default
        self._method = "packshot" if shipped else Path(settings.model).stem

    def prepare(self, items: Sequence[Item]) -> list[str]:
        """What a person must know of the photos before they are scored; nothing."""
        return []

    def score(self, items: Sequence[Item], progress: Progress) -> Scored:
        """Score photos; `progress` is told of each."""
        gallery = Gallery()
        found = evaluate_masks(
            items, self._predict, method=self._method, data=self._data, seen=gallery.add, progress=progress
        )
        return Scored(
            "cutout",
            self._predict.model,
            found,
            mask_table(found.summary),
            lambda facts: mask_page(found, gallery, facts=facts),
            more={"traits": [asdict(row) for row in found.traits]},
        )


class CategoryTask:
    """Categories along a network's tree.

    Args:
        describer: the network.
        data: where the photos are from.

    Raises:
        ModelMismatch: it answers no category.
    """

    def __init__(self, describer: Describer, data: Path) -> None:
        self._describer, self._data = describer, data
        self._head = category_head(describer.heads, network=describer.network.id)
        self._true: dict[str, str] = {}

    def prepare(self, items: Sequence[Described]) -> list[str]:
        """Read the labels of the photos.

        Raises:
            UsageError: some are not in the network's tree.
        """
        self._true = category_labels(items, self._head, data=self._data, network=self._describer.network.id)
        return []

    def score(self, items: Sequence[Described], progress: Progress) -> Scored:
        """Score photos that were prepared; `progress` is told of each."""
        mistakes, precision = Mistakes(), self._describer.precision
        found = evaluate_category(
            items,
            self._head,
            self._describer.read,
            true=self._true,
            data=self._data,
            precision=precision,
            wrong=functools.partial(keep_wrong, mistakes),
            progress=progress,
        )
        return Scored(
            "category",
            self._describer.network.id,
            found,
            category_table(found.summary),
            lambda facts: category_page(found, mistakes, facts=facts),
            precision,
            {
                "classes": [asdict(row) for row in found.classes],
                "confusions": [asdict(row) for row in found.confusions],
            }
            if found.answers
            else {},
            [one for one in map(contradiction_of, found.answers) if one is not None],
        )


class AttributeTask:
    """One attribute, or the tags.

    Args:
        describer: the network.
        data: where the photos are from.
        name: of the attribute; ``tags`` for tags, None where there is one alone.

    Attributes:
        attributes: that the photos must be read with.

    Raises:
        UsageError: the network has no such attribute.
    """

    def __init__(self, describer: Describer, data: Path, name: str | None) -> None:
        self._describer, self._data = describer, data
        self._head = attribute_head(describer.heads, name, network=describer.network.id)
        self._tags = self._head.kind is HeadKind.TAGS
        self.attributes = () if self._tags else (self._head.name,)

    def has_truth(self, item: Described) -> bool:
        """Whether a photo's value is known."""
        return bool(item.tags) if self._tags else self._head.name in item.attributes

    def prepare(self, items: Sequence[Described]) -> list[str]:
        """Which tags of the photos the network does not know, in words."""
        network = self._describer.network.id
        left_out = unknown_tags(items, self._head, data=self._data, network=network)
        return [f"tags that {network} does not know are left out: {left_out}"] if left_out else []

    def score(self, items: Sequence[Described], progress: Progress) -> Scored:
        """Score photos; `progress` is told of each."""
        mistakes, precision = Mistakes(), self._describer.precision
        found = evaluate_attribute(
            items,
            self._head,
            self._describer.read,
            data=self._data,
            precision=precision,
            wrong=functools.partial(keep_wrong, mistakes),
            progress=progress,
        )
        return Scored(
            "attribute",
            self._describer.network.id,
            found,
            tags_table(found.tags) if self._tags else choice_table(found.choices),
            lambda facts: attribute_page(found, mistakes, facts=facts),
            precision,
            {"head": self._head.name},
            None if self._tags else [one for one in map(contradiction_of, found.answers) if one is not None],
        )
