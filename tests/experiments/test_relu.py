"""Bends, depth, dead units and conventions: counted again, and against interpolation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnexplain.errors import NnexplainError
from nnexplain.experiments.relu import (
    RATES,
    at_the_kink,
    bends,
    by_depth,
    off_units,
    one_bad_step,
    relu_with_slope,
    revivals,
)


@pytest.mark.parametrize("pieces", [1, 2, 3, 4, 8, 32])
def test_bends_interpolate_the_parabola(pieces: int) -> None:
    found = bends(pieces)
    grid = np.linspace(-1, 1, 401)
    knots = np.linspace(-1, 1, pieces + 1)
    np.testing.assert_allclose(
        found.network.forward(grid[:, None]).output, np.interp(grid, knots, knots**2), atol=1e-13
    )
    assert found.gap == pytest.approx(1 / pieces**2, rel=1e-10)


def test_without_the_kink_the_same_weights_make_a_line() -> None:
    line = bends(8).network.replace(activation="identity")
    heights = line.forward(np.linspace(-1, 1, 11)[:, None]).output
    np.testing.assert_allclose(np.diff(heights, 2), 0, atol=1e-12)


def test_no_pieces_are_refused() -> None:
    with pytest.raises(NnexplainError, match="pieces must be 1 or more, got 0"):
        bends(0)


def test_deep_sigmoids_fail_where_tanh_and_relu_learn() -> None:
    assert [by_depth(a, 1).solved for a in RATES] == [1.0, 1.0, 1.0]
    assert by_depth("sigmoid", 4).solved == 0
    assert min(by_depth("relu", 4).solved, by_depth("tanh", 4).solved) > 0.8


@pytest.mark.parametrize("activation", RATES)
def test_no_other_learning_rate_does_better(activation: str) -> None:
    def total(rate: float) -> float:
        return sum(by_depth(activation, depth, rate).solved for depth in (1, 2, 4, 6))

    assert max((0.03, 0.1, 0.3, 1.0, 3.0), key=total) == RATES[activation]


def test_patience_brings_back_four_layers_of_sigmoids_but_not_six() -> None:
    four, six = (by_depth("sigmoid", depth, steps=4000).solved for depth in (4, 6))
    assert 0.2 < four < 1
    assert six == 0


def test_the_bad_step_follows_from_the_numbers() -> None:
    # h = 1.5, error 1: both parameters move by -2, z by -4.
    for name in ("relu", "leaky_relu", "elu"):
        assert one_bad_step(name, 3).z[:2] == (1.5, -2.5)


def test_only_a_slope_brings_the_unit_back() -> None:
    dead = one_bad_step("relu")
    assert set(dead.z[1:]) == {-2.5}
    assert dead.back_after is None
    for name in ("leaky_relu(0.1)", "elu"):
        found = one_bad_step(name)
        assert found.z[found.back_after - 1] <= 0 < found.z[found.back_after]
        assert found.losses[-1] < 1e-20


def test_elu_climbs_as_its_formula_says() -> None:
    z = -2.5
    for there in one_bad_step("elu", 20).z[2:]:
        f, slope = math.expm1(z), math.exp(z)
        z -= 0.2 * 2 * (f - 0.5) * slope
        assert there == pytest.approx(z, rel=1e-12)


def test_larger_steps_kill_more_units() -> None:
    shares = [off_units("relu", rate).end for rate in (0.1, 0.3, 0.5)]
    assert shares == sorted(shares)
    assert shares[0] < 0.05
    assert shares[-1] > 0.7


def test_centred_inputs_leave_no_unit_dead_at_the_start() -> None:
    # One input that is never negative: a unit is off everywhere when its weight is negative.
    first_weights = np.array([np.random.default_rng(s).standard_normal((16, 2))[:, 0]
                              for s in range(20)])  # fmt: skip
    assert off_units("relu", 0.01, shift=1.0).start == np.mean(first_weights < 0)
    assert off_units("relu", 0.01).start == 0


def test_units_come_back_only_behind_units_that_move() -> None:
    first, second = revivals()
    assert first.ever_off > 0
    assert first.came_back == 0
    assert 0 < second.came_back < second.ever_off


def test_the_convention_is_asked_for_only_at_exact_zeros() -> None:
    generic = [at_the_kink(slope, -0.5, networks=20) for slope in (0.0, 0.5, 1.0)]
    assert {found.hits for found in generic} == {0}
    assert all(np.array_equal(found.theta, generic[0].theta) for found in generic)
    hit = [at_the_kink(slope, networks=20) for slope in (0.0, 1.0)]
    assert [found.hits for found in hit] == [80, 80]
    assert hit[1].dead == 0 < hit[0].dead
    assert not np.array_equal(hit[0].theta, hit[1].theta)


def test_slopes_outside_zero_and_one_are_refused() -> None:
    record = relu_with_slope(0.25)
    assert record.df([-2.0, 0.0, 2.0]).tolist() == [0.0, 0.25, 1.0]
    assert math.isnan(record.df(math.nan))
    with pytest.raises(NnexplainError, match="slopes from 0 to 1, got 2"):
        relu_with_slope(2.0)
