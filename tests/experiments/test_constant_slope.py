"""Ramps: pulls, approaches, slices and descents under losses of constant slope."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.experiments.constant_slope import (
    LOSSES,
    approach,
    compass,
    gradient_spread,
    hops,
    one_straight_unit,
    pulls,
    run_off,
    slices,
    slopes,
)
from nnexplain.experiments.linear_collapse import noisy_plane
from nnexplain.network import Network
from nnexplain.worked import worked

NET = worked["han_kamber"].network
STRAIGHT = NET.replace(activation="identity")


@pytest.mark.parametrize("activation", ["identity", "sigmoid"])
def test_only_the_squared_error_pulls_in_proportion(activation: str) -> None:
    found = pulls((-0.5, -0.05, 0.5), activation)
    sensitivity = found.signals["linear"][0]
    assert found.signals["linear"] == pytest.approx([sensitivity] * 3)
    assert found.signals["absolute"] == pytest.approx([-sensitivity, -sensitivity, sensitivity])
    assert found.signals["half_squared_error"] == pytest.approx(
        [e * sensitivity for e in found.errors]
    )
    assert found.ratio("half_squared_error") == pytest.approx(1)


def test_slopes_are_those_of_the_drawn_losses() -> None:
    errors = np.array([-1.5, -0.3, 0.7])
    for height, slope in slopes(errors).values():
        ahead = [slopes(errors + 1e-6)[name][0] for name in LOSSES]
        behind = [slopes(errors - 1e-6)[name][0] for name in LOSSES]
        measured = [(a - b) / 2e-6 for a, b in zip(ahead, behind, strict=True)]
        assert any(np.allclose(slope, m, atol=1e-6) for m in measured)
        assert height.shape == errors.shape


def test_the_squared_error_shrinks_what_is_left_by_the_same_factor() -> None:
    rest = 2 - approach("half_squared_error").weights
    np.testing.assert_allclose(rest, 2 * 0.7 ** np.arange(61), atol=1e-12)


@pytest.mark.parametrize("rate", [0.3, 0.07, 0.011])
def test_the_absolute_error_rattles_as_wide_as_its_step(rate: float) -> None:
    run = approach("absolute", rate, 400)
    assert run.strip == pytest.approx(rate)
    assert run.miss <= rate


def test_a_shrinking_step_stops_the_rattling() -> None:
    strips = [approach("absolute", 0.3, n, shrinking=True).strip for n in (100, 1000)]
    assert strips[1] < 0.5 * strips[0] < 0.5 * 0.3
    assert approach("absolute", 0.3, 1000, shrinking=True).miss < 0.01


def test_the_linear_loss_walks_past_the_target_or_away_from_it() -> None:
    np.testing.assert_allclose(np.diff(approach("linear").weights), -0.3)


def test_the_whole_network_hops_about_in_proportion_to_the_learning_rate() -> None:
    wide, narrow = hops(0.9, steps=400), hops(0.09, steps=1000)
    assert 5 < wide / narrow < 20


def test_only_a_straight_loss_on_straight_units_is_a_ramp() -> None:
    assert [(s.activation, s.loss) for s in slices() if s.is_ramp] == [("identity", "linear")]
    for part in slices("b6"):
        net = NET.replace(activation=part.activation, loss=part.loss)
        J = net.replace(parameters={"b6": part.values[7]}).loss((1, 0, 1), 1)
        assert part.J[7] == pytest.approx(J)


def test_the_gradient_is_the_same_everywhere_for_one_unit_and_a_linear_loss_alone() -> None:
    one = one_straight_unit()
    assert gradient_spread(one.replace(loss="linear")) == 0
    assert gradient_spread(one) > 1
    assert gradient_spread(one.replace(loss="absolute")) == 2
    assert gradient_spread(STRAIGHT.replace(loss="linear")) > 1
    assert gradient_spread(STRAIGHT) > 1


def test_only_on_a_ramp_does_the_gradient_keep_its_length_and_direction() -> None:
    straight, ramp = compass("half_squared_error", [3, 2, 1]), compass("linear", [3, 1])
    assert not ramp.turned.any()
    assert np.ptp(ramp.lengths) == 0
    assert straight.turned[0] == 0
    assert straight.turned.max() > 90
    assert (straight.lengths[100:] < 1e-3 * straight.lengths[0]).all()
    # Even one straight unit turns under the squared error, and a second layer under the linear one.
    assert compass("half_squared_error", [3, 1]).turned.max() > 10
    assert compass("linear", [3, 2, 1], steps=5).turned[-1] > 1


def test_turns_are_angles_between_gradients() -> None:
    data, found = noisy_plane(), compass("half_squared_error", [3, 1], steps=1)
    A = np.column_stack([data.x, np.ones(20)])
    theta = Network([3, 1], "identity", seed=0).vector
    first = A.T @ (A @ theta - data.y)
    second = A.T @ (A @ (theta - 0.01 * first) - data.y)
    np.testing.assert_allclose(found.lengths, [np.linalg.norm(g) for g in (first, second)])
    cosine = first @ second / np.prod(found.lengths)
    assert found.turned[1] == pytest.approx(np.degrees(np.arccos(cosine)))


def test_a_linear_loss_runs_off_steadily_ever_faster_or_into_saturation() -> None:
    unit, deep, bent = run_off(one_straight_unit()), run_off(STRAIGHT), run_off(NET, 0.9, 400)
    np.testing.assert_allclose(np.diff(unit.J), -0.15)
    assert (np.diff(deep.J, 2)[5:] < 0).all()
    assert (np.diff(bent.J) < 0).all()
    assert -1 < bent.J[-1] < -0.99
    assert abs(np.diff(bent.J)[-1]) < 1e-3 * abs(np.diff(bent.J)[0])
    np.testing.assert_allclose(bent.h, bent.J + 1)
