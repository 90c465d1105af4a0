"""Which evidence speaks for a mask, and which asked for a review: the parts of its chance to be published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from packshot.cutout.product import choose_product
from packshot.cutout.second_look import look
from packshot.cutout.segmentation import uncontradicted
from packshot.cutout.signals import disagreement, measure_fringe, measure_signals
from packshot.errors import UsageError
from packshot.runtime import Network
from packshot.settings import Subject
from packshot.values import Alpha, Photo

__all__ = ["FIGURE_WORDS", "Evidence", "ready_evidence"]

_SEEN = 0.05  # of log odds: what adds less is not worth a line
#: What each figure of `packshot.cutout.Signals` measures, for a person.
FIGURE_WORDS = {
    "soft_iou": "how firm the network is about the product",
    "expected_error": "area the network expects to have wrong",
    "worst_blob": "the largest connected part it expects to have wrong",
    "smoke": "half-transparent pixels away from edges",
    "pieces": "loose pieces beside the product",
    "cut_off": "product at the photo's edge",
    "person": "person within the product",
    "coverage": "share of the photo that the product covers",
    "roughness": "how ragged the outline is",
    "softness": "unsure pixels along the outline",
    "faint": "outline along which the photo has no edge",
    "holes": "background enclosed by the product",
    "haze": "pixels away from the product that may belong to it",
    "ground_inside": "rim of the product in the background's colours",
    "hook": "a hanger's hook above a garment",
    "knobs": "thin parts at a garment's top",
    "overruled": "region that the background's colour calls product and the network does not",
    "near_person": "somebody beside the product",
    "alike": "several alike side by side",
    "plain": "outline drawn by the colour of a plain background",
    "fringe": "rim that leans to the background's colour",
    "mirrored": "difference to the photo's mirror image",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One figure and what it does to the chance.

    Attributes:
        figure: a field of `packshot.cutout.Signals`.
        value: measured.
        limit: above which a mask is not ready whatever else is measured; None without one.
        log_odds: what it adds to the chance's log odds, 0 for a mask that is ordinary in this; a figure with a limit
            alone has none.
    """

    figure: str
    value: float
    limit: float | None
    log_odds: float

    @property
    def decisive(self) -> bool:
        """Whether it alone sends the mask to review."""
        return self.limit is not None and self.value > self.limit

    @property
    def speaks_against(self) -> bool:
        """Whether it is there and makes the mask less ready: what is not there is no reason, whatever it adds."""
        return self.decisive or (self.value > 0 and self.log_odds <= -_SEEN)

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "figure": self.figure,
            "value": round(self.value, 5),
            "limit": self.limit,
            "log_odds": round(self.log_odds, 3),
            "decisive": self.decisive,
        }

    @property
    def words(self) -> str:
        """As a person reads it."""
        told = f"{FIGURE_WORDS.get(self.figure, self.figure)}: {self.value:.3g}"
        if self.decisive:
            return f"{told}, above its limit of {self.limit:g}"
        return f"{told} ({self.log_odds:+.1f})"


def ready_evidence(photo: Photo, alpha: Alpha, network: Network) -> list[Evidence]:
    """Everything a network's rule looks at, what speaks most against the mask first.

    Args:
        photo: as it was cut out.
        alpha: float32 (h, w) in 0..1, its finished mask.
        network: that made the mask.

    Raises:
        UsageError: the network's card has no rule.
        ModelMismatch: it is no segmentation network.
    """
    rule = network.card.ready
    if rule is None:
        raise UsageError(f"{network.id} has no rule for what is ready", remedy="use the network that ships")
    looks = look(photo.rgb, network, openings=True)
    maps = looks.maps
    probability, _ = choose_product(maps, Subject.AUTO)
    on_plain = uncontradicted(photo.rgb, probability)[0] if probability is maps.alpha else None
    signals = replace(
        measure_signals(maps, probability, alpha, photo.rgb, plain=on_plain is not None),
        fringe=measure_fringe(probability, alpha, photo.rgb),
        mirrored=disagreement(looks.first, looks.again()),
    )
    figures, parts = signals.as_dict(), rule.parts(signals.as_dict())
    found = [
        Evidence(name, figures[name], rule.limits.get(name), parts.get(name, 0.0))
        for name in dict.fromkeys((*rule.features, *rule.limits))
    ]
    return sorted(found, key=lambda each: (not each.decisive, each.log_odds))
