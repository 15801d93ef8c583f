"""Exclusive or: no linear model does better than ½ everywhere; the hand-made network does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnexplain.experiments.xor import X, Y, xor_fits


@given(st.tuples(*[st.floats(-5, 5)] * 3))
def test_no_linear_model_is_better(c: tuple[float, float, float]) -> None:
    loss = sum((y - c[0] - c[1] * a - c[2] * b) ** 2 for (a, b), y in zip(X, Y, strict=True)) / 2
    assert loss >= xor_fits().linear_loss - 1e-12


def test_opposite_corners_of_a_linear_model_add_up_to_the_same() -> None:
    first, second, third, fourth = xor_fits().linear(X)
    assert first + fourth == pytest.approx(second + third, rel=1e-14)


def test_the_network_follows_its_plan() -> None:
    fits = xor_fits()
    trace = fits.network.forward(X)
    truth = np.array(X) > 0.5
    assert np.array_equal(trace.a[3] > 0.5, truth.any(axis=1))
    assert np.array_equal(trace.a[4] > 0.5, truth.all(axis=1))
    assert trace.output == pytest.approx(np.array(Y), abs=0.01)
    assert fits.network_loss == pytest.approx(np.sum((np.array(Y) - trace.output) ** 2) / 2)
