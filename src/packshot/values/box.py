"""A rectangle in pixels."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AROUND", "Box"]

#: Of a product's sides: so much of what is around it is seen, too, where one of several in a photo is looked at.
AROUND = 0.08


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, end-exclusive: it covers columns ``x0..x1-1`` and rows ``y0..y1-1``.

    Example:
        >>> Box(10, 20, 30, 60).size
        (20, 40)
        >>> Box(0, 0, 10, 10).iou(Box(5, 0, 15, 10))
        0.3333333333333333
    """

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if not (0 <= self.x0 < self.x1 and 0 <= self.y0 < self.y1):
            raise ValueError(f"Box: expected 0 <= x0 < x1 and 0 <= y0 < y1, got {self.as_tuple()}")

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def size(self) -> tuple[int, int]:
        """``(width, height)`` in pixels."""
        return self.width, self.height

    @property
    def area(self) -> int:
        """Area in pixels."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice[int, int, int], slice[int, int, int]]:
        """``(rows, columns)``, so that ``picture[box.slices]`` is the crop."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def as_tuple(self) -> tuple[int, int, int, int]:
        """``(x0, y0, x1, y1)``, as written to the manifest."""
        return self.x0, self.y0, self.x1, self.y1

    def moved(self, *, right: int, down: int) -> Box:
        """The same rectangle elsewhere: of a crop, in the pixels of what it was cut from.

        Args:
            right: pixels, negative for left.
            down: pixels, negative for up.

        Raises:
            ValueError: it would begin left of or above pixel 0.
        """
        return Box(self.x0 + right, self.y0 + down, self.x1 + right, self.y1 + down)

    def widened(self, share: float, *, within: tuple[int, int]) -> Box:
        """With a share of its width on the left and right and of its height above and below, as far as there is room.

        Args:
            share: of the sides, rounded down to pixels.
            within: width and height of the picture.
        """
        across, down = int(share * self.width), int(share * self.height)
        width, height = within
        return Box(
            max(0, self.x0 - across),
            max(0, self.y0 - down),
            min(width, self.x1 + across),
            min(height, self.y1 + down),
        )

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, 0..1."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        shared = max(0, width) * max(0, height)
        return shared / (self.area + other.area - shared)
