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
