"""Settings of a run: defaults, environment (``PACKSHOT_*``) and validation in one place."""

from __future__ import annotations

import functools
import os
import sys
from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from packshot.limits import Limits
from packshot.machine import usable_cores

__all__ = ["Matte", "Provider", "Settings", "Several", "Subject"]


class Provider(StrEnum):
    """Where a network runs: the execution providers packshot knows how to ask onnxruntime for."""

    CPU = "cpu"
    CUDA = "cuda"
    OPENVINO = "openvino"
    COREML = "coreml"


class Matte(StrEnum):
    """How the soft edge of a mask is found; docs/decisions/0025-edges.md compares them."""

    #: Enlarged along the photo's edges.
    FAST = "fast"
    #: The same, fitted once more at the photo's own size.
    FINE = "fine"
    #: Alpha from colour lines, for hair and fur; needs the extra ``matting``.
    CLOSED_FORM = "closed-form"


class Subject(StrEnum):
    """What of a photo is cut out."""

    #: All that stands out; a product alone where somebody holds it.
    AUTO = "auto"
    #: What stands out, without people.
    PRODUCT = "product"
    #: People with what they wear.
    PERSON = "person"
    #: What is worn, or lies there as a garment.
    GARMENT = "garment"


class Several(StrEnum):
    """What becomes of several products in one photo."""

    ALL = "all"
    LARGEST = "largest"


def _user_folder(name: str) -> Path | None:
    """``packshot/NAME`` where the system keeps a user's data; None for a user without a home."""
    variable, usual = {
        "win32": ("LOCALAPPDATA", "AppData/Local"),
        "darwin": ("XDG_DATA_HOME", "Library/Application Support"),
    }.get(sys.platform, ("XDG_DATA_HOME", ".local/share"))
    named = Path(os.environ.get(variable, ""))
    try:
        data = named if named.is_absolute() else Path.home() / usual
    except RuntimeError:
        return None
    return data / "packshot" / name


class Settings(BaseSettings):
    """Everything about *how* packshot runs; *what* it makes is the profile's business.

    Each field is read from the environment too: ``PACKSHOT_THREADS=1``, ``PACKSHOT_PROVIDER=cuda``,
    ``PACKSHOT_LIMITS__MAX_MEGAPIXELS=100``.

    Example:
        >>> Settings(threads=1).provider
        <Provider.CPU: 'cpu'>
    """

    model_config = SettingsConfigDict(env_prefix="PACKSHOT_", env_nested_delimiter="__", frozen=True, extra="forbid")

    def shared_between(self, workers: int) -> Settings:
        """Settings whose networks share the cores with those of other workers, unless somebody said how many threads.

        Args:
            workers: processes.
        """
        if "threads" in self.model_fields_set:  # by an option or the environment
            return self
        return self.model_copy(update={"threads": max(1, self.threads // workers)})

    provider: Provider = Field(default=Provider.CPU, description="execution provider of the networks")
    threads: int = Field(
        default_factory=usable_cores, ge=1, le=1024, description="threads of one network; default: the cores at hand"
    )
    memory_megabytes: float | None = Field(
        default=None,
        gt=0,
        description="memory all worker processes may take together, in 10^6 bytes; default: most of what is free",
    )
    model: str = Field(default="cutout", description="segmentation network: a shipped name or an ONNX file")
    frame_model: str = Field(default="frame", description="frame detection: frame, classical, an ONNX file, or none")
    overlay_model: str = Field(
        default="overlay",
        description="overlay detection: overlay, an ONNX file, or none",
    )
    describe_model: str = Field(
        default="describe", description="what describes photos: describe, an ONNX file, or none"
    )
    precision: float = Field(
        default=0.95, gt=0, le=1, description="share of the answers about a photo that should be right; else the parent"
    )
    taxonomy: Path | None = Field(
        default=None, description="the shop's own tree, or what was learnt of it; default: the tree the network knows"
    )
    mapping: Path | None = Field(
        default=None, description="a table of where the network's categories belong in the shop's tree"
    )
    scene: bool = Field(default=False, description="whether several products of a photo are told, each on its own crop")
    plain_ground: bool = Field(
        default=True,
        description="whether the background's colours help: those of a plain one decide, of any smooth one open holes",
    )
    matte: Matte = Field(default=Matte.FAST, description="how soft edges are found")
    subject: Subject = Field(default=Subject.AUTO, description="what of a photo is cut out")
    several: Several = Field(default=Several.ALL, description="of several products, all or the largest")
    model_store: Path | None = Field(
        default_factory=functools.partial(_user_folder, "models"),
        description="the folder of further models (.onnx + .json), fetched or your own; default: among the user's data",
    )
    data_copies: Path | None = Field(
        default_factory=functools.partial(_user_folder, "data"),
        description="where labelled pictures of a bucket are copied to, for training; default: among the user's data",
    )
    model_mirror: str | None = Field(
        default=None, description="address of a folder that has the published files, asked instead of their publishers"
    )
    allow_non_commercial: bool = Field(
        default=False, description="load models whose licence or data forbid commercial use"
    )
    review_category: bool = Field(
        default=False, description="whether a photo goes to review whose category is not sure down to a leaf"
    )
    review_above: float = Field(default=0.06, ge=0, le=1, description="uncertainty above which a mask goes to review")
    limits: Limits = Field(default_factory=Limits)
