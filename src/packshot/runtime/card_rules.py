"""Rules that were fitted on a network's answers, and stand on its card: when it is a match, known, ready, or framed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from packshot.counting import counted

__all__ = ["FrameRule", "KnownRule", "MatchRule", "ReadyRule", "SanityCheck"]

#: Rank correlation of a network's maps with those of the same network with shuffled weights: from here on a method does
#: not show what the network has learnt.
PASSED_BELOW = 0.5

_LEAST = 1e-6  # of a probability whose log odds count: an answer that rounds to 0 or 1 stays finite

_STRICT = ConfigDict(frozen=True, extra="forbid")


class MatchRule(BaseModel):
    """From which cosine on the item nearest to a query shows the same product.

    Attributes:
        threshold: the score, -1..1.
        groups: of queries of these categories another score; of no two kinds of products does the same one say as much.
        shares: of queries of these categories, the share of the score that is the category's, 0..1. A category that is
            one product tells products apart, one that holds hundreds of shirts does not.
        usual: of queries of these categories, the mean cosine that the ten nearest other products had where the rule
            was fitted. Where they come nearer, a hit is a match less surely; of categories without one they do not
            count.
        precision: share of such answers that were right, on queries that did not choose the threshold; 0..1.
        coverage: share of those queries that got one, 0..1.
        queries: how many labelled queries it was fitted on.
        ground: what the queries stood on: the ``photo``, ``white``, or ``both``.
    """

    model_config = _STRICT

    threshold: float = Field(ge=-1, le=1)
    groups: dict[str, float] = Field(default_factory=dict)
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    usual: dict[str, Annotated[float, Field(ge=-1, le=1)]] = Field(default_factory=dict)
    precision: float = Field(ge=0, le=1)
    coverage: float = Field(ge=0, le=1)
    queries: int = Field(ge=1)
    ground: str = Field(pattern="^(photo|white|both)$")

    def threshold_for(self, chances: Mapping[str, float]) -> float:
        """The score from which on a hit is a match for a query.

        Args:
            chances: of the query, category to its probability, 0..1. Its likeliest group counts; where none is said,
                the strictest.

        Example:
            >>> rule = MatchRule(
            ...     threshold=0.6, groups={"apparel": 0.9}, precision=1, coverage=1, queries=1, ground="both"
            ... )
            >>> [rule.threshold_for(each) for each in ({"food": 0.8, "apparel": 0.2}, {"apparel": 0.9}, {})]
            [0.6, 0.9, 0.9]
        """
        if not self.groups:
            return self.threshold
        if not chances:
            return max(self.threshold, *self.groups.values())
        return _of_likeliest(self.groups, chances, self.threshold)

    def share_for(self, chances: Mapping[str, float], *, otherwise: float) -> float:
        """The share of the score that is the category's, for a query.

        Args:
            chances: of the query, category to its probability, 0..1.
            otherwise: for a query that is of none of the groups with a share of their own.

        Example:
            >>> rule = MatchRule(
            ...     threshold=0.6, shares={"apparel": 0}, precision=1, coverage=1, queries=1, ground="both"
            ... )
            >>> [rule.share_for(each, otherwise=0.25) for each in ({"food": 0.8, "apparel": 0.2}, {"apparel": 0.9})]
            [0.25, 0.0]
        """
        return _of_likeliest(self.shares, chances, otherwise)

    def usual_for(self, chances: Mapping[str, float]) -> float | None:
        """The cosine that other products near to a query usually have; None where they do not count.

        Args:
            chances: of the query, category to its probability, 0..1.

        Example:
            >>> rule = MatchRule(
            ...     threshold=0.6, usual={"apparel": 0.63}, precision=1, coverage=1, queries=1, ground="both"
            ... )
            >>> [rule.usual_for(each) for each in ({"food": 0.8, "apparel": 0.2}, {"apparel": 0.9})]
            [None, 0.63]
        """
        usual = _of_likeliest(self.usual, chances, math.nan)
        return None if math.isnan(usual) else usual


def _of_likeliest(groups: Mapping[str, float], chances: Mapping[str, float], otherwise: float) -> float:
    """What is said of the likeliest group, if the query is of it rather than not."""
    likeliest = max(groups, key=lambda name: chances.get(name, 0.0), default="")
    return groups[likeliest] if chances.get(likeliest, 0.0) >= 0.5 else otherwise


class SanityCheck(BaseModel):
    """Whether a method's maps of a network change when its weights are shuffled.

    Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018 (Sanity checks for saliency maps). `packshot evaluate
    explanation --keep` measures it.

    Attributes:
        head: whose answers were explained.
        likeness: rank correlation of the maps with those of the shuffled network, mean, -1..1.
        low: lower end of its interval of 95 %.
        high: upper end.
        photos: explained.
    """

    model_config = _STRICT

    head: str
    likeness: float = Field(ge=-1, le=1)
    low: float = Field(ge=-1, le=1)
    high: float = Field(ge=-1, le=1)
    photos: int = Field(ge=1)

    @property
    def passed(self) -> bool:
        """Whether the whole interval lies below 0.5.

        Example:
            >>> SanityCheck(head="category", likeness=0.4, low=0.3, high=0.5, photos=30).passed
            False
        """
        return self.high < PASSED_BELOW


class KnownRule(BaseModel):
    """The chance that a photo shows a kind of product the network was taught: a logistic regression on its features.

    Attributes:
        weights: of each channel of the last feature map, averaged over the photo.
        bias: added to their sum.
        threshold: the chance below which nothing is said of category and attributes, and no match is called, 0..1.
        auroc: area under the ROC curve, known against unknown kinds that fitted nothing, 0..1.
        kept: share of known photos at or above the threshold, on photos that fitted nothing, 0..1.
        refused: share of photos of unknown kinds below it, of kinds that fitted nothing, 0..1.
        photos: how many fitted it.
    """

    model_config = _STRICT

    weights: tuple[float, ...] = Field(min_length=1)
    bias: float
    threshold: float = Field(ge=0, le=1)
    auroc: float = Field(ge=0, le=1)
    kept: float = Field(ge=0, le=1)
    refused: float = Field(ge=0, le=1)
    photos: int = Field(ge=1)


class FrameRule(BaseModel):
    """What the pixels leave of a network's answer that a photo is framed: a logistic regression on both.

    Attributes:
        score: weight of the network's log odds.
        bands: weight of how many sides have a band, as the network expects it: 0..4.
        evenness: weight of how even and distinct the best of these bands is, 0..1; see `packshot.frame.bands`.
        bias: added to their sum.
        photos: how many labelled photos fitted it; drawn pictures not counted.
    """

    model_config = _STRICT

    score: float
    bands: float
    evenness: float
    bias: float
    photos: int = Field(ge=1)

    def chance(self, *, score: float, bands: float, evenness: float) -> float:
        """The chance of a frame, 0..1: never above the network's own, for a product on white has an even rim as well.

        Args:
            score: the network's probability, 0..1; its odds are of 1e-6 at least.
            bands: expected number of sides with a band, 0..4.
            evenness: of the best band, 0..1.

        Example:
            >>> rule = FrameRule(score=0.5, bands=1, evenness=4, bias=-3, photos=1)
            >>> [round(rule.chance(score=0.8, bands=1, evenness=each), 3) for each in (0, 0.5, 1)]
            [0.213, 0.667, 0.8]
        """
        odds = math.log(max(score, _LEAST) / max(1 - score, _LEAST))
        weighed = self.bias + self.score * odds + self.bands * bands + self.evenness * evenness
        return min(score, _logistic(weighed))


class ReadyRule(BaseModel):
    """The chance that a person would publish a mask: a logistic regression on what is measured on it, within limits.

    Attributes:
        features: names of the figures, in the order of the numbers below.
        log_from: each figure x is read as log(x + log_from), so that long tails do not outweigh the rest; None: as x.
        mean: subtracted from each.
        scale: divides each.
        weights: of each.
        bias: added to their sum.
        limits: figures, and the value above which a mask is not ready whatever the others say.
        beyond: the chance of masks beyond a limit, 0..1; below the threshold.
        threshold: the chance from which a mask is called ready, 0..1.
        precision: share of masks called ready that were, on masks that fitted nothing; 0..1.
        coverage: share of those masks that were called ready, 0..1.
        masks: how many there were.
    """

    model_config = _STRICT

    features: tuple[str, ...]
    log_from: float | None = Field(default=None, gt=0)
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    limits: dict[str, float] = Field(default_factory=dict)
    beyond: float = Field(default=0.0, ge=0, le=1)
    threshold: float = Field(ge=0, le=1)
    precision: float = Field(ge=0, le=1)
    coverage: float = Field(ge=0, le=1)
    masks: int = Field(ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        counts = {len(self.features), len(self.mean), len(self.scale), len(self.weights)}
        if len(counts) != 1 or min(self.scale, default=1) <= 0:
            raise ValueError(
                f"ready: expected as many numbers as the {counted(len(self.features), 'feature')}, scales above 0"
            )
        return self

    def chance(self, figures: Mapping[str, float]) -> float:
        """The chance that a mask with these figures would be published, 0..1.

        Raises:
            KeyError: a feature is not among the figures.
        """
        if self.exceeded(figures):
            return self.beyond
        total = self.bias + sum(self.parts(figures).values())
        return _logistic(total)

    def parts(self, figures: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the log odds; 0 for a mask that is ordinary in it.

        Raises:
            KeyError: a feature is not among the figures.
        """
        rows = zip(self.features, self.mean, self.scale, self.weights, strict=True)
        return {name: w * (self.read(figures[name]) - mean) / scale for name, mean, scale, w in rows}

    def exceeded(self, figures: Mapping[str, float]) -> tuple[str, ...]:
        """The figures beyond their limits, in the rule's order; one that was not measured is within them."""
        return tuple(name for name, limit in self.limits.items() if figures.get(name, 0.0) > limit)

    def read(self, figure: float) -> float:
        """A figure as the regression takes it."""
        return figure if self.log_from is None else math.log(max(0.0, figure) + self.log_from)


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
