"""One item of the catalogue, as it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from packshot.storage.encodable import encodable
from packshot.version import __version__

__all__ = ["CatalogueItem", "Embedding", "check_embeddings"]

Embedding = NDArray[np.float32]

_HEX = re.compile(r"[0-9a-f]{8,128}")
_MODEL = re.compile(r"[\w.+-]+@[0-9a-f]{8,64}")
# A rounding to float16 and back moves the length of a vector by less than this.
_LENGTH_TOLERANCE = 1e-3


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueItem:
    """A record. Two are the same content if their `content_hash` agrees, whenever they were written.

    Attributes:
        source: where the photo came from, to show a person: a path or an address.
        sha256: of the file's bytes, lower-case hexadecimal.
        pixel_hash: of the decoded pixels, lower-case hexadecimal: the same for every lossless copy.
        embedding: float32 (d,), of length 1.
        model: the network that made the embedding and the first digits of its hash: ``describe@1f2e3d4c``.
        id: names the item in its catalogue; by default `sha256`, so that the same file is one item.
        files: name of an output -> path relative to the folder of results: ``{"cutout": "cutouts/front.png"}``.
        category: ids of the taxonomy from the root down to the category; empty where none is known.
        category_score: 0..1, of the last id of `category`; None where a person or a file said it.
        attributes: such as ``{"colour": "navy blue"}``; a name has no ``=``.
        findings: what inspection measured, as it stands in the manifest: anything JSON can hold.
        packshot_version: that made the record.
        added: when the item came into the catalogue (UTC); a store keeps the first one.
        updated: when this content was written (UTC).

    Raises:
        ValueError: a field is not what it shall be; the message names it.

    Example:
        >>> shirt = CatalogueItem(
        ...     source="front.jpg", sha256="0f" * 32, pixel_hash="ab" * 32, category=("apparel", "tops", "t-shirt"),
        ...     embedding=np.array([0.6, 0.8], np.float32), model="describe@1f2e3d4c",
        ... )
        >>> shirt.id == shirt.sha256
        True
    """

    source: str
    sha256: str
    pixel_hash: str
    embedding: Embedding
    model: str
    id: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    category_score: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, object] = field(default_factory=dict)
    packshot_version: str = __version__
    added: datetime = field(default_factory=_now)
    updated: datetime = field(default_factory=_now)

    def __post_init__(self) -> None:
        for name in ("sha256", "pixel_hash"):
            value = getattr(self, name)
            if not isinstance(value, str) or not _HEX.fullmatch(value):
                raise ValueError(f"{name}: expected lower-case hexadecimal digits, got {value!r}")
        if not self.id:
            object.__setattr__(self, "id", self.sha256)
        _check_texts(self)
        if not _MODEL.fullmatch(self.model):
            raise ValueError(f"model: expected a name and a hash such as 'describe@1f2e3d4c', got {self.model!r}")
        if not isinstance(self.embedding, np.ndarray) or self.embedding.ndim != 1:
            raise ValueError(f"embedding: expected float32 (d,), got {_came(self.embedding)}")
        check_embeddings(self.embedding[None])
        if self.category_score is not None and not self.category:
            raise ValueError("category_score: expected none without a category")
        if self.category_score is not None and not 0 <= self.category_score <= 1:
            raise ValueError(f"category_score: expected a number in 0..1, got {self.category_score!r}")
        for name in ("added", "updated"):
            moment = getattr(self, name)
            if not isinstance(moment, datetime) or moment.tzinfo is None:
                raise ValueError(f"{name}: expected a time with its time zone, got {moment!r}")
            object.__setattr__(self, name, moment.astimezone(UTC))
        try:
            json.dumps(dict(self.findings), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"findings: expected what JSON can hold ({error})") from None

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything but `added` and `updated`: what an upsert compares."""
        fields: list[object] = [self.id, self.source, self.sha256, self.pixel_hash, self.model, self.packshot_version]
        fields += [list(self.category), self.category_score]
        fields += [dict(self.files), dict(self.attributes), dict(self.findings)]
        digest = sha256(json.dumps(fields, sort_keys=True).encode())
        digest.update(np.ascontiguousarray(self.embedding, "<f4").tobytes())
        return digest.hexdigest()


def check_embeddings(embeddings: Embedding) -> None:
    """Refuse vectors that cannot be compared by cosine.

    Args:
        embeddings: float32 (n, d), each of length 1.

    Raises:
        ValueError: another type or shape, a number that is not finite, a vector of another length.
    """
    if not isinstance(embeddings, np.ndarray) or embeddings.dtype != np.float32 or embeddings.ndim != 2:
        raise ValueError(f"embedding: expected float32 (n, d), got {_came(embeddings)}")
    if embeddings.shape[1] == 0:
        raise ValueError("embedding: expected at least one number, got none")
    if not np.isfinite(embeddings).all():
        raise ValueError("embedding: expected finite numbers, got NaN or infinity")
    lengths = np.linalg.norm(embeddings, axis=1)
    if (np.abs(lengths - 1) > _LENGTH_TOLERANCE).any():
        worst = float(lengths[np.argmax(np.abs(lengths - 1))])
        raise ValueError(f"embedding: expected vectors of length 1, got one of {worst:.4g}: divide it by its length")


def _check_texts(item: CatalogueItem) -> None:
    texts = {"id": item.id, "source": item.source, "packshot_version": item.packshot_version}
    texts |= {f"category[{index}]": name for index, name in enumerate(item.category)}
    texts |= {f"files[{name!r}]": path for name, path in item.files.items()}
    texts |= {f"attributes[{name!r}]": value for name, value in item.attributes.items()}
    texts |= {f"name of attribute {name!r}": name for name in item.attributes}
    for name, text in texts.items():
        # A store's own language ends a text at a NUL, and a lone surrogate has no UTF-8.
        if not isinstance(text, str) or not text or "\0" in text or encodable(text) != text:
            raise ValueError(f"{name}: expected a text that is not empty, in Unicode and without NUL, got {text!r}")
    for name in item.attributes:
        if "=" in name:
            raise ValueError(f"attributes: expected names without '=', got {name!r}")


def _came(value: object) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
