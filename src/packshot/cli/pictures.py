"""Where a command's pictures go: below a folder, to one file, or to stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.cli.streams import outlive_reader, stdout_is_open
from packshot.errors import OutputError, UsageError
from packshot.storage.places import file_id, require_folder

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.values import Grey, Rgb, Rgba

__all__ = ["Pictures", "folder_of"]

_STDOUT = "-"


def folder_of(out: str) -> Path | None:
    """The folder whose pictures are never photos of this command: `out`; None if that is one file, or stdout."""
    return None if out == _STDOUT or _is_file(out) else Path(out)


class Pictures:
    """Writes PNG files, never over a photo, and remembers them.

    Args:
        out: a folder; the name of one file, if it ends as a picture's and no such folder is there; ``-`` for stdout.
        sources: the photos, none of which may be written to.
        option: that named `out`.
        as_json: whether rows are printed to stdout.
        many: whether a photo gives several pictures, so that `out` is always a folder.

    Attributes:
        on_stdout: whether the one picture goes there.
        stems: of each photo, its relative path without suffix.

    Raises:
        UsageError: one file, or stdout, for several photos; a name of another format; rows and a picture on stdout.
        OutputError: there can be no such folder.
    """

    def __init__(
        self, out: str, sources: Sequence[Source], *, option: str = "-o", as_json: bool = False, many: bool = False
    ) -> None:
        from packshot.batch import output_stems

        if out == _STDOUT and many:
            raise UsageError(f"{option} - takes one picture, and a photo gives several here", remedy="name a folder")
        self.on_stdout = out == _STDOUT
        self._one = self.on_stdout or (_is_file(out) and not many)
        self._out = Path(out)
        self._option = option
        self._written: list[Path] = []
        self.stems = dict(zip(sources, output_stems(sources), strict=True))
        # Never raises, not even at a link to itself.
        self._photos = frozenset(os.path.realpath(source.path) for source in sources)
        self._files = frozenset(filter(None, (file_id(source.path) for source in sources)))
        if self._one and len(sources) != 1:
            raise UsageError(
                f"{option} {out} names one picture, and there are {len(sources)} photos", remedy="name a folder"
            )
        if self.on_stdout:
            self._check_stdout(as_json=as_json)
        else:
            if self._one and self._out.suffix.lower() != ".png":
                raise UsageError(f"{option} {out}: pictures are written as PNG", remedy="name the file NAME.png")
            require_folder(self._out.parent if self._one else self._out, option=option)
            outlive_reader()

    def target(self, source: Source, kind: str = "") -> Path:
        """The file a picture is written to.

        Args:
            source: the photo.
            kind: told apart by this, with its dot: ``.overlay``.

        Raises:
            UsageError: a second picture, and the first goes to stdout.
            OutputError: it is one of the photos.
        """
        if self.on_stdout:
            if kind:
                raise UsageError(f"{self._option} - takes one picture", remedy="name a folder")
            return self._out
        path = (
            self._out.with_name(f"{self._out.stem}{kind}.png")
            if self._one
            else self._out / f"{self.stems[source]}{kind}.png"
        )
        # By their place, and by what lies there: a file system that ignores case has one file under several names.
        if os.path.realpath(path) in self._photos or file_id(path) in self._files:
            raise OutputError(f"{path} is one of the photos", remedy=f"write to another folder with {self._option}")
        return path

    def write(self, target: Path, pixels: Grey | Rgb | Rgba) -> None:
        """Write a picture as PNG, whole or not at all.

        Args:
            target: of `target`.
            pixels: uint8, one, three or four channels.

        Raises:
            OutputError: it could not be written.
        """
        from packshot.photo import encode
        from packshot.storage import write_result

        data = encode(pixels, format="PNG").data
        if self.on_stdout:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        write_result(target, data, folder=target.parent if self._one else self._out)
        self._written.append(target)

    def lost(self) -> list[OutputError]:
        """What is to be said of pictures that were written and are not there any more."""
        gone = [path for path in self._written if not os.path.lexists(path)]
        return [OutputError(f"{path} was deleted while the command ran", remedy="repeat the command") for path in gone]

    def _check_stdout(self, *, as_json: bool) -> None:
        if as_json:
            raise UsageError(f"--json and {self._option} - both write to stdout", remedy="leave one of them out")
        if not stdout_is_open():
            raise UsageError(f"{self._option} - writes to stdout, which is closed", remedy="name a file or a folder")
        if sys.stdout.isatty():
            raise UsageError(
                f"{self._option} - writes a picture to stdout, which is a terminal",
                remedy="send it on: packshot ... > picture.png",
            )


def _is_file(out: str) -> bool:
    from packshot.batch.own_results import is_folder
    from packshot.photo import SUFFIXES

    path = Path(out)
    return path.suffix.lower() in SUFFIXES and not is_folder(path)
