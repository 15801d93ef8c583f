"""J over planes, against one network and one loss at a time."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnexplain as nne
from nnexplain import plane

# Which units depend on which axis is another story for each: one layer and several, one output and
# several, separable exponentials or not, kinks, a loss from pre-activations, losses that are no
# squares.
CASES = (
    ([3, 2, 1], "sigmoid", "half_squared_error"),
    ([2, 3, 2], ["tanh", "sigmoid"], "mse"),
    ([2, 2, 2, 1], ["sigmoid", "relu", "sigmoid"], "binary_cross_entropy"),
    ([1, 2, 2, 2], ["sigmoid", "sigmoid", "gelu"], "absolute"),
    ([2, 1, 1, 1], "sin", "linear"),
    ([2, 1, 1, 1], "sigmoid", "mse"),
    ([1, 1], "sigmoid", "half_squared_error"),
)
ALPHA, BETA = np.linspace(-3, 2, 3), np.linspace(-2, 5, 2)


def one_by_one(
    net: nne.Network,
    ways: tuple[np.ndarray, ...],
    x: np.ndarray,
    y: np.ndarray,
    alpha: np.ndarray = ALPHA,
    beta: np.ndarray = BETA,
) -> np.ndarray:
    """A loop over the grid, each point a network of its own."""
    result = np.empty((len(alpha), len(beta)))
    for i, j in itertools.product(range(len(alpha)), range(len(beta))):
        theta = net.vector + alpha[i] * ways[0] + beta[j] * ways[1]
        parameters = dict(zip(net.names, theta, strict=True))
        result[i, j] = net.replace(parameters=parameters).loss(x, y)
    return result


def planes(count: int, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, ...]]:
    """Every ordered pair of parameters, and directions that mix layers."""
    unit = np.eye(count)
    yield from itertools.permutations(unit, 2)
    yield from rng.standard_normal((3, 2, count))
    yield unit[0] + unit[-1], unit[1]
    yield unit[0], unit[-1] + unit[-2]
    yield np.zeros(count), unit[0]


def data(net: nne.Network, samples: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(samples)
    return rng.standard_normal((samples, net.sizes[0])), rng.random((samples, net.sizes[-1]))


@pytest.mark.parametrize(("sizes", "activation", "loss"), CASES)
def test_every_plane_agrees_with_a_loop(
    sizes: list[int], activation: str | list[str], loss: str
) -> None:
    net = nne.Network(sizes, activation, seed=3, loss=loss)
    x, y = data(net, 4)
    for ways in planes(len(net.names), np.random.default_rng(0)):
        got = plane.losses(net.structure, net.vector, ways, ALPHA, BETA, x.T, y.T)
        np.testing.assert_allclose(got, one_by_one(net, ways, x, y), rtol=1e-12)


def test_weights_that_are_zero_at_the_network_but_move() -> None:
    net = nne.Network([2, 1, 1], "sigmoid", dict.fromkeys(("w13", "w23", "b3", "w34", "b4"), 0.0))
    x, y = data(net, 3)
    unit = np.eye(5)
    for ways in ((unit[0] + unit[3], unit[1]), (unit[0], unit[1]), (unit[0], unit[1] + unit[3])):
        got = plane.losses(net.structure, net.vector, ways, ALPHA, BETA, x.T, y.T)
        np.testing.assert_allclose(got, one_by_one(net, ways, x, y), rtol=1e-13)


@pytest.mark.parametrize("name", list(nne.activations))
def test_every_activation(name: str) -> None:
    net = nne.Network([2, 2, 1], name, seed=1)
    x, y = data(net, 3)
    for first, second in (("w13", "w35"), ("w13", "w14"), ("w13", "w23"), ("b3", "b5")):
        view = nne.landscape(net, x, y, first, second, points=5)
        want = net.losses_at(view.point(view.first[:, None], view.second), x, y)
        np.testing.assert_allclose(view.loss, want, rtol=1e-13)


@settings(deadline=None)
@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_saturated_sigmoids_keep_their_digits(first: float, second: float, bias: float) -> None:
    # z = first + second + bias may overflow exp, and its parts may overflow where z does not.
    net = nne.Network([2, 1], "sigmoid", {"w13": 0, "w23": 0, "b3": bias})
    ways = (np.eye(3)[0], np.eye(3)[1])
    x, y = np.ones((2, 1)), np.zeros((1, 1))
    got = plane.losses(net.structure, net.vector, ways, np.array([first]), np.array([second]), x, y)
    want = one_by_one(net, ways, x.T, y.T, np.array([first]), np.array([second]))
    # exp(-z) is off by up to |z| roundings; below 1e-300 the floats themselves lose digits.
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("hidden", ["sigmoid", "identity"])
@settings(deadline=None)
@given(first=st.floats(-30, 30), weight=st.floats(-1000, 1000), bias=st.floats(-1000, 1000))
def test_saturated_sigmoids_behind_both_axes_keep_their_digits(
    hidden: str, first: float, weight: float, bias: float
) -> None:
    # z = weight·a + bias: each part may overflow exp where z does not, and the other way round.
    parameters = {"w13": 0, "w23": 0, "b3": 0, "w34": weight, "b4": bias}
    net = nne.Network([2, 1, 1], [hidden, "sigmoid"], parameters)
    unit, grid = np.eye(5), (np.array([first]), np.array([0.5]))
    x, y = np.ones((2, 1)), np.zeros((1, 1))
    got = plane.losses(net.structure, net.vector, (unit[0], unit[1]), *grid, x, y)
    want = one_by_one(net, (unit[0], unit[1]), x.T, y.T, *grid)
    # J = h²/2 is off by twice the roundings of both parts, of up to 1000 each.
    np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-300)


def test_units_cut_off_from_both_axes_and_led_back_to_them() -> None:
    # Unit 4 does not feel unit 3, whose weights are the axes; unit 5 feels it again.
    names = ("w13", "w23", "b3", "w34", "b4", "w45", "b5")
    values = (0.3, -0.2, 0.1, 0.0, 0.4, 0.7, -0.5)
    net = nne.Network([2, 1, 1, 1], "tanh", dict(zip(names, values, strict=True)))
    x, y = data(net, 3)
    unit = np.eye(7)
    for ways in ((unit[0], unit[1]), (unit[0] + unit[5], unit[1]), (unit[0], unit[1] + unit[3])):
        got = plane.losses(net.structure, net.vector, ways, ALPHA, BETA, x.T, y.T)
        np.testing.assert_allclose(got, one_by_one(net, ways, x, y), rtol=1e-13)


def test_blocks_of_samples_and_points_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    net = nne.Network([2, 3, 2], "sigmoid", seed=0)
    x, y = data(net, 11)
    whole = nne.landscape(net, x, y, "w13", "w36", points=7).loss
    monkeypatch.setattr(plane, "_BLOCK", 50)
    monkeypatch.setattr(plane, "_PREPARED", 60)
    np.testing.assert_allclose(
        nne.landscape(net, x, y, "w13", "w36", points=7).loss, whole, rtol=1e-14
    )


def test_the_number_of_threads_changes_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    net = nne.Network([3, 2, 1], "sigmoid", seed=0)
    x, y = data(net, 40)
    monkeypatch.setattr(plane, "_WORTH_THREADS", 1)
    monkeypatch.setattr(plane, "_BLOCK", 5000)
    seen = []
    for cores in (1, 2, 3, None):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        seen.append(nne.landscape(net, x, y, "w14", "w24", points=70).loss)
    assert all(np.array_equal(other, seen[0]) for other in seen[1:])


def test_nan_is_not_hidden_and_infinity_is_not_nan() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0})
    ways = (np.eye(2)[0], np.eye(2)[1])
    got = plane.losses(net.structure, net.vector, ways, np.array([0.0, 1e200]),
                       np.array([0.0, np.nan]), np.ones((1, 1)), np.ones((1, 1)))  # fmt: skip
    assert got[0, 0] == 0.5
    assert got[1, 0] == np.inf
    assert np.isnan(got[:, 1]).all()


@pytest.mark.parametrize("axes", [("w14", "w46"), ("w14", "w24"), ("w14", "w15")])
def test_memory_stays_bounded(axes: tuple[str, str]) -> None:
    net = nne.Network([3, 2, 1], seed=0)
    x, y = data(net, 1000)
    tracemalloc.start()
    nne.landscape(net, x, y, *axes, points=256)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # One array over the grid and all samples would take 524 MB.
    assert peak < 20e6


def test_a_prediction_without_a_loss_is_refused() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0.1, "b2": 0.5}, loss="binary_cross_entropy")
    with pytest.raises(nne.NnexplainError, match="needs predictions h in"):
        nne.landscape(net, [1], 1, "w12", "b2")
