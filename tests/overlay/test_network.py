"""From a network's answer to a decision: by the card's threshold, with places; and answers that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from packshot_tests.networks import write_constant_network

from packshot.errors import ModelMismatch, UsageError
from packshot.overlay import OverlayDetector, overlay_finder, overlay_fingerprint
from packshot.overlay.finder import required_overlay_finder
from packshot.runtime import InputSpec, ModelCard
from packshot.settings import Settings
from packshot.values import Box, Photo, Rgb

Write = Callable[..., Path]
GREY: Rgb = np.full((160, 320, 3), 128, np.uint8)


def places(*filled: tuple[int, int]) -> NDArray[np.float32]:
    made = np.zeros((1, 8, 8), np.float32)
    for x, y in filled:
        made[0, y, x] = 0.9
    return made


@pytest.fixture
def network(tmp_path: Path) -> Write:
    """A function: writes a network that always gives the same answer, whatever it sees."""

    def write(
        *,
        overlaid: float,
        places: NDArray[np.float32],
        threshold: float | None = None,
        task: str = "overlay",
        name: str = "always",
    ) -> Path:
        answers = {"overlaid": np.float32([overlaid]), "places": places}
        card = ModelCard(
            name=name,
            task=task,
            input=InputSpec(size=(64, 64)),
            threshold=threshold,
            licence="Apache-2.0",
            commercial_use=True,
        )
        return write_constant_network(tmp_path / f"{name}.onnx", answers, card)

    return write


def test_the_threshold_of_the_card_decides(network: Write) -> None:
    strict = network(overlaid=0.7, places=places((0, 0)), threshold=0.75, name="strict")
    even = network(overlaid=0.7, places=places((0, 0)), name="even")
    assert not OverlayDetector(str(strict))(GREY).found
    assert OverlayDetector(str(even))(GREY).found
    assert OverlayDetector(str(strict))(GREY).score == pytest.approx(0.7)


def test_places_are_told_in_pixels_with_their_fields_and_their_share_on_the_product(network: Write) -> None:
    detect = OverlayDetector(str(network(overlaid=0.9, places=places((0, 0), (1, 0)))))
    product = np.zeros(GREY.shape[:2], np.float32)
    product[:, 40:] = 1
    found = detect(GREY, product)
    assert found.boxes == (Box(0, 0, 80, 20),)  # a cell is 40 x 20 of these 320 x 160 pixels
    assert found.on_product == pytest.approx(0.5)
    assert found.fields == 6  # two and a half by one and a quarter fields
    assert detect(GREY).on_product == 0


def test_an_answer_that_is_none_is_refused_by_name(network: Write) -> None:
    lost = network(overlaid=float("nan"), places=places())
    with pytest.raises(ModelMismatch, match="expected finite overlaid"):
        OverlayDetector(str(lost))(GREY)


def test_a_network_for_something_else_is_refused(network: Write) -> None:
    with pytest.raises(ModelMismatch, match="is a network for frame, expected one for overlay"):
        OverlayDetector(str(network(overlaid=0.9, places=places(), task="frame")))


def test_a_tiny_picture_and_one_that_was_cut_out_have_none(network: Write) -> None:
    path = str(network(overlaid=1.0, places=places((3, 3))))
    assert not OverlayDetector(path)(GREY[:20]).found
    find = overlay_finder(path, Settings())
    assert find is not None
    photo = Photo(GREY, source="drawn", sha256="0" * 64, format="PNG")
    cut = Photo(GREY, source="drawn", sha256="0" * 64, format="PNG", alpha=np.ones(GREY.shape[:2], np.float32))
    assert find(photo, None).found
    assert not find(cut, None).found


def test_nobody_looks_where_it_is_switched_off() -> None:
    assert overlay_finder("none", Settings()) is None
    assert overlay_fingerprint("none", Settings()) == {"model": "none"}


def test_another_threshold_is_another_fingerprint(network: Write) -> None:
    pair = [network(overlaid=0.7, places=places(), threshold=t, name=f"t{t}") for t in (0.5, 0.6)]
    # Equal weights but for the graph's name.
    first, second = (overlay_fingerprint(str(path), Settings()) for path in pair)
    assert first != second


def test_whoever_wants_to_look_is_told_that_nobody_does(network: Write) -> None:
    always, photo = network(overlaid=1.0, places=places((3, 3))), Photo(GREY, source="a", sha256="0" * 64, format="PNG")
    assert required_overlay_finder(Settings(overlay_model=str(always)))(photo, None).found
    with pytest.raises(UsageError, match="switched off"):
        required_overlay_finder(Settings(overlay_model="none"))
