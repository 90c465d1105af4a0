"""Three processes, each with a home and a temporary folder of its own below ``FOLDER/NAME/``.

``python telemetry_runs.py FOLDER``. ``run`` lives on after its work, ``workers`` is a batch, ``control`` loads a
network without us. They run side by side, for the first takes long.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from packshot_tests.photos import save, soft

# The first event is sent within 30 seconds; the traces on disk are there at once.
LINGER_SECONDS = 35

RUN = """
import sys, time
import numpy as np
import packshot
packshot.Pipeline().run(np.full((64, 64, 3), 200, np.uint8), name="grey")
time.sleep(float(sys.argv[1]))
"""
CONTROL = """
import sys, time
from importlib.resources import files
import onnxruntime
onnxruntime.InferenceSession(str(files("packshot") / "models" / "frame.onnx"), providers=["CPUExecutionProvider"])
time.sleep(float(sys.argv[1]))
"""


def main() -> None:
    folder = Path(sys.argv[1])
    for number in range(2):
        save(folder / "photos" / f"{number}.png", soft(number))
    strace = shutil.which("strace")
    traced = (strace, "-f", "-qq", "-e", "trace=connect,sendto", "-o", folder / "calls") if strace else ()
    commands: dict[str, Sequence[object]] = {
        "run": (*traced, sys.executable, "-c", RUN, LINGER_SECONDS),
        "workers": (sys.executable, "-m", "packshot", "run", folder / "photos", "-o", folder / "out", "--jobs", 2),
        "control": (sys.executable, "-c", CONTROL, 3),
    }
    # The first two silence it too.
    silenced = {"CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in silenced}
    with contextlib.ExitStack() as running:
        started = []
        for name, words in commands.items():
            places = {"HOME": folder / name / "home", "TMPDIR": folder / name / "tmp"}
            for place in places.values():
                place.mkdir(parents=True)
            process = subprocess.Popen(
                list(map(str, words)),
                env=environment | {variable: str(place) for variable, place in places.items()},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            started.append(running.enter_context(process))
        for process in started:
            said = process.communicate(timeout=240)[1]
            assert process.returncode in {0, 3}, said  # 3: drawn colours may show no product


if __name__ == "__main__":
    main()
