"""Options that several commands share, each declared once, and how they become settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import click

from packshot.cli.command import argument, option

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from packshot.settings import Settings

__all__ = [
    "DESCRIBE_MODEL",
    "GROUP_COLUMN",
    "JOBS",
    "JSON",
    "MEGAPIXELS",
    "PRECISION",
    "PROVIDER",
    "ROOT",
    "SOURCES",
    "THREADS",
    "TIME_LIMIT",
    "Network",
    "OwnTree",
    "data_option",
    "settings_from",
]

SOURCES = argument("SRC...")
JSON = option("--json", help="One JSON object a line on stdout.")
MEGAPIXELS = option(
    "--max-megapixels",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help="Largest photo that is opened, in 10^6 pixels. [default: 200 for JPEG, 110 for other formats]",
)
ROOT = option(
    "--root",
    default=".",
    metavar="FOLDER",
    help="Where `packshot run` was typed, if its photos were named by relative paths. [default: here]",
)
THREADS = option("--threads", type=click.IntRange(1, 1024), help="Threads of one network. [default: all cores]")
PROVIDER = option("--provider", help="Where the network runs; one that is not there is an error. [default: cpu]")
PRECISION = option("--precision", metavar="P", help="Share of answers that should be right. [default: 0.95]")
DESCRIBE_MODEL = option("--describe-model", metavar="NAME|FILE", help="The network that embeds. [default: describe]")
GROUP_COLUMN = option(
    "--group",
    metavar="COLUMN",
    help="Of a CSV: photos with one value there (a product, a sender) stay in one split and one fold. [default: group]",
)
JOBS = option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Worker processes. [default: one per core; none for a few photos]",
)
TIME_LIMIT = option("--time-limit", default=60.0, type=click.FloatRange(1), help="Seconds for one photo.")


def data_option(pictures: str) -> Any:
    """Where labelled pictures are; `packshot.cli.files.existing_data` takes it.

    Args:
        pictures: which, and in what form.
    """
    return option("--data", envvar="PACKSHOT_DATA", metavar="DIR", help=f"{pictures} [env: PACKSHOT_DATA]")


@dataclass(frozen=True)
class Network:
    """How products are cut out, and by which network; each a field of `Settings`."""

    model: str | None = option(
        "--model",
        once=True,
        metavar="NAME|FILE",
        help="A name `packshot models` shows, an ONNX file, grabcut or grabcut-box. [default: cutout]",
    )
    matte: Literal["fast", "fine", "closed-form"] | None = option(
        "--matte",
        help="How soft edges are found: fast enlarges along the photo's edges, fine fits them once more at the "
        "photo's own size, closed-form is for hair and fur (extra: matting). [default: fast]",
    )
    subject: Literal["auto", "product", "person", "garment"] | None = option(
        "--subject",
        help="What is cut out: all that stands out (a product alone where somebody holds it), what is no person, "
        "people, or what they wear. [default: auto]",
    )
    several: Literal["all", "largest"] | None = option(
        "--several", help="Of several products in one photo, all or the largest. [default: all]"
    )
    provider: Literal["cpu", "cuda", "openvino", "coreml"] | None = PROVIDER
    threads: int | None = THREADS
    allow_non_commercial: bool = option(
        "--allow-non-commercial", help="Load a model whose licence or training data forbid commercial use."
    )


@dataclass(frozen=True)
class OwnTree:
    """The shop's own tree of categories; each a field of `Settings`."""

    taxonomy: str | None = option(
        "--taxonomy",
        metavar="FILE",
        help="Answer categories in your own tree: a .toml, one path a line, or what `taxonomy learn` made.",
    )
    mapping: str | None = option(
        "--mapping",
        metavar="CSV",
        help="Where the network's categories belong in it: columns category and node.",
    )


def settings_from(*groups: DataclassInstance, **given: Any) -> Settings:
    """Settings of the environment, overridden by the options that were given.

    Args:
        groups: of options.
        given: fields of `Settings`, and ``max_megapixels`` for all formats; None and False are not given.

    Raises:
        UsageError: a value in the environment or an option is wrong; names it.
    """
    from packshot.settings import Settings
    from packshot.validation import read_settings

    given |= {name: value for group in groups for name, value in asdict(group).items()}
    if (most := given.pop("max_megapixels", None)) is not None:
        given["limits"] = {"max_megapixels": most, "max_whole_megapixels": most}
    return read_settings(Settings, given)
