"""Filling a catalogue: each file once, resumable, nothing mixed, failures named."""

import functools
import json
import os
import pickle
import shutil
import signal
from dataclasses import replace

import numpy as np
import pytest
from packshot_tests.networks import write_network
from PIL import Image

from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing import Background, IndexSummary, embed, index_photos
from packshot.catalogue.indexing.work import IndexWork
from packshot.catalogue.store import Filter, Upserted, open_store
from packshot.engines import InProcessEngine
from packshot.errors import CatalogueLocked, CatalogueMismatch, UsageError
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.storage.hashing import sha256_of_file

pytest.importorskip("lancedb")


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "catalogue", create=True) as opened:
        yield opened


@pytest.fixture
def index(store, pipeline):
    """A function: index photos; the summary, what was told of each photo, and how many were embedded."""

    def run(*sources, into=store, **options):
        told, embedded = [], []
        describe = pipeline.description.describe

        class Counted(type(describe)):
            def __init__(self):
                self.__dict__ = describe.__dict__

            def __call__(self, rgb, mask=None):
                embedded.append(1)
                return describe(rgb, mask)

        pipeline.description.describe = Counted()
        summary = index_photos(sources, into, lambda: pipeline, jobs=1, progress=told.append, **options)
        pipeline.description.describe = describe
        return summary, {step.source: step for step in told}, len(embedded)

    return run


def test_pictures_are_found_again_after_re_encoding(index, store, photos, pipeline, tmp_path):
    summary, _, _ = index(photos)
    assert (summary.total, summary.upserted.added, summary.failed, summary.exit_code) == (6, 6, 0, 0)
    for number in range(6):
        name = f"new/{number}.png" if number > 3 else f"{number}.png"
        with Image.open(photos / name) as picture:
            picture.resize((90, 70)).save(tmp_path / "copy.jpg", quality=40)
        seen = embed(pipeline, tmp_path / "copy.jpg")
        (hits,) = store.search(seen.embedding, model=store.model, k=2)
        assert hits[0].source == str(photos / name)
        assert hits[0].score > 0.99 > hits[1].score


def test_a_second_run_embeds_what_is_new_alone(index, photos, store, draw):
    assert index(photos)[2] == 6
    Image.fromarray(draw(77)).save(photos / "fresh.png")
    summary, told, embedded = index(photos)
    assert (embedded, summary.known, summary.upserted.added) == (1, 6, 1)
    assert told[str(photos / "fresh.png")].status == "indexed"
    assert told[str(photos / "0.png")].status == "known"
    Image.fromarray(draw(78)).save(photos / "0.png")
    assert index(photos)[2] == 1, "other content is another item"
    assert store.count() == 8


def test_again_embeds_everything_and_changes_nothing(index, photos, store):
    index(photos)
    summary, _, embedded = index(photos, again=True)
    assert (embedded, summary.upserted.unchanged, summary.upserted.updated) == (6, 6, 0)


def test_one_file_under_two_names_is_one_item(index, photos, store):
    shutil.copy(photos / "0.png", photos / "twin.png")
    summary, told, embedded = index(photos)
    assert (summary.total, summary.known, embedded, store.count()) == (7, 1, 6, 6)
    assert told[str(photos / "0.png")].id == told[str(photos / "twin.png")].id == sha256_of_file(photos / "0.png")


def test_a_photo_that_moved_is_found_where_it_is_now(index, photos, store, tmp_path):
    index(photos)
    photos.rename(tmp_path / "moved")
    summary, _, embedded = index(tmp_path / "moved")
    assert (embedded, summary.known, summary.upserted.updated) == (0, 6, 6)
    assert {item.source.split("/")[-3 if "new" in item.source else -2] for item in store.items()} == {"moved"}


def test_a_photo_with_an_address_that_is_still_there_keeps_it(index, photos, store):
    index(photos)
    store.upsert([replace(item, source=f"file://{item.source}") for item in store.items()])
    (photos / "0.png").rename(photos / "moved.png")
    summary, _, _ = index(photos)
    assert (summary.known, summary.upserted.updated) == (6, 1)
    assert sorted(item.source for item in store.items() if not item.source.startswith("file://")) == [
        str(photos / "moved.png")
    ]


def test_bad_photos_are_named_and_the_others_are_there(index, photos, store):
    (photos / "empty.jpg").touch()
    (photos / "torn.png").write_bytes((photos / "0.png").read_bytes()[:300])
    summary, told, _ = index(photos, photos / "gone.jpg")
    assert (summary.failed, summary.upserted.added, summary.exit_code) == (3, 6, 3)
    assert told[str(photos / "empty.jpg")].error.code == "EmptyFile"
    assert told[str(photos / "torn.png")].error.code == "DamagedPhoto"
    assert told[str(photos / "gone.jpg")].error.code == "UnreadablePhoto"
    assert store.count() == 6


def test_another_network_is_refused_before_anything_is_embedded(index, photos, store, tmp_path):
    index(photos)
    path = write_network(tmp_path / "other.onnx", brightness=2.0)
    settings = Settings(describe_model=str(path), frame_model="none")
    with pytest.raises(CatalogueMismatch, match=r"other@.*--describe-model"):
        index_photos([photos], store, lambda: Pipeline(settings=settings), again=True)
    assert store.count() == 6


def test_another_background_is_refused(index, photos):
    index(photos)
    with pytest.raises(CatalogueMismatch, match=r"tiny\+white@.*--ground"):
        index(photos, background=Background.WHITE, again=True)


def test_what_was_embedded_is_kept_when_the_run_ends_in_an_error(photos, store, pipeline):
    class Dying(InProcessEngine):
        def run(self, tasks, make_work, *, stop_requested):
            for number, outcome in enumerate(super().run(tasks, make_work, stop_requested=stop_requested)):
                if number == 4:
                    raise MemoryError
                yield outcome

    with pytest.raises(MemoryError):
        index_photos([photos], store, lambda: pipeline, engine=Dying())
    assert store.count() == 4
    summary = index_photos([photos], store, lambda: pipeline)
    assert (summary.known, summary.upserted.added) == (4, 2)


def test_a_catalogue_that_another_writer_holds_is_said(photos, pipeline, tmp_path):
    from packshot.catalogue.store.lance.writer import Writer

    with open_store(tmp_path / "held", create=True, wait_s=0.1) as store:
        holder = Writer(tmp_path / "held", wait_s=0.1)
        with holder.locked(), pytest.raises(CatalogueLocked, match=f"process {os.getpid()}"):
            index_photos([photos], store, lambda: pipeline)


def test_the_work_travels_to_a_worker_process(network):
    make = functools.partial(Pipeline, settings=Settings(describe_model=str(network)))
    work = pickle.loads(pickle.dumps(functools.partial(IndexWork, make, Background.PHOTO, None, "x")))
    assert isinstance(work(), IndexWork)


@pytest.fixture
def run_folder(tmp_path, photos, pipeline):
    """What `packshot run photos -o out` leaves of two photos and one that failed, in the manifest's form."""
    out = tmp_path / "out"
    (out / ".packshot" / "embeddings").mkdir(parents=True)
    records = []
    for number, status in enumerate(["ok", "review", "failed"]):
        photo = photos / f"{number}.png"
        vector = np.zeros(37, np.float32)
        vector[number] = 1
        np.save(out / ".packshot" / "embeddings" / f"{number}.npy", vector)
        records.append(
            {
                "source": f"photos/{number}.png",
                "sha256": sha256_of_file(photo),
                "status": status,
                "findings": {"sharpness": 0.5},
                "mask": None,
                "cutout": f"cutouts/{number}.png",
                "packshot": f"packshots/{number}.jpg",
                "category": {"path": [{"id": "apparel", "score": 0.99}, {"id": "hats", "score": 0.97}]},
                "attributes": {
                    "kids": {"value": "yes", "score": 0.9, "sure": True},
                    "season": {"value": "summer", "score": 0.5, "sure": False},
                    "tags": [{"value": "belt", "score": 0.9}],
                },
                "embedding": {
                    "file": f".packshot/embeddings/{number}.npy",
                    "model": pipeline.description.describe.network.id,
                },
            }
        )
    (out / "manifest.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return out


def test_a_runs_results_are_taken_over_and_not_made_again(index, run_folder, store, tmp_path):
    summary, _, embedded = index(run_folder, root=tmp_path)
    assert (summary.total, summary.upserted.added, embedded) == (2, 2, 0)
    item: CatalogueItem = next(store.items(Filter(attributes={"tags.belt": "yes", "kids": "yes"}, category="apparel")))
    number = int(item.source[-5])
    assert item.embedding[number] == 1
    assert item.category == ("apparel", "hats")
    assert item.category_score == 0.97
    assert item.attributes == {"kids": "yes", "tags.belt": "yes"}
    assert item.files == {"cutout": f"cutouts/{number}.png", "packshot": f"packshots/{number}.jpg"}
    assert item.findings == {"sharpness": 0.5}
    assert index(run_folder, root=tmp_path)[0].upserted.unchanged == 2


@pytest.mark.parametrize("harm", ["another network", "gone", "torn"])
def test_an_embedding_that_does_not_fit_is_made_again(
    index, run_folder, store, tmp_path, harm, expected_embedding, draw
):
    if harm == "another network":
        text = (run_folder / "manifest.jsonl").read_text()
        (run_folder / "manifest.jsonl").write_text(text.replace("tiny@", "former@"))
    for path in (run_folder / ".packshot" / "embeddings").iterdir():
        if harm == "gone":
            path.unlink()
        elif harm == "torn":
            path.write_bytes(path.read_bytes()[:50])
    assert index(run_folder, root=tmp_path)[2] == 2
    for item in store.items():
        np.testing.assert_allclose(item.embedding, expected_embedding(draw(int(item.source[-5]))), atol=1e-3)


def test_a_photo_that_was_changed_since_the_run_is_named(index, run_folder, photos, tmp_path, draw):
    Image.fromarray(draw(99)).save(photos / "0.png")
    (photos / "1.png").unlink()
    summary, told, _ = index(run_folder, root=tmp_path)
    assert (summary.failed, summary.upserted.added) == (2, 0)
    assert "changed since the run" in str(told["photos/0.png"].error)
    assert told["photos/1.png"].error.code == "UnreadablePhoto"


def test_a_run_that_finished_nothing_has_nothing_to_index(index, run_folder):
    (run_folder / "manifest.jsonl").write_text("")
    with pytest.raises(UsageError, match="no photo there was finished"):
        index(run_folder)
    (run_folder / "manifest.jsonl").write_text("{torn\n")
    with pytest.raises(UsageError, match="damaged"):
        index(run_folder)


def test_how_many_there_are_is_told_before_the_first_is_read(store, photos, pipeline):
    told = []
    index_photos(
        [photos], store, lambda: pipeline, jobs=1, found=told.append, progress=lambda step: told.append(step.status)
    )
    assert told == [6, *["indexed"] * 6]


def test_one_that_was_stopped_says_so(store, photos, pipeline):
    def stop_at_once(_):
        os.kill(os.getpid(), signal.SIGTERM)

    summary = index_photos([photos], store, lambda: pipeline, jobs=1, progress=stop_at_once)
    assert summary.exit_code == 128 + signal.SIGTERM
    assert summary.words().startswith("stopped after 1 of 6: repeat the command to go on\n6 photos: 1 added, ")
    rest = index_photos([photos], store, lambda: pipeline, jobs=1)
    assert rest.exit_code == 0
    assert rest.words().startswith("6 photos: 5 added, 0 updated, 1 known, 0 failed (")


def test_of_a_bucket_that_was_stopped_nobody_knows_how_many_are_left():
    summary = IndexSummary(total=4000, upserted=Upserted(3990, 0, 0), known=10, failed=0, seconds=1, stopped_by=2)
    assert summary.words().startswith("stopped after 4000: repeat the command to go on\n")
