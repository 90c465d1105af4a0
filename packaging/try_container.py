"""Does what the container does, without one: as a user of no rights, nothing writable but a scratch folder, no network.

python packaging/try_container.py --bin /opt/packshot/bin     as root on Linux, with the extra `service` there

The environment is that of the Dockerfile. The service starts, answers a request with a key and refuses one without,
cuts a photo out, and ends by SIGTERM; then a watched folder gets its picture. Ends with 1 where that is not so.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
PHOTO = HERE.parent / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg"
USER = 10001
ADDRESS = "http://127.0.0.1:8080"
_PATIENCE_S = 240
_NEW_NETWORK, _NEW_MOUNTS = 0x40000000, 0x00020000
_REMOUNT_READ_ONLY, _PRIVATE = 1 | 32 | 4096, 0x4000 | (1 << 18)


def environment_of(dockerfile: str) -> dict[str, str]:
    """The variables that a Dockerfile's last stage sets."""
    stage = dockerfile.rsplit("\nFROM ", 1)[-1].replace("\\\n", " ")
    words = [word for line in re.findall(r"^ENV (.*)$", stage, flags=re.MULTILINE) for word in shlex.split(line)]
    return dict(word.split("=", 1) for word in words)


def close_in(scratch: Path) -> None:
    """Leave the machine's network, and make all but `scratch` read-only for this process and its children."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(what: str, code: int) -> None:
        if code:
            raise OSError(ctypes.get_errno(), what)

    call("unshare", libc.unshare(_NEW_NETWORK | _NEW_MOUNTS))
    call("mount --make-rprivate /", libc.mount(None, b"/", None, _PRIVATE, None))
    call("mount tmpfs", libc.mount(b"tmpfs", os.fsencode(scratch), b"tmpfs", 0, b"size=2g,mode=1777"))
    call("mount --bind /", libc.mount(b"/", b"/", None, _REMOUNT_READ_ONLY, None))
    with socket.socket() as any_socket:  # loopback is down in a new network
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))


def started(
    words: list[str | Path], env: dict[str, str], folder: Path, *, stdout: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    """A command as the user of no rights."""
    return subprocess.Popen(
        words, env=env, cwd=folder, user=USER, group=USER, extra_groups=[], stdout=stdout, stderr=sys.stderr,
        text=True,
    )  # fmt: skip


def ask(path: str, *, key: str | None = None, body: bytes | None = None) -> tuple[int, bytes]:
    """Status and body of an answer; 0 where there is none."""
    headers = {"Content-Type": "image/jpeg"} if body else {}
    request = urllib.request.Request(ADDRESS + path, data=body, headers=headers | ({"X-API-Key": key} if key else {}))
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def is_picture(answer: tuple[int, bytes]) -> bool:
    """Whether it is a PNG."""
    return answer[0] == 200 and answer[1].startswith(b"\x89PNG")


def expect(what: str, *, true: bool) -> None:
    """Print a line, and end here if it is not so."""
    print(f"{'ok  ' if true else 'FAIL'} {what}", flush=True)
    if not true:
        sys.exit(1)


def wait_for(true: Callable[[], bool]) -> bool:
    """Whether it comes true within some minutes."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.3)
    return False


def main() -> None:
    """Try it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="folder with packshot")
    command = parser.parse_args().bin.absolute() / "packshot"
    scratch = Path(tempfile.mkdtemp(prefix="packshot-try-"))
    try:
        close_in(scratch)
        try_service(command, scratch)
        try_watching(command, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def surroundings(scratch: Path) -> dict[str, str]:
    """What the Dockerfile sets, with the scratch folder where it says /tmp and /run/secrets."""
    own = environment_of((HERE / "Dockerfile").read_text(encoding="utf-8"))
    moved = {name: value.replace("/run/secrets", str(scratch)) for name, value in own.items() if name != "PATH"}
    return {"PATH": os.environ["PATH"], **moved, "HOME": str(scratch), "TMPDIR": str(scratch)}


def try_service(command: Path, scratch: Path) -> None:
    """Start it, ask it, end it."""
    env = surroundings(scratch)
    made = started([command, "serve", "--new-key", "studio"], env, scratch, stdout=subprocess.PIPE)
    secret, line = made.communicate(timeout=_PATIENCE_S)[0].splitlines()
    Path(env["PACKSHOT_SERVE_KEYS"]).write_text(line + "\n", encoding="utf-8")
    photo = PHOTO.read_bytes()
    service = started([command, "serve"], env, scratch)
    try:
        expect("the service is ready", true=wait_for(lambda: ask("/ready")[0] == 200))
        expect("nothing outside the scratch folder can be written", true=not os.access("/etc", os.W_OK))
        expect("without a key nothing is cut out", true=ask("/v1/cutout", body=photo)[0] in {401, 403})
        # A worker that still loads its networks is no failure: 503 says when to ask again.
        expect("with a key a photo is", true=wait_for(lambda: is_picture(ask("/v1/cutout", key=secret, body=photo))))
    finally:
        service.send_signal(signal.SIGTERM)
    # uvicorn answers what is in hand, then lets the signal have its way.
    expect("SIGTERM ends it", true=service.wait(_PATIENCE_S) in {0, -signal.SIGTERM})


def try_watching(command: Path, scratch: Path) -> None:
    """Watch a folder until its picture is there."""
    folder, out = scratch / "in", scratch / "out"
    folder.mkdir()
    out.mkdir()
    os.chown(out, USER, USER)
    shutil.copy(PHOTO, folder / "shoe.jpg")
    watch = started([command, "watch", folder, "-o", out], surroundings(scratch), scratch)
    try:
        there = wait_for((out / "report.html").is_file)
        expect("a watched photo gets its picture", true=there and (out / "packshots" / "shoe.jpg").is_file())
    finally:
        watch.send_signal(signal.SIGTERM)
    expect("SIGTERM ends the watch", true=watch.wait(_PATIENCE_S) == 0)


if __name__ == "__main__":
    main()
