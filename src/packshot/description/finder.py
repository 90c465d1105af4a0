"""Description as the pipeline has it: by the name of a network, or switched off."""

from __future__ import annotations

from functools import lru_cache

from packshot.description.network import Describer
from packshot.description.own_tree import MappedTree, own_tree_fingerprint
from packshot.description.own_tree.words import gap_lines
from packshot.errors import UsageError
from packshot.runtime import load
from packshot.runtime.task import DESCRIBING
from packshot.settings import Settings
from packshot.values import Description, Mask, Rgb

__all__ = ["NO_DESCRIPTION", "describe", "describer", "describer_fingerprint", "own_tree_gaps", "required_describer"]

#: The model name that leaves photos without a description.
NO_DESCRIPTION = "none"


def describer(model: str, settings: Settings | None = None) -> Describer | None:
    """What describes photos; None for the model ``none``.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, or ``none``.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Raises:
        ModelError: the network cannot be used; see `packshot.description.Describer`.
        UsageError: the network has no thresholds for the precision asked for.
    """
    return None if model == NO_DESCRIPTION else Describer(model, settings)


def required_describer(settings: Settings) -> Describer:
    """What describes photos by the settings' network; see `describer`.

    Raises:
        UsageError: it is ``none``.
    """
    found = describer(settings.describe_model, settings)
    if found is None:
        raise UsageError(
            "the network `none` describes nothing", remedy="name one that does: `packshot models` lists them"
        )
    return found


def own_tree_gaps(settings: Settings) -> list[str]:
    """What is not mapped onto the shop's tree that settings name, in words; nothing where all is, or it was learnt.

    Raises:
        UsageError: the tree cannot be read, or nothing describes.
    """
    found = describer(settings.describe_model, settings)
    if found is None:
        raise UsageError("--taxonomy without a network that describes", remedy="leave out --describe-model none")
    return gap_lines(found.own_tree) if isinstance(found.own_tree, MappedTree) else []


def describer_fingerprint(model: str, settings: Settings) -> str:
    """Changes whenever the answers of `describer` could: with network, card, precision, and the shop's tree."""
    if model == NO_DESCRIPTION:
        return model
    network = load(model, settings, task=DESCRIBING)
    own = own_tree_fingerprint(settings.taxonomy, settings.mapping)
    tree = "" if own is None else f"+{own}"
    return f"{network.fingerprint}{tree}@{settings.precision:g}"


def describe(
    rgb: Rgb, mask: Mask | None = None, *, model: str = "describe", settings: Settings | None = None
) -> Description:
    """What is in a photo, where, and how sure.

    Args:
        rgb: uint8 (h, w, 3).
        mask: where the product is, the size of the photo; cleans heatmaps and boxes.
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file; loaded once.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Raises:
        ModelError: the network cannot be used; see `packshot.description.Describer`.
        UsageError: the network has no thresholds for the precision asked for.
    """
    return _shared(model, settings or Settings())(rgb, mask)


@lru_cache(maxsize=4)
def _shared(model: str, settings: Settings) -> Describer:
    return Describer(model, settings)
