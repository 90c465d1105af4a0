"""A shop's own tree learnt from labelled photos, with how good it is by cross-validation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.counting import counted
from packshot.description.finder import required_describer
from packshot.description.own_tree import CrossValidation, LearntTree, learn_tree
from packshot.description.taxonomy import Taxonomy
from packshot.photo import decode
from packshot.settings import Settings

__all__ = ["LearningReport", "learn_from_photos"]

_SHOWN = 10  # photos that are named to a person


@dataclass(frozen=True, slots=True, eq=False)
class LearningReport:
    """A learnt tree, and how well each of its examples is answered by the others.

    Attributes:
        learnt: the tree.
        validation: the cross-validation, its rows in the order of the photos.
        photos: the examples.
        seconds: it took.
    """

    learnt: LearntTree
    validation: CrossValidation
    photos: Sequence[Path]
    seconds: float

    @property
    def wrong(self) -> list[dict[str, str]]:
        """Photos that the others took for something else: ``photo``, what it ``is`` and was ``taken_for``."""
        tree, leaves, likeliest = self.learnt.tree, self.learnt.leaves, self.validation.scores.argmax(axis=1)
        return [
            {
                "photo": str(photo),
                "is": tree.path_text(leaves[self.validation.places[row]]),
                "taken_for": tree.path_text(leaves[likeliest[row]]),
            }
            for row, photo in enumerate(self.photos)
            if not self.validation.right[row]
        ]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        learnt = self.learnt
        return {
            "tree": f"{learnt.tree.name} {learnt.tree.version}",
            "model": learnt.model,
            "photos": learnt.photos,
            "leaves": len(learnt.leaves),
            "folds": learnt.folds,
            "accuracy": round(learnt.accuracy, 4),
            "answered": {str(share.precision): share.row() for share in learnt.shares(self.validation)},
            "familiar_from": round(learnt.familiar_from, 4),
            "wrong": self.wrong,
            "seconds": round(self.seconds, 1),
        }

    def words(self, name: str) -> str:
        """For a person; `name` is the tree's file."""
        learnt, wrong = self.learnt, self.wrong
        lines = [
            f"{name}: {counted(len(learnt.leaves), 'category', 'categories')} learnt from "
            f"{counted(learnt.photos, 'photo')} in {self.seconds:.1f} s",
            f"right by {learnt.folds}-fold cross-validation: {learnt.accuracy:.3f}",
        ]
        lines += [
            f"  asked for {share.precision}: {share.answered:.3f} answered, {share.whole:.3f} down to the last "
            f"category, {share.right:.3f} of the answers right"
            for share in learnt.shares(self.validation)
        ]
        lines += [f"  look at {each['photo']}: {each['is']}, taken for {each['taken_for']}" for each in wrong[:_SHOWN]]
        if len(wrong) > _SHOWN:
            lines.append(f"  and {len(wrong) - _SHOWN} more (--json lists all)")
        return "\n".join(lines)


def learn_from_photos(
    photos: Sequence[Path],
    leaves: Sequence[str],
    tree: Taxonomy,
    settings: Settings,
    *,
    progress: Callable[[], None] = lambda: None,
) -> LearningReport:
    """Learn a tree from photos, each as it is and mirrored; see `packshot.description.own_tree.learn_tree`.

    Args:
        photos: the examples.
        leaves: of each photo the id of its leaf, see `packshot.description.own_tree.examples.example_leaves`.
        tree: the shop's.
        settings: the network whose features are used; their own tree is none.
        progress: called for each photo.

    Raises:
        ModelError: the network cannot be used.
        PhotoError: a photo cannot be read.
    """
    started = time.monotonic()
    describe = required_describer(settings.model_copy(update={"taxonomy": None, "mapping": None}))
    plain, mirrored = [], []
    for photo in photos:
        rgb = decode(photo, limits=settings.limits).rgb
        plain.append(describe.read(rgb).pooled)
        mirrored.append(describe.read(np.ascontiguousarray(rgb[:, ::-1])).pooled)
        progress()
    learnt, validation = learn_tree(
        np.stack(plain), leaves, tree, model=describe.network.id, mirrored=np.stack(mirrored)
    )
    return LearningReport(learnt, validation, photos, time.monotonic() - started)
