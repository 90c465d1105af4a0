"""Where models are found, and what is refused before one runs."""

import errno
import hashlib
import os
import re

import pytest

from packshot.errors import LicenceRefused, ModelMismatch, ModelNotFound
from packshot.runtime import ModelCard, StoredModel, available, resolve
from packshot.settings import Settings

SETTINGS = Settings(threads=1)


def test_a_path_needs_no_store(tiny):
    path = tiny()
    model = resolve(path, SETTINGS)
    assert model.path == path
    assert not model.shipped
    assert model.read()[1] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_store_is_searched_by_name(tiny, tmp_path):
    path = tiny("mine")
    settings = Settings(model_store=tmp_path)
    assert available(settings)["mine"] == path
    assert resolve("mine", settings).path == path


def test_an_unknown_name_lists_the_known_ones(tiny, tmp_path):
    tiny("mine")
    with pytest.raises(ModelNotFound, match=r"no model is called 'yours'; known: .*mine"):
        resolve("yours", Settings(model_store=tmp_path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelNotFound, match="no such model file"):
        resolve(tmp_path / "none.onnx", SETTINGS)


def test_a_file_without_a_card_is_told_how_to_write_one_and_the_advice_works(tiny):
    path = tiny()
    path.with_suffix(".json").unlink()
    with pytest.raises(ModelNotFound, match="has no model card") as caught:
        resolve(path, SETTINGS)
    shown = re.search(r"\{.*\}", caught.value.remedy).group()
    assert ModelCard.model_validate_json(shown).input.size == (320, 320)
    path.with_suffix(".json").write_text(shown)
    assert resolve(path, SETTINGS).card.name == "my-model"


def test_a_well_known_export_needs_no_card(tiny):
    path = tiny("u2net")
    path.with_suffix(".json").unlink()
    assert resolve(path, SETTINGS).card.input.size == (320, 320)


def test_a_changed_file_is_refused(tiny):
    path = tiny(sha256="0" * 64)
    with pytest.raises(ModelMismatch, match="expected SHA-256 0000"):
        resolve(path, SETTINGS).read()


def test_a_shipped_model_must_have_a_hash(tiny):
    path = tiny()
    shipped = StoredModel(path=path, card=resolve(path, SETTINGS).card, shipped=True)
    with pytest.raises(ModelMismatch, match="no sha256"):
        shipped.read()


def test_a_non_commercial_licence_is_refused_unless_allowed(tiny):
    path = tiny(licence="CC-BY-NC-4.0", commercial_use=False)
    with pytest.raises(LicenceRefused, match=r"CC-BY-NC-4\.0 forbids commercial use"):
        resolve(path, SETTINGS)
    assert resolve(path, Settings(allow_non_commercial=True)).card.licence == "CC-BY-NC-4.0"


@pytest.fixture
def barred(tmp_path, monkeypatch):
    """A store below a folder that this user may not enter; root may enter any, so `stat` says so in its place."""
    store, stat = tmp_path / "root" / "packshot" / "models", os.stat

    def refuse(path, *args, **kwargs):
        if isinstance(path, str | os.PathLike) and str(path).startswith(str(store)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", refuse)
    return store


def test_a_store_that_cannot_be_read_does_not_hide_the_shipped_models(barred):
    settings = Settings(model_store=barred)
    assert available(settings) == available(Settings(model_store=None))
    assert resolve("cutout", settings).shipped


@pytest.mark.parametrize("name", ["mine", "u2net"])
def test_a_name_that_may_lie_in_a_store_that_cannot_be_read_says_so(barred, name):
    with pytest.raises(ModelNotFound, match="models cannot be read") as caught:
        resolve(name, Settings(model_store=barred))
    assert "PACKSHOT_MODEL_STORE" in caught.value.remedy


def test_a_file_that_cannot_be_looked_at_is_not_found(barred):
    with pytest.raises(ModelNotFound, match="no such model file"):
        resolve(barred / "mine.onnx", Settings(model_store=None))
