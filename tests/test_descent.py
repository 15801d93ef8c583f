"""Descent against loops written from the textbook, closed forms, PyTorch, mpmath, worked examples.

No oracle here uses the package's gradient: the loops below have their own formulas.
"""

from __future__ import annotations

import importlib
import math
import sys
import types
import warnings
from typing import Any

import mpmath
import numpy as np
import pytest

import nnexplain as nne
from nnexplain import NnexplainError
from nnexplain.descent import (
    METHODS,
    Adam,
    EvolutionStrategy,
    FiniteDifferences,
    Momentum,
    RandomSearch,
    Trajectory,
    descend,
    descend_many,
)
from nnexplain.descent.crowd import crowd_size, losses

RNG = np.random.default_rng(7)
X, Y = RNG.standard_normal((20, 3)), RNG.random(20)
CORNERS, XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def textbook(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """∂J/∂θ of a 3-2-1 network of sigmoids, J = ½Σ(y-h)², with a(1 - a)."""
    first, second = theta[:8].reshape(2, 4), theta[8:]
    a = sigmoid(x @ first[:, :3].T + first[:, 3])
    h = sigmoid(a @ second[:2] + second[2])
    d2 = (h - y) * h * (1 - h)
    d1 = d2[:, None] * second[:2] * a * (1 - a)
    rows = np.hstack([d1.T @ x, d1.sum(axis=0)[:, None]])
    return np.concatenate([rows.ravel(), d2 @ a, [d2.sum()]])


def textbook_loss(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    first, second = theta[:8].reshape(2, 4), theta[8:]
    h = sigmoid(sigmoid(x @ first[:, :3].T + first[:, 3]) @ second[:2] + second[2])
    return 0.5 * float(np.sum((y - h) ** 2))


def test_full_batch_is_the_textbook_loop() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    run = descend(net, X, Y, learning_rate=0.3, steps=700)
    theta = net.vector.copy()
    for k in range(701):
        assert run.loss[k] == pytest.approx(textbook_loss(theta, X, Y), rel=1e-12)
        np.testing.assert_allclose(run.parameters[k], theta, rtol=1e-10)
        theta = theta - 0.3 * textbook(theta, X, Y)
    assert run.stopped == "step limit"
    assert run.reason.startswith("all 700 steps were taken: J went from")
    assert list(run.steps) == list(range(701))


@pytest.mark.parametrize("size", [1, 6, 20])
def test_every_pass_over_the_data_takes_each_sample_once(size: int) -> None:
    net = nne.Network([3, 2, 1], seed=0)
    run = descend(net, X, Y, learning_rate=0.2, steps=60, batch_size=size, seed=3)
    rng, order, theta = np.random.default_rng(3), [], net.vector.copy()
    for k in range(60):
        order = order or list(rng.permutation(20))
        batch, order = (order[:size], order[size:]) if size < 20 else (range(20), [])
        theta = theta - 0.2 * textbook(theta, X[list(batch)], Y[list(batch)])
        np.testing.assert_allclose(run.parameters[k + 1], theta, rtol=1e-10)
        assert run.loss[k + 1] == pytest.approx(textbook_loss(theta, X, Y), rel=1e-12)


@pytest.mark.parametrize(
    ("method", "name", "options"),
    [
        ("gradient_descent", "SGD", {}),
        ("momentum", "SGD", {"momentum": 0.9}),
        (Momentum(0.5), "SGD", {"momentum": 0.5}),
        ("adam", "Adam", {}),
        (Adam(0.8, 0.99, 1e-3), "Adam", {"betas": (0.8, 0.99), "eps": 1e-3}),
    ],
)
def test_methods_are_those_of_pytorch(method: Any, name: str, options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    net = nne.Network([3, 2, 1], seed=2)
    run = descend(net, X, Y, learning_rate=0.05, steps=200, method=method)
    theta = torch.tensor(net.vector, requires_grad=True)
    optimizer = getattr(torch.optim, name)([theta], lr=0.05, **options)
    x, y = torch.tensor(X), torch.tensor(Y)
    for k in range(201):
        np.testing.assert_allclose(run.parameters[k], theta.detach().numpy(), rtol=1e-9)
        optimizer.zero_grad()
        first, second = theta[:8].reshape(2, 4), theta[8:]
        a = torch.sigmoid(x @ first[:, :3].T + first[:, 3])
        J = 0.5 * ((y - torch.sigmoid(a @ second[:2] + second[2])) ** 2).sum()
        assert run.loss[k] == pytest.approx(J.item(), rel=1e-9)
        J.backward()
        optimizer.step()


def test_three_steps_of_adam_and_momentum_in_fifty_digits() -> None:
    """One tanh unit, one sample: J = ½(y - tanh(w x + b))², every step in mpmath."""
    net = nne.Network([1, 1], "tanh", {"w12": 0.4, "b2": -0.2})
    runs = {
        method: descend(net, [1.5], 0.75, learning_rate=0.125, steps=3, method=method)
        for method in ("adam", "momentum")
    }
    with mpmath.workdps(50):
        mp = mpmath.mpf
        eta, x, y = mp("0.125"), mp("1.5"), mp("0.75")

        def gradient(w: Any, b: Any) -> list[Any]:
            h = mpmath.tanh(w * x + b)
            return [(h - y) * (1 - h * h) * x, (h - y) * (1 - h * h)]

        theta, v = [mp(0.4), mp(-0.2)], [mp(0), mp(0)]
        for k in range(1, 4):
            v = [mp(0.9) * old + g for old, g in zip(v, gradient(*theta), strict=True)]
            theta = [t - eta * speed for t, speed in zip(theta, v, strict=True)]
            for got, exact in zip(runs["momentum"].parameters[k], theta, strict=True):
                assert abs(got - exact) < 1e-15
        theta, m, s = [mp(0.4), mp(-0.2)], [mp(0), mp(0)], [mp(0), mp(0)]
        b1, b2, eps = mp(0.9), mp(0.999), mp(1e-8)
        for k in range(1, 4):
            g = gradient(*theta)
            m = [b1 * old + (1 - b1) * new for old, new in zip(m, g, strict=True)]
            s = [b2 * old + (1 - b2) * new**2 for old, new in zip(s, g, strict=True)]
            theta = [
                t - eta * (mean / (1 - b1**k)) / (mpmath.sqrt(square / (1 - b2**k)) + eps)
                for t, mean, square in zip(theta, m, s, strict=True)
            ]
            for got, exact in zip(runs["adam"].parameters[k], theta, strict=True):
                assert abs(got - exact) < 1e-13


# --- A parabola: h = w x, J = ½Σ(y - w x)², curvature λ = Σx²; w - w* shrinks by 1 - ηλ each step.


def parabola(w: float, **options: Any) -> Trajectory:
    net = nne.Network([1, 1], "identity", {"w12": w, "b2": 0})
    return descend(net, [[1], [2]], [1, 2], freeze=["b2"], **options)  # λ = 5, w* = 1


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.2, 0.3, 0.39])
def test_on_a_parabola_the_distance_shrinks_geometrically(rate: float) -> None:
    run = parabola(3.0, learning_rate=rate, steps=50, tolerance=0)
    k = run.steps
    np.testing.assert_allclose(run["w12"] - 1, 2.0 * (1 - 5 * rate) ** k, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(
        run.loss, 2.5 * 4.0 * (1 - 5 * rate) ** (2 * k), rtol=1e-8, atol=1e-28
    )
    assert np.all(run["b2"] == 0)


def test_a_step_of_two_over_the_curvature_neither_comes_nor_goes() -> None:
    run = parabola(3.0, learning_rate=0.4, steps=100)
    np.testing.assert_allclose(run["w12"] - 1, 2.0 * (-1.0) ** run.steps, rtol=1e-9)
    assert run.stopped == "step limit"


def test_beyond_two_over_the_curvature_it_diverges_where_the_closed_form_says() -> None:
    run = parabola(3.0, learning_rate=0.5, steps=1000)
    # J_k = 10 · 1.5^(2k) exceeds 10^12 · 10 for the first time:
    first = math.ceil(12 * math.log(10) / (2 * math.log(1.5)))
    assert (run.stopped, run.steps[-1], len(run)) == ("diverged", first, first + 1)
    assert run.reason.startswith(f"at step {first}, J grew from 10 to ")
    assert run.network.parameters["w12"] == run["w12"][-1]


def test_a_walk_that_overflows_ends_at_the_first_number_that_is_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = parabola(3.0, learning_rate=1e200, steps=1000)
    assert run.stopped == "diverged"
    assert run.steps[-1] == 1
    assert run.loss[-1] == math.inf
    assert run.reason == "at step 1, J became ∞; a smaller learning rate may help"
    run = parabola(3.0, learning_rate=1e308, steps=10)
    assert "w12 became −∞" in run.reason
    assert run.network.parameters["w12"] == 3.0


def test_leaving_the_domain_of_the_loss_is_divergence_too() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0.5}, loss="binary_cross_entropy")
    for x, y in (([1.0], 1), ([[1.0], [1.0]], [1, 1])):
        run = descend(net, x, y, learning_rate=1.0)
        assert (run.stopped, run.steps[-1]) == ("diverged", 1)
        assert "J became nan" in run.reason
    walks = descend_many(net, [1.0], 1, [[0, 0.5], [0, 0.5]], learning_rate=1.0)
    assert walks.stopped == ("diverged", "diverged")


# --- Why a walk stopped: each with a case that truly is one.


def test_converged_because_the_pulls_cancel_is_least_squares() -> None:
    net = nne.Network([3, 1], "identity", seed=0)
    run = descend(net, X, Y, learning_rate=0.02, steps=5000)
    best, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(20)]), Y, rcond=None)
    assert run.stopped == "converged"
    assert "cancel, and no direction of negative curvature leads down" in run.reason
    np.testing.assert_allclose(run.parameters[-1], best, atol=1e-4)
    # The stated criterion, by formulas of our own: first step with a gradient below tolerance · E.
    theta, design = net.vector.copy(), np.column_stack([X, np.ones(20)])
    limit, step = 1e-6 * abs(design @ theta - Y).sum(), 0
    while True:
        gradient, step = design.T @ (design @ theta - Y), step + 1
        theta = theta - 0.02 * gradient
        if np.linalg.norm(gradient) <= limit:
            break
    assert run.steps[-1] == step


def test_converged_because_the_errors_are_gone() -> None:
    x, y = [[1], [2], [3]], [1, 3, 5]  # y = 2x - 1 exactly
    run = descend(nne.Network([1, 1], "identity", seed=0), x, y, learning_rate=0.1, steps=5000)
    assert run.stopped == "converged"
    assert "the errors are gone" in run.reason
    np.testing.assert_allclose(run.parameters[-1], [2, -1], atol=1e-4)


def test_a_minimum_at_infinity_is_convergence_not_a_plateau() -> None:
    run = descend(nne.Network([1, 1], "sigmoid", {"w12": 1, "b2": 0}), [1], 1,
                  learning_rate=1e6, steps=100)  # fmt: skip
    assert run.stopped == "converged"
    assert "the errors are gone" in run.reason


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "finite_differences"])
@pytest.mark.parametrize(
    "net",
    [
        nne.Network([1, 1], "sigmoid", {"w12": 30, "b2": 30}),  # saturated on the wrong side
        nne.Network([1, 1], "step", {"w12": 1, "b2": 0}),  # f′ = 0 everywhere
        nne.Network([1, 1, 1], "relu", {"w12": -1, "b2": 0, "w23": -1, "b3": 5}).replace(
            parameters={"b3": -1}
        ),  # dead: no error comes back
    ],
    ids=["saturated", "step", "dead"],
)
def test_a_plateau_is_where_errors_remain_and_do_not_arrive(net: nne.Network, method: str) -> None:
    y = 0 if net.sizes == (1, 1) else 1
    run = descend(net, [1], y, method=method, steps=100)
    assert run.stopped == "stalled on a plateau"
    assert "only" in run.reason
    assert run.loss[-1] == run.loss[0] == pytest.approx(0.5)


def test_cross_entropy_does_not_stall_where_the_squared_error_does() -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": 30, "b2": 30}, loss="binary_cross_entropy")
    run = descend(net, [1], 0, steps=1000, learning_rate=0.5)
    assert run.loss[-1] < 0.01 < run.loss[0]


def test_a_start_of_equal_units_ends_at_a_saddle() -> None:
    """Equal hidden units stay equal: the best that one unit can do is a saddle for two."""
    x = np.linspace(-2, 2, 9)
    y = x - 0.2 * x**3

    def J(theta: np.ndarray) -> Any:  # noqa: N802
        w12, b2, w13, b3, w24, w34, b4 = theta
        h = w24 * np.tanh(w12 * x + b2) + w34 * np.tanh(w13 * x + b3) + b4
        return 0.5 * np.sum((y - h) ** 2)

    equal = {"w12": 0.5, "b2": 0.1, "w13": 0.5, "b3": 0.1, "w24": 0.3, "w34": 0.3, "b4": 0}
    net = nne.Network([1, 2, 1], ["tanh", "identity"], equal)
    run = descend(net, x[:, None], y, learning_rate=0.1, steps=10_000)
    assert run.stopped == "stalled at a saddle"
    np.testing.assert_array_equal(run["w12"], run["w13"])
    # The Hessian of our own J, by complex steps of differences.
    end, unit = run.parameters[-1], np.eye(7)
    hessian = np.array([[
        (J(end + 1e-20j * p + 1e-5 * q) - J(end + 1e-20j * p - 1e-5 * q)).imag / 2e-25
        for p in unit] for q in unit])  # fmt: skip
    lowest, direction = (part[..., 0] for part in np.linalg.eigh(hessian))
    assert lowest == pytest.approx(-0.008063, abs=1e-6)
    assert "along a direction of curvature −0.008063" in run.reason
    assert max(J(end + 0.1 * direction), J(end - 0.1 * direction)) < J(end)
    # A nudge is enough to leave it.
    nudged = net.replace(parameters=dict(zip(net.names, end + 0.01 * direction, strict=True)))
    again = descend(nudged, x[:, None], y, learning_rate=0.1, steps=20_000, every=1000)
    assert again.loss[-1] < 0.95 * run.loss[-1]


def test_the_middle_of_a_linear_saddle_is_called_one() -> None:
    """h = w23 w12 x at 0: J = ½Σ(y - w12 w23 x)² has the Hessian ((0, -s), (-s, 0)), s = Σxy."""
    net = nne.Network([1, 1, 1], "identity", {"w12": 0, "b2": 0, "w23": 0, "b3": 0})
    run = descend(net, [[1], [-1]], [1, -1], steps=10)
    assert (run.stopped, run.steps[-1]) == ("stalled at a saddle", 1)
    assert "curvature −2" in run.reason


def test_beside_a_curved_valley_of_minima_there_is_no_saddle() -> None:
    """Every minimum of a straight-line network is a least-squares fit, ½ for XOR; none is lower."""
    corners, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    for seed in range(5):
        net = nne.Network([2, 4, 1], "identity", seed=seed)
        run = descend(net, corners, targets, learning_rate=0.02, steps=3000)
        assert run.loss[-1] == pytest.approx(0.5, rel=1e-9)
        assert run.stopped == "converged", run.reason


def test_large_networks_say_that_the_curvature_was_not_looked_at() -> None:
    net = nne.Network([30, 30, 1], "identity", seed=0)
    zero = net.replace(parameters=dict.fromkeys(net.names, 0.0))
    x = np.vstack([np.eye(30), -np.eye(30)])
    run = descend(zero, x, np.repeat([1, -1], 30), steps=10)
    assert run.stopped == "converged"
    assert "curvature in more than 500 parameters was not looked at" in run.reason


def test_absolute_error_rattles_and_is_never_called_converged() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0}, loss="absolute")
    run = descend(net, [1], 1, learning_rate=0.3, steps=500, freeze=["b2"])
    assert run.stopped == "step limit"
    assert set(np.round(run.loss[10:], 9)) == {0.1, 0.2}


def test_momentum_does_not_stop_where_it_still_moves() -> None:
    """Rolling over flat ground: the gradient of the step layer is 0, the ball's speed is not."""
    net = nne.Network([1, 1], "relu", {"w12": 0.5, "b2": 0})
    run = descend(net, [1], 0, learning_rate=0.9, steps=200, method="momentum", freeze=["b2"])
    # After the first step w < 0, where h = 0 = y and the gradient is 0; the ball rolls on.
    moves = np.abs(np.diff(run["w12"]))
    assert run["w12"][1] > run["w12"][2] > run["w12"][3]
    assert moves[-1] <= 0.9 * 1e-6 * 0.5 < moves[-2]
    assert run.stopped == "converged"


def test_batches_rest_only_after_a_whole_quiet_pass() -> None:
    """Three of four samples are learned from the start; the fourth must still get its turn."""
    net = nne.Network([1, 1], "relu", {"w12": 1, "b2": 0})
    x, y = [[0.0], [0.0], [0.0], [1.0]], [0, 0, 0, 2]
    run = descend(net, x, y, learning_rate=0.5, batch_size=1, steps=400, seed=0)
    assert run.loss[-1] < 1e-9
    assert run.stopped == "converged"
    assert run.steps[-1] >= 4


# --- Worked examples


def test_nielsens_slow_neuron() -> None:
    example = nne.worked["nielsen_slow_neuron"]
    for net, start in zip(example.networks.values(), example.published["starts"], strict=True):
        run = descend(net, example.x, example.y, learning_rate=example.learning_rate,
                      steps=example.published["epochs"])  # fmt: skip
        assert round(net.forward(example.x).output, 2) == start["first_output"]
        assert round(run.network.forward(example.x).output, 2) == start["last_output"]


def test_mazurs_network_with_frozen_biases() -> None:
    example = nne.worked["mazur"]
    run = descend(example.network, example.x, example.y, learning_rate=example.learning_rate,
                  steps=10_000, freeze=["b3", "b4", "b5", "b6"])  # fmt: skip
    for name, value in example.published["new"].items():
        assert run[name][1] == pytest.approx(value, abs=5e-9)
    assert run.loss[0] == pytest.approx(example.published["J"], abs=5e-10)
    assert run.loss[1] == pytest.approx(0.291027774, abs=5e-10)
    assert set(run["b5"]) == {0.6}
    # Mazur updates the output layer first; after 10,000 steps the difference is in the 3rd digit.
    assert run.loss[-1] == pytest.approx(example.published["J_after_10000_steps"], rel=0.01)


# --- Many at once

NETWORKS = {
    "narrow": (nne.Network([3, 2, 1], seed=0), X, Y),
    "wide": (nne.Network([3, 20, 20, 1], "tanh", seed=0, initialisation="xavier"), X, Y),
    "deep": (nne.Network([3, 3, 2, 2], ["tanh", "softplus", "identity"], seed=0, loss="mse"), X,
             np.column_stack([Y, Y**2])),
    "cross-entropy": (nne.Network([3, 2, 1], seed=0, loss="binary_cross_entropy"), X, Y.round()),
    "bare cross-entropy": (nne.Network([3, 2, 1], ["tanh", "gaussian"], loss="binary_cross_entropy",
                                       seed=1), X, Y.round()),
    "absolute": (nne.Network([3, 2, 1], "relu", seed=0, loss="absolute"), X, Y),
}  # fmt: skip


@pytest.mark.parametrize("batch", [None, 6])
@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("method", ["gradient_descent", "adam"])
def test_many_walks_are_each_walk_alone(name: str, method: str, batch: int | None) -> None:
    net, x, y = NETWORKS[name]
    assert (crowd_size(net.structure, 20) > 1) == (name != "wide")
    starts = 0.5 * np.random.default_rng(1).standard_normal((150, len(net.names)))
    options: dict[str, Any] = {"learning_rate": 0.05, "method": method, "steps": 30,
                               "batch_size": batch, "every": 7, "seed": 5}  # fmt: skip
    walks = descend_many(net, x, y, starts, **options)
    assert walks.loss.shape == (6, 150)
    assert list(walks.steps) == [0, 7, 14, 21, 28, 30]
    for i in (0, 71, 149):
        start = net.replace(parameters=dict(zip(net.names, starts[i], strict=True)))
        alone = descend(start, x, y, **options)
        np.testing.assert_allclose(walks[i].loss, alone.loss, rtol=1e-9)
        np.testing.assert_allclose(walks[i].parameters, alone.parameters, rtol=1e-8, atol=1e-12)
        assert walks[i].stopped == alone.stopped
        if alone.stopped != "diverged":
            assert alone.loss[-1] == pytest.approx(alone.network.loss(x, y), rel=1e-12)


def test_walks_end_one_by_one() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0})
    x, y = [[1], [2]], [1, 2]
    starts = np.array([[3, 0], [1, 0], [1e3, 0], [-7, 0]], dtype=float)
    options: dict[str, Any] = {"learning_rate": 0.05, "freeze": ["b2"], "steps": 600, "every": 10}
    walks = descend_many(net, x, y, starts, **options)
    for start, walk, ends in zip(starts, walks, walks.record.ends, strict=True):
        alone = descend(net.replace(parameters={"w12": start[0]}), x, y, **options)
        assert walk.stopped == alone.stopped == "converged"
        assert walk.reason == alone.reason
        assert walk.steps[-1] == alone.steps[-1] == ends
        np.testing.assert_allclose(walk["w12"], alone["w12"], rtol=1e-12)
    # The walk that began at the minimum stays there in every record.
    assert set(walks.parameters[:, 1, 0]) == {1.0}
    assert str(walks).startswith("4 walks by gradient_descent: 4 converged; lowest J")


def test_restarts_find_xor_and_say_which_did_not() -> None:
    net = nne.Network([2, 2, 1], "tanh", seed=0)
    starts = np.random.default_rng(0).standard_normal((300, 9))
    walks = descend_many(net, CORNERS, XOR, starts, learning_rate=0.2, steps=2000, every=500)
    final = walks.loss[-1]
    assert walks.best.loss[-1] == final.min() < 1e-3
    assert (final > 0.1).any()
    assert len(walks.stopped) == len(walks) == 300
    assert [walk.loss[-1] for walk in walks[3:5]] == [final[3], final[4]]
    assert walks[-1].loss[-1] == final[-1]
    with pytest.raises(IndexError):
        walks[300]


def test_diverged_walks_count_last() -> None:
    net = nne.Network([1, 1], "identity", seed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        walks = descend_many(net, [1], 0, [[1e200, 1e200], [2, 0], [1, 0]], steps=3,
                             learning_rate=1.5)  # fmt: skip
    assert walks.stopped[0] == "diverged"
    assert walks.best.loss[0] == 0.5
    assert "diverged" in str(walks)


def test_saturated_walks_do_not_overflow() -> None:
    net = nne.Network([1, 2, 1], "sigmoid", seed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        walks = descend_many(net, [[1e3], [-1e3]], [0, 1], np.full((40, 7), 5.0), steps=5)
        alone = descend(net.replace(parameters=dict.fromkeys(net.names, 5.0)),
                        [[1e3], [-1e3]], [0, 1], steps=5)  # fmt: skip
    np.testing.assert_allclose(walks[7].loss, alone.loss, rtol=1e-12)
    assert np.isfinite(walks.loss).all()


def test_losses_of_a_crowd_mark_what_has_none() -> None:
    net = nne.Network([1, 1], "identity", seed=0, loss="binary_cross_entropy")
    for copies in (1, 30):
        theta = np.tile([[0.0, 0.0], [0.5, 1.5]], copies)
        J = losses(net.structure, theta, np.array([[1.0]]), np.array([[1.0]]))
        np.testing.assert_allclose(J, np.tile([math.log(2), math.nan], copies))


# --- Without derivatives


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the parameter sets whose J is computed, where it is computed."""
    module, calls = importlib.import_module("nnexplain.descent.task"), []

    def counting(structure: Any, theta: Any, x: Any, y: Any) -> Any:
        calls.append(theta.shape[1])
        return losses(structure, theta, x, y)

    monkeypatch.setattr(module, "losses", counting)
    return calls


@pytest.mark.parametrize(
    ("method", "first", "each"),
    [
        ("finite_differences", 0, 2 * 11),
        ("random_search", 1, 1),
        (EvolutionStrategy(pairs=4), 0, 8),
        ("gradient_descent", 0, 0),
    ],
)
def test_evaluations_are_counted(
    method: Any, first: int, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch)
    run = descend(nne.Network([3, 2, 1], seed=0), X, Y, method=method, steps=40, every=10)
    assert list(run.evaluations) == [first + each * k for k in run.steps]
    # What is computed beyond that is J for the record: the start and four records, in 1 or 2 calls.
    assert sum(calls) - run.evaluations[-1] == (2 if method == "gradient_descent" else 5)


def test_frozen_parameters_cost_no_evaluations() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    freeze = ["w14", "b6"]
    run = descend(net, X, Y, method="finite_differences", steps=5, freeze=freeze)
    assert run.evaluations[-1] == 5 * 2 * 9
    for method in METHODS:
        run = descend(net, X, Y, method=method, steps=30, freeze=freeze)
        moved = np.ptp(run.parameters, axis=0)
        assert [name for name, m in zip(net.names, moved, strict=True) if m == 0] == freeze


def test_finite_differences_walk_like_the_gradient() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    true = descend(net, X, Y, learning_rate=0.3, steps=100)
    tried = descend(net, X, Y, learning_rate=0.3, steps=100, method=FiniteDifferences(1e-4))
    np.testing.assert_allclose(tried.parameters, true.parameters, atol=1e-6)


def test_random_search_never_climbs_and_repeats_with_its_seed() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    runs = [descend(net, X, Y, method="random_search", steps=300, seed=s) for s in (1, 1, 2)]
    assert np.all(np.diff(runs[0].loss) <= 0)
    assert runs[0].loss[-1] < 0.6 * runs[0].loss[0]
    np.testing.assert_array_equal(runs[0].parameters, runs[1].parameters)
    assert not np.array_equal(runs[0].parameters, runs[2].parameters)
    kept = np.diff(runs[0]["w14"])[np.diff(runs[0]["w14"]) != 0]
    assert 0.05 < kept.std() < 0.2


def test_evolution_estimates_the_gradient_of_the_smoothed_loss() -> None:
    """On a parabola the smoothed gradient is the gradient: the mean step is -η λ (w - 1)."""
    net = nne.Network([1, 1], "identity", {"w12": 3.0, "b2": 0})
    moves = [
        descend(net, [[1], [2]], [1, 2], learning_rate=0.1, steps=1, freeze=["b2"], seed=seed,
                method=EvolutionStrategy(spread=0.3, pairs=50))["w12"][1] - 3.0
        for seed in range(100)
    ]  # fmt: skip
    # Each e² has mean 1 and variance 2: the mean of 5000 pairs is within 5 standard errors of 1.
    assert np.mean(moves) == pytest.approx(-0.1 * 5 * 2, rel=5 * math.sqrt(2 / 5000))


@pytest.mark.parametrize("method", ["random_search", "evolution_strategy"])
def test_trial_goes_on_where_the_gradient_is_zero(method: str) -> None:
    net = nne.Network([1, 1], "step", {"w12": 0.1, "b2": 0.05})
    run = descend(net, [1], 0, method=method, steps=200)
    assert run.loss[-1] == 0
    assert run.stopped == "step limit"


@pytest.mark.parametrize("method", ["finite_differences", "random_search", "evolution_strategy"])
def test_methods_without_derivatives_walk_many_starts_too(method: str) -> None:
    net = nne.Network([3, 2, 1], seed=0)
    starts = np.random.default_rng(2).standard_normal((3, 11))
    walks = descend_many(net, X, Y, starts, method=method, steps=20)
    alone = descend(net.replace(parameters=dict(zip(net.names, starts[2], strict=True))), X, Y,
                    method=method, steps=20)  # fmt: skip
    np.testing.assert_array_equal(walks[2].parameters, alone.parameters)
    np.testing.assert_array_equal(walks[2].evaluations, alone.evaluations)


# --- Records, display, progress, errors


@pytest.mark.parametrize("every", [100, 650])
@pytest.mark.parametrize("options", [{}, {"batch_size": 7}, {"method": "random_search"}])
def test_what_is_kept_does_not_change_the_walk(options: dict[str, Any], every: int) -> None:
    net = nne.Network([3, 2, 1], seed=0)
    whole = descend(net, X, Y, steps=1300, **options)
    thin = descend(net, X, Y, steps=1300, every=every, **options)
    np.testing.assert_array_equal(thin.steps, np.arange(0, 1301, every))
    np.testing.assert_array_equal(thin.parameters, whole.parameters[::every])
    np.testing.assert_allclose(thin.loss, whole.loss[::every], rtol=1e-14)


def test_a_walk_reads_well() -> None:
    run = parabola(3.0, learning_rate=0.1, steps=2)
    assert repr(run) == "Trajectory(gradient_descent, 2 steps, 'step limit')"
    assert str(run) == (
        "gradient_descent, J 10 → 0.625; step limit: all 2 steps were taken: "
        "J went from 10 to 0.625"
    )
    assert run.names == ("w12", "b2")
    assert run.start.parameters["w12"] == 3.0
    with pytest.raises(NnexplainError, match="unknown parameter 'w21'"):
        run["w21"]


def test_later_changes_of_the_data_change_nothing() -> None:
    x = X.copy()
    net = nne.Network([3, 2, 1], seed=0)
    run = descend(net, x, Y, steps=5)
    before = run.loss.copy()
    x[:] = 0
    np.testing.assert_array_equal(run.loss, before)
    np.testing.assert_array_equal(run.parameters[0], net.vector)


class Bar:
    """What is used of tqdm."""

    total, done = 0, 0

    def __init__(self, total: int, unit: str) -> None:
        type(self).total, type(self).done = total, 0
        assert unit == "step"

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def update(self, steps: int) -> None:
        type(self).done += steps


def show(bar: type[Bar], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", types.ModuleType("tqdm"))
    auto = types.ModuleType("tqdm.auto")
    auto.tqdm = bar  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm.auto", auto)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    show(Bar, monkeypatch)
    net = nne.Network([3, 2, 1], seed=0)
    starts = np.random.default_rng(1).standard_normal((2000, 11))
    losses = []
    for cores in (1, 3, None):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        walks = descend_many(net, X, Y, starts, steps=20, batch_size=6, seed=2, progress=True)
        assert Bar.done == Bar.total
        losses.append(walks.loss)
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-12)
    np.testing.assert_array_equal(losses[2], losses[0])


def test_an_interrupt_stops_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(Bar):
        def update(self, steps: int) -> None:
            super().update(steps)
            if self.done > 200:
                raise KeyboardInterrupt

    show(Impatient, monkeypatch)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    starts = np.random.default_rng(1).standard_normal((2000, 11))
    with pytest.raises(KeyboardInterrupt):
        descend_many(nne.Network([3, 2, 1], seed=0), X, Y, starts, steps=10**6, every=10**6,
                     progress=True)  # fmt: skip
    assert Impatient.done < 2000


def test_progress_is_told_of_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    show(Bar, monkeypatch)
    net = nne.Network([3, 2, 1], seed=0)
    descend(net, X, Y, steps=1200, progress=True)
    assert Bar.total == Bar.done == 1200
    parabola(3.0, learning_rate=0.1, steps=5000, progress=True)  # ends early
    assert Bar.total == Bar.done == 5000


def test_progress_without_tqdm_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(NnexplainError, match="pip install tqdm"):
        descend(nne.Network([3, 2, 1], seed=0), X, Y, steps=3, progress=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be above 0, got 0"),
        ({"learning_rate": math.nan}, "learning_rate must be finite"),
        ({"learning_rate": "0.1"}, "learning_rate must be real numbers"),
        ({"steps": 0}, "steps must be a whole number of 1 or more, got 0"),
        ({"steps": 2.5}, "steps must be a whole number of 1 or more, got 2.5"),
        ({"steps": True}, "steps must be a whole number"),
        ({"method": "adm"}, "did you mean 'adam'"),
        ({"method": Adam}, "unknown method"),
        ({"batch_size": 21}, "batch_size must be at most the number of samples, 20, got 21"),
        ({"batch_size": 0}, "batch_size must be a whole number of 1 or more"),
        ({"batch_size": 5, "method": "random_search"}, "leave batch_size out"),
        ({"seed": -1}, "seed must be a whole number of 0 or more"),
        ({"freeze": ["w144"]}, "did you mean 'w14'"),
        ({"freeze": None}, r"freeze must be a list of names, such as \['w14'\]; got None"),
        ({"freeze": "w14"}, r"freeze must be a list of names, such as \['w14'\]"),
        ({"tolerance": -1}, "tolerance must be 0 or more"),
        ({"every": 0}, "every must be a whole number of 1 or more"),
        ({"steps": 10**9}, r"would take 82.0 GiB.*every=\d+"),
    ],
)
def test_bad_choices_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        descend(nne.Network([3, 2, 1], seed=0), X, Y, **options)


def test_bad_data_and_starts_are_refused() -> None:
    net = nne.Network([3, 2, 1], seed=0)
    with pytest.raises(NnexplainError, match="must be finite"):
        descend(net, X * math.nan, Y)
    with pytest.raises(NnexplainError, match="y must have shape"):
        descend(net, X, Y[:3])
    with pytest.raises(NnexplainError, match="freeze leaves no parameter"):
        descend(net, X, Y, freeze=net.names)
    for starts in (np.zeros(11), np.zeros((0, 11)), np.zeros((2, 3, 11))):
        with pytest.raises(NnexplainError, match=r"starts must have shape \(P, 11\)"):
            descend_many(net, X, Y, starts)
    with pytest.raises(NnexplainError, match="must be finite"):
        descend_many(net, X, Y, np.full((2, 11), math.inf))
    bare = nne.Network([1, 1], "identity", {"w12": 0, "b2": 2}, loss="binary_cross_entropy")
    with pytest.raises(NnexplainError, match="needs predictions h in"):
        descend(bare, [1], 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Momentum(1.0), "decay of momentum must be at least 0 and below 1, got 1.0"),
        (lambda: Adam(beta2=-0.1), "beta2 of adam"),
        (lambda: Adam(epsilon=0), "epsilon of adam must be above 0"),
        (lambda: FiniteDifferences(0), "width of finite_differences must be above 0"),
        (lambda: RandomSearch(-1), "spread of random_search must be above 0"),
        (lambda: EvolutionStrategy(pairs=0), "pairs of evolution_strategy must be a whole"),
        (lambda: EvolutionStrategy(pairs=True), "pairs of evolution_strategy must be a whole"),
    ],
)
def test_bad_methods_are_refused(make: Any, message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        make()


def test_a_trajectory_knows_its_parameters_by_name_and_has_no_order_to_go_through() -> None:
    walk = nne.descend(nne.Network([1, 1], seed=0), [1], 0, steps=2)
    assert "w12" in walk
    assert "w21" not in walk
    with pytest.raises(TypeError, match="not iterable"):
        iter(walk)  # type: ignore[call-overload]


def test_a_start_without_errors_is_said_to_have_had_none() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0})
    walk = nne.descend(net, [[1]], [[0]], steps=10)
    assert walk.stopped == "converged"
    assert walk.reason.endswith("the errors are gone, Σ|∂J/∂h| is 0 and was 0 at the start")
