"""``packshot evaluate frame``: detectors of frames beside each other."""

from __future__ import annotations

from pathlib import Path

from packshot.cli.command import option, packshot_command
from packshot.cli.evaluate.options import Asked
from packshot.cli.files import existing_data, required_suffix
from packshot.cli.options import data_option, settings_from

__all__ = ["frame"]

_DEFAULT = ("frame", "classical")


@packshot_command("frame")
def frame(
    *,
    data: str = data_option(
        "Pictures labelled framed or unframed: what `packshot label frame` wrote, or folders of these names."
    ),
    models: tuple[str, ...] = option(
        "--model", metavar="NAME|FILE", help="frame, classical or an ONNX file; may be repeated. [default: both names]"
    ),
    roc: str | None = option("--roc", metavar="FILE.svg", help="Also draw all ROC curves over each other."),
    asked: Asked,
) -> int:
    """Score detectors of frames on pictures whose label is known, one row each, ROC curves in one chart.

    Beside the accuracy stands that of always giving the more frequent answer. Intervals are 95 % bootstrap intervals,
    the photo as unit. Box IoU is of the pictures whose inner box was measured; a frame that was missed counts with the
    whole picture. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate frame --data labels.csv --split all
    packshot evaluate frame --data labels.csv --model frame --model frame-2016.onnx --model classical -o quality/
    """
    from packshot.datasets import open_items
    from packshot.evaluation.frame_evaluation import frame_labels
    from packshot.storage import write_atomic
    from packshot.web.evaluation_report.frames import FrameTask
    from packshot.web.run_curves import roc_chart

    if roc:
        required_suffix("--roc", roc, ".svg")
    folder = existing_data(data)
    task = FrameTask(models or _DEFAULT, settings_from(), folder)
    code = asked.run(task, frame_labels(open_items(folder, task="frame"), data=folder), folder)
    if roc:
        write_atomic(Path(roc), roc_chart(task.binary(), split=asked.split).encode())
    return code
