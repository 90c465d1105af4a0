"""A whole network: what it says of drawn photos, by hand calculation; and networks and cards that do not fit."""

import math

import numpy as np
import pytest

from packshot.description import Describer, describe, describer, describer_fingerprint
from packshot.description.row import description_words
from packshot.errors import ModelMismatch, ModelNotFound, UsageError
from packshot.explanation import activation_maps
from packshot.settings import Settings
from packshot.values import Box, Mask

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
SURE = 1 / (1 + math.exp(-4))  # sigmoid(4) = 0.982


def mask_of(box, size=(640, 480)):
    alpha = np.zeros((size[1], size[0]), np.float32)
    alpha[box.slices] = 1
    return Mask(alpha=alpha, uncertainty=0.1, model="by-hand")


def test_a_category_is_answered_as_deep_as_it_is_sure(network, cells):
    """One red cell: apparel has logit 4 against 0, and shoes 4 against hats' 0."""
    found = describe(cells({(1, 1): RED}), model=network())
    assert [choice.label for choice in found.category.path] == ["apparel", "shoes"]
    assert [choice.score for choice in found.category.path] == pytest.approx([SURE, SURE**2], abs=1e-6)
    assert found.category.score == pytest.approx(SURE**2, abs=1e-6)
    assert (found.category.sure, found.category.precision) == (True, 0.95)
    assert found.uncertainty == pytest.approx(1 - SURE**2, abs=1e-6)
    assert [(each.label, each.name) for each in found.category.top] == [
        ("shoes", "Apparel > Shoes"),
        ("hats", "Apparel > Hats"),
    ]
    assert found.category.top[1].score == pytest.approx(SURE * (1 - SURE), abs=1e-6)


def test_between_two_categories_the_parent_is_answered(network, cells):
    found = describe(cells({(0, 0): RED, (2, 3): GREEN}), model=network())
    assert [choice.label for choice in found.category.path] == ["apparel"]
    assert not found.category.sure
    assert found.category.score == pytest.approx(1 / (1 + math.exp(-12)), abs=1e-6)
    assert found.uncertainty == pytest.approx(0.5, abs=1e-4)  # shoes or hats


def test_in_an_empty_photo_nothing_is_recognised(network, cells):
    found = describe(cells({}), model=network())
    assert found.category.path == ()
    assert (found.category.score, found.category.sure, found.category.best) == (0, False, None)
    assert found.uncertainty == pytest.approx(1 - SURE, abs=1e-6)  # sure that there is nothing
    assert found.products == ()
    assert (found.attributes, found.heatmaps) == ((), ()), "what is no known product has no attributes either"
    assert np.isfinite(found.embedding).all()


def test_attributes_are_values_and_the_tags_that_hold_but_for_what_is_ignored(network, cells):
    found = describe(cells({(0, 0): BLUE, (1, 1): GREEN}), model=network())
    assert [(each.name, each.value, each.sure) for each in found.attributes] == [
        ("kids", "yes", True),
        ("tags", "belt", True),
    ]
    assert [each.score for each in found.attributes] == pytest.approx([SURE, SURE], abs=1e-6)
    half = describe(cells({(0, 0): (0, 0, 140), (1, 1): GREEN}), model=network())  # a logit of 8 * 140 / 255 - 4 = 0.39
    assert [(each.name, each.value, each.sure) for each in half.attributes] == [("kids", "yes", False)]
    assert half.answer("kids").path == ()
    assert half.attributes[0].score == pytest.approx(1 / (1 + math.exp(4 - 8 * 140 / 255)), abs=1e-5)


@pytest.mark.parametrize("colour", [RED, GREEN])
def test_an_attribute_is_said_of_the_categories_that_have_it(network, cells, colour):
    """One cell of red is shoes, of green a hat; both are apparel."""
    photo, (category, kids, tags) = cells({(0, 0): BLUE, (1, 1): colour}), network.heads
    for having, said in {(): True, ("apparel",): True, ("hats",): colour == GREEN, ("groceries",): False}.items():
        heads = category, kids.model_copy(update={"categories": having}), tags
        found = describe(photo, model=network("-".join(["of", *having]), heads=heads))
        assert found.category.best.label == ("shoes" if colour == RED else "hats")
        assert ("kids" in [each.name for each in found.attributes]) == said
        assert ("kids" in [each.head for each in found.heatmaps]) == said
        assert found.answer("kids").sure == said
        assert "belt" in [each.value for each in found.attributes], "tags are things in the photo, whatever it shows"


def test_of_an_unknown_category_no_attribute_is_said(network, cells):
    found = describe(cells({(0, 0): BLUE}), model=network())
    assert found.familiar
    assert [each.value for each in found.attributes] == ["belt"]
    silent = found.answer("kids")
    assert (silent.path, silent.sure, silent.uncertainty) == ((), False, 1)
    assert silent.top[0].label == "yes", "by which somebody may look on"
    assert description_words(found, "kids") == "not asked of a category that is not known"


def test_a_box_reaches_to_a_twentieth_of_the_heat(network, cells):
    """Bilinear heat falls from 1 in the middle of the cell to 0 in the next: to 0.05 in 0.95 cells of 160 pixels."""
    found = describe(cells({(1, 1): RED}), model=network())
    (shoes,) = found.products
    assert (shoes.label, shoes.name) == ("shoes", "Shoes")
    assert np.abs(np.subtract(shoes.box.as_tuple(), (88, 88, 392, 392))).max() <= 4  # a pixel of the map is 3.3


def test_several_products_have_their_own_label_score_and_box(network, cells):
    """A shoe at the left and a belt at the right; the tag "shoe" says what the category "Shoes" says."""
    found = describe(cells({(1, 0): RED, (1, 3): BLUE}), model=network())
    assert [product.label for product in found.products] == ["shoes", "belt"]
    left, right = (product.box for product in found.products)
    assert left.x1 < right.x0
    assert found.products[1].score == pytest.approx(SURE, abs=1e-6)
    # Two shoes, one label: both are found.
    pair = describe(cells({(1, 0): RED, (1, 3): RED}), model=network())
    assert [product.label for product in pair.products] == ["shoes", "shoes"]


def test_a_label_beside_the_category_keeps_its_own_box(network, cells):
    """Boxes of unrelated names may share a place: a magenta cell is a shoe and a belt."""
    found = describe(cells({(1, 1): (255, 0, 255)}), model=network())
    assert [product.label for product in found.products] == ["shoes", "belt"]
    assert found.products[0].box == found.products[1].box


def test_a_mask_cleans_heat_and_boxes(network, cells):
    rgb, model = cells({(1, 1): RED}), network()
    product = Box(203, 207, 331, 333)
    found = describe(rgb, mask_of(product), model=model)
    spare = np.subtract(found.products[0].box.as_tuple(), product.as_tuple()) * (1, 1, -1, -1)
    assert spare.min() >= 0  # never beyond the product
    assert spare.max() <= 4  # a pixel of the map is 3.3
    heat = {heatmap.label: heatmap.heat for heatmap in found.heatmaps}["shoes"]
    plain = {heatmap.label: heatmap.heat for heatmap in describe(rgb, model=model).heatmaps}["shoes"]
    assert heat.shape == plain.shape == (144, 192)
    outside = np.ones(heat.shape, bool)
    outside[60:102, 58:102] = False  # the box in pixels of the map, and one more
    assert heat[outside].max() == 0
    np.testing.assert_array_equal(heat[64:99, 62:98], plain[64:99, 62:98])


def test_an_empty_mask_leaves_the_category_and_no_product(network, cells):
    found = describe(cells({(1, 1): RED}), mask_of(Box(0, 0, 1, 1), size=(640, 480)), model=network())
    assert found.category.best.label == "shoes"
    empty = Mask(alpha=np.full((480, 640), 0.3, np.float32), uncertainty=1, model="none")
    assert describe(cells({(1, 1): RED}), empty, model=network()).products == ()
    with pytest.raises(ValueError, match=r"mask: expected \(480, 640\) as the photo, got \(10, 10\)"):
        describe(cells({}), mask_of(Box(0, 0, 5, 5), size=(10, 10)), model=network())


def test_heatmaps_are_the_weights_times_the_features(network, cells):
    """Their mean is the logit without its bias: 96 red at 1 / 12, and 48."""
    describes = Describer(network())
    outputs = describes.network.outputs(describes.network.prepare(cells({(2, 3): RED})))
    maps = activation_maps(outputs["weights"][[1, 2]], outputs["features"][0])
    assert maps.shape == (2, 3, 4)
    assert maps[0, 2, 3] == pytest.approx(96)
    assert np.count_nonzero(maps) == 2
    assert maps.mean(axis=(1, 2)) == pytest.approx([8, 4])
    assert outputs["logits"][0, 1:3] == pytest.approx([8 - 4, 4])


def test_the_embedding_is_the_networks(network, cells):
    """Mean red 1 / 12 and a one, at length 1."""
    expected = np.float32([1 / 12, 0, 0, 1]) / np.hypot(1 / 12, 1)
    describes = Describer(network())
    found = describes.embed(cells({(0, 0): RED}))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_array_equal(describes(cells({(0, 0): RED})).embedding, found)
    assert describes(cells({})).model == describes.network.id


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (2, 5), (4000, 3), (17, 11)])
@pytest.mark.parametrize("level", [0, 255])
def test_any_photo_gets_an_answer(network, shape, level):
    rgb = np.full((*shape, 3), level, np.uint8)
    alpha = np.ones(shape, np.float32)
    found = describe(rgb, Mask(alpha=alpha, uncertainty=0, model="all"), model=network())
    for product in found.products:
        assert product.box.x1 <= shape[1]
        assert product.box.y1 <= shape[0]
    for heatmap in found.heatmaps:
        assert max(heatmap.heat.shape) <= 192
        assert heatmap.heat.max() == 0  # a photo of one colour has no place


def test_precisions_are_those_of_the_card(network, cells):
    heads = [{"thresholds": {"0.9": (0.8, 0.7), "0.99": (0.99, 1.1)}}, {}, {}]
    changed = [head.model_copy(update=change) for head, change in zip(network.heads, heads, strict=True)]
    model = network(heads=tuple(changed))
    rgb = cells({(1, 1): (200, 0, 0)})  # apparel 8 * 200 / 255 - 4 = 2.27 -> 0.906, shoes 3.14 -> 0.958: 0.868
    loose = Describer(model, Settings(precision=0.9))(rgb).category
    assert [choice.label for choice in loose.path] == ["apparel", "shoes"]
    strict = Describer(model, Settings(precision=0.99))(rgb).category
    assert strict.path == ()
    assert not strict.sure
    assert strict.uncertainty == pytest.approx(loose.uncertainty)
    with pytest.raises(UsageError, match=r"head category has no thresholds .* 0.95: ask for one of 0.9, 0.99"):
        Describer(model)


def test_networks_for_something_else_are_refused(network):
    with pytest.raises(ModelMismatch, match="a network for segmentation, expected one for description"):
        Describer(network("mask", task="segmentation"))
    with pytest.raises(ModelNotFound, match="no model is called 'dscribe'"):
        describer("dscribe")


def test_outputs_must_fit_the_heads(network):
    first, *others = network.heads
    with pytest.raises(ModelMismatch, match="different names, got category, category"):
        Describer(network("twice", heads=(first, first)))
    with pytest.raises(ModelMismatch, match=r"logits \(n, 5\).* has 5 labels in 2 heads; got logits \(1, 9\)"):
        Describer(network("few", heads=tuple(others)))
    for missing in ("weights", "features", "embedding"):
        outputs = tuple(name for name in ("logits", "embedding", "features", "weights") if name != missing)
        with pytest.raises(ModelMismatch, match=f"expected logits .*{missing}"):
            Describer(network(f"no-{missing}", outputs=outputs))


def test_numbers_that_are_none_are_refused(network, cells):
    rows = network.rows.copy()
    rows[0, 3] = np.nan
    with pytest.raises(ModelMismatch, match="nan or infinity in logits"):
        describe(cells({}), model=network("nan", rows=rows))
    rows = network.rows.copy()
    rows[0, 0] = np.inf
    with pytest.raises(ModelMismatch, match="expected finite weights"):
        describe(cells({}), model=network("inf", rows=rows))


def test_none_describes_nothing(network):
    assert describer("none") is None
    assert describer_fingerprint("none", Settings()) == "none"
    prints = {describer_fingerprint(network(), Settings(precision=p)) for p in (0.9, 0.95)}
    assert len(prints) == 2


def test_a_network_of_one_attribute_describes_too(network, cells):
    """What `packshot train recipes/attribute` makes: no category, no tags, no boxes."""
    model = network("kids", heads=network.heads[1:2], rows=network.rows[4:6])
    found = describe(cells({(2, 0): BLUE}), model=model)
    assert found.category is None
    assert found.products == ()
    assert found.answer("kids").best.label == "yes"
    assert found.uncertainty == pytest.approx(1 - SURE, abs=1e-6)
    assert [heatmap.label for heatmap in found.heatmaps] == ["yes"]
    row, column = np.unravel_index(found.heatmaps[0].heat.argmax(), found.heatmaps[0].heat.shape)
    assert (row * 3 // 144, column * 4 // 192) == (2, 0)


def test_a_network_may_only_embed(network, cells):
    """What `packshot train recipes/embed` makes."""
    model = network("embed", heads=(), rows=np.zeros((0, 4), np.float32))
    found = describe(cells({(0, 0): RED}), model=model)
    assert (found.answers, found.products, found.heatmaps, found.uncertainty) == ((), (), (), 1)
    np.testing.assert_array_equal(found.embedding, Describer(network()).embed(cells({(0, 0): RED})))
