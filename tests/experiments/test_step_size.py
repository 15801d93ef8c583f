"""Walks of lesson 4: what they must do whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnexplain.experiments.samples import CORNERS_X, ONE_OF_TWO
from nnexplain.experiments.step_size import (
    batching,
    bowl,
    example_walk,
    many_starts,
    valley,
)
from nnexplain.experiments.symmetry import equal_units, pair
from nnexplain.worked import worked


@pytest.mark.parametrize("rate", [0.1, 0.9, 1.0, 1.9, 2.0, 2.1])
def test_every_step_in_the_bowl_multiplies_the_error_by_one_minus_the_rate(rate: float) -> None:
    walk = bowl(rate)
    errors = walk["b2"] - 1
    assert_allclose(errors, -1.6 * (1 - rate) ** walk.steps, atol=1e-13)
    assert_allclose(walk.loss, errors**2 / 2, atol=1e-13)
    assert (walk["w12"] == 0).all()


def test_the_corners_are_all_inputs_and_half_of_the_targets_are_one() -> None:
    assert len(set(CORNERS_X)) == 8
    assert sum(ONE_OF_TWO) == 4


def test_a_huge_rate_throws_the_example_onto_a_plateau() -> None:
    walk = example_walk(100.0)
    assert walk.stopped == "stalled on a plateau"
    assert walk.loss[-1] == pytest.approx(0.5, rel=1e-6)


def test_every_start_ends_in_one_way() -> None:
    for rate in (0.1, 10.0):
        found = many_starts(rate, starts=30, steps=200)
        assert found.starts == 30
        assert (found.idle == 0) == np.isnan(found.idle_at)


def test_the_two_valleys_are_minima() -> None:
    low, high = valley(-1.0), valley(3.0)
    assert low.curvature > high.curvature > 0
    # In the right valley the first sample is served perfectly: σ(w) = 0.9.
    assert high.end == pytest.approx(np.log(9), abs=2e-3)


def test_batches_of_one_size_make_the_epoch() -> None:
    for row in batching((8, 3, 1), epochs=3):
        assert row.steps_an_epoch == -(-8 // row.batch_size)


def test_equal_units_share_every_value_on_the_way_and_unequal_ones_do_not() -> None:
    net = worked["han_kamber"].network
    equal, unequal = pair(equal_units(net), steps=200), pair(net, steps=200)
    assert equal.farthest == 0
    assert unequal.apart(0) == pytest.approx(0.7)
    assert unequal.farthest > 1
