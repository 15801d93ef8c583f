"""Prices of lesson 14: what is charged is what was asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnexplain.descent import descend
from nnexplain.experiments.derivative_free import (
    METHODS,
    RACE_GOAL,
    Growth,
    Run,
    alignment,
    race,
    run,
    spare_parameters,
    step_units,
    wide_network,
)
from nnexplain.experiments.samples import CORNERS_X, MOST


def test_a_walk_by_gradient_is_charged_by_multiplications() -> None:
    walk = descend(wide_network(5, 0), CORNERS_X, MOST, steps=4)
    # 20 multiplications forward; 1 + 10 + 20 backward.
    assert_allclose(run(walk).spent, np.arange(5) * 51 / 20)


def test_a_goal_that_is_not_reached_has_no_price() -> None:
    assert math.isnan(Run("random_search", np.array([1.0]), np.array([0.5])).price(0.1))


@pytest.mark.parametrize("hidden", [10, 20])
def test_nudging_for_real_takes_the_steps_and_the_price_that_are_counted(hidden: int) -> None:
    net, goal = wide_network(hidden, 0), 0.1
    walks = [
        descend(net, CORNERS_X, MOST, learning_rate=10 / hidden, steps=60, method=method)
        for method in METHODS[:2]
    ]
    assert_allclose(walks[0].loss, walks[1].loss, rtol=1e-5)
    steps = int((walks[0].loss > goal).sum())
    assert run(walks[1]).price(goal) == steps * 2 * (5 * hidden + 1)


def test_all_four_arrive() -> None:
    runs = race(3)
    assert set(runs) == set(METHODS)
    assert all(one.price(RACE_GOAL) > 0 for one in runs.values())


def test_wide_networks_start_alike() -> None:
    losses = [wide_network(hidden, 1).loss(CORNERS_X, MOST) for hidden in (2, 50, 800)]
    assert max(losses) < 2 * min(losses)


def test_no_price_of_the_small_networks_is_missing() -> None:
    growth = spare_parameters((2, 10))
    assert growth.parameters == (11, 51)
    assert all(math.isfinite(price) for each in growth.prices.values() for price in each)


def test_the_power_of_a_power_law_is_found() -> None:
    growth = Growth((10, 30, 100), {"m": (7 * 10**1.5, 7 * 30**1.5, 7 * 100**1.5)})
    assert growth.power("m") == pytest.approx(1.5)


def test_directions_share_their_squares() -> None:
    for count in (2, 11, 101):
        found = alignment(count)
        # The squared cosine is Beta(1/2, (n-1)/2): mean 1/n, variance 2(n-1)/(n²(n+2)).
        spread = math.sqrt(2 * (count - 1) / (count**2 * (count + 2)) / len(found.cosines))
        assert abs(found.share - 1 / count) < 4 * spread


def test_step_units_have_no_slope_and_are_found_by_trying() -> None:
    found = step_units()
    assert found.largest_slope == 0
    assert found.by_gradient == found.start > 0
    assert 1 < found.trials < 2500
