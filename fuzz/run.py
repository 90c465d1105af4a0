"""Fuzz the readers: ``python fuzz/run.py TARGET|all [--seconds N]``; see README.md.

Each target runs in a child of this process, as libFuzzer ends the one it runs in. Exit code 1 if one found something.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).parent
TIMEOUT_S, MEMORY_MB, LONGEST = 5, 2048, 16_384


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", help="one of targets.py, or all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "fuzz")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0: another one each time")
    parser.add_argument("--file", type=Path, help="run this one input instead")
    options = parser.parse_args()
    import atheris

    sys.path.insert(0, str(HERE))
    # Native decoders are no business of ours to instrument; Python's own readers are.
    with atheris.instrument_imports(include=["packshot.photo", "packshot.records"], enable_loader_override=False):
        from seeds import write_seeds
        from targets import TARGETS

    if options.file is not None:
        TARGETS[options.target](options.file.read_bytes())
        return 0
    write_seeds(options.folder)
    failed = []
    for target in sorted(TARGETS) if options.target == "all" else [options.target]:
        started = time.monotonic()
        child = os.fork()
        if not child:
            _fuzz(target, options)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            failed.append(target)
        print(f"== {target}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    if failed:
        print(f"found something: {', '.join(failed)}; see {options.folder}", file=sys.stderr)
    return 1 if failed else 0


def _fuzz(target: str, options: argparse.Namespace) -> NoReturn:
    import atheris

    from mutators import MUTATORS
    from targets import TARGETS

    place = options.folder / target
    (place / "corpus").mkdir(parents=True, exist_ok=True)
    arguments = [f"-max_total_time={options.seconds}", f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}"]
    arguments += [f"-max_len={LONGEST}", f"-seed={options.seed}", f"-artifact_prefix={place}/", "-verbosity=1"]
    mutator = MUTATORS.get(target)
    more = {} if mutator is None else {"custom_mutator": mutator}
    atheris.Setup([sys.argv[0], *arguments, str(place / "corpus"), str(place / "seeds")], TARGETS[target], **more)
    atheris.Fuzz()
    os._exit(0)  # libFuzzer ends the process itself


if __name__ == "__main__":
    raise SystemExit(main())
