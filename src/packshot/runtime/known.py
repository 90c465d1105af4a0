"""Cards of well-known public segmentation exports, so that such a file runs without writing a card.

Sizes and constants are those of the authors' own inference code: U2-Net ``u2net_test.py`` (320 px, min-max),
IS-Net ``Inference.py`` (1024 px, mean 0.5, std 1, min-max), BiRefNet's model page (1024 px, sigmoid).
The files themselves are never shipped; a template has no hash, so the file's hash is recorded, not verified.

A card says two things of the right to use a network, since they differ: what its authors say of their licence, and what
the terms of the data say that it was trained on. Where either forbids commercial use, the network is refused unless it
is asked for. docs/models/other-networks.md has the sources.
"""

from __future__ import annotations

from packshot.runtime.card import Activation, Dataset, InputSpec, ModelCard, OutputSpec, Rescale

__all__ = ["ALSO_CALLED", "KNOWN_EXPORTS"]

_MINMAX = OutputSpec(rescale=Rescale.MINMAX)
_SIGMOID = OutputSpec(activation=Activation.SIGMOID)
_HALF = {"mean": (0.5, 0.5, 0.5), "std": (1.0, 1.0, 1.0)}

_DUTS = Dataset(
    name="DUTS",
    licence="none stated",
    url="http://saliencydetection.net/duts/",
    note='its page grants no licence: "All rights reserved by the original authors of DUTS Image Dataset"',
)
_DIS5K = Dataset(
    name="DIS5K",
    licence="LicenseRef-DIS5K-Terms-of-Use",
    url="https://github.com/xuebinqin/DIS/blob/main/DIS5K-Dataset-Terms-of-Use.pdf",
    note='"available for non-commercial use in research or educational purpose"; commercial use needs its authors\' '
    'permission "even after copying, editing, processing or any operations"',
    commercial_use=False,
)
_PERSON = Dataset(name="Supervisely Person", licence="not looked up", note="named by U2-Net's authors")
_BIREFNET_GENERAL = Dataset(
    name="HRSOD, UHRSD, HRS10K, P3M-10k, humans",
    licence="not looked up",
    url="https://github.com/ZhengPeng7/BiRefNet#model-zoo",
    note='of DIS5K and "several other datasets" the author says that their terms are stricter than he took them for: '
    "https://github.com/ZhengPeng7/BiRefNet/issues/306",
)

_U2NET_NOTE = (
    'the author: "All the released codes and models in this repo follow the same license"; "please check the datasets '
    'licenses, which are not controlled by us" (https://github.com/xuebinqin/U-2-Net/issues/208)'
)
_ISNET_NOTE = (
    'the authors: "Our code and evaluation metric use Apache License 2.0"; of the weights they say nothing, nor what '
    "those for general use were trained on besides DIS5K (https://github.com/xuebinqin/DIS#7-term-of-use)"
)
_BIREFNET_NOTE = (
    'the author: "All the codes and weights are under the MIT license" '
    "(https://github.com/ZhengPeng7/BiRefNet/issues/316)"
)


def _card(
    name: str,
    *data: Dataset,
    size: int,
    output: OutputSpec,
    licence: str,
    note: str | None = None,
    **normalisation: tuple[float, ...],
) -> ModelCard:
    return ModelCard(
        name=name,
        task="segmentation",
        version="public export",
        input=InputSpec.model_validate({"size": (size, size), **normalisation}),
        output=output,
        licence=licence,
        licence_note=note,
        commercial_use="-NC" not in licence and all(source.commercial_use is not False for source in data),
        provenance=data,
    )


def _u2net(name: str, data: Dataset) -> ModelCard:
    return _card(name, data, size=320, output=_MINMAX, licence="Apache-2.0", note=_U2NET_NOTE)


def _birefnet(name: str) -> ModelCard:
    data = (_DIS5K, _DUTS, _BIREFNET_GENERAL)
    return _card(name, *data, size=1024, output=_SIGMOID, licence="MIT", note=_BIREFNET_NOTE)


#: Card templates by file stem.
KNOWN_EXPORTS: dict[str, ModelCard] = {
    card.name: card
    for card in (
        _u2net("u2net", _DUTS),
        _u2net("u2netp", _DUTS),
        _u2net("u2net_human_seg", _PERSON),
        _u2net("silueta", _DUTS),
        _card(
            "isnet-general-use",
            _DIS5K,
            size=1024,
            output=_MINMAX,
            licence="Apache-2.0",
            note=_ISNET_NOTE,
            **_HALF,
        ),
        _birefnet("birefnet-general"),
        _birefnet("birefnet-general-lite"),
        _card("bria-rmbg", size=1024, output=_MINMAX, licence="CC-BY-NC-4.0"),
    )
}

#: Other names of these files, as their authors' own scripts and other programs write them.
ALSO_CALLED = {
    "isnet": "isnet-general-use",
    "isnet_general_use": "isnet-general-use",
    "birefnet": "birefnet-general",
    "BiRefNet-general": "birefnet-general",
    "BiRefNet-general-bb_swin_v1_tiny-epoch_232": "birefnet-general-lite",
}
