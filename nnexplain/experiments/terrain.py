"""Gradient descent on real ground: walkers who always take the steepest way down.

The measured heights are noisy: each dent of a metre would stop a walker. So squares of
`block` x `block` measured points are averaged, and a cubic B-spline with these averages as its
control points is the ground: smooth everywhere, with an exact slope and curvature, and a little
smoother than the averages themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nnexplain.errors import NnexplainError, real_array

Array = npt.NDArray[np.float64]
# A degree of latitude in metres: a 360th of the Earth's circumference through the poles.
DEGREE = 40_008_000 / 360
# Where the ground is less steep than this, a millimetre in ten kilometres, a walker has arrived.
_LEVEL = 1e-7
# The four B-splines that are not zero on a cell: what they weigh at t is Σ c[k] t^k; then their
# first and second derivatives by t.
_SPLINES = np.empty((3, 4, 4))
_SPLINES[0] = np.array([[1, -3, 3, -1], [4, 0, -6, 3], [1, 3, 3, -3], [0, 0, 0, 1]]) / 6
_SPLINES[1:] = _SPLINES[0] @ np.diag([1, 2, 3], -1), _SPLINES[0] @ np.diag([2, 6], -2)
# Which derivatives are the slope: once to the east, once to the north.
_SLOPE = (..., [0, 1], [1, 0])


@dataclass(frozen=True, eq=False)
class Elevation:
    """A map of measured heights: `heights` (rows, columns) in metres, from south to north.

    `east` and `north` are the metres between neighbouring columns and rows; `place` says where it
    is, `source` where the numbers come from.
    """

    heights: Array = field(repr=False)
    east: float
    north: float
    place: str
    source: str


@dataclass(frozen=True, eq=False)
class Ground:
    """A smooth ground: the cubic B-spline with control points `knots` (rows, columns), in metres.

    A position is (metres to the east, metres to the north) of the first control point.
    """

    knots: Array = field(repr=False)
    east: float
    north: float

    @property
    def size(self) -> tuple[float, float]:
        """How far the ground reaches to the east and to the north."""
        rows, columns = self.knots.shape
        return (columns - 1) * self.east, (rows - 1) * self.north

    def inside(self, positions: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether positions (..., 2) are on the ground: at least a cell from the map's edge."""
        at = np.asarray(positions, dtype=float)
        cell = np.array([self.east, self.north])
        return np.asarray(((at >= cell) & (at <= self.size - cell)).all(axis=-1))

    def height(self, positions: npt.ArrayLike) -> Array:
        """Return the height (...) at positions (..., 2); outside, the edge's cells go on.

        >>> flat = Ground(np.add.outer(np.zeros(5), 10.0 * np.arange(5)), east=100, north=100)
        >>> float(flat.height([250, 200]).round(9))
        25.0
        """
        return self.derivatives(positions)[..., 0, 0]

    def slope(self, positions: npt.ArrayLike) -> Array:
        """Return (..., 2): metres up for a metre to the east, and for one to the north.

        >>> flat = Ground(np.add.outer(np.zeros(5), 10.0 * np.arange(5)), east=100, north=100)
        >>> flat.slope([250, 200]).round(9) + 0
        array([0.1, 0. ])
        """
        return self.derivatives(positions)[_SLOPE]

    def curvature(self, positions: npt.ArrayLike) -> Array:
        """Return the second derivatives (..., 2, 2) of the height."""
        return self.derivatives(positions)[..., [[0, 1], [1, 2]], [[2, 1], [1, 0]]]

    def derivatives(self, positions: npt.ArrayLike) -> Array:
        """Return (..., 3, 3): the height, differentiated n times to the north and e to the east.

        Entry [n, e] is Σ knots · splines, each spline differentiated so often.

        >>> flat = Ground(np.add.outer(np.zeros(5), 10.0 * np.arange(5)), east=100, north=100)
        >>> flat.derivatives([250, 200])[0, :2].round(9)
        array([25. ,  0.1])
        """
        at = real_array(positions, "positions")
        rows, columns = self.knots.shape
        j, along_east = _cells(at[..., 0] / self.east, columns)
        i, along_north = _cells(at[..., 1] / self.north, rows)
        near = self.knots[i[..., :, None], j[..., None, :]]
        east, north = _weights(along_east, self.east), _weights(along_north, self.north)
        result: Array = north @ near @ east.swapaxes(-1, -2)
        return result


def _cells(at: Array, count: int) -> tuple[npt.NDArray[np.intp], Array]:
    """Return which control points matter (..., 4), and the place in the cell, from 0 to 1."""
    cell = np.clip(np.floor(at).astype(int), 1, count - 3)
    return cell[..., None] + np.arange(-1, 3), at - cell


def _weights(t: Array, cell: float) -> Array:
    """Return the weights (..., 3, 4) of the control points, and of them differentiated by metres.

    `cell` is the length of a cell in metres.
    """
    powers = t[..., None] ** np.arange(4)
    weights: Array = (powers @ _SPLINES.reshape(12, 4).T).reshape(*t.shape, 3, 4)
    return weights / cell ** np.arange(3.0)[:, None]


def ground(elevation: Elevation, block: int = 12) -> Ground:
    """Average squares of `block` x `block` points and lay a smooth ground over them.

    Points beyond the last whole square are left out. Fewer than four squares to a side raise
    `NnexplainError`.

    >>> plane = Elevation(np.add.outer(np.zeros(8), np.arange(8.0)), 10, 10, "", "")
    >>> ground(plane, block=2).knots[0]
    array([0.5, 2.5, 4.5, 6.5])
    """
    rows, columns = (count // block for count in elevation.heights.shape)
    if min(rows, columns) < 4:
        raise NnexplainError(
            f"a ground needs at least 4 squares to each side, got {rows} by {columns} of "
            f"{block} points; use a smaller block"
        )
    whole = elevation.heights[: rows * block, : columns * block]
    means = whole.reshape(rows, block, columns, block).mean(axis=(1, 3))
    return Ground(means, elevation.east * block, elevation.north * block)


@dataclass(frozen=True, eq=False)
class Walks:
    """Where walkers went: `paths` (T + 1, P, 2) in metres, and the `heights` (T + 1, P) there.

    `arrived[p]` says whether walker p is at a bottom: the ground is level there and rises to all
    sides. `left[p]` says whether they walked off the map instead; there they stay. `valleys[p]`
    numbers the bottom of walker p from the lowest up, -1 for those who did not arrive.
    """

    ground: Ground = field(repr=False)
    paths: Array = field(repr=False)
    heights: Array = field(repr=False)
    arrived: npt.NDArray[np.bool_]
    left: npt.NDArray[np.bool_]
    valleys: npt.NDArray[np.intp]

    @property
    def bottoms(self) -> Array:
        """The heights of the valleys that were reached, lowest first."""
        ends = self.heights[-1]
        return np.array([ends[self.valleys == k].min() for k in range(int(self.valleys.max()) + 1)])

    @property
    def lengths(self) -> Array:
        """How far each walker went (P,), in metres along the path on the map."""
        moves = np.diff(self.paths, axis=0)
        total: Array = np.linalg.norm(moves, axis=-1).sum(axis=0)
        return total


def walk(
    land: Ground, starts: npt.ArrayLike, *, learning_rate: float = 2000.0, steps: int = 3000
) -> Walks:
    """Walk downhill from `starts` (P, 2): position ← position - η · slope, `steps` times.

    The slope is a number (metres up for a metre along), so η is a length: on a slope of 0.1 a
    walker with η = 2000 m goes 200 m. Starts off the ground raise `NnexplainError`.

    >>> bowl = Ground(np.add.outer((np.arange(9.0) - 4) ** 2, (np.arange(9.0) - 4) ** 2), 50, 50)
    >>> walks = walk(bowl, [[100, 120], [310, 300]], learning_rate=100)
    >>> walks.paths[-1].round(6).tolist(), walks.valleys.tolist()
    ([[200.0, 200.0], [200.0, 200.0]], [0, 0])
    """
    at = real_array(starts, "starts").copy()
    if at.ndim != 2 or at.shape[1] != 2 or not land.inside(at).all():
        raise NnexplainError(
            f"starts must have shape (P, 2) and lie on the ground, which reaches to {land.size}; "
            f"got shape {at.shape}"
        )
    paths, heights = np.empty((steps + 1, *at.shape)), np.empty((steps + 1, len(at)))
    height, moving = np.empty(len(at)), np.arange(len(at))
    for k in range(steps + 1):
        here = at[moving]
        found = land.derivatives(here)
        height[moving] = found[:, 0, 0]
        paths[k], heights[k] = at, height
        at[moving] -= learning_rate * found[_SLOPE] * land.inside(here)[:, None]
        # Whoever did not get anywhere by this step will not by the next.
        moving = moving[(at[moving] != here).any(axis=1)]
        if not moving.size:
            paths[k + 1 :], heights[k + 1 :] = at, height
            break
    ends = paths[-1]
    left = ~land.inside(ends)
    level = np.linalg.norm(land.slope(ends), axis=-1) < _LEVEL
    rising = np.linalg.eigvalsh(land.curvature(ends))[:, 0] > 0
    arrived = level & rising & ~left
    return Walks(land, paths, heights, arrived, left, _valleys(ends, heights[-1], arrived))


def _valleys(ends: Array, heights: Array, arrived: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the numbers of the bottoms; ends within a metre are the same one."""
    numbers = np.full(len(ends), -1)
    count = 0
    for k in np.argsort(heights):
        if arrived[k] and numbers[k] < 0:
            same = arrived & (np.linalg.norm(ends - ends[k], axis=1) < 1.0)
            numbers[same] = count
            count += 1
    return numbers


def lattice(land: Ground, count: int) -> Array:
    """Return count x count starts (count², 2), spread evenly over the ground.

    >>> lattice(Ground(np.zeros((5, 5)), 100, 100), 2).tolist()
    [[100.0, 100.0], [300.0, 100.0], [100.0, 300.0], [300.0, 300.0]]
    """
    cell = np.array([land.east, land.north])
    east, north = (np.linspace(c, s - c, count) for c, s in zip(cell, land.size, strict=True))
    return np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)
