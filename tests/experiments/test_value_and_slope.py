"""Twins of the sigmoid: what they share and what they do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnexplain.activations import Activation, activations
from nnexplain.checks import gradient_check
from nnexplain.errors import NnexplainError
from nnexplain.experiments import value_and_slope as experiment
from nnexplain.worked import worked

TWINS = [experiment.warped_sigmoid(ratio, -0.7, 0.1) for ratio in (-1.0, 0.0, 0.5, 1.0, 2.0)]
Z = np.linspace(-6, 6, 4001)


@pytest.mark.parametrize("record", [*TWINS, experiment.CENTRED_SIGMOID], ids=lambda r: r.name)
def test_slope_and_curvature_are_derivatives_of_what_stands_above_them(record: Activation) -> None:
    step = 1e-5
    for f, df, room in ((record.f, record.df, 1e-7), (record.df, record.d2f, 1e-5)):
        assert_allclose((f(Z + step) - f(Z - step)) / (2 * step), df(Z), atol=room)
    assert np.abs(record.df(Z)).max() <= record.largest_slope + 1e-6
    for point, _ in record.flat:
        for shift in (0, record.flat_period or 0):
            assert record.df(point + shift) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("record", [*TWINS, experiment.CENTRED_SIGMOID], ids=lambda r: r.name)
def test_far_out_it_reaches_its_range_and_keeps_a_nan(record: Activation) -> None:
    far = np.array([-math.inf, -1e6, 1e6, math.inf])
    assert record.f(far).tolist() == [record.range[0]] * 2 + [record.range[1]] * 2
    assert record.df(far).tolist() == [0] * 4
    assert math.isnan(record.f(math.nan))
    assert math.isnan(record.df(math.nan))


def test_the_centred_sigmoid_keeps_its_digits_near_zero() -> None:
    assert experiment.CENTRED_SIGMOID.f(1e-20) == 2.5e-21


def test_a_warp_needs_two_points_that_rise() -> None:
    with pytest.raises(NnexplainError, match=r"must rise.*got 0\.1 and -0\.7"):
        experiment.warped_sigmoid(2.0, 0.1, -0.7)


@pytest.mark.parametrize("ratio", [-1.0, 0.0, 0.5, 2.0])
def test_same_values_scale_what_lies_in_front_and_nothing_else(ratio: float) -> None:
    plain, twin = experiment.original(), experiment.same_values(ratio)
    assert twin.values == pytest.approx(plain.values, abs=1e-15)
    for name, value in plain.gradient.items():
        front = plain.network.locate(name)[1] != 6
        assert twin.gradient[name] == pytest.approx(
            value * (ratio if front else 1), rel=1e-12, abs=1e-17
        )


def test_same_slopes_change_the_two_weights_that_carry_a_value_and_nothing_else() -> None:
    plain, twin = experiment.original(), experiment.same_slopes()
    assert twin.slopes == plain.slopes
    changed = [n for n, g in plain.gradient.items() if abs(twin.gradient[n] - g) > 1e-12]
    assert changed == ["w46", "w56"]


def test_the_twins_gradients_are_right_for_the_twins() -> None:
    example = worked["han_kamber"]
    for twin in (experiment.same_values(-1.0), experiment.same_slopes()):
        assert gradient_check(twin.network, example.x, example.y).worst.agrees
        assert twin.after < twin.loss
        assert twin.after_front < twin.loss


def test_a_flat_twin_learns_nothing_in_front_of_its_units() -> None:
    twin = experiment.same_values(0.0)
    assert twin.after_front == twin.loss


def test_a_sweep_passes_through_the_present_and_has_the_slope_of_j() -> None:
    for twin in (experiment.original(), experiment.same_values(-1.0)):
        found = twin.sweep("w14", reach=1e-4)
        assert found.total[20] == pytest.approx(twin.loss, rel=1e-14)
        rise = (found.total[-1] - found.total[0]) / 2e-4
        assert rise == pytest.approx(twin.gradient["w14"], rel=1e-4)


def test_twins_are_built_from_the_sigmoid_that_everyone_uses() -> None:
    assert_allclose(TWINS[3].f(Z), activations["sigmoid"].f(Z), rtol=1e-15)
    assert experiment.distance(experiment.same_values(1.0)) == 0


def test_no_direction_is_steeper_than_the_gradient() -> None:
    found = experiment.random_directions(500, seed=3)
    assert found.steepest < found.length
    assert found.gap < 1e-9
