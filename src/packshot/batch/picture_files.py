"""Pictures made of photos, as files: never over a photo, and it is seen to that they are still there at the end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from packshot.batch.naming import output_stems
from packshot.batch.own_results import refuse_run_results
from packshot.batch.sources import Source
from packshot.errors import OutputError
from packshot.photo import encode
from packshot.storage import write_result
from packshot.storage.places import file_id, require_folder
from packshot.values import Grey, Rgb, Rgba

__all__ = ["PictureFiles"]


class PictureFiles:
    """Writes PNG files, never over a photo, and remembers them.

    Args:
        out: a folder; or the file of the one picture.
        sources: the photos, none of which may be written to.
        option: that named `out`, for messages.
        one: whether `out` is the file of the one picture.

    Attributes:
        stems: of each photo, its relative path without suffix.
    """

    def __init__(self, out: Path, sources: Sequence[Source], *, option: str = "-o", one: bool = False) -> None:
        self.stems = dict(zip(sources, output_stems(sources), strict=True))
        self._out, self._option, self._one = out, option, one
        self._written: list[Path] = []
        # Never raises, not even at a link to itself.
        self._photos = frozenset(os.path.realpath(source.path) for source in sources)
        self._files = frozenset(filter(None, (file_id(source.path) for source in sources)))

    @property
    def folder(self) -> Path:
        """Below which all pictures lie."""
        return self._out.parent if self._one else self._out

    def require_folder(self) -> None:
        """Refuse a folder that cannot be made or written to, before any photo is read.

        Raises:
            OutputError: there can be no such folder.
            UsageError: it is one that a run writes its results to.
        """
        refuse_run_results(self.folder, option=self._option)
        require_folder(self.folder, option=self._option)

    def target(self, source: Source, kind: str = "") -> Path:
        """The file a picture is written to.

        Args:
            source: the photo.
            kind: told apart by this, with its dot: ``.overlay``.

        Raises:
            OutputError: it is one of the photos.
        """
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
        write_result(target, encode(pixels, format="PNG").data, folder=self.folder)
        self._written.append(target)

    def lost(self) -> list[OutputError]:
        """What is to be said of pictures that were written and are not there any more."""
        gone = [path for path in self._written if not os.path.lexists(path)]
        return [OutputError(f"{path} was deleted while the command ran", remedy="repeat the command") for path in gone]
