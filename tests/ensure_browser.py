"""Find a Chromium for the browser tests, or install Debian's; say what to do where that is not possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Path of a Chromium: ``PACKSHOT_CHROMIUM``, or the first on the path."""
    return os.environ.get("PACKSHOT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    if chromium() is None and shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run([*root, "apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run([*root, "apt-get", "install", "-y", "-q", "chromium"], check=False, **quiet)
    if chromium() is None:
        sys.exit("no Chromium for the browser tests: install one, or name it in PACKSHOT_CHROMIUM")


if __name__ == "__main__":
    main()
