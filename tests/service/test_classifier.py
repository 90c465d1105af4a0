"""A classifier of one's own behind the page: its answer for a photo, and where that comes from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from packshot_tests.networks import write_classifier, write_network
from packshot_tests.service import QUICK, client, opened, png

from packshot.errors import UsageError
from packshot.service import ServiceSettings
from packshot.service.own_model import with_own_models
from packshot.settings import Settings


def test_label_and_probability_are_the_networks_and_the_heat_lies_on_what_it_looks_at(tmp_path: Path) -> None:
    model = write_classifier(tmp_path / "colours.onnx")
    photo = np.full((200, 300, 3), 90, np.uint8)
    photo[60:140, 200:280] = (250, 20, 20)
    with client(ServiceSettings(classifier=model)) as api:
        kept = api.post("/v1/photos", files={"file": png(photo)}).json()["id"]
        said = api.get(f"/v1/photos/{kept}/answer").json()
        red, blue = photo[..., 0].mean() / 255, photo[..., 2].mean() / 255
        expected = 1 / (1 + np.exp(8 * (blue - red)))  # the softmax of two
        assert [each["label"] for each in said["answers"]] == ["red", "blue"]
        assert said["answers"][0]["probability"] == pytest.approx(expected, abs=0.01)
        assert said["model"].startswith("colours@")
        heat = opened(api.get(f"/v1/photos/{kept}/heatmap", params={"label": "red"}).content).astype(int)
        colour = heat.max(axis=2) - heat.min(axis=2)  # what is cold is grey
        assert colour[90:110, 230:250].mean() > 60
        assert colour[:, :120].mean() < 10
        assert api.get(f"/v1/photos/{kept}/heatmap", params={"label": "green"}).status_code == 400
        assert "classifier" in api.get("/").text


def test_without_a_classifier_nothing_is_shown_of_one() -> None:
    with client() as api:
        kept = api.post("/v1/photos", files={"file": png(np.full((60, 80, 3), 90, np.uint8))}).json()["id"]
        answer = api.get(f"/v1/photos/{kept}/answer")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_classifier")
        assert "Your classifier" not in api.get("/").text


def test_files_among_the_models_are_taken_for_what_their_cards_say(tmp_path: Path) -> None:
    classifier, describe = write_classifier(tmp_path / "colours.onnx"), write_network(tmp_path / "tiny.onnx")
    settings, serving = with_own_models(Settings(), ServiceSettings(models=(str(classifier), "cutout", str(describe))))
    assert (serving.classifier, serving.models) == (classifier, ("cutout",))
    assert settings.describe_model == str(describe)
    assert with_own_models(Settings(), ServiceSettings(models=(str(classifier),)))[1].models == ("cutout",)
    with pytest.raises(UsageError, match="both for classification"):
        with_own_models(Settings(), ServiceSettings(models=(str(classifier),) * 2))


def test_its_answer_stands_in_what_the_service_says_of_a_photo(tmp_path: Path) -> None:
    model, describe = write_classifier(tmp_path / "colours.onnx"), write_network(tmp_path / "tiny.onnx")
    settings = QUICK.model_copy(update={"describe_model": str(describe)})
    photo = np.full((200, 300, 3), 255, np.uint8)
    photo[40:160, 60:240] = (250, 20, 20)
    files = {"file": png(photo)}
    with client(ServiceSettings(classifier=model), settings=settings) as api:
        said = api.post("/v1/classify", files=files).json()
        red, blue = photo[..., 0].mean() / 255, photo[..., 2].mean() / 255
        expected = 1 / (1 + np.exp(8 * (blue - red)))  # the softmax of two
        assert (said["top"][0]["label"], said["model"].split("@")[0]) == ("red", "colours")
        assert said["top"][0]["score"] == pytest.approx(expected, abs=0.01)
        row = api.post("/v1/process", files=files, headers={"Accept": "application/json"}).json()
        assert row["answer"]["category"]["top"] == said["top"]
        assert row["answer"]["model"] == said["model"]
        other = api.post("/v1/classify?own=false", files=files).json()
        assert other["model"].startswith("tiny@")
    with client(settings=settings) as api:
        assert api.post("/v1/classify", files=files).json() == other
        assert "answer" not in api.post("/v1/process", files=files, headers={"Accept": "application/json"}).json()
