"""From a run folder to the ONNX file that ships: half-size weights, parity, optional int8, a model card."""

from packshot.training.export.parity import Parity
from packshot.training.export.run import Exported, export_run

__all__ = ["Exported", "Parity", "export_run"]
