"""An item of the catalogue: what it refuses, and when two are the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from packshot.catalogue import CatalogueItem


def item(**fields: Any) -> CatalogueItem:
    return CatalogueItem(
        **{
            "source": "front.jpg",
            "sha256": "0f" * 32,
            "pixel_hash": "ab" * 32,
            "embedding": np.array([0.6, 0.8], np.float32),
            "model": "describe@1f2e3d4c",
            **fields,
        }
    )


def test_the_file_names_the_item_unless_told_otherwise():
    assert item().id == "0f" * 32
    assert item(id="SKU 12").id == "SKU 12"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sha256": "FRONT"}, "sha256: expected lower-case hexadecimal"),
        ({"pixel_hash": ""}, "pixel_hash: expected"),
        ({"source": ""}, "source: expected a text"),
        ({"id": "a\0b"}, "id: expected a text"),
        ({"source": "caf\udce9.jpg"}, "source: expected a text"),
        ({"model": "describe"}, "model: expected a name and a hash"),
        ({"embedding": np.array([0.6, 0.8])}, "embedding: expected float32"),
        ({"embedding": np.ones((1, 4), np.float32)}, "embedding: expected float32 \\(d,\\)"),
        ({"embedding": np.array([], np.float32)}, "at least one number"),
        ({"embedding": np.array([np.nan, 1], np.float32)}, "finite"),
        ({"embedding": np.array([3, 4], np.float32)}, "length 1, got one of 5"),
        ({"embedding": np.zeros(4, np.float32)}, "length 1, got one of 0"),
        ({"embedding": [0.6, 0.8]}, "embedding: expected float32 \\(d,\\), got list"),
        ({"category": ("tops", "")}, "category\\[1\\]"),
        ({"category_score": 0.5}, "category_score: expected none without a category"),
        ({"category": ("tops",), "category_score": 1.5}, "category_score: expected a number in 0..1"),
        ({"category": ("tops",), "category_score": float("nan")}, "category_score"),
        ({"attributes": {"a=b": "c"}}, "without '='"),
        ({"attributes": {"colour": ""}}, "attributes\\['colour'\\]"),
        ({"findings": {"sharpness": float("nan")}}, "findings: expected what JSON can hold"),
        ({"findings": {"box": object()}}, "findings: expected what JSON can hold"),
        ({"added": datetime(2026, 1, 1)}, "added: expected a time with its time zone"),
    ],
)
def test_a_wrong_field_is_named(fields, message):
    with pytest.raises(ValueError, match=message):
        item(**fields)


def test_times_are_kept_in_utc():
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    assert item(added=noon).added == noon
    assert item(added=noon).added.tzinfo is UTC


def test_the_content_is_everything_but_the_times():
    one = item(attributes={"a": "1", "b": "2"})
    assert (
        one.content_hash == item(attributes={"b": "2", "a": "1"}, added=datetime(2020, 1, 1, tzinfo=UTC)).content_hash
    )
    others: list[dict[str, Any]] = [
        {"source": "back.jpg"}, {"id": "x"}, {"pixel_hash": "cd" * 32}, {"model": "describe@11111111"},
        {"embedding": np.array([0.8, 0.6], np.float32)}, {"category": ("tops",)}, {"findings": {"framed": True}},
        {"files": {"cutout": "a.png"}}, {"attributes": {"a": "1", "b": "3"}}, {"packshot_version": "9"},
    ]  # fmt: skip
    hashes = {replace(one, **fields).content_hash for fields in others} | {one.content_hash}
    assert len(hashes) == len(others) + 1
