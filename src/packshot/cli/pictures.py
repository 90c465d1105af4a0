"""Where a command's pictures go: below a folder, to one file, or to stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.picture_files import PictureFiles
from packshot.cli.streams import outlive_reader, stdout_is_open
from packshot.counting import counted
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.values import Grey, Rgb, Rgba

__all__ = ["Pictures", "folder_of"]

_STDOUT = "-"


def folder_of(out: str) -> Path | None:
    """The folder whose pictures are never photos of this command: `out`; None if that is one file, or stdout."""
    return None if out == _STDOUT or _is_file(out) else Path(out)


class Pictures(PictureFiles):
    """Writes PNG files, or the one picture to stdout, as a person named them.

    Args:
        out: a folder; the name of one file, if it ends as a picture's and no such folder is there; ``-`` for stdout.
        sources: the photos, none of which may be written to.
        option: that named `out`.
        as_json: whether rows are printed to stdout.
        many: whether a photo gives several pictures, so that `out` is always a folder.

    Attributes:
        on_stdout: whether the one picture goes there.

    Raises:
        UsageError: one file, or stdout, for several photos; a name of another format; rows and a picture on stdout; a
            folder that a run writes its results to.
        OutputError: there can be no such folder.
    """

    def __init__(
        self, out: str, sources: Sequence[Source], *, option: str = "-o", as_json: bool = False, many: bool = False
    ) -> None:
        self.on_stdout = out == _STDOUT
        if self.on_stdout and many:
            raise UsageError(f"{option} - takes one picture, and a photo gives several here", remedy="name a folder")
        one = self.on_stdout or (_is_file(out) and not many)
        super().__init__(Path(out), sources, option=option, one=one)
        if one and len(sources) != 1:
            raise UsageError(
                f"{option} {out} names one picture, and there are {counted(len(sources), 'photo')}",
                remedy="name a folder",
            )
        if self.on_stdout:
            _check_stdout(option, as_json=as_json)
            return
        if one and Path(out).suffix.lower() != ".png":
            raise UsageError(f"{option} {out}: pictures are written as PNG", remedy="name the file NAME.png")
        self.require_folder()
        outlive_reader()

    def target(self, source: Source, kind: str = "") -> Path:
        """The file a picture is written to, see `PictureFiles.target`; ``-`` for stdout.

        Raises:
            UsageError: a second picture, and the first goes to stdout.
            OutputError: it is one of the photos.
        """
        if self.on_stdout and kind:
            raise UsageError(f"{self._option} - takes one picture", remedy="name a folder")
        return Path(_STDOUT) if self.on_stdout else super().target(source, kind)

    def write(self, target: Path, pixels: Grey | Rgb | Rgba) -> None:
        """Write a picture as PNG, whole or not at all.

        Raises:
            OutputError: it could not be written.
        """
        from packshot.photo import encode

        if not self.on_stdout:
            super().write(target, pixels)
            return
        sys.stdout.buffer.write(encode(pixels, format="PNG").data)
        sys.stdout.buffer.flush()


def _check_stdout(option: str, *, as_json: bool) -> None:
    if as_json:
        raise UsageError(f"--json and {option} - both write to stdout", remedy="leave one of them out")
    if not stdout_is_open():
        raise UsageError(f"{option} - writes to stdout, which is closed", remedy="name a file or a folder")
    if sys.stdout.isatty():
        raise UsageError(
            f"{option} - writes a picture to stdout, which is a terminal",
            remedy="send it on: packshot ... > picture.png",
        )


def _is_file(out: str) -> bool:
    from packshot.batch.own_results import is_folder
    from packshot.photo import SUFFIXES

    path = Path(out)
    return path.suffix.lower() in SUFFIXES and not is_folder(path)
