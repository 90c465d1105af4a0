"""What a network says, said in a shop's own tree."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.description.own_tree.placing import placed
from packshot.description.taxonomy import Category, Match, Taxonomy, unreached
from packshot.heads import Head
from packshot.values import Answer, Choice, Description

__all__ = ["MappedTree"]

_TOP = 5  # nodes that are listed, sure or not


class MappedTree:
    """Turns a network's chances into those of a shop's nodes.

    The chance of a node is the sum of those of the network's leaves that belong there or below, so that scores stay
    calibrated. From the top down the likeliest node is answered that passes the network's own threshold. Where several
    nodes fit a leaf alike (T-shirts of women and of men), the answer stops above them; in `top` they share its chance.

    Args:
        head: the network's categories, with thresholds for the precision asked for.
        tree: the shop's.
        matches: of `packshot.description.taxonomy.map_taxonomy`.

    Attributes:
        tree: the shop's.
        matches: as they were given.
        head: as it was given.
    """

    def __init__(self, head: Head, tree: Taxonomy, matches: Sequence[Match]) -> None:
        self.tree, self.matches, self.head = tree, tuple(matches), head
        leaves = {head.labels[place] for place in head.leaves}
        self._leaves = [match for match in matches if match.category_id in leaves]
        self._order = {node.id: place for place, node in enumerate(tree.descendants())}

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Leaves of the network that belong nowhere in the tree."""
        return tuple(m.category_id for m in self._leaves if m.node_id is None and not m.candidates)

    @property
    def unreached(self) -> tuple[Category, ...]:
        """Leaves of the tree that nothing leads to, not even as one of several."""
        shared = {node for match in self.matches for node in match.candidates}
        return tuple(leaf for leaf in unreached(self.tree, self.matches) if leaf.id not in shared)

    def name_of(self, category_id: str) -> str:
        """What the network calls a category."""
        return self.head.title(self.head.labels.index(category_id))

    def place(self, description: Description, answer: Answer) -> Description:
        """The description with its category in the shop's tree, and what the tree says beside it.

        Args:
            description: as the network gave it.
            answer: its category as the network would say it, familiar or not.
        """
        return placed(description, self._answer(answer), tree=self.tree, familiar=description.familiar)

    def _answer(self, answer: Answer) -> Answer:
        sure = dict.fromkeys(self._order, 0.0)  # chances of nodes the network can tell apart
        shared = dict.fromkeys(self._order, 0.0)  # and of those that share a leaf's
        ends: dict[str, float] = {}
        outside = 0.0
        for match in self._leaves:
            chance = answer.chances.get(match.category_id, 0.0)
            if match.node_id is not None:
                for node in self.tree.path(match.node_id):
                    sure[node.id] += chance
            targets = match.candidates or ((match.node_id,) if match.node_id is not None else ())
            outside += 0.0 if targets else chance
            for target in targets:
                ends[target] = ends.get(target, 0.0) + chance / len(targets)
                for node in self.tree.path(target):
                    shared[node.id] += chance / len(targets)
        path = self._path(sure, answer.precision)
        top = sorted(ends, key=lambda node: (-ends[node], self._order[node]))[:_TOP]
        return Answer(
            head=answer.head,
            path=path,
            top=tuple(Choice(node, self.tree.path_text(node), min(1.0, ends[node])) for node in top),
            precision=answer.precision,
            sure=bool(path) and not self.tree.children(path[-1].label),
            uncertainty=1 - min(1.0, max((outside, *ends.values()), default=0.0)),
            chances={node: min(1.0, chance) for node, chance in shared.items()},
            seen=self._seen(answer),
        )

    def _seen(self, answer: Answer) -> Choice | None:
        if answer.best is None:
            return None
        names = " > ".join(choice.name for choice in answer.path)
        return Choice(answer.best.label, names, answer.best.score)

    def _path(self, chances: dict[str, float], precision: float) -> tuple[Choice, ...]:
        thresholds = self.head.thresholds[f"{precision:g}"]
        way: list[Choice] = []
        below = self.tree.roots
        while below:
            best = max(below, key=lambda node: chances[node.id])
            if chances[best.id] <= 0 or chances[best.id] < thresholds[min(len(way), len(thresholds) - 1)]:
                break
            way.append(Choice(best.id, best.name, min(1.0, chances[best.id])))
            below = self.tree.children(best.id)
        return tuple(way)
