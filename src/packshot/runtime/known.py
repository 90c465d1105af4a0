"""Cards of well-known public segmentation exports, so that such a file runs without writing a card.

Sizes and constants are those of the authors' own inference code: U2-Net ``u2net_test.py`` (320 px, min-max),
IS-Net ``Inference.py`` (1024 px, mean 0.5, std 1, min-max), BiRefNet's model page (1024 px, sigmoid).
The files themselves are never shipped; a template has no hash, so the file's hash is recorded, not verified.
"""

from __future__ import annotations

from packshot.runtime.card import Activation, InputSpec, ModelCard, OutputSpec, Rescale

__all__ = ["KNOWN_EXPORTS"]

_MINMAX = OutputSpec(rescale=Rescale.MINMAX)
_SIGMOID = OutputSpec(activation=Activation.SIGMOID)


def _card(name: str, *, size: int, output: OutputSpec, licence: str, **normalisation: tuple[float, ...]) -> ModelCard:
    return ModelCard(
        name=name,
        task="segmentation",
        version="public export",
        input=InputSpec.model_validate({"size": (size, size), **normalisation}),
        output=output,
        licence=licence,
        commercial_use="-NC" not in licence,
    )


_HALF = {"mean": (0.5, 0.5, 0.5), "std": (1.0, 1.0, 1.0)}

#: Card templates by file stem.
KNOWN_EXPORTS: dict[str, ModelCard] = {
    card.name: card
    for card in (
        _card("u2net", size=320, output=_MINMAX, licence="Apache-2.0"),
        _card("u2netp", size=320, output=_MINMAX, licence="Apache-2.0"),
        _card("u2net_human_seg", size=320, output=_MINMAX, licence="Apache-2.0"),
        _card("silueta", size=320, output=_MINMAX, licence="Apache-2.0"),
        _card("isnet-general-use", size=1024, output=_MINMAX, licence="Apache-2.0", **_HALF),
        _card("birefnet-general", size=1024, output=_SIGMOID, licence="MIT"),
        _card("birefnet-general-lite", size=1024, output=_SIGMOID, licence="MIT"),
        _card("bria-rmbg", size=1024, output=_MINMAX, licence="CC-BY-NC-4.0"),
    )
}
