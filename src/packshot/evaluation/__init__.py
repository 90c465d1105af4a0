"""Metrics per task and what is made of them, on arrays alone: no model, no torch; predictors come as callables."""

from packshot.evaluation.attributes import (
    AttributeAnswer,
    ChoiceScore,
    LabelScore,
    TagsScore,
    score_choices,
    score_tags,
)
from packshot.evaluation.binary import BinaryAnswers
from packshot.evaluation.categories import CategoryAnswer, CategoryScore, ServedScore, score_categories
from packshot.evaluation.classification import (
    accuracy,
    average_precision,
    confusion_matrix,
    expected_calibration_error,
    macro_f1,
    majority_accuracy,
    roc_auc,
    roc_curve,
)
from packshot.evaluation.confidence import bootstrap_interval, resampled_interval, spearman, spearman_interval
from packshot.evaluation.confusions import ClassScore, Confusion, class_table, frequent_confusions
from packshot.evaluation.head_calibration import calibration_error
from packshot.evaluation.hierarchy import HierarchyScore, LevelScore, NodePath, score_paths, tree_distance
from packshot.evaluation.localisation import HEATMAP_BASELINES, Localisation, LocalisationScore, mask_boxes
from packshot.evaluation.matching import MatchFit, fit_match
from packshot.evaluation.matting import connectivity_error, gradient_error, mse, sad
from packshot.evaluation.reliability import (
    OperatingPoint,
    ReliabilityBin,
    RiskCoverage,
    coverage_at_precision,
    reliability,
    risk_coverage,
)
from packshot.evaluation.scoring import (
    ALL_SETS,
    BASELINES,
    Figure,
    LabelledPhoto,
    MaskScore,
    Predict,
    SetScore,
    score_masks,
    summarise,
)
from packshot.evaluation.segmentation import boundary_f, iou, mae, pixel_accuracy
from packshot.heads.thresholds import threshold_at_precision

__all__ = [
    "ALL_SETS",
    "BASELINES",
    "HEATMAP_BASELINES",
    "AttributeAnswer",
    "BinaryAnswers",
    "CategoryAnswer",
    "CategoryScore",
    "ChoiceScore",
    "ClassScore",
    "Confusion",
    "Figure",
    "HierarchyScore",
    "LabelScore",
    "LabelledPhoto",
    "LevelScore",
    "Localisation",
    "LocalisationScore",
    "MaskScore",
    "MatchFit",
    "NodePath",
    "OperatingPoint",
    "Predict",
    "ReliabilityBin",
    "RiskCoverage",
    "ServedScore",
    "SetScore",
    "TagsScore",
    "accuracy",
    "average_precision",
    "bootstrap_interval",
    "boundary_f",
    "calibration_error",
    "class_table",
    "confusion_matrix",
    "connectivity_error",
    "coverage_at_precision",
    "expected_calibration_error",
    "fit_match",
    "frequent_confusions",
    "gradient_error",
    "iou",
    "macro_f1",
    "mae",
    "majority_accuracy",
    "mask_boxes",
    "mse",
    "pixel_accuracy",
    "reliability",
    "resampled_interval",
    "risk_coverage",
    "roc_auc",
    "roc_curve",
    "sad",
    "score_categories",
    "score_choices",
    "score_masks",
    "score_paths",
    "score_tags",
    "spearman",
    "spearman_interval",
    "summarise",
    "threshold_at_precision",
    "tree_distance",
]
