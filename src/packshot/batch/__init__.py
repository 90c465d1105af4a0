"""Many photos at once: worker processes, resume, manifest and report.

`run_batch` is the whole of it; how it is asked for stands in `PhotoProcessing`, `RunOptions` and `Workers`. The order
of a run: `find_sources` and `output_stems` decide what is read and where results go; an engine hands tasks to
workers, whose work writes each result whole or not at all; the journal remembers every finished input; manifest and
report are compiled from it at the end. `each_photo` is the loop of commands that only go from photo to photo.
"""

from packshot.batch.groups import Grouping
from packshot.batch.isolation import Failure, Success, each_photo
from packshot.batch.naming import output_stems
from packshot.batch.passed_over import PassedOver, passed_over_lines
from packshot.batch.planning import Naming
from packshot.batch.results import RunFile, Typed
from packshot.batch.run import run_batch
from packshot.batch.run_options import PhotoProcessing, RunOptions, Workers
from packshot.batch.sources import STDIN, Source, find_sources, sources_left
from packshot.batch.summary import Progress, Summary
from packshot.records import read_manifest
from packshot.storage.atomic import write_atomic

__all__ = [
    "STDIN",
    "Failure",
    "Grouping",
    "Naming",
    "PassedOver",
    "PhotoProcessing",
    "Progress",
    "RunFile",
    "RunOptions",
    "Source",
    "Success",
    "Summary",
    "Typed",
    "Workers",
    "each_photo",
    "find_sources",
    "output_stems",
    "passed_over_lines",
    "read_manifest",
    "run_batch",
    "sources_left",
    "write_atomic",
]
