"""Many photos at once: worker processes, resume, manifest and report.

`run_batch` is the whole of it. The order of a run: `find_sources` and `output_stems` decide what is read and
where results go; an engine hands tasks to workers, whose work writes each result whole or not at all; the
journal remembers every finished input; manifest and report are compiled from it at the end.
"""

from packshot.batch.engine import Engine, InProcessEngine
from packshot.batch.manifest import read_manifest
from packshot.batch.naming import output_stems
from packshot.batch.processes import ProcessEngine
from packshot.batch.run import Progress, Summary, run_batch
from packshot.batch.sources import Source, find_sources
from packshot.durable.atomic import write_atomic

__all__ = [
    "Engine",
    "InProcessEngine",
    "ProcessEngine",
    "Progress",
    "Source",
    "Summary",
    "find_sources",
    "output_stems",
    "read_manifest",
    "run_batch",
    "write_atomic",
]
