"""Connected places, against scipy's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from packshot.duplicates.connected import Connected

PLACES = 300


@pytest.mark.parametrize("pairs", [0, 40, 150, 400])
@pytest.mark.parametrize("on_disk", [False, True])
def test_sets_are_those_of_the_graph(pairs: int, on_disk: bool, tmp_path: Path) -> None:
    linked = np.random.default_rng(pairs).integers(0, PLACES, (pairs, 2))
    if on_disk:
        heads = np.memmap(tmp_path / "heads", np.uint32, "w+", shape=(PLACES,))
        heads[:] = np.arange(PLACES)
        connected = Connected(heads)
    else:
        connected = Connected({place: place for place in range(PLACES)})
    for one, other in linked.tolist():
        connected.join(one, other)
    graph = coo_array((np.ones(pairs), (linked[:, 0], linked[:, 1])), shape=(PLACES, PLACES))
    _, sets = connected_components(graph, directed=False)
    assert [connected.head(place) for place in range(PLACES)] == [int(np.argmax(sets == one)) for one in sets]
