"""What the catalogue sees in a photo, against numbers by hand."""

import numpy as np
import pytest
from packshot_tests.networks import write_network

from packshot.catalogue.indexing import Background, background_of, embed, identity, item_of, match_rule
from packshot.errors import ModelMismatch, NothingToCutOut, UnreadablePhoto, UsageError
from packshot.pipeline import Pipeline
from packshot.runtime import MatchRule
from packshot.settings import Settings
from packshot.values import Mask


def product_on(background, box=(40, 30, 120, 90)):
    """A red and blue product on a background of one colour, and its mask."""
    x0, y0, x1, y1 = box
    rgb = np.full((120, 160, 3), background, np.uint8)
    rgb[y0:y1, x0:x1] = (200, 30, 30)
    rgb[y0 : (y0 + y1) // 2, x0:x1] = (20, 40, 180)
    alpha = np.zeros((120, 160), np.float32)
    alpha[y0:y1, x0:x1] = 1
    return rgb, alpha


def with_mask(pipeline, alpha):
    pipeline.cutout.segment = lambda _: Mask(alpha, 0.0, "by-hand")
    return pipeline


def test_as_it_is_a_photo_has_the_embedding_numpy_calculates(pipeline, draw, expected_embedding):
    seen = embed(pipeline, draw(3))
    np.testing.assert_allclose(seen.embedding, expected_embedding(draw(3)), atol=1e-3)
    assert seen.background is Background.PHOTO
    assert seen.network == pipeline.description.describe.network.id


def test_on_white_the_old_background_makes_no_difference(pipeline):
    (green, alpha), (grey, _) = product_on((30, 160, 60)), product_on((90, 90, 90))
    with_mask(pipeline, alpha)
    white = [embed(pipeline, rgb, background=Background.WHITE).embedding for rgb in (green, grey)]
    photo = [embed(pipeline, rgb).embedding for rgb in (green, grey)]
    assert white[0] @ white[1] > 0.999
    assert photo[0] @ photo[1] < 0.97


def test_on_white_place_and_size_make_no_difference(pipeline):
    near, far = product_on((30, 160, 60)), product_on((30, 160, 60), box=(60, 60, 100, 90))
    views = [
        embed(with_mask(pipeline, alpha), rgb, background=Background.WHITE).embedding for rgb, alpha in (near, far)
    ]
    assert views[0] @ views[1] > 0.999


def test_both_is_the_mean_of_both(pipeline):
    rgb, alpha = product_on((30, 160, 60))
    with_mask(pipeline, alpha)
    photo, white, both = (embed(pipeline, rgb, background=background).embedding for background in Background)
    mean = (photo + white) / np.linalg.norm(photo + white)
    np.testing.assert_allclose(both, mean, atol=1e-6)


def test_a_photo_without_a_product_is_refused_with_the_way_out(pipeline, draw):
    def nothing(photo):
        raise NothingToCutOut(f"{photo.source}: no product was found", remedy="take it again")

    pipeline.cutout.segment = nothing
    for background in (Background.WHITE, Background.BOTH):
        with pytest.raises(NothingToCutOut, match=r"wall\.jpg: no product was found.*--ground photo"):
            embed(pipeline, draw(1), background=background, name="wall.jpg")
    assert embed(pipeline, draw(1)).embedding.shape == (37,)


def test_what_is_no_photo_is_refused(pipeline, tmp_path):
    with pytest.raises(UnreadablePhoto):
        embed(pipeline, tmp_path / "gone.jpg")


def test_without_a_network_there_are_no_embeddings(draw):
    with pytest.raises(UsageError, match="--describe-model"):
        embed(Pipeline(settings=Settings(describe_model="none")), draw(1))


def test_an_embedding_that_is_not_of_length_one_is_refused(tmp_path, draw):
    path = write_network(tmp_path / "long.onnx", unit=False)
    pipeline = Pipeline(settings=Settings(describe_model=str(path), frame_model="none"))
    with pytest.raises(ModelMismatch, match="length 1"):
        embed(pipeline, draw(1))


def test_the_record_says_what_is_sure(pipeline, draw):
    item = item_of(embed(pipeline, draw(1, tint=(1, 0.05, 0.05))), "red.png")
    assert item.category == ("apparel", "shoes")
    assert item.category_score == pytest.approx(1, abs=0.02)
    assert item.attributes == {"kids": "no"}
    assert item.model == pipeline.description.describe.network.id


def test_a_network_of_any_name_has_an_identity(pipeline):
    assert identity("my model (1)@1f2e3d4c", Background.BOTH) == "my-model--1-+both@1f2e3d4c"
    for background in Background:
        assert background_of(identity("a+b@1f2e3d4c", background)) is background


def test_the_cards_rule_holds_for_photos_as_they_are_and_such_queries_alone(tmp_path):
    rule = MatchRule(threshold=0.7, precision=0.96, coverage=0.5, queries=296, ground="both")
    path = write_network(tmp_path / "ruled.onnx", match=rule)
    pipeline = Pipeline(settings=Settings(describe_model=str(path)))
    model = pipeline.description.describe.network.id
    assert match_rule(str(tmp_path), pipeline, background=Background.BOTH, model=model) == rule
    assert match_rule(str(tmp_path), pipeline, background=Background.PHOTO, model=model) is None
    assert (
        match_rule(str(tmp_path), pipeline, background=Background.BOTH, model=identity(model, Background.BOTH)) is None
    )
