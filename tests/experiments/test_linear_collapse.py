"""Straight-line networks: what they collapse to, where descent ends, what they can bend to."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.activations import linear
from nnexplain.errors import NnexplainError
from nnexplain.experiments.expressive_power import miss, signal
from nnexplain.experiments.linear_collapse import (
    bent_data,
    collapse,
    learn,
    least_squares,
    noisy_plane,
    restarts,
    straight_and_bent,
)
from nnexplain.experiments.sensitivity import SQUARE
from nnexplain.experiments.xor import xor
from nnexplain.network import Network
from nnexplain.worked import worked


@pytest.mark.parametrize("sizes", [[1, 1], [3, 2, 1], [2, 5, 4, 3], [1, 1, 1, 1, 1, 1]])
@pytest.mark.parametrize("slope", [1.0, -0.5, 3.0, 0.0])
def test_the_collapsed_layer_predicts_what_the_network_does(sizes: list[int], slope: float) -> None:
    net = Network(sizes, linear(slope), seed=4, loss="absolute")
    one = collapse(net)
    x = np.random.default_rng(1).normal(size=(20, sizes[0]))
    assert one.sizes == (sizes[0], sizes[-1])
    assert one.loss_function.name == "absolute"
    np.testing.assert_allclose(one.forward(x).output, net.forward(x).output, rtol=1e-11, atol=1e-12)


def test_ways_that_cancel_exactly_leave_no_dust() -> None:
    straight = worked["han_kamber"].network.replace(activation="identity")
    assert collapse(straight).parameters["w14"] == 0


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "step"])
def test_what_is_no_straight_line_does_not_collapse(activation: str) -> None:
    with pytest.raises(NnexplainError, match=f"only straight lines collapse, and {activation} is"):
        collapse(Network([2, 2, 1], ["identity", activation], seed=0))


def test_least_squares_leaves_errors_that_no_line_can_use() -> None:
    for data in (noisy_plane(), bent_data(), xor()):
        error = least_squares(data).forward(data.x).output - data.y
        assert abs(error.sum()) < 1e-12
        assert np.abs(error @ data.x).max() < 1e-12


def test_descent_ends_at_the_least_squares_line() -> None:
    data = noisy_plane()
    walk = learn(Network([3, 2, 2, 1], "identity", seed=2), data, 0.005, 5000)
    found, best = collapse(walk.network), least_squares(data)
    assert found.parameters == pytest.approx(dict(best.parameters), abs=1e-9)


def test_many_starts_give_many_networks_and_one_map() -> None:
    runs = restarts(noisy_plane(), [3, 2, 1], 20)
    assert len(runs.losses) == 20
    assert abs(runs.excess) < 1e-12
    assert runs.map_spread < 1e-9
    assert runs.weight_spread > 1


def test_the_bent_twin_starts_where_the_straight_one_does() -> None:
    straight, bent = straight_and_bent(xor(), [2, 2, 1], seed=5)
    assert straight.start.parameters == bent.start.parameters
    assert [bent.start.activation_of(unit).name for unit in (3, 5)] == ["tanh", "identity"]
    assert straight.loss[-1] == pytest.approx(0.5)
    assert bent.loss[-1] < 1e-3


def test_bending_falls_with_units_only_where_the_activation_is_no_polynomial() -> None:
    assert miss("identity", 40) == pytest.approx(miss("identity", 1), rel=1e-9)
    assert miss(SQUARE, 40) == pytest.approx(miss(SQUARE, 2), rel=1e-9)
    for activation in ("step", "relu", "sigmoid"):
        assert miss(activation, 40) < 0.2 * miss(activation, 2)


def test_a_piecewise_line_through_ever_more_points_closes_in_quadratically() -> None:
    assert miss("relu", 20) / miss("relu", 40) == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("units", [0, -1, 2.0, True])
def test_a_layer_needs_whole_units(units: object) -> None:
    with pytest.raises(NnexplainError, match="one unit or more"):
        miss("relu", units)  # type: ignore[arg-type]


def test_only_the_step_lets_no_signal_through() -> None:
    assert signal("step") == 0
    assert min(signal(name) for name in ("identity", "sigmoid", "relu")) > 0
    assert signal(SQUARE) > 0
