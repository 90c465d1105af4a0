"""How a picture came about."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["SourceType"]


class SourceType(StrEnum):
    """IPTC's vocabulary for Digital Source Type, as far as it says more than "a photo"; what says most comes first.

    Source: https://cv.iptc.org/newscodes/digitalsourcetype/
    """

    #: Made by a trained model.
    GENERATED = "trainedAlgorithmicMedia"
    #: Of several elements, at least one of which a trained model made.
    COMPOSITE_GENERATED = "compositeWithTrainedAlgorithmicMedia"
    #: Made by an algorithm that learnt from no media.
    ALGORITHMIC = "algorithmicMedia"
    #: Of several elements, at least one of which is synthetic.
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    #: Drawn by a person with a computer.
    DRAWN = "digitalCreation"
    #: Of several elements, of any kind.
    COMPOSITE = "composite"
    #: Of several elements that were all captured.
    COMPOSITE_CAPTURE = "compositeCapture"

    @property
    def generated(self) -> bool:
        """Whether a trained model made it or a part of it."""
        return self in (SourceType.GENERATED, SourceType.COMPOSITE_GENERATED)
