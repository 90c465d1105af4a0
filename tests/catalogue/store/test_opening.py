"""Addresses, and libraries that are not installed."""

from __future__ import annotations

import pytest

from packshot.catalogue.store import open_store, set_aside_damaged
from packshot.errors import UsageError


@pytest.mark.parametrize(
    ("uri", "library", "extra"),
    [("catalogue", "lancedb", "catalogue"), ("s3://shop/catalogue", "lancedb", "catalogue"),
     ("milvus://localhost:19530/shop", "pymilvus", "milvus"), ("milvus+shop.db", "pymilvus", "milvus")],
)  # fmt: skip
def test_a_missing_library_names_its_extra(uri, library, extra, monkeypatch):
    monkeypatch.setattr("packshot.catalogue.store.opening.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=rf"needs {library}: .* -m pip install 'packshot\[{extra}\]'"):
        open_store(uri, create=True)


def test_a_damaged_state_is_set_aside_in_folders_only():
    with pytest.raises(UsageError, match="not a folder"):
        set_aside_damaged("s3://shop/catalogue")


def test_there_must_be_a_catalogue_to_set_anything_aside(tmp_path):
    with pytest.raises(UsageError, match="there is no catalogue"):
        set_aside_damaged(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
