"""What packshot is willing to open, with a finite default for every bound."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Limits"]


class Limits(BaseModel):
    """Bounds checked before any pixel is decoded.

    A picture format lets a few kilobytes declare gigabytes, and a valid 167 KB progressive JPEG can hold
    880 scans that take ten seconds to decode. Every bound is finite and can be raised on purpose.

    Example:
        >>> Limits(max_megapixels=100).max_pixels
        100000000
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_megapixels: float = Field(
        default=200.0, gt=0, description="largest area of a JPEG, which is decoded at a reduced size, in 10^6 pixels"
    )
    max_whole_megapixels: float = Field(
        default=110.0, gt=0, description="largest area in all other formats, in 10^6 pixels; never above max_megapixels"
    )
    full_megapixels: float = Field(
        default=25.0, gt=0, description="area above which a photo is reduced to a half, a third ... of its sides"
    )
    max_file_megabytes: float = Field(default=100.0, gt=0, description="largest file, in 10^6 bytes")
    max_jpeg_scans: int = Field(default=100, gt=0, description="most scans in one JPEG")
    max_side: int = Field(default=30_000, gt=0, description="longest side, in pixels")
    refuse_mislabelled: bool = Field(
        default=False, description="refuse a file whose content is another format than its name says"
    )

    @property
    def max_pixels(self) -> int:
        """Largest area in pixels."""
        return int(self.max_megapixels * 1_000_000)

    @property
    def max_whole_pixels(self) -> int:
        """Largest area in pixels of what is decoded whole."""
        return int(min(self.max_whole_megapixels, self.max_megapixels) * 1_000_000)

    @property
    def full_pixels(self) -> int:
        """Largest area in pixels that keeps its size."""
        return int(self.full_megapixels * 1_000_000)

    @property
    def max_file_bytes(self) -> int:
        """Largest file in bytes."""
        return int(self.max_file_megabytes * 1_000_000)
