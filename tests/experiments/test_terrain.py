"""Ground and walkers: against SymPy's splines, shapes known by heart, and the map itself."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from nnexplain.errors import NnexplainError
from nnexplain.experiments.terrain import Elevation, Ground, ground, lattice, walk

KNOTS = np.random.default_rng(0).normal(size=(7, 8)) * 100
LAND = Ground(KNOTS, east=50.0, north=80.0)


def spline(knots: list[float], at: float) -> sp.Expr:
    """Σ knots[k] B(t - k) with the cubic B-spline B of SymPy, whose knots are -2 to 2."""
    t = sp.symbols("t")
    b = sp.bspline_basis(3, (-2, -1, 0, 1, 2), 0, t)
    return sum(v * b.subs(t, sp.Rational(at) - k) for k, v in enumerate(knots))


def test_the_height_is_a_cubic_b_spline() -> None:
    at = (130.0, 210.0)
    rows = [spline(row.tolist(), at[0] / LAND.east) for row in KNOTS]
    exact = spline([float(row) for row in rows], at[1] / LAND.north)
    assert float(LAND.height(at)) == pytest.approx(float(exact), rel=1e-12)


def test_slope_and_curvature_are_its_derivatives() -> None:
    points = np.random.default_rng(1).uniform((60, 90), (290, 390), size=(20, 2))
    step = 1e-3
    for axis in (0, 1):
        move = step * np.eye(2)[axis]
        rise = (LAND.height(points + move) - LAND.height(points - move)) / (2 * step)
        bend = (LAND.slope(points + move) - LAND.slope(points - move)) / (2 * step)
        assert LAND.slope(points)[:, axis] == pytest.approx(rise, abs=1e-6)
        assert LAND.curvature(points)[:, axis] == pytest.approx(bend, abs=1e-6)


def test_a_plane_stays_a_plane() -> None:
    rows, columns = np.mgrid[0:24, 0:36]
    tilted = Elevation(2.0 * rows + 3.0 * columns, 10.0, 20.0, "", "")
    land = ground(tilted, block=6)
    points = lattice(land, 5)
    assert land.slope(points) == pytest.approx(np.tile([0.3, 0.1], (25, 1)))
    # The first control point is the mean of the first square: 2.5 rows and 2.5 columns in.
    assert land.height([0.0, 0.0]) == pytest.approx(2 * 2.5 + 3 * 2.5)
    walks = walk(land, points, learning_rate=100.0, steps=200)
    assert walks.left.all()
    assert not walks.arrived.any()
    assert (walks.valleys == -1).all()


def test_walkers_number_their_valleys_from_the_lowest() -> None:
    across = np.arange(13.0)
    two = np.minimum((across - 3) ** 2, (across - 9) ** 2 + 4)
    land = Ground(10 * np.add.outer((np.arange(7.0) - 3) ** 2, two), 100.0, 100.0)
    walks = walk(land, [[900, 300], [250, 350], [950, 280]], learning_rate=100.0, steps=500)
    assert walks.arrived.all()
    assert walks.valleys.tolist() == [1, 0, 1]
    assert walks.bottoms == pytest.approx(walks.heights[-1, [1, 0]])
    assert walks.bottoms[0] < walks.bottoms[1]
    assert (np.diff(walks.heights, axis=0) < 1e-9).all()
    direct = np.linalg.norm(walks.paths[-1] - walks.paths[0], axis=1)
    assert (walks.lengths >= direct - 1e-9).all()


def test_nobody_arrives_on_a_crest() -> None:
    land = Ground(-np.add.outer((np.arange(7.0) - 3) ** 2, (np.arange(7.0) - 3) ** 2), 10.0, 10.0)
    walks = walk(land, [[30.0, 30.0]], learning_rate=1.0, steps=5)
    assert walks.paths[-1] == pytest.approx(walks.paths[0])
    assert not walks.arrived[0]


@pytest.mark.parametrize(
    ("starts", "says"),
    [([[0.0, 0.0]], "lie on the ground"), ([100.0, 100.0], "shape"), ([[np.nan, 1.0]], "starts")],
)
def test_starts_off_the_ground_are_refused(starts: list[object], says: str) -> None:
    with pytest.raises(NnexplainError, match=says):
        walk(LAND, starts)  # type: ignore[arg-type]


def test_too_small_a_map_is_refused() -> None:
    with pytest.raises(NnexplainError, match="use a smaller block"):
        ground(Elevation(np.zeros((30, 60)), 1.0, 1.0, "", ""), block=10)
