"""Explanations that need torch: gradients, what the layers see, filter pictures, and networks that know nothing."""

from packshot.training.explanation.comparison import compared_picture, same_layer
from packshot.training.explanation.dream import dream
from packshot.training.explanation.filter_folder import FilterFolder
from packshot.training.explanation.filters import filter_pictures
from packshot.training.explanation.gradients import GradientMaps
from packshot.training.explanation.layer_views import LayerViews
from packshot.training.explanation.layers import layer_outputs, layer_picture
from packshot.training.explanation.made_filters import LayerPhoto, MadeFilters
from packshot.training.explanation.randomised import write_randomised
from packshot.training.explanation.torch_copy import TorchCopy, torch_threads

__all__ = [
    "FilterFolder",
    "GradientMaps",
    "LayerPhoto",
    "LayerViews",
    "MadeFilters",
    "TorchCopy",
    "compared_picture",
    "dream",
    "filter_pictures",
    "layer_outputs",
    "layer_picture",
    "same_layer",
    "torch_threads",
    "write_randomised",
]
