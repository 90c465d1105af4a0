"""Statistics of two answers on the same photos, beside SciPy's and hand calculations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from packshot.evaluation.paired import clustered_interval, holm, mcnemar


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test_of_those_that_differ(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, abs=1e-9)


def test_holm_by_hand() -> None:
    # Ordered: 0.005 x 4, 0.01 x 3, 0.03 x 2, 0.04 x 1, none below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_many_photos_of_one_product_are_one_piece_of_evidence() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2, 20).astype(float)
    single = clustered_interval(list(values), [str(at) for at in range(20)])
    copied = clustered_interval(list(np.repeat(values, 50)), [str(at) for at in range(20) for _ in range(50)])
    assert copied == pytest.approx(single)
    with pytest.raises(ValueError, match="at least one"):
        clustered_interval([], [])
