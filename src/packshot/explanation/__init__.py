"""Where in a photo a network saw something: class-activation maps, places of tags, boxes, and how they are drawn.

And which of its places an answer hangs on, of any network that gives a number for a picture: occlusion, RISE, and
whether such a map is true.
"""

from packshot.explanation.boxes import HOT, hot_boxes
from packshot.explanation.class_activation import WARM, above_average, activation_maps, min_max, positive
from packshot.explanation.colour_parts import colour_parts
from packshot.explanation.controls import centre_map, edge_map, random_map
from packshot.explanation.faithfulness import (
    curve_area,
    deletion_curve,
    energy_inside,
    insertion_curve,
    points_inside,
)
from packshot.explanation.file_names import file_stems
from packshot.explanation.occlusion import occlusion_map
from packshot.explanation.overlays import draw_heatmap, draw_marks, draw_products
from packshot.explanation.places import contrasted, place_maps
from packshot.explanation.positions import POSITIONS, position_basis
from packshot.explanation.rise import balanced_cells, rise_map
from packshot.explanation.scorer import Heat, Scorer, blurred, small
from packshot.explanation.sensitivity import sensitivity
from packshot.explanation.sizes import resized, working_size

__all__ = [
    "HOT",
    "POSITIONS",
    "WARM",
    "Heat",
    "Scorer",
    "above_average",
    "activation_maps",
    "balanced_cells",
    "blurred",
    "centre_map",
    "colour_parts",
    "contrasted",
    "curve_area",
    "deletion_curve",
    "draw_heatmap",
    "draw_marks",
    "draw_products",
    "edge_map",
    "energy_inside",
    "file_stems",
    "hot_boxes",
    "insertion_curve",
    "min_max",
    "occlusion_map",
    "place_maps",
    "points_inside",
    "position_basis",
    "positive",
    "random_map",
    "resized",
    "rise_map",
    "sensitivity",
    "small",
    "working_size",
]
