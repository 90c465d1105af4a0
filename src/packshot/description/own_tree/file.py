"""A learnt tree as a file: a ZIP of tree (TOML), calibration (JSON) and the rule's numbers (npy, never a pickle)."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from packshot.description.own_tree.learnt import LearntTree
from packshot.description.own_tree.prototypes import Prototypes
from packshot.description.taxonomy import parse_taxonomy, taxonomy_text
from packshot.errors import UsageError
from packshot.heads import Head
from packshot.storage.atomic import write_atomic

__all__ = ["is_learnt", "read_learnt", "write_learnt"]

_FORMAT = 1
_TREE, _CARD = "tree.toml", "card.json"
_ARRAYS = ("means", "weights", "bias")
_MOST_BYTES = 400_000_000  # 10,000 leaves
_FIXED = (1980, 1, 1, 0, 0, 0)  # the same examples give the same file


class _Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = Field(ge=1)
    model: str
    leaves: tuple[str, ...] = Field(min_length=2)
    head: Head
    scale: float = Field(gt=0)
    familiar_from: float = Field(ge=-1.01, le=1.01)
    photos: int = Field(ge=2)
    folds: int = Field(ge=2)
    accuracy: float = Field(ge=0, le=1)


def is_learnt(path: Path) -> bool:
    """Whether a file is a ZIP, and so no text with a tree in it."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def write_learnt(path: Path, learnt: LearntTree) -> None:
    """Write a learnt tree, whole or not at all; equal trees give equal bytes.

    Raises:
        OutputError: it could not be written.
    """
    card = _Card(
        format=_FORMAT,
        model=learnt.model,
        leaves=learnt.leaves,
        head=learnt.head,
        scale=learnt.scale,
        familiar_from=learnt.familiar_from,
        photos=learnt.photos,
        folds=learnt.folds,
        accuracy=learnt.accuracy,
    )
    parts = {_TREE: taxonomy_text(learnt.tree).encode(), _CARD: card.model_dump_json(indent=1).encode()}
    for name in _ARRAYS:
        buffer = io.BytesIO()
        np.save(buffer, getattr(learnt.rule, name), allow_pickle=False)
        parts[f"{name}.npy"] = buffer.getvalue()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED), data)
    write_atomic(path, whole.getvalue())


def read_learnt(path: Path) -> LearntTree:
    """Read a learnt tree.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    remedy = "learn it again: packshot taxonomy learn EXAMPLES -o FILE"
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > _MOST_BYTES:
                raise UsageError(f"{path} unpacks to {size / 1e6:.0f} MB, no learnt tree does", remedy=remedy)
            card = _Card.model_validate(json.loads(archive.read(_CARD)))
            text = archive.read(_TREE).decode()
            arrays = [np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False) for name in _ARRAYS]
    except UsageError:
        raise
    except ValidationError as error:
        raise UsageError(f"{path}: no learnt tree ({error.errors()[0]['msg']})", remedy=remedy) from error
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path}: no learnt tree ({type(error).__name__}: {error})", remedy=remedy) from error
    if card.format > _FORMAT:
        raise UsageError(f"{path}: a newer packshot learnt it", remedy="upgrade packshot, or learn it again")
    means, weights, bias = arrays
    fits = (
        all(each.dtype == np.float32 and np.isfinite(each).all() for each in arrays)
        and means.shape == weights.shape
        and means.ndim == 2
        and bias.shape == means.shape[:1] == (len(card.leaves),)
        and set(card.leaves) <= set(card.head.labels)
    )
    tree = parse_taxonomy(text, path)
    if not fits or any(label not in tree for label in card.head.labels):
        raise UsageError(f"{path}: no learnt tree (its parts do not fit each other)", remedy=remedy)
    return LearntTree(
        tree=tree,
        head=card.head,
        leaves=card.leaves,
        rule=Prototypes(means, weights, bias),
        scale=card.scale,
        familiar_from=card.familiar_from,
        model=card.model,
        photos=card.photos,
        folds=card.folds,
        accuracy=card.accuracy,
    )
