"""Metrics per task, on arrays alone: no model, no file, no torch."""

from packshot.evaluation.segmentation import boundary_f, iou, mae, pixel_accuracy
from packshot.evaluation.statistics import bootstrap_interval, spearman

__all__ = ["bootstrap_interval", "boundary_f", "iou", "mae", "pixel_accuracy", "spearman"]
