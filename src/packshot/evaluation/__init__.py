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
from packshot.evaluation.confidence import bootstrap_interval, spearman, spearman_interval
from packshot.evaluation.matting import connectivity_error, gradient_error, mse, sad
from packshot.evaluation.reliability import ReliabilityBin, RiskCoverage, reliability, risk_coverage
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
    "Figure",
    "LabelledPhoto",
    "MaskScore",
    "Predict",
    "ReliabilityBin",
    "RiskCoverage",
    "SetScore",
    "accuracy",
    "average_precision",
    "bootstrap_interval",
    "boundary_f",
    "confusion_matrix",
    "connectivity_error",
    "expected_calibration_error",
    "gradient_error",
    "iou",
    "macro_f1",
    "mae",
    "majority_accuracy",
    "mse",
    "pixel_accuracy",
    "reliability",
    "risk_coverage",
    "roc_auc",
    "roc_curve",
    "sad",
    "score_masks",
    "spearman",
    "spearman_interval",
    "summarise",
]
