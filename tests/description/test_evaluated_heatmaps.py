"""What an evaluation draws of a wrong answer is what `packshot classify` draws."""

from pathlib import Path

import numpy as np
import pytest

from packshot.datasets import described_items
from packshot.description import Describer
from packshot.evaluation.attribute_evaluation import attribute_head, evaluate_attribute
from packshot.explanation import POSITIONS, activation_maps, draw_heatmap, positive, resized

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def mistaken(tmp_path: Path, cells) -> Path:
    """A photo of a shoe and a belt that the data calls skin: both answers are wrong."""
    from PIL import Image

    (tmp_path / "data" / "ccp" / "photos").mkdir(parents=True)
    picture = Image.fromarray(cells({(1, 0): RED, (1, 3): BLUE}, size=(256, 192)))
    picture.save(tmp_path / "data" / "ccp" / "photos" / "8.jpg", quality=95)
    (tmp_path / "data" / "ccp" / "tags.csv").write_text("photo,annotation,tags\n8,pixel,skin\n")
    return tmp_path / "data"


@pytest.mark.parametrize("places", [False, True], ids=["class-activation", "places"])
def test_heatmaps_of_evaluate_and_classify_are_equal(places: bool, mistaken: Path, network) -> None:
    positions = np.zeros((3, POSITIONS), np.float32) if places else None
    describer = Describer(network("tiny", positions=positions))
    (item,) = described_items(mistaken)
    served = {heatmap.label: heatmap.heat for heatmap in describer(item.rgb()).heatmaps}

    head = attribute_head(describer.heads, "tags", network="tiny")
    wrong = []
    found = evaluate_attribute(
        [item], head, describer.read, data=mistaken, precision=describer.precision, wrong=wrong.append
    )
    assert {"shoe", "belt"} <= set(found.answers[0].said) == set(served) - {"apparel", "shoes", "no", "yes"}
    assert np.array_equal(wrong[0].heat(), draw_heatmap(item.rgb(), served[wrong[0].said]))


def test_places_show_through_where_a_network_has_them(mistaken: Path, network) -> None:
    """The fault this was: evaluation drew the class-activation map whatever the network had."""
    describer = Describer(network("placed", positions=np.zeros((3, POSITIONS), np.float32)))
    (item,) = described_items(mistaken)
    head = attribute_head(describer.heads, "tags", network="placed")
    heat = describer.read(item.rgb()).heatmap(head, "shoe").heat
    outputs = describer.network.outputs(describer.network.prepare(item.rgb()), names=["weights", "features"])
    row = sum(len(other.labels) for other in describer.heads[:2]) + head.labels.index("shoe")
    plain = positive(activation_maps(outputs["weights"][[row]], outputs["features"][0])[0])
    assert np.abs(heat - resized(plain, size=heat.shape[::-1])).max() > 0.1


def test_a_label_that_was_not_answered_has_a_map_too(mistaken: Path, network) -> None:
    reading = Describer(network("tiny")).read(described_items(mistaken)[0].rgb())
    category = next(head for head in reading.constants.heads if head.name == "category")
    heatmap = reading.heatmap(category, "hats")  # green cells, of which there are none
    assert (heatmap.head, heatmap.label, heatmap.name) == ("category", "hats", "Hats")
    assert heatmap.score == pytest.approx(float(reading.probabilities(category)[category.labels.index("hats")]))
