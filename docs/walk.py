"""Types the commands of the pages as a newcomer would: one environment's `packshot`, a folder of its own for each page.

python docs/walk.py                                       all pages
python docs/walk.py docs/how-to/check.md --bin venv/bin   one page, with the packshot installed there

What a page takes for granted (photos/, products.csv) is laid there first. What cannot be typed here (a shop on the web,
a person in a browser) is named with its reason. Ends with 1 where a command ended otherwise than its page lets expect.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from walk_materials import PAGES, Page

ROOT = Path(__file__).parents[1]
STARTS = ("packshot ", "python ", "pip ", "cat ", "curl ")


def commands_of(text: str) -> Iterator[str]:
    """The commands in a page's shell blocks and, where it tells steps in words, in its text."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        if language not in ("", "bash"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"\s+#\s.*$", "", line).strip()
            if command.startswith(STARTS):
                yield command
    yield from re.findall(r"^\d+\. .*?`(packshot [^`]+ [^`]+)`", text, flags=re.MULTILINE)


def walk(name: str, page: Page, bin_folder: Path, *, limit_s: float) -> int:
    """Type a page's commands; print a line for each and all that one said which ended wrongly.

    Returns:
        How many ended otherwise than the page lets one expect.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        page.lay(Path(folder), text)
        environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "NO_COLOR": "1"}
        environment.pop("PYTHONPATH", None)
        for command in (*page.first, *commands_of(text)):
            reason = _of(page.never, command)
            if reason is None and "$PACKSHOT_DATA" in command and "PACKSHOT_DATA" not in environment:
                reason = "PACKSHOT_DATA is not set"
            if reason is not None:
                print(f"  --    {command}   ({reason})", flush=True)
                continue
            typed = command + (_of(page.added, command) or "")
            started = time.monotonic()
            try:
                done = subprocess.run(  # noqa: S603 - what our own pages say
                    ["/bin/bash", "-c", typed],
                    cwd=folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=limit_s,
                    stdin=subprocess.DEVNULL,
                    check=False,
                )
                code, said = done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
            except subprocess.TimeoutExpired:
                code, said = -1, f"did not end within {limit_s:.0f} s"
            right = code == (_of(page.ends, command) or 0)
            print(f"  {code:3} {'  ' if right else '! '}{typed}   ({time.monotonic() - started:.0f} s)", flush=True)
            if not right:
                wrong += 1
                print("\n".join(f"        | {line}" for line in said.splitlines()), flush=True)
    return wrong


def _of(table: Mapping[str, object], command: str) -> object | None:
    return next((value for start, value in table.items() if command.startswith(start)), None)


def main() -> None:
    """Walk the pages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="pages, as docs/how-to/check.md; all without")
    parser.add_argument("--bin", type=Path, default=Path(sys.executable).parent, help="folder of the packshot to type")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="for one command")
    args = parser.parse_args()
    wrong = 0
    for name in args.pages or PAGES:
        print(f"== {name}", flush=True)
        wrong += walk(name, PAGES[name], args.bin.absolute(), limit_s=args.limit)
    print(f"{wrong} commands did not end as their page says")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
