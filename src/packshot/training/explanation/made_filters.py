"""Photos that a layer is asked about, and what came out for each of its units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.limits import Limits
from packshot.photo import decode
from packshot.storage import sha256_of_file
from packshot.values import Rgb

__all__ = ["LayerPhoto", "MadeFilters", "UnitPictures"]


@dataclass(frozen=True, slots=True)
class LayerPhoto:
    """A photo that a layer is asked about.

    Attributes:
        name: to show.
        key: the same for the same file at any time, such as its hash.
        read: gives uint8 (h, w, 3); called again for a photo that is shown, so that a large set needs no memory.
    """

    name: str
    key: str
    read: Callable[[], Rgb]

    @classmethod
    def of_file(cls, path: str | Path, name: str, limits: Limits) -> LayerPhoto:
        """A photo in a file or an object, which is known again by its bytes and decoded each time it is asked for.

        Raises:
            PhotoError: the file cannot be read.
        """
        try:
            key = sha256_of_file(Path(path))
        except OSError:
            key = decode(path, name=name, limits=limits).sha256  # says what is wrong with it
        return cls(name, key, lambda: decode(path, name=name, limits=limits).rgb)


@dataclass(frozen=True, slots=True)
class UnitPictures:
    """What excites a unit of one network.

    Attributes:
        pictures: files of the pictures that were made for it.
        photos: names of the photos that excite it most.
    """

    pictures: Sequence[Path]
    photos: Sequence[str]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"pictures": [str(path) for path in self.pictures], "photos": list(self.photos)}


@dataclass(frozen=True, slots=True)
class MadeFilters:
    """What was made for one unit.

    Attributes:
        unit: its number in the layer.
        now: what excites it.
        sheet: file of all units so far, a row for each.
        before: what excited it before fine-tuning; None where no network was compared with.
        change: how much it changed since, 0..2: see `change_of`; None where no network was compared with.
    """

    unit: int
    now: UnitPictures
    sheet: Path
    before: UnitPictures | None = None
    change: float | None = None

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        compared = {} if self.before is None else {"before": self.before.row(), "change": self.change}
        return {"unit": self.unit, **self.now.row(), **compared, "output": str(self.sheet)}

    @property
    def words(self) -> str:
        """For a person."""
        most = f"most in {', '.join(self.now.photos)}"
        if self.before is not None and self.change is not None:
            most = f"changed by {self.change:.2f}\t{most}; before in {', '.join(self.before.photos)}"
        return f"unit {self.unit}\t{most}\t{self.sheet}"
