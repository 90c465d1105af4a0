"""Insertion into a catalogue: new photos go in, pictures that are there already are named."""

import numpy as np
import pytest
from PIL import Image
from skimage import data

from packshot.catalogue.indexing import DeduplicatingInsert, embed, find_duplicate_item, item_of
from packshot.catalogue.store import open_store
from packshot.duplicates import CopyKind, fingerprint_bytes, fingerprint_of, pixel_hash
from packshot.errors import CatalogueMismatch, PhotoError
from packshot.photo import decode
from packshot.records import EmbeddingRecord, Record
from packshot.storage.hashing import sha256_of_file

pytest.importorskip("lancedb")


def save(path, name, *, mirrored=False, **options):
    picture = Image.fromarray(getattr(data, name)())
    picture.thumbnail((300, 300))
    pixels = np.asarray(picture)
    Image.fromarray(np.ascontiguousarray(pixels[:, ::-1]) if mirrored else pixels).save(path, **options)
    return path


@pytest.fixture
def store(tmp_path, pipeline):
    with open_store(tmp_path / "shop", create=True) as opened:
        photos = [save(tmp_path / f"{name}.png", name) for name in ("astronaut", "coffee")]
        opened.upsert([item_of(embed(pipeline, photo), str(photo)) for photo in photos])
        yield opened


def record(path):
    """A line of the manifest of a run that described nothing."""
    return Record(source=str(path), sha256=sha256_of_file(path), status="ok")


def test_what_is_there_is_named_and_what_is_new_goes_in(store, pipeline, tmp_path):
    insert = DeduplicatingInsert(store, tmp_path, lambda: pipeline)
    mirrored = insert.insert(record(save(tmp_path / "mirrored.jpg", "astronaut", mirrored=True, quality=80)))
    assert (mirrored.source, mirrored.kind) == (str(tmp_path / "astronaut.png"), CopyKind.MIRRORED)
    exact = insert.insert(record(save(tmp_path / "exact.webp", "coffee", lossless=True)))
    assert (exact.source, exact.kind, exact.score) == (str(tmp_path / "coffee.png"), CopyKind.EXACT, 1.0)
    cat = record(save(tmp_path / "cat.png", "chelsea"))
    assert insert.insert(cat) is None
    assert insert.finish().added == 1
    assert store.count() == 3
    # The same run again: the photo itself is no copy of itself.
    insert = DeduplicatingInsert(store, tmp_path, lambda: pipeline)
    assert insert.insert(cat) is None
    assert insert.finish().unchanged == 1


def test_of_photos_that_are_gone_nothing_is_said(store, pipeline, tmp_path):
    copy = save(tmp_path / "copy.jpg", "astronaut", quality=80)
    item = item_of(embed(pipeline, copy), str(copy))
    assert find_duplicate_item(item, store).source == str(tmp_path / "astronaut.png")
    (tmp_path / "astronaut.png").unlink()
    assert find_duplicate_item(item, store) is None


def test_what_cannot_be_taken_up_is_returned(store, pipeline, tmp_path):
    photo = save(tmp_path / "cat.png", "chelsea")
    gone = record(photo)
    photo.unlink()
    assert isinstance(DeduplicatingInsert(store, tmp_path, lambda: pipeline).insert(gone), PhotoError)


def test_another_network_is_refused_at_once(store, tmp_path, pipeline):
    from packshot_tests.networks import write_network

    from packshot.pipeline import Pipeline

    other = write_network(tmp_path / "other.onnx", brightness=2.0)
    settings = pipeline.settings.model_copy(update={"describe_model": str(other)})
    with pytest.raises(CatalogueMismatch):
        DeduplicatingInsert(store, tmp_path, lambda: Pipeline(settings=settings))


def test_run_says_what_is_there(packshot, network, tmp_path):
    (tmp_path / "photos").mkdir()
    for name in ("astronaut", "coffee"):
        save(tmp_path / "photos" / f"{name}.jpg", name)
    run = ("run", tmp_path / "photos", "-o", tmp_path / "out", "--jobs", 1, "--describe-model", network)
    shop = tmp_path / "shop"
    code, lines, err = packshot(*run, "-c", shop)
    assert (code, lines[-1]) == (0, f"{shop}: 2 added, 0 updated, 0 already there as another photo, 2 items")
    save(tmp_path / "photos" / "twin.jpg", "coffee", quality=40)
    code, rows, err = packshot(*run, "-c", shop, "--json")
    assert code == 0
    assert [row["already"] and row["already"]["source"].split("/")[-1] for row in rows] == [None, None, "coffee.jpg"]
    assert "twin.jpg: already in the catalogue as" in err
    with open_store(shop) as opened:
        assert opened.count() == 2
    packshot("index", tmp_path / "out", "-c", shop, "--jobs", 1, "--describe-model", network)
    with open_store(shop) as opened:
        assert opened.count() == 3, "on purpose it is added"


def test_copies_of_a_file_in_one_run_are_one_item_and_each_is_named(packshot, network, tmp_path):
    (tmp_path / "photos" / "a").mkdir(parents=True)
    first = save(tmp_path / "photos" / "a" / "cup.jpg", "coffee")
    for folder in ("b", "c"):
        (tmp_path / "photos" / folder).mkdir()
        (tmp_path / "photos" / folder / "cup.jpg").write_bytes(first.read_bytes())
    save(tmp_path / "photos" / "cat.jpg", "chelsea")
    shop = tmp_path / "shop"
    run = ("run", tmp_path / "photos", "-o", tmp_path / "out", "--describe-model", network, "-c", shop)
    for there in ("2 added, 0 updated, ", "0 added, 0 updated, 2 unchanged, "):
        code, lines, err = packshot(*run, "--jobs", 1)
        assert (code, lines[-1]) == (0, f"{shop}: {there}2 already there as another photo, 2 items")
        for folder in ("b", "c"):
            assert f"{folder}/cup.jpg: already in the catalogue as {first} (exact, 1.00)" in err
    with open_store(shop) as opened:
        assert sorted(item.source for item in opened.items()) == sorted([str(first), str(tmp_path / "photos/cat.jpg")])


def test_what_a_worker_kept_is_not_calculated_again(store, pipeline, tmp_path, monkeypatch):
    """Neither a second pipeline nor a second look at the photo: its embedding, pixel hash and fingerprint are there."""
    photo = save(tmp_path / "mirrored.jpg", "astronaut", mirrored=True, quality=80)
    seen, pixels = embed(pipeline, photo), decode(photo).rgb
    np.save(tmp_path / "kept.npy", seen.embedding)
    (tmp_path / "kept.npz").write_bytes(fingerprint_bytes(fingerprint_of(pixels)))
    run = record(photo).model_copy(
        update={
            "pixel_hash": pixel_hash(pixels),
            "fingerprint": "kept.npz",
            "embedding": EmbeddingRecord(file="kept.npy", model=seen.network),
        }
    )
    decoded = []
    for module in ("deduplicating_insert", "work"):
        monkeypatch.setattr(
            f"packshot.catalogue.indexing.{module}.decode",
            lambda source, **options: (decoded.append(str(source)), decode(source, **options))[1],
        )

    def never():
        raise AssertionError("a second pipeline was made")

    insert = DeduplicatingInsert(store, tmp_path, never, network=seen.network)
    found = insert.insert(run)
    assert (found.source, found.kind) == (str(tmp_path / "astronaut.png"), CopyKind.MIRRORED)
    assert decoded, "the nearest items are compared with"
    assert str(photo) not in decoded
