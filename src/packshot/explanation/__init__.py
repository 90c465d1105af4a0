"""Where in a photo a network saw something: class-activation maps, places of tags, boxes, and how they are drawn."""

from packshot.explanation.boxes import hot_boxes
from packshot.explanation.class_activation import activation_maps, min_max
from packshot.explanation.file_names import file_stems
from packshot.explanation.overlays import draw_heatmap, draw_products
from packshot.explanation.places import contrasted, place_maps
from packshot.explanation.positions import POSITIONS, position_basis
from packshot.explanation.sizes import stretched, working_size

__all__ = [
    "POSITIONS",
    "activation_maps",
    "contrasted",
    "draw_heatmap",
    "draw_products",
    "file_stems",
    "hot_boxes",
    "min_max",
    "place_maps",
    "position_basis",
    "stretched",
    "working_size",
]
