"""Metrics per task and what is made of them, on arrays alone: no model, no torch; predictors come as callables."""

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
from packshot.evaluation.hierarchy import HierarchyScore, LevelScore, NodePath, score_paths, tree_distance
from packshot.evaluation.localisation import HEATMAP_BASELINES, Localisation, LocalisationScore, mask_boxes
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

__all__ = [
    "ALL_SETS",
    "BASELINES",
    "HEATMAP_BASELINES",
    "ClassScore",
    "Confusion",
    "Figure",
    "HierarchyScore",
    "LabelledPhoto",
    "LevelScore",
    "Localisation",
    "LocalisationScore",
    "MaskScore",
    "NodePath",
    "OperatingPoint",
    "Predict",
    "ReliabilityBin",
    "RiskCoverage",
    "SetScore",
    "accuracy",
    "average_precision",
    "bootstrap_interval",
    "boundary_f",
    "class_table",
    "confusion_matrix",
    "connectivity_error",
    "coverage_at_precision",
    "expected_calibration_error",
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
    "score_masks",
    "score_paths",
    "spearman",
    "spearman_interval",
    "summarise",
    "tree_distance",
]
