"""Metrics per task, on arrays alone: no model, no file, no torch."""

from packshot.evaluation.confidence import bootstrap_interval, spearman
from packshot.evaluation.segmentation import boundary_f, iou, mae, pixel_accuracy

__all__ = ["bootstrap_interval", "boundary_f", "iou", "mae", "pixel_accuracy", "spearman"]
