"""Maps at other sizes, names for their files, and which of several sightings are one thing."""

import re

import numpy as np
import pytest
from scipy import ndimage

from packshot.description.products import Sighting, each_once
from packshot.evaluation import Localisation
from packshot.explanation import above_average, activation_maps, file_stems, min_max, positive, resized, working_size
from packshot.values import Box, Description, Heatmap, Product


def test_a_map_is_stretched_from_its_least_to_its_greatest():
    heat = np.float32([[-3, -1], [0, 1]])
    np.testing.assert_allclose(min_max(heat), [[0, 0.5], [0.75, 1]])
    # A softmax sees no difference if all logits grow alike, and neither does the map.
    np.testing.assert_allclose(min_max(heat + 100), min_max(heat), atol=1e-5)


@pytest.mark.parametrize("level", [-7.3, 0, 0.1, 1e6])
def test_a_constant_map_says_nothing(level):
    heat = np.full((3, 4), level, np.float32)
    heat[1] += np.float32(level) * np.float32(1e-6)  # rounding
    assert min_max(heat).max() == 0


def test_what_speaks_against_a_label_is_not_shown():
    np.testing.assert_allclose(positive(np.float32([[-3, -1], [1, 4]])), [[0, 0], [0.25, 1]])
    assert positive(np.float32([[-3, -1]])).max() == 0


@pytest.mark.parametrize("level", [-7.3, 0, 0.1, 1e6])
def test_what_speaks_everywhere_alike_has_no_place(level):
    assert positive(np.full((3, 4), level, np.float32)).max() == 0


def test_a_map_does_not_change_when_all_logits_grow_alike():
    """As a softmax does not: the same row added to every label's weights adds one map to all of them."""
    rng = np.random.default_rng(0)
    weights, features = rng.normal(size=(5, 8)).astype(np.float32), rng.random((8, 3, 3), np.float32)
    alike = weights + rng.normal(size=8).astype(np.float32)
    before, after = (activation_maps(above_average(each, [1, 4]), features) for each in (weights, alike))
    np.testing.assert_allclose(before, after, atol=1e-4)
    assert np.abs(activation_maps(alike[[1, 4]], features) - before).max() > 0.1
    np.testing.assert_allclose(above_average(weights[:1], [0]), weights[:1])  # alone, there is no average


def test_stretching_is_bilinear():
    """SciPy, at the same places: pixel centres."""
    heat = np.random.default_rng(0).random((6, 9), np.float32)
    y, x = np.mgrid[:60, :90]
    places = np.clip((y + 0.5) / 10 - 0.5, 0, 5), np.clip((x + 0.5) / 10 - 0.5, 0, 8)
    expected = ndimage.map_coordinates(heat, places, order=1)
    np.testing.assert_allclose(resized(heat, size=(90, 60)), expected, atol=1e-5)


def test_heat_is_multiplied_by_alpha():
    alpha = np.float32([[0, 0.5, 1]])
    np.testing.assert_allclose(resized(np.float32([[0.8]]), size=(3, 1), alpha=alpha), [[0, 0.4, 0.8]])


def test_heatmaps_have_the_photos_shape_and_no_more_than_192_pixels():
    assert working_size((4000, 3000)) == (192, 144)
    assert working_size((100, 50)) == (100, 50)
    assert working_size((3, 9000)) == (1, 192)


def test_a_perfect_map_is_perfect_to_the_evaluator():
    """What comes out is what `packshot.evaluation.Localisation` takes."""
    mask = np.zeros((240, 320), bool)
    mask[60:120, 80:160] = True
    cells = mask[20::40, 20::40].astype(np.float32)  # one number for 40 x 40 pixels: whole cells are true
    evaluator = Localisation()
    evaluator.add(resized(min_max(7 * cells - 3), size=working_size((320, 240))), mask, photo="a")
    assert evaluator.score().best_accuracy[1] == 1


def heatmap(head, label):
    return Heatmap(head=head, label=label, name=label, score=1.0, heat=np.zeros((2, 2), np.float32))


def test_file_names_are_safe_and_different():
    labels = ["dress", "Dress", "gid://shopify/TaxonomyCategory/aa-1", "../..", "a" * 300, "été", "…"]
    stems = file_stems([heatmap("tags", label) for label in labels])
    assert stems[:2] == ["tags.dress", "tags.Dress.2"]
    assert stems[3] == "tags.label"
    assert len({stem.casefold() for stem in stems}) == len(labels)
    assert all(re.fullmatch(r"[\w.-]+", stem, flags=re.ASCII) for stem in stems)
    assert max(map(len, stems)) < 60


def sighting(name, box, score=0.9, above=()):
    return Sighting(product=Product(name.lower(), name, score, box), names=(*above, name))


@pytest.mark.parametrize(
    ("name", "above", "other", "once"),
    [
        ("T-Shirt", ("Apparel", "Tops"), "t-shirt", True),
        ("T-Shirt", ("Apparel", "Tops"), "shirt", True),  # a shirt is said twice
        ("T-Shirt", ("Apparel", "Tops"), "top", True),  # the parent's name
        ("Dress", ("Apparel",), "belt", False),
        ("Skirt", ("Apparel",), "shirt", False),
        ("Sports bra", (), "sports shoes", False),
    ],
)
def test_one_thing_under_two_names_is_one_product(name, above, other, once):
    box = Box(0, 0, 100, 100)
    pair = [sighting(name, box, above=above), sighting(other, Box(0, 0, 100, 90))]
    assert [product.name for product in each_once(pair)] == ([name] if once else [name, other])
    apart = [pair[0], sighting(other, Box(0, 0, 100, 69))]  # IoU 0.69
    assert len(each_once(apart)) == 2


def test_values_are_checked():
    with pytest.raises(ValueError, match=r"Heatmap.heat: expected 0..1"):
        Heatmap(head="a", label="b", name="b", score=1, heat=np.full((2, 2), 1.5, np.float32))
    with pytest.raises(ValueError, match=r"Product.score: expected a number in 0..1, got nan"):
        Product("a", "a", float("nan"), Box(0, 0, 1, 1))
    with pytest.raises(ValueError, match=r"Description.embedding: expected finite float32 \(d,\), got float64 \(3,\)"):
        Description((), (), (), (), np.ones(3), "x@0")
