"""Kinds of critical points: known ones, and the words about what cannot be decided."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.curvature import TOLERANCE

XOR_X, XOR_Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def zeros(sizes: list[int], activation: str, **options: str) -> nne.Network:
    names = nne.Network(sizes, seed=0).names
    return nne.Network(sizes, activation, dict.fromkeys(names, 0.0), **options)


def test_one_linear_unit_has_one_minimum_the_least_squares_fit() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 2)), rng.random(20)
    design = np.column_stack([x, np.ones(20)])
    best = np.linalg.lstsq(design, y, rcond=None)[0]
    net = nne.Network([2, 1], "identity", dict(zip(("w13", "w23", "b3"), best, strict=True)))
    here = nne.curvature(net, x, y)
    assert (here.kind, here.signs) == ("minimum", (0, 0, 3))
    # For a linear model J's Hessian is the normal equations' matrix.
    np.testing.assert_allclose(here.hessian, design.T @ design, rtol=1e-13)
    np.testing.assert_allclose(here.eigenvalues, np.linalg.svd(design)[1][::-1] ** 2, rtol=1e-12)
    np.testing.assert_allclose(
        here.hessian @ here.eigenvectors, here.eigenvectors * here.eigenvalues, atol=1e-12
    )


def test_a_deep_linear_network_has_a_saddle_at_zero() -> None:
    # Baldi & Hornik (1989): with centred data and one hidden layer the origin is a saddle.
    x = np.array([[1.0], [-1.0]])
    here = nne.curvature(zeros([1, 1, 1], "identity"), x, [2.0, -2.0])
    assert here.kind == "saddle"
    # J = Σ (y - w23 w12 x)²/2 has the mixed derivative -Σ x y = -4 there, and b3 the curvature N.
    assert here.eigenvalues == pytest.approx([-4, 0, 2, 4])
    assert here.signs == (1, 1, 2)


def test_three_layers_are_flatter_still() -> None:
    # Two hidden layers: the first non-zero derivative in the weights is the third.
    here = nne.curvature(zeros([1, 1, 1, 1], "identity"), [[1.0], [-1.0]], [2.0, -2.0])
    assert here.signs == (0, 5, 1)
    assert here.kind == "valley"
    assert "cannot say whether J rises or falls" in str(here)


def test_a_saturated_network_stands_on_a_plateau() -> None:
    net = nne.Network([1, 1], "sigmoid", {"w12": 0, "b2": 40})
    here = nne.curvature(net, [[1.0], [2.0]], [0, 1])
    assert here.kind == "plateau"
    assert 0 < np.linalg.norm(here.gradient) < here.tolerance
    assert here.tolerance == TOLERANCE * here.loss


def test_a_step_network_is_flat_everywhere() -> None:
    net = nne.Network([2, 2, 1], "step", seed=0)
    assert nne.curvature(net, XOR_X, XOR_Y).kind == "plateau"


def test_a_linear_loss_on_a_hump_is_a_maximum() -> None:
    # J = h - y and h = exp(-z²): the top of the hump at z = 0, in b alone.
    net = nne.Network([1, 1], "gaussian", {"w12": 0, "b2": 0}, loss="linear")
    assert nne.curvature(net, [1], 0, directions=[[0, 1]]).kind == "maximum"
    assert nne.curvature(net, [1], 0).kind == "ridge"
    assert nne.curvature(net, [[1], [2]], [0, 0]).kind == "maximum"


def test_a_slope_is_no_critical_point() -> None:
    here = nne.curvature(nne.Network([2, 2, 1], seed=0), XOR_X, XOR_Y)
    assert here.kind == "slope"
    assert str(here).startswith("slope: J = ")


def test_the_known_xor_solution_stands_on_kinks() -> None:
    # Goodfellow, Bengio & Courville (2016), section 6.1.
    net = nne.Network(
        [2, 2, 1],
        ["relu", "identity"],
        {"w13": 1, "w23": 1, "b3": 0, "w14": 1, "w24": 1, "b4": -1, "w35": 1, "w45": -2, "b5": 0},
    )
    here = nne.curvature(net, XOR_X, XOR_Y)
    assert here.loss == 0
    assert here.kinks == (3, 4)
    assert here.kind == "valley"
    assert "units 3, 4 stand on a kink" in str(here)
    lifted = net.replace(parameters={"b3": 0.25, "b4": -0.75})
    assert nne.curvature(lifted, XOR_X, XOR_Y).kinks == ()


def test_the_bottom_of_the_absolute_loss_is_a_kink_and_no_plateau() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 1, "b2": 0}, loss="absolute")
    here = nne.curvature(net, [[1], [2]], [1, 2])
    assert (here.kind, here.kinks) == ("kink", ("loss",))
    assert str(here).endswith(
        "; h = y for some sample, where J has neither slope nor curvature: loss absolute, "
        "at h = y the slope is not defined; by convention it is 0"
    )
    # Between the targets J = (h - 1) + (3 - h) is level.
    between = nne.curvature(net.replace(parameters={"b2": 1}), [[1], [1]], [1, 3])
    assert (between.kind, between.kinks) == ("plateau", ())
    bent = nne.Network([1, 1], "relu", {"w12": 1, "b2": -1}, loss="absolute")
    assert nne.curvature(bent, [1], 0).kinks == (2, "loss")


def test_directions_restrict_what_is_seen() -> None:
    net = zeros([1, 1, 1], "identity")
    x, y = [[1.0], [-1.0]], [2.0, -2.0]
    ways = np.array([[1.0, 0, 1, 0], [1, 0, -1, 0]]) / np.sqrt(2)
    down = nne.curvature(net, x, y, directions=ways[:1])
    across = nne.curvature(net, x, y, directions=ways[1:])
    assert (down.kind, across.kind) == ("maximum", "minimum")
    both = nne.curvature(net, x, y, directions=ways)
    assert (both.kind, both.hessian.shape) == ("saddle", (2, 2))


@pytest.mark.parametrize("ways", [np.ones(4), np.ones((2, 4)), np.ones((1, 3))])
def test_dependent_directions_are_refused(ways: np.ndarray) -> None:
    with pytest.raises(nne.NnexplainError, match=r"directions must have shape"):
        nne.curvature(zeros([1, 1, 1], "identity"), [1], 1, directions=ways)
