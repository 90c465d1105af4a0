"""Whether several photos in one call of the network cost less than one after the other.

    python benchmarks/micro_batches.py [--calls 10]

Columns: threads, photos in a call, processor milliseconds (user and system) of those photos one by one and in one call,
and the second over the first. The network is the one that cuts out, at the size its card names.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import onnxruntime

from packshot.runtime import card_of
from packshot.runtime.store import available
from packshot.settings import Settings

ROUNDS = 5


def spent(work: Callable[[], object], calls: int) -> float:
    """Processor milliseconds of one call."""
    before = time.process_time()
    for _ in range(calls):
        work()
    return 1000 * (time.process_time() - before) / calls


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10)
    calls = parser.parse_args().calls
    path = available(Settings())["cutout"]
    width, height = card_of(path).input.size
    print("| threads | photos | one by one | in one call | times |\n|---|---|---|---|---|")
    for threads in (1, 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        for photos in (2, 4, 8):
            several = np.random.default_rng(0).random((photos, 3, height, width), np.float32)

            def one_by_one(session=session, name=name, several=several) -> None:
                for photo in several:
                    session.run(None, {name: photo[None]})

            def together(session=session, name=name, several=several) -> None:
                session.run(None, {name: several})

            together()
            one_by_one()
            found = [(spent(one_by_one, calls), spent(together, calls)) for _ in range(ROUNDS)]
            alone, batch = (statistics.median(each) for each in zip(*found, strict=True))
            print(f"| {threads} | {photos} | {alone:.0f} ms | {batch:.0f} ms | {batch / alone:.2f} |")


if __name__ == "__main__":
    main()
