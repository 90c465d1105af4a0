"""A network of several maps is asked once; one of one map is taken as it is."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from skimage.data import astronaut

from packshot.cutout.maps import find_maps
from packshot.runtime import load
from packshot.settings import Settings


@pytest.fixture
def several(tmp_path):
    """A network whose maps are the three channels of its input: alpha, person and garment; of any size."""
    nodes = []
    for place, name in enumerate(("alpha", "person", "garment")):
        nodes.append(helper.make_node("Slice", ["image", f"{place}", f"{place + 1}", "axis"], [name]))
    numbers = [helper.make_tensor(f"{n}", TensorProto.INT64, [1], [n]) for n in range(4)]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 1, "h", "w"])
        for name in ("alpha", "person", "garment")
    ]
    graph = helper.make_graph(
        nodes,
        "maps",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        outputs,
        [*numbers, helper.make_tensor("axis", TensorProto.INT64, [1], [1])],
    )
    path = tmp_path / "maps.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
    path.with_suffix(".json").write_text(
        '{"name": "maps", "task": "segmentation", "licence": "MIT", "commercial_use": true,'
        '"output": {"name": "alpha"},'
        '"input": {"size": [32, 32], "shapes": [[48, 24], [24, 48]], "mean": [0, 0, 0], "std": [1, 1, 1]}}'
    )
    return load(path, Settings(threads=1))


@pytest.mark.parametrize(("photo", "size"), [((60, 60), (32, 32)), ((50, 100), (24, 48)), ((100, 50), (48, 24))])
def test_each_map_is_its_output_in_the_shape_nearest_to_the_photos(several, photo, size) -> None:
    rgb = np.broadcast_to(np.array([255, 128, 0], np.uint8), (*photo, 3))
    maps = find_maps(np.ascontiguousarray(rgb), several)
    assert maps.alpha.shape == maps.person.shape == size
    np.testing.assert_allclose(maps.alpha, 1, atol=1e-6)
    np.testing.assert_allclose(maps.person, 128 / 255, atol=1e-6)
    np.testing.assert_allclose(maps.garment, 0, atol=1e-6)
    assert maps.skin is maps.error is None


def test_the_shipped_network_tells_people_garments_and_its_own_errors() -> None:
    maps = find_maps(astronaut(), load("cutout", Settings(threads=1)))
    assert {maps.alpha.shape, maps.person.shape, maps.garment.shape, maps.skin.shape, maps.error.shape} == {(352, 352)}
    assert maps.person[200:300, 150:250].mean() > 0.5  # her suit
    assert maps.person[:100, -60:].mean() < 0.5  # the shuttle behind
