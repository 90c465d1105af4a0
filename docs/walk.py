"""Types the commands of the pages as a newcomer would: one environment's `packshot`, a folder of its own for each page.

python docs/walk.py                                       all pages
python docs/walk.py docs/how-to/check.md --bin venv/bin   one page, with the packshot installed there
python docs/walk.py --networks FOLDER                     also networks that are fetched: FOLDER holds their files

What a page takes for granted (photos/, products.csv) is laid there first. What a page fetches from the web comes from a
server on this machine; what stays is asked once and ended by SIGTERM. What cannot be typed here is named with its
reason. Ends with 1 where a command ended otherwise than its page lets expect.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from walk_pages import PAGES, Page
from walk_server import site
from walk_staying import Staying, free_port, stays

ROOT = Path(__file__).parents[1]
STARTS = ("packshot ", "python ", "pip ", "cat ", "curl ")
STOP_S = 60.0  # seconds a command may take to end
PLACES = r"https://(?:shop|cars)\.example"


def commands_of(text: str) -> Iterator[str]:
    """The commands in a page's shell blocks and, where it tells steps in words, in its text.

    A block that keeps something in a variable is one command.
    """
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        if language not in ("", "bash"):
            continue
        lines = [re.sub(r"\s+#\s.*$", "", line).strip() for line in block.replace("\\\n", " ").splitlines()]
        if any(re.match(r"\w+=\$\(", line) for line in lines):
            yield "\n".join(["set -e", *lines])
            continue
        yield from (line for line in lines if line.startswith(STARTS))
    yield from re.findall(r"^\d+\. .*?`(packshot [^`]+ [^`]+)`", text, flags=re.MULTILINE)


@dataclass
class Walk:
    """The walk of one page.

    Attributes:
        page: how it is walked.
        folder: where its commands are typed.
        environment: of its commands, but for the port of a service.
        site: address of the server that stands for the web.
        networks: names of the networks that it has.
        limit_s: seconds for one command.
        wrong: commands that ended otherwise than the page lets expect.
    """

    page: Page
    folder: Path
    environment: Mapping[str, str]
    site: str
    networks: frozenset[str]
    limit_s: float
    wrong: int = 0
    _service: Staying | None = field(default=None, repr=False)

    def type(self, command: str) -> None:
        """Type a command, or say why not."""
        reason = _of(self.page.never, command) or self._missing(command)
        if reason is not None:
            print(f"  --    {command}   ({reason})", flush=True)
            return
        typed = re.sub(PLACES, self.site, command) + (_of(self.page.added, command) or "")
        started = time.monotonic()
        if stays(command):
            self._stay(typed, started)
            return
        if self._service is not None:
            typed = typed.replace(":8080", f":{self._service.port}")
        try:
            done = subprocess.run(  # noqa: S603 - what our own pages say
                ["/bin/bash", "-c", typed],
                cwd=self.folder,
                env={**self.environment},
                capture_output=True,
                text=True,
                timeout=self.limit_s,
                stdin=subprocess.DEVNULL,
                check=False,
            )
            code, said = done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
        except subprocess.TimeoutExpired:
            code, said = -1, f"did not end within {self.limit_s:.0f} s"
        self._tell(typed, code, said, started, right=code == (_of(self.page.ends, command) or 0))

    def _missing(self, command: str) -> str | None:
        if command.startswith("pip install"):
            return "installed already: --bin names it"
        if "$PACKSHOT_DATA" in command and "PACKSHOT_DATA" not in self.environment:
            return "PACKSHOT_DATA is not set"
        name = next((name for start, name in self.page.networks.items() if command.startswith(start)), None)
        return None if name is None or name in self.networks else f"{name} is not in --networks"

    def _stay(self, typed: str, started: float) -> None:
        """Start, ask and end it; a page's first service stays where the page asks it further down."""
        port = free_port()
        environment = {**self.environment, "PACKSHOT_SERVE_PORT": str(port)}
        if self.page.jobs:
            environment["PACKSHOT_SERVE_STATE"] = str(self.folder / f"state-{port}")
        one = Staying(typed, folder=self.folder, environment=environment, said=self.folder / f"said-{port}.log")
        answered = one.ask(limit_s=self.limit_s)
        keep = self.page.jobs and self._service is None and answered is not None
        if keep:
            self._service = one
        code = 0 if keep else one.end(limit_s=STOP_S)
        what = f"{typed}   [{answered or 'no answer'}{', stays' if keep else ', ended'}]"
        self._tell(what, code, one.said[-2000:], started, right=code == 0 and answered is not None)

    def close(self) -> None:
        """End the service that stayed."""
        if self._service is not None:
            started, code = time.monotonic(), self._service.end(limit_s=STOP_S)
            self._tell("(the service, ended)", code, self._service.said[-2000:], started, right=code == 0)

    def _tell(self, typed: str, code: int, said: str, started: float, *, right: bool) -> None:
        seconds = time.monotonic() - started
        print(f"  {code:3} {'  ' if right else '! '}{typed}   ({seconds:.0f} s)", flush=True)
        if not right:
            self.wrong += 1
            print("\n".join(f"        | {line}" for line in said.splitlines()), flush=True)


def walk(name: str, page: Page, bin_folder: Path, *, networks: Path | None, limit_s: float) -> int:
    """Type a page's commands; print a line for each and all that one said which ended wrongly.

    Returns:
        How many ended otherwise than the page lets one expect.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="walk-") as folder, site(networks) as address:
        page.lay(Path(folder), text)
        environment = {
            **os.environ,
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "NO_COLOR": "1",
            "PACKSHOT_MODEL_STORE": f"{folder}/models",
            "PACKSHOT_MODEL_MIRROR": f"{address}/networks",
        }
        environment.pop("PYTHONPATH", None)
        names = frozenset(path.stem for path in networks.rglob("*.onnx")) if networks else frozenset[str]()
        one = Walk(page, Path(folder), environment, address, names, limit_s)
        with contextlib.closing(one):
            for command in (*page.first, *commands_of(text)):
                one.type(command)
    return one.wrong


def _of(table: Mapping[str, object], command: str) -> object | None:
    return next((value for start, value in table.items() if command.startswith(start)), None)


def main() -> None:
    """Walk the pages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="pages, as docs/how-to/check.md; all without")
    parser.add_argument("--bin", type=Path, default=Path(sys.executable).parent, help="folder of the packshot to type")
    parser.add_argument("--networks", type=Path, metavar="FOLDER", help="ONNX files of published networks, anywhere in")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="for one command")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # services that stay are ended on the way out
    wrong = 0
    for name in args.pages or PAGES:
        print(f"== {name}", flush=True)
        wrong += walk(name, PAGES[name], args.bin.absolute(), networks=args.networks, limit_s=args.limit)
    print(f"{wrong} commands did not end as their page says")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
