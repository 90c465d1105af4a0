"""Descriptions: how right each head is along the tree and how calibrated, and how the embedding finds products."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Described, Split
from packshot.evaluation import calibration_error, score_paths
from packshot.explanation import above_average, activation_maps, draw_heatmap, positive
from packshot.heads import HeadKind, head_probabilities, split_logits
from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD
from packshot.training.data.pictures import spread
from packshot.training.describe.module import DescribeModule
from packshot.training.describe.scores import STUDIO, describe_scores, leaf_answers, studio_ranks
from packshot.training.describe.vocabulary import Vocabulary
from packshot.training.evaluators.scores import TRAINED_ON, WATCHED, Scores, finished
from packshot.training.evaluators.worst import WorstCells
from packshot.training.figures.grid import Cell, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.prediction import Predictor

__all__ = ["DescriptionEvaluator"]

_LETTERS = 17  # of a caption


class DescriptionEvaluator:
    """Scores descriptions.

    Args:
        items: of each split; studio pictures are what products are looked for among.
        vocabulary: of the network.
    """

    progress_columns: tuple[str, ...] = ("photo",)
    prediction_columns: tuple[str, ...] = ()

    def __init__(self, items: Mapping[Split, Sequence[Described]], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.studio = [item for item in items[Split.TRAIN] if item.source == STUDIO]
        self.items = {split: [item for item in mine if item.source != STUDIO] for split, mine in items.items()}

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score all heads and the embedding; the headline is the mean of `describe_scores`."""
        result = Scores(headline="score")
        worst, seconds = WorstCells(), list[float]()
        gallery = [self._ask(predictor, item, seconds) for item in self.studio]
        for split in Split:
            mine = self._some(split, TRAINED_ON) if split is Split.TRAIN else self.items[split]
            answers = list(gallery)
            for item in mine:
                answer = self._ask(predictor, item, seconds)
                answers.append(answer[:2])
                if split is Split.VALIDATION:
                    worst.add(*self._cell(predictor, item, *answer))
                between()
            self._note(result, split, [*self.studio, *mine], [answer[:2] for answer in answers])
        return finished(result, seconds, worst.rows())

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Photos, and where the network looks for what it says."""
        kept = self._some(Split.VALIDATION, WATCHED)

        def ask() -> list[Cell]:
            return [self._cell(predictor, item, *self._ask(predictor, item, []))[1] for item in kept]

        return [[Cell(thumbnail(item.rgb()), _truth(item))] for item in kept], ask

    def sample(self, sample: Sample) -> list[Cell]:
        """Both views."""
        return [Cell(thumbnail(pixels(view, mean=LITE_MEAN, std=LITE_STD))) for view in sample[0]]

    def _some(self, split: Split, most: int) -> list[Described]:
        return cast(list[Described], spread(self.items[split], most))

    @staticmethod
    def _ask(predictor: Predictor, item: Described, seconds: list[float]) -> tuple[NDArray[np.float32], ...]:
        rgb = item.rgb()
        start = time.perf_counter()
        answer = tuple(predictor.answers(rgb, first=3))  # logits, embedding, features
        seconds.append(time.perf_counter() - start)
        return answer

    def _cell(
        self,
        predictor: Predictor,
        item: Described,
        logits: NDArray[np.float32],
        _: NDArray[np.float32],
        features: NDArray[np.float32],
    ) -> tuple[float, Cell]:
        """How probable the truth was, and the photo under the heatmap of the first head's answer."""
        small = thumbnail(item.rgb())
        if not self.vocabulary.heads:
            return 0.0, Cell(small, _truth(item))
        head = self.vocabulary.heads[0]
        part = self.vocabulary.slices[head.name]
        found = head_probabilities(head, logits[None, part])[0]
        target = self.vocabulary.target(item)[part]
        said = int(leaf_answers(head, found[None])[0]) if head.kind is HeadKind.TREE else int(found.argmax())
        true = np.flatnonzero(target == 1)
        network = cast(DescribeModule, predictor.module).network
        weights = network.heads.weight.detach().cpu().numpy()
        mine = weights[part]
        row = mine[[said]] if head.kind is HeadKind.TAGS else above_average(mine, [said])
        heat = positive(activation_maps(row, features)[0])
        words = f"{found[said]:.2f} {_short(head.title(said))}"
        right = float(found[true].min()) if true.size else 1.0
        return right, Cell(draw_heatmap(small, heat), words, bool(target[said] == 1) if true.size else None)

    def _note(
        self,
        result: Scores,
        split: Split,
        items: Sequence[Described],
        answers: Sequence[tuple[NDArray[np.float32], ...]],
    ) -> None:
        key = str(split)
        result.scores[key] = None
        scored = [item for item in items if item.source != STUDIO]
        if not scored:
            return
        logits = np.stack([answer[0] for answer in answers])
        embeddings = np.stack([answer[1] for answer in answers])
        scores = describe_scores(self.vocabulary, items, logits, embeddings)
        result.scores[key] = float(np.mean(list(scores.values()))) if scores else None
        metrics = dict(scores)
        logits = logits[len(items) - len(scored) :]
        parts = split_logits(self.vocabulary.heads, logits) if self.vocabulary.heads else {}
        targets = np.stack([self.vocabulary.target(item) for item in scored])
        for head in self.vocabulary.heads:
            target = targets[:, self.vocabulary.slices[head.name]]
            if head.kind is HeadKind.TREE:
                metrics |= self._tree_metrics(
                    head.parents, target, leaf_answers(head, head_probabilities(head, parts[head.name]))
                )
            before, after = calibration_error(head, parts[head.name], target)
            if np.isfinite(before):
                metrics |= {f"ece_{head.name}": after, f"ece_{head.name}_uncalibrated": before}
        ranks = studio_ranks(items, embeddings)
        if len(ranks):
            metrics |= {"recall_at_5": float((ranks < 5).mean()), "map_studio": float((1 / (ranks + 1)).mean())}
        result.metrics[key] = metrics
        if split is not Split.TRAIN:
            result.baselines.clear()
            result.baselines.update(self._baselines(targets))

    @staticmethod
    def _tree_metrics(
        parents: tuple[int, ...], target: NDArray[np.float32], answers: NDArray[np.int64]
    ) -> dict[str, float]:
        """Figures along the tree of the pictures whose category is a leaf."""

        def way(place: int) -> tuple[int, ...]:
            found = [place]
            while parents[found[-1]] != -1:
                found.append(parents[found[-1]])
            return tuple(reversed(found))

        true, said = [], []
        for row, answer in zip(target, answers, strict=True):
            places = np.flatnonzero(row == 1)
            if places.size and int(places[-1]) not in parents:
                true.append(way(int(places[-1])))
                said.append(way(int(answer)))
        if not true:
            return {}
        score = score_paths(true, said)
        severity = {} if score.severity is None else {"mistake_severity": score.severity.value}
        return {"hierarchical_f": score.f.value, **severity}

    def _baselines(self, targets: NDArray[np.float32]) -> dict[str, float]:
        """The accuracy of always giving each head's most frequent label."""
        found = {}
        for head in self.vocabulary.heads:
            target = targets[:, self.vocabulary.slices[head.name]]
            known = np.isfinite(target).all(axis=1) & (head.kind is HeadKind.CHOICE)
            if known.any():
                found[f"majority_accuracy_{head.name}"] = float(target[known].mean(axis=0).max())
        return found


def _truth(item: Described) -> str:
    return _short(item.label or " ".join(sorted(item.tags or ())))


def _short(text: str) -> str:
    """What fits below a small picture."""
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
