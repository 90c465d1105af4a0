"""Freed arrays are kept for the next ones."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from packshot.machine import keep_freed_memory

picture = np.ones(800_000, np.float32)

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        kept = [np.abs(picture) for _ in range(6)]
        del kept
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before, could = faults(), keep_freed_memory()
faults()
print(could, before, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no mallopt")
def test_pages_are_made_once():
    printed = subprocess.run([sys.executable, "-c", FAULTS], check=True, capture_output=True, text=True).stdout
    could, before, after = printed.split()
    assert could == "True"
    assert int(after) < 0.1 * int(before)


SCATTERED = """
from pathlib import Path
import numpy as np
from packshot.machine import FreedMemory, keep_freed_memory

def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6

keep_freed_memory()
arrays = [np.ones(25_000, np.float64) for _ in range(500)]
kept = arrays[::50]
full = resident_mb()
del arrays
freed, memory = resident_mb(), FreedMemory(every_s=0)
print(full, freed, memory.give_back(), resident_mb(), FreedMemory(every_s=60).give_back(), sum(map(np.sum, kept)))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no malloc_trim")
def test_what_lies_between_kept_arrays_goes_back_when_it_is_time():
    """500 arrays of 0.2 MB, of which every fiftieth stays."""
    printed = subprocess.run([sys.executable, "-c", SCATTERED], check=True, capture_output=True, text=True).stdout
    full, freed, given, after, too_early, total = printed.split()
    assert float(freed) > float(full) - 20  # kept for the next arrays
    assert (given, too_early) == ("True", "False")
    assert float(after) < float(full) - 80
    assert float(total) == 10 * 25_000
