"""A search for the critical points of J: bottoms, tops and saddles alike.

Newton's method on ∇J = 0 takes the step p with H p = -∇J. Flat directions make H singular and far
starts make the step overshoot, so the step is damped as by Levenberg and Marquardt: it minimises
|∇J + H p|² + μ|p|², and μ shrinks after a step that made |∇J| smaller and grows after one that did
not. Unlike descent this does not care which way is down, and so finds saddles and tops too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain import arguments, backprop
from nnexplain.curvature import Curvature, at_point
from nnexplain.landscape import Landscape
from nnexplain.network import Network

Array = npt.NDArray[np.float64]
# Found points closer than this, as a share of their distance from 0, are the same point.
_SAME = 1e-5
_STEPS = 200
# Damping at the start, as a share of the largest squared curvature, and its largest useful value.
_DAMPING, _MOST_DAMPING = 1e-3, 1e12


@dataclass(frozen=True, eq=False)
class CriticalPoints:
    """What a search found: distinct critical points, lowest J first, and how many starts led there.

    `lost` counts the starts that reached none: they ran off along a slope that only fades far away,
    came to rest where |∇J| is least but not zero, or met a kink.
    """

    points: tuple[Curvature, ...]
    hits: tuple[int, ...]
    lost: int

    def __str__(self) -> str:
        lines = [
            f"{hits} start{'s' * (hits > 1)}: {point}"
            for hits, point in zip(self.hits, self.points, strict=True)
        ]
        return "\n".join([*lines, f"{self.lost} start{'s' * (self.lost != 1)} reached none"])


def critical_points(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, starts: npt.ArrayLike
) -> CriticalPoints:
    """Search for critical points of J in all parameters from `starts` (S, count).

    Each search takes at most 200 steps. Two found points are one if they differ by less than 1e-5
    of their size; a flat valley gives as many points as starts that reach it. Raises
    `NnexplainError` unless `starts` holds at least one parameter set.

    >>> net = Network([1, 1, 1], "identity", seed=0)
    >>> found = critical_points(net, [[1], [2]], [1, 2], [[0.1, 0, 0.1, 0], [0.9, 0, 1.2, 0.1]])
    >>> [point.kind for point in found.points]
    ['valley', 'saddle']
    """
    inputs, targets, _ = net.data(x, y)
    rows = arguments.starting_points(starts, net.names)
    ways = np.eye(net.vector.size)
    return _collected([_search(net, start, ways, inputs, targets) for start in rows])


def critical_points_in(view: Landscape) -> CriticalPoints:
    """Search for the critical points of J *within a plane*: the bottoms, tops and passes it shows.

    The starts are the grid points where |∇J| within the plane is smaller than at all neighbours;
    what lies outside the picture is left out, and counted as lost. In all parameters such a point
    is usually a slope: ask `curvature(point.network, x, y)`.

    >>> import nnexplain as nne
    >>> net = Network([1, 1, 1], "identity", {"w12": 1, "b2": 0, "w23": 1, "b3": 0})
    >>> found = critical_points_in(nne.landscape(net, [[1], [2]], [1, 2], "w12", "w23"))
    >>> [point.kind for point in found.points if point.loss > 1]
    ['saddle']
    """
    net = view.network
    inputs, targets, _ = net.data(view.x, view.y)
    starts = view.point(*_calm(view))
    found = [_search(net, start, view.directions, inputs, targets) for start in starts]
    return _collected([one if one is None or _shown(view, one) else None for one in found])


def _calm(view: Landscape) -> tuple[Array, Array]:
    """Return the coordinates where the slope within the plane is least among its neighbours."""
    steep = np.pad(np.linalg.norm(view.slopes(), axis=-1), 1, constant_values=np.inf)
    rows, columns = view.loss.shape
    middle = steep[1:-1, 1:-1]
    least = np.full(view.loss.shape, True)
    for i in range(3):
        for j in range(3):
            least &= middle <= steep[i : i + rows, j : j + columns]
    where = np.nonzero(least)
    return view.first[where[0]], view.second[where[1]]


def _shown(view: Landscape, point: Curvature) -> bool:
    first, second = view.project(point.network.vector)
    return bool(
        view.first[0] <= first <= view.first[-1] and view.second[0] <= second <= view.second[-1]
    )


def _search(net: Network, start: Array, ways: Array, x: Array, y: Array) -> Curvature | None:
    """Follow damped Newton steps from `start` within `ways`; None if they lead to no zero slope."""
    here = at_point(net, start, ways, x, y)
    damping = _DAMPING
    for _ in range(_STEPS):
        if not np.isfinite(here.hessian).all() or damping > _MOST_DAMPING:
            return None
        if here.critical:
            return here
        there = here.network.vector + _step(here, damping) @ ways
        slope = np.linalg.norm(ways @ backprop.gradient(net.structure, there, x, y))
        # A Hessian costs several gradients: only where the search goes on from there.
        if slope < np.linalg.norm(here.gradient):
            here, damping = at_point(net, there, ways, x, y), damping / 10
        else:
            damping *= 10
    return None


def _step(here: Curvature, damping: float) -> Array:
    values, vectors = here.eigenvalues, here.eigenvectors
    added = damping * max(float(values @ values), np.finfo(float).tiny)
    step: Array = -vectors @ (values / (values * values + added) * (vectors.T @ here.gradient))
    return step


def _collected(found: list[Curvature | None]) -> CriticalPoints:
    points: list[Curvature] = []
    hits: list[int] = []
    for one in found:
        if one is None:
            continue
        near = next((k for k, other in enumerate(points) if _same(one, other)), None)
        if near is None:
            points.append(one)
            hits.append(1)
        else:
            hits[near] += 1
    order = sorted(range(len(points)), key=lambda k: points[k].loss)
    return CriticalPoints(
        tuple(points[k] for k in order), tuple(hits[k] for k in order), len(found) - sum(hits)
    )


def _same(one: Curvature, other: Curvature) -> bool:
    apart = np.linalg.norm(one.network.vector - other.network.vector)
    return bool(apart <= _SAME * (1 + np.linalg.norm(one.network.vector)))
