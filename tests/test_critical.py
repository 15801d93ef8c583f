"""The search for critical points finds the known ones, and says how many starts were lost."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.critical import critical_points_in

X, Y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])


def linear_chain() -> nne.Network:
    return nne.Network([1, 1, 1], "identity", {"w12": 0.5, "b2": 0, "w23": 0.5, "b3": 0})


def test_a_linear_chain_has_a_saddle_at_zero_and_a_valley_of_perfect_fits() -> None:
    # J = (2 - w12 w23)² + ...: the saddle at 0 and the curve w12 w23 = 2 (Baldi & Hornik, 1989).
    starts = np.random.default_rng(0).standard_normal((30, 4))
    found = nne.critical_points(linear_chain(), X, Y, starts)
    kinds = {point.kind for point in found.points}
    assert kinds == {"saddle", "valley"}
    assert sum(found.hits) + found.lost == 30
    for point in found.points:
        values = point.network.parameters
        if point.kind == "saddle":
            assert point.loss == pytest.approx(4)
            assert abs(values["w12"]) + abs(values["w23"]) < 1e-6
        else:
            assert point.loss == pytest.approx(0, abs=1e-12)
            assert values["w12"] * values["w23"] == pytest.approx(2, abs=1e-6)


def test_every_found_point_has_no_slope() -> None:
    x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    net = nne.Network([2, 2, 1], "tanh", seed=0)
    starts = np.random.default_rng(1).standard_normal((10, 9))
    found = nne.critical_points(net, x, y, starts)
    assert found.points
    losses = [point.loss for point in found.points]
    assert losses == sorted(losses)
    for point in found.points:
        steepness = np.linalg.norm(list(point.network.gradient(x, y).values()))
        assert steepness <= point.tolerance
        assert point.loss == pytest.approx(point.network.loss(x, y))


def test_the_points_of_a_plane() -> None:
    view = nne.landscape(linear_chain(), X, Y, "w12", "w23", points=41)
    found = critical_points_in(view)
    (saddle,) = (point for point in found.points if point.kind == "saddle")
    assert view.project(saddle.network.vector) == pytest.approx([0, 0], abs=1e-6)
    assert saddle.eigenvalues == pytest.approx([-4, 4])
    valley = [point for point in found.points if point.kind == "valley"]
    assert len(valley) > 5
    assert all(np.prod(view.project(p.network.vector)) == pytest.approx(2) for p in valley)
    assert "saddle: J = 4" in str(found)


def test_a_search_does_not_care_which_way_is_down() -> None:
    # σ(z) against the target 0: from z = 1 the slope fades fastest uphill, in saturation.
    net = nne.Network([1, 1], "sigmoid", {"w12": 1, "b2": 0})
    (point,) = nne.critical_points(net, [1], 0, [[1.0, 0.0]]).points
    assert point.kind == "plateau"
    assert net.loss([1], 0) < point.loss < 0.5


def test_a_start_that_leads_to_no_zero_slope_is_lost() -> None:
    # A linear loss of a linear network: the slope is 1 everywhere.
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0}, loss="linear")
    found = nne.critical_points(net, [1], 0, [[1.0, 0.0]])
    assert (found.points, found.lost) == ((), 1)
    assert str(found) == "1 start reached none"


def test_equal_ends_are_one_point() -> None:
    net = nne.Network([1, 1], "identity", {"w12": 0, "b2": 0})
    found = nne.critical_points(net, [[1], [2]], [1, 3], np.random.default_rng(0).random((5, 2)))
    (point,) = found.points
    assert (point.kind, found.hits, found.lost) == ("minimum", (5,), 0)
    assert point.network.vector == pytest.approx([2, -1])
    assert str(found).startswith("5 starts: minimum")


def test_starts_must_name_every_parameter() -> None:
    with pytest.raises(nne.NnexplainError, match="starts must have shape"):
        nne.critical_points(linear_chain(), X, Y, [[1, 2]])


@pytest.mark.parametrize("starts", [np.empty((0, 4)), np.ones(4)])
def test_starts_are_rows_and_at_least_one(starts: np.ndarray) -> None:
    with pytest.raises(nne.NnexplainError, match=r"starts must have shape \(P, 4\) with at least"):
        nne.critical_points(linear_chain(), X, Y, starts)
